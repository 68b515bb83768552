#include "store/tokenizer.h"

#include "base/utf8.h"

/* One character of a run without spaces. */
struct glyph {
    char bytes[4];
    size_t len;
    size_t start;
    size_t end;
};

struct run {
    enum tokenizer_use use;
    token_fn fn;
    void *arg;
    uint64_t wanted;
    size_t passed; /* positions since the last token that was given */

    /* The class of what is being collected: letters, digits, pairs, or a break for nothing. */
    enum fold_class class;
    char word[TOKEN_MAX + 4];
    size_t word_len;
    size_t start;
    size_t end;

    struct glyph last;   /* of the pairs being collected */
    size_t run_len;      /* characters of them so far */
    struct glyph waited; /* query: the end of a longer run, given only when more follows */
    bool waiting;

    bool glued; /* the character before was part of a word or a suffix */
};

static bool emit(struct run *run, struct slice text, size_t start, size_t end, bool word)
{
    if ((run->wanted & token_bit(text)) == 0) {
        run->passed++;
        return true;
    }
    struct token token = {text, start, end, run->passed, false, word};
    run->passed = 0;
    return run->fn(&token, run->arg);
}

static bool emit_glyph(struct run *run, const struct glyph *glyph)
{
    return emit(run, (struct slice){glyph->bytes, glyph->len}, glyph->start, glyph->end, false);
}

/* To be called before any token that takes a position of its own. */
static bool emit_waiting(struct run *run)
{
    if (!run->waiting)
        return true;
    run->waiting = false;
    return emit_glyph(run, &run->waited);
}

static bool emit_word(struct run *run)
{
    struct slice text = {run->word, run->word_len};
    run->word_len = 0;
    return text.len == 0 || (emit_waiting(run) && emit(run, text, run->start, run->end, true));
}

/* The last character with the next one, and the last alone beside it. */
static bool emit_pair(struct run *run, const struct glyph *next)
{
    if (!emit_waiting(run))
        return false;
    if ((run->wanted & token_bit((struct slice){run->last.bytes, run->last.len})) == 0) {
        run->passed++;
        return true;
    }
    char bytes[8];
    size_t len = run->last.len + next->len;
    memcpy(bytes, run->last.bytes, sizeof run->last.bytes);
    memcpy(bytes + run->last.len, next->bytes, sizeof next->bytes);
    if (!emit(run, (struct slice){bytes, len}, run->last.start, next->end, false))
        return false;
    if (run->use != TOKENIZE_TEXT)
        return true;
    const struct token single = {
        {bytes, run->last.len}, run->last.start, run->last.end, 0, true, false};
    return run->fn(&single, run->arg);
}

static bool end_pairs(struct run *run)
{
    if (run->use == TOKENIZE_QUERY && run->run_len > 1) {
        run->waited = run->last;
        run->waiting = true;
        return true;
    }
    return emit_waiting(run) && emit_glyph(run, &run->last);
}

/* Ends what is being collected. */
static bool end_run(struct run *run)
{
    enum fold_class class = run->class;
    run->class = FOLD_BREAK;
    if (class == FOLD_PAIR)
        return end_pairs(run);
    return class == FOLD_BREAK || emit_word(run);
}

static bool add_to_word(struct run *run, struct folded folded, size_t start, size_t end)
{
    if (run->class != folded.class) {
        if (!end_run(run))
            return false;
        run->class = folded.class;
    }
    char bytes[4];
    size_t len = utf8_encode(folded.cp, bytes);
    if (run->word_len + len > TOKEN_MAX && !emit_word(run))
        return false;
    if (run->word_len == 0)
        run->start = start;
    memcpy(run->word + run->word_len, bytes, len);
    run->word_len += len;
    run->end = end;
    return true;
}

static bool add_to_pairs(struct run *run, struct folded folded, size_t start, size_t end)
{
    struct glyph next = {.start = start, .end = end};
    next.len = utf8_encode(folded.cp, next.bytes);
    if (run->class != FOLD_PAIR) {
        if (!end_run(run))
            return false;
        run->class = FOLD_PAIR;
        run->run_len = 0;
    } else if (!emit_pair(run, &next)) {
        return false;
    }
    run->last = next;
    run->run_len++;
    return true;
}

static bool add_symbol(struct run *run, struct folded folded, size_t start, size_t end)
{
    char bytes[4];
    size_t len = utf8_encode(folded.cp, bytes);
    return end_run(run) && emit_waiting(run) &&
           emit(run, (struct slice){bytes, len}, start, end, false);
}

static bool add(struct run *run, struct folded folded, size_t start, size_t end)
{
    bool glued = run->glued;
    run->glued = folded.class == FOLD_LETTER || folded.class == FOLD_DIGIT ||
                 (glued && (folded.class == FOLD_SUFFIX || folded.class == FOLD_MARK));
    switch (folded.class) {
    case FOLD_LETTER:
    case FOLD_DIGIT:
        return add_to_word(run, folded, start, end);
    case FOLD_PAIR:
        return add_to_pairs(run, folded, start, end);
    case FOLD_MARK:
        /* Goes with the word it stands in; alone, or after a sign, it says nothing. */
        if (run->class != FOLD_LETTER)
            return true;
        folded.class = FOLD_LETTER;
        return add_to_word(run, folded, start, end);
    case FOLD_SYMBOL:
        return add_symbol(run, folded, start, end);
    case FOLD_SUFFIX:
        return glued ? add_symbol(run, folded, start, end) : end_run(run);
    case FOLD_BREAK:
        break;
    }
    return end_run(run);
}

/* The letters of ASCII that follow in a word: its rest in one go, for speed. Returns where they
 * end. */
static size_t add_letters(struct run *run, struct slice text, size_t at)
{
    while (at + 1 < text.len && run->word_len < TOKEN_MAX) {
        char letter = ascii_lower(text.ptr[at]);
        if (letter < 'a' || letter > 'z' || (unsigned char)text.ptr[at + 1] >= 0x80)
            break;
        run->word[run->word_len++] = letter;
        run->end = ++at;
    }
    return at;
}

bool tokenize(struct folder *folder, struct slice text, enum tokenizer_use use, token_fn fn,
              void *arg)
{
    return tokenize_wanted(folder, text, use, UINT64_MAX, fn, arg);
}

bool tokenize_wanted(struct folder *folder, struct slice text, enum tokenizer_use use,
                     uint64_t wanted, token_fn fn, void *arg)
{
    struct run run = {.use = use, .fn = fn, .arg = arg, .wanted = wanted, .class = FOLD_BREAK};
    struct fold_unit unit;
    struct folded folded;
    size_t end;
    for (size_t at = 0; at < text.len;) {
        if (fold_one(folder, text, at, &folded, &end)) {
            if (!add(&run, folded, at, end))
                return false;
            at = folded.class == FOLD_LETTER ? add_letters(&run, text, end) : end;
            continue;
        }
        fold_next(folder, text, at, &unit);
        for (size_t i = 0; i < unit.count; i++) {
            if (!add(&run, unit.out[i], at, unit.end))
                return false;
        }
        at = unit.end;
    }
    return end_run(&run);
}
