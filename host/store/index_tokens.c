#include "store/index_tokens.h"

#include "base/utf8.h"

enum {
    COMMON_MAX = 4,   /* bytes of a common word */
    SEEN_SLOTS = 4096 /* a power of two */
};

struct held_word {
    char text[COMMON_MAX];
    size_t len; /* 0: none */
    size_t start;
    size_t end;
    bool covered; /* the token before holds it too */
};

/* Tokens on their way into the index, or to its lookup. */
struct stream {
    token_fn fn;
    void *arg;
    bool query;
    struct held_word held; /* a common word, until the next one is known */
    /* Beginnings that this text has given already, as numbers; 0 for an empty slot. */
    uint64_t seen[SEEN_SLOTS];
    size_t seen_count;
};

/* English words that stand next to each other in nearly every text. */
static bool is_common(struct slice word)
{
    static const char words[][COMMON_MAX + 1] = {
        "a",    "an",  "and",  "are", "as",  "at",  "be",   "by",   "can", "for",
        "from", "if",  "in",   "is",  "it",  "not", "of",   "on",   "or",  "so",
        "that", "the", "this", "to",  "was", "we",  "will", "with", "you"};
    if (word.len == 0 || word.len > COMMON_MAX)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (words[i][0] == word.ptr[0] && strlen(words[i]) == word.len &&
            memcmp(words[i], word.ptr, word.len) == 0)
            return true;
    }
    return false;
}

static bool emit(struct stream *stream, struct slice text, size_t start, size_t end, bool colocated,
                 bool word)
{
    struct token token = {text, start, end, 0, colocated, word};
    return stream->fn(&token, stream->arg);
}

/* True when it was not there. With a full table, that is always. */
static bool see(struct stream *stream, uint64_t key)
{
    size_t slot = (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 52) % SEEN_SLOTS;
    while (stream->seen[slot] != 0) {
        if (stream->seen[slot] == key)
            return false;
        slot = (slot + 1) % SEEN_SLOTS;
    }
    if (stream->seen_count < SEEN_SLOTS / 2) {
        stream->seen[slot] = key;
        stream->seen_count++;
    }
    return true;
}

/* The beginnings of a word that was just given: the number of characters as a byte, and those. */
static bool emit_beginnings(struct stream *stream, const struct token *token)
{
    char bytes[1 + 4 * BEGINNING_MAX];
    uint64_t key = 0;
    size_t at = 0;
    for (char count = 1; count <= BEGINNING_MAX && at < token->text.len; count++) {
        uint32_t cp;
        at += utf8_decode(token->text, at, &cp);
        key = key << 21 | (cp + 1);
        if (!see(stream, key))
            continue;
        bytes[0] = count;
        memcpy(bytes + 1, token->text.ptr, at);
        if (!emit(stream, slice_make(bytes, at + 1), token->start, token->end, true, true))
            return false;
    }
    return true;
}

static bool emit_whole(struct stream *stream, const struct token *token)
{
    return stream->fn(token, stream->arg) &&
           (stream->query || !token->word || emit_beginnings(stream, token));
}

static bool emit_held(struct stream *stream, const struct held_word *held)
{
    struct token token = {{held->text, held->len}, held->start, held->end, 0, false, true};
    return emit_whole(stream, &token);
}

/* Two common words as one token: beside the first, or in a query in its place. */
static bool emit_two(struct stream *stream, const struct held_word *first,
                     const struct token *second)
{
    char bytes[2 * COMMON_MAX + 1];
    size_t len = first->len + 1 + second->text.len;
    memcpy(bytes, first->text, first->len);
    bytes[first->len] = ' ';
    memcpy(bytes + first->len + 1, second->text.ptr, second->text.len);
    return emit(stream, slice_make(bytes, len), first->start, second->end, !stream->query, true);
}

static bool take(const struct token *token, void *arg)
{
    struct stream *stream = arg;
    if (token->colocated)
        return stream->fn(token, stream->arg);
    struct held_word held = stream->held;
    bool common = token->word && is_common(token->text);
    bool pair = common && held.len > 0;
    stream->held.len = 0;
    if (held.len > 0 && !(pair && stream->query) && !emit_held(stream, &held))
        return false;
    if (pair && !emit_two(stream, &held, token))
        return false;
    if (!common)
        return emit_whole(stream, token);
    memcpy(stream->held.text, token->text.ptr, token->text.len);
    stream->held.len = token->text.len;
    stream->held.start = token->start;
    stream->held.end = token->end;
    stream->held.covered = pair;
    return true;
}

static bool finish(struct stream *stream)
{
    const struct held_word *held = &stream->held;
    return held->len == 0 || (stream->query && held->covered) || emit_held(stream, held);
}

bool index_text(struct folder *folder, struct slice text, token_fn fn, void *arg)
{
    struct stream stream = {.fn = fn, .arg = arg};
    return tokenize(folder, text, TOKENIZE_TEXT, take, &stream) && finish(&stream);
}

/* Gives a word as the beginning that it is. */
static bool take_beginning(const struct token *token, void *arg)
{
    struct stream *stream = arg;
    char bytes[1 + 4 * BEGINNING_MAX];
    size_t count = utf8_count(token->text);
    if (count > BEGINNING_MAX)
        return true;
    bytes[0] = (char)count;
    memcpy(bytes + 1, token->text.ptr, token->text.len);
    return emit(stream, slice_make(bytes, token->text.len + 1), token->start, token->end, false,
                true);
}

bool index_query(struct folder *folder, struct slice text, bool by_beginning, token_fn fn,
                 void *arg)
{
    struct stream stream = {.fn = fn, .arg = arg, .query = true};
    if (text.len > 0 && text.ptr[0] == BEGINNING_QUERY)
        return tokenize(folder, slice_sub(text, 1, text.len), TOKENIZE_QUERY, take_beginning,
                        &stream);
    if (by_beginning)
        return tokenize(folder, text, TOKENIZE_QUERY, fn, arg);
    return tokenize(folder, text, TOKENIZE_QUERY, take, &stream) && finish(&stream);
}
