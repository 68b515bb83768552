/* store/fold, tokenizer, index_tokens, borders: the same bytes as a text and as a query. */
#include "base/utf8.h"
#include "fuzz.h"
#include "store/borders.h"
#include "store/index_tokens.h"

struct seen {
    struct slice text;
    bool valid; /* the text is UTF-8 */
    size_t start;
    size_t count;
    size_t wanted; /* tokens that begin as one that is looked for */
    uint64_t bits;
};

static bool on_border(const struct seen *seen, size_t at)
{
    return !seen->valid || at == seen->text.len ||
           ((unsigned char)seen->text.ptr[at] & 0xC0) != 0x80;
}

static bool on_token(const struct token *token, void *arg)
{
    struct seen *seen = arg;
    FUZZ_CHECK(token->text.len > 0 && token->text.len <= TOKEN_MAX);
    FUZZ_CHECK(utf8_valid(token->text));
    FUZZ_CHECK(token->start < token->end && token->end <= seen->text.len);
    FUZZ_CHECK(token->start >= seen->start);
    FUZZ_CHECK(on_border(seen, token->start) && on_border(seen, token->end));
    seen->start = token->start;
    seen->count++;
    seen->wanted += (seen->bits & token_bit(token->text)) != 0;
    return true;
}

/* What the index holds beside words may be longer, and stand anywhere. */
static bool on_entry(const struct token *token, void *arg)
{
    struct seen *seen = arg;
    FUZZ_CHECK(token->text.len > 0);
    FUZZ_CHECK(token->start <= token->end && token->end <= seen->text.len);
    seen->count++;
    return true;
}

static void cut(struct folder *folder, struct slice text, enum tokenizer_use use)
{
    const uint64_t bits = token_bit(slice_of("a")) | token_bit(slice_of("\u4E2D"));
    struct seen all = {.text = text, .valid = utf8_valid(text), .bits = bits};
    struct seen few = all;
    FUZZ_CHECK(tokenize(folder, text, use, on_token, &all));
    FUZZ_CHECK(tokenize_wanted(folder, text, use, bits, on_token, &few));
    FUZZ_CHECK(few.wanted == all.wanted && few.count <= all.count);
}

static void fold_all(struct folder *folder, struct slice text)
{
    struct fold_unit unit;
    FUZZ_CHECK(fold_starts(folder, text, text.len));
    for (size_t at = 0; at < text.len; at = unit.end) {
        struct folded one;
        size_t end;
        fold_next(folder, text, at, &unit);
        FUZZ_CHECK(unit.end > at && unit.end <= text.len && unit.count <= FOLD_MAX);
        if (fold_one(folder, text, at, &one, &end)) {
            FUZZ_CHECK(end == unit.end && unit.count == 1);
            FUZZ_CHECK(one.cp == unit.out[0].cp && one.class == unit.out[0].class);
        }
    }
}

static void find_borders(struct slice text)
{
    for (size_t at = 0; at <= text.len && utf8_valid(text); at++) {
        if (at < text.len && ((unsigned char)text.ptr[at] & 0xC0) == 0x80)
            continue;
        bool words = borders_words(text, at);
        FUZZ_CHECK(!borders_sentences(text, at) || words);
        FUZZ_CHECK(!words || borders_graphemes(text, at));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct folder *folder;
    struct slice text = slice_make(data, size);
    struct seen seen = {.text = text};
    struct error err = {0};
    struct buf name;
    FUZZ_CHECK(folder != NULL || folder_create(&folder, &err));
    for (int use = TOKENIZE_TEXT; use <= TOKENIZE_QUERY; use++)
        cut(folder, text, (enum tokenizer_use)use);
    FUZZ_CHECK(index_text(folder, text, on_entry, &seen));
    FUZZ_CHECK(index_query(folder, text, false, on_entry, &seen));
    FUZZ_CHECK(index_query(folder, text, true, on_entry, &seen));
    fold_all(folder, text);
    find_borders(slice_sub(text, 0, 256));
    buf_init(&name, 1 << 20);
    FUZZ_CHECK(fold_name(folder, text, &name, &err) && utf8_valid(buf_slice(&name)));
    buf_finish(&name);
    return 0;
}
