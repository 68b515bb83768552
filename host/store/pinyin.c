#include "store/pinyin.h"

#include "store/pinyin_table.h"

#include <stdlib.h>

/* One character of a name, folded. */
struct letter {
    uint32_t cp;
    bool gap;    /* stands between words */
    bool begins; /* is the first of a word, or a character that is one */
};

struct reader {
    struct folder *folder;
    struct slice text;
    size_t at;
    struct fold_unit unit;
    size_t unit_at;
    enum fold_class before;
};

static void reader_init(struct reader *reader, struct folder *folder, struct slice text)
{
    reader->folder = folder;
    reader->text = text;
    reader->at = 0;
    reader->unit.count = 0;
    reader->unit_at = 0;
    reader->before = FOLD_BREAK;
}

static inline bool next_folded(struct reader *reader, struct folded *out)
{
    size_t end;
    if (reader->unit_at < reader->unit.count) {
        *out = reader->unit.out[reader->unit_at++];
        return true;
    }
    while (reader->at < reader->text.len) {
        if (fold_one(reader->folder, reader->text, reader->at, out, &end)) {
            reader->at = end;
            return true;
        }
        fold_next(reader->folder, reader->text, reader->at, &reader->unit);
        reader->at = reader->unit.end;
        reader->unit_at = 1;
        if (reader->unit.count > 0) {
            *out = reader->unit.out[0];
            return true;
        }
    }
    return false;
}

static inline bool next_letter(struct reader *reader, struct letter *out)
{
    struct folded folded;
    if (!next_folded(reader, &folded))
        return false;
    bool word = folded.class == FOLD_LETTER || folded.class == FOLD_DIGIT;
    out->cp = folded.cp;
    /* A slash says that a tag stands below another: it counts. */
    out->gap = folded.class == FOLD_BREAK && folded.cp != '/';
    out->begins =
        !out->gap && folded.class != FOLD_MARK && !(word && folded.class == reader->before);
    reader->before = folded.class == FOLD_MARK ? reader->before : folded.class;
    return true;
}

static int compare_rare(const void *key, const void *entry)
{
    uint32_t cp = *(const uint32_t *)key;
    const struct pinyin_rare *rare = entry;
    return (cp > rare->cp) - (cp < rare->cp);
}

enum { SETS = sizeof pinyin_sets / sizeof *pinyin_sets };
_Static_assert((size_t)SETS <= (size_t)TYPED_SETS, "a mark for each set");

/* The number of a character's readings; 0, a set without any, when none are known. */
static inline size_t set_of(uint32_t cp)
{
    if (cp >= PINYIN_FIRST && cp <= PINYIN_LAST)
        return pinyin_numbers[cp - PINYIN_FIRST];
    if (cp < pinyin_rare[0].cp)
        return 0;
    const struct pinyin_rare *rare =
        bsearch(&cp, pinyin_rare, sizeof pinyin_rare / sizeof *pinyin_rare, sizeof *pinyin_rare,
                compare_rare);
    return rare == NULL ? 0 : rare->number;
}

static bool same_letter(uint32_t typed, char syllable)
{
    return typed == (unsigned char)syllable || (syllable == 'v' && typed == 'u');
}

static void mark_beginnings(struct typed *typed)
{
    for (size_t i = 0; i < SETS; i++) {
        const char *set = pinyin_sets[i];
        typed->begins[i] = false;
        while (*set != '\0') {
            typed->begins[i] = typed->begins[i] || same_letter(typed->chars[0], *set);
            set += strcspn(set, " ");
            set += *set == ' ';
        }
    }
}

bool typed_read(struct typed *typed, struct folder *folder, struct slice part)
{
    struct reader reader;
    struct letter letter;
    bool gap = false;
    typed->count = 0;
    reader_init(&reader, folder, part);
    while (next_letter(&reader, &letter)) {
        if (letter.gap) {
            gap = typed->count > 0;
            continue;
        }
        if (typed->count + gap >= TYPED_MAX)
            return false;
        if (gap)
            typed->chars[typed->count++] = 0;
        gap = false;
        typed->chars[typed->count++] = letter.cp;
    }
    if (typed->count == 0)
        return false;
    mark_beginnings(typed);
    return true;
}

/* Where in what is typed one may be, as bits: bit n after n characters. */
typedef uint64_t places;
_Static_assert(TYPED_MAX < 64, "one bit for each place");

#define PLACE(n) (UINT64_C(1) << (n))

/* The places after a syllable that begins at `from`. */
static places after_syllable(const struct typed *typed, size_t from, const char *syllable,
                             size_t len)
{
    places after = 0;
    for (size_t i = 0; i < len; i++) {
        if (from + i == typed->count || !same_letter(typed->chars[from + i], syllable[i]))
            break;
        bool initial = i == 0 || (i == 1 && syllable[1] == 'h');
        bool whole = i + 1 == len || from + i + 1 == typed->count;
        if (initial || whole)
            after |= PLACE(from + i + 1);
    }
    return after;
}

static places after_readings(const struct typed *typed, size_t from, const char *set)
{
    places after = 0;
    while (*set != '\0') {
        size_t len = strcspn(set, " ");
        after |= after_syllable(typed, from, set, len);
        set += len + (set[len] == ' ');
    }
    return after;
}

static places step(const struct typed *typed, places now, const struct letter *letter)
{
    places after = 0;
    if (letter->gap)
        return now;
    const char *set = pinyin_sets[set_of(letter->cp)];
    for (size_t from = 0; from < typed->count; from++) {
        if ((now & PLACE(from)) == 0)
            continue;
        size_t at = from;
        /* What was typed between words must stand between words. */
        if (typed->chars[at] == 0) {
            if (!letter->begins)
                continue;
            at++;
        }
        if (typed->chars[at] == letter->cp)
            after |= PLACE(at + 1);
        after |= after_readings(typed, at, set);
    }
    return after;
}

/* Whether it stands where the reader, a copy, is; `letter` is the first one. */
static bool stands_at(const struct typed *typed, struct reader *reader, struct letter letter)
{
    places now = PLACE(0);
    do {
        now = step(typed, now, &letter);
        if ((now & PLACE(typed->count)) != 0)
            return true;
    } while (now != 0 && next_letter(reader, &letter));
    return false;
}

enum typed_place typed_find(const struct typed *typed, struct folder *folder, struct slice name)
{
    struct reader reader;
    struct letter letter;
    bool start = true;
    if (typed->count == 0)
        return TYPED_NOWHERE;
    reader_init(&reader, folder, name);
    while (next_letter(&reader, &letter)) {
        /* Most are told apart by the first character. */
        if (letter.begins && (letter.cp == typed->chars[0] || typed->begins[set_of(letter.cp)])) {
            struct reader ahead = reader;
            if (stands_at(typed, &ahead, letter))
                return start ? TYPED_AT_START : TYPED_INSIDE;
        }
        start = start && letter.gap;
    }
    return TYPED_NOWHERE;
}

static void find_in_sql(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    const struct typed *typed = sqlite3_value_pointer(values[1], TYPED_POINTER);
    struct slice name =
        slice_make(sqlite3_value_text(values[0]), (size_t)sqlite3_value_bytes(values[0]));
    sqlite3_result_int(context, typed == NULL
                                    ? TYPED_NOWHERE
                                    : (int)typed_find(typed, sqlite3_user_data(context), name));
}

int typed_register(struct store *store)
{
    /* Not deterministic: what it is asked for is no plain value. */
    return sqlite3_create_function(store->db, "linksnap_typed", 2, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                   store->folder, find_in_sql, NULL, NULL);
}
