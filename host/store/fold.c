#include "store/fold.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "store/hant_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

enum {
    SEGMENT = 32,  /* code points folded together; longer tails of marks are cut there */
    UNITS16 = 1024 /* of UTF-16: SEGMENT code points, expanded 18 times at most */
};

bool folder_create(struct folder **folder_out, struct error *err)
{
    struct folder *folder = calloc(1, sizeof *folder);
    if (folder == NULL)
        return error_no_memory(err);
    UErrorCode status = U_ZERO_ERROR;
    for (uint32_t i = 0; i < FOLD_HAN_END - FOLD_HAN; i++)
        folder->han[i] = (uint16_t)(FOLD_HAN + i);
    for (size_t i = 0; i < sizeof hant_table / sizeof *hant_table; i++) {
        uint32_t from = hant_table[i].from;
        uint32_t to = hant_table[i].to;
        if (from >= FOLD_HAN && from < FOLD_HAN_END)
            folder->han[from - FOLD_HAN] = to <= UINT16_MAX ? (uint16_t)to : 0;
    }
    folder->casefold = unorm2_getNFKCCasefoldInstance(&status);
    folder->decompose = unorm2_getNFDInstance(&status);
    if (U_FAILURE(status)) {
        free(folder);
        return error_set(err, ERR_INTERNAL, "ICU: %s", u_errorName(status));
    }
    *folder_out = folder;
    return true;
}

void folder_destroy(struct folder *folder)
{
    if (folder == NULL)
        return;
    for (size_t i = 0; i < FOLD_BLOCKS; i++)
        free(folder->blocks[i]);
    free(folder);
}

void fold_version(char out[32])
{
    UVersionInfo version;
    u_getUnicodeVersion(version);
    snprintf(out, 32, "%d/%d.%d", FOLD_VERSION, version[0], version[1]);
}

static int compare_hant(const void *key, const void *pair)
{
    uint32_t a = *(const uint32_t *)key;
    uint32_t b = ((const struct hant_pair *)pair)->from;
    return a < b ? -1 : a > b;
}

static uint32_t to_simplified(uint32_t cp)
{
    const struct hant_pair *pair = bsearch(&cp, hant_table, sizeof hant_table / sizeof *hant_table,
                                           sizeof *hant_table, compare_hant);
    return pair == NULL ? cp : pair->to;
}

/* Letters with a stroke have no decomposition, yet are typed without it: Lodz, Kobenhavn. */
static uint32_t without_stroke(uint32_t cp)
{
    switch (cp) {
    case 0x00F8: /* o */
        return 'o';
    case 0x0111: /* d */
        return 'd';
    case 0x0127: /* h */
        return 'h';
    case 0x0131: /* dotless i */
        return 'i';
    case 0x0142: /* l */
        return 'l';
    case 0x0167: /* t */
        return 't';
    default:
        return cp;
    }
}

static bool script_without_spaces(UChar32 cp)
{
    static const UScriptCode scripts[] = {USCRIPT_HAN,    USCRIPT_HIRAGANA, USCRIPT_KATAKANA,
                                          USCRIPT_HANGUL, USCRIPT_BOPOMOFO, USCRIPT_THAI,
                                          USCRIPT_LAO,    USCRIPT_KHMER,    USCRIPT_MYANMAR};
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        if (uscript_hasScript(cp, scripts[i]))
            return true;
    }
    return false;
}

/* Scripts whose marks are diacritics that people leave out; elsewhere a mark is part of the word.
 * The short i of Cyrillic is a letter of its own. */
static bool sheds_marks(UChar32 cp)
{
    UErrorCode status = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(cp, &status);
    return script == USCRIPT_LATIN || script == USCRIPT_GREEK || script == USCRIPT_CYRILLIC;
}

static enum fold_class class_of_symbol(UChar32 cp)
{
    if (cp == '+' || cp == '#')
        return FOLD_SUFFIX;
    if (cp < 0x80 || (cp >= 0x2500 && cp <= 0x259F))
        return FOLD_BREAK;
    return FOLD_SYMBOL;
}

static enum fold_class class_of(UChar32 cp)
{
    switch (u_charType(cp)) {
    case U_UPPERCASE_LETTER:
    case U_LOWERCASE_LETTER:
    case U_TITLECASE_LETTER:
    case U_MODIFIER_LETTER:
    case U_OTHER_LETTER:
    case U_LETTER_NUMBER:
        return script_without_spaces(cp) ? FOLD_PAIR : FOLD_LETTER;
    case U_DECIMAL_DIGIT_NUMBER:
    case U_OTHER_NUMBER:
        return FOLD_DIGIT;
    case U_NON_SPACING_MARK:
    case U_COMBINING_SPACING_MARK:
    case U_ENCLOSING_MARK:
        return script_without_spaces(cp) ? FOLD_PAIR : FOLD_MARK;
    case U_MATH_SYMBOL:
    case U_CURRENCY_SYMBOL:
    case U_OTHER_SYMBOL:
        return class_of_symbol(cp);
    default:
        if (cp == '#')
            return FOLD_SUFFIX;
        /* Emoji younger than this ICU are unassigned to it, but their places are reserved. */
        return cp >= 0x80 && u_charType(cp) == U_UNASSIGNED &&
                       u_hasBinaryProperty(cp, UCHAR_EXTENDED_PICTOGRAPHIC)
                   ? FOLD_SYMBOL
                   : FOLD_BREAK;
    }
}

/* Keycaps and skin tones change how a sign looks, not what it says. */
static bool decoration(UChar32 cp)
{
    return u_charType(cp) == U_ENCLOSING_MARK || (cp >= 0x1F3FB && cp <= 0x1F3FF);
}

static uint32_t fold_cp(UChar32 cp, enum fold_class class)
{
    if (class == FOLD_DIGIT) {
        int32_t digit = u_charDigitValue(cp);
        return digit >= 0 ? (uint32_t)('0' + digit) : (uint32_t)cp;
    }
    if (class == FOLD_PAIR)
        return to_simplified((uint32_t)cp);
    return class == FOLD_LETTER ? without_stroke((uint32_t)cp) : (uint32_t)cp;
}

/* Splits the diacritics off what NFKC_Casefold gave, where the script sheds them. Returns the new
 * length; `text` has UNITS16 units of room. */
static int32_t shed_marks(const struct folder *folder, UChar *text, int32_t len)
{
    UChar apart[UNITS16];
    UErrorCode status = U_ZERO_ERROR;
    int32_t apart_len = unorm2_normalize(folder->decompose, text, len, apart, UNITS16, &status);
    if (U_FAILURE(status))
        return len;
    UChar kept[UNITS16];
    int32_t kept_len = 0;
    bool shedding = false;
    UChar32 cp;
    for (int32_t at = 0; at < apart_len;) {
        U16_NEXT(apart, at, apart_len, cp);
        bool mark = u_charType(cp) == U_NON_SPACING_MARK;
        if (!mark)
            shedding = sheds_marks(cp);
        bool short_i = cp == 0x0306 && kept_len > 0 && kept[kept_len - 1] == 0x0438;
        if (!mark || !shedding || short_i)
            U16_APPEND_UNSAFE(kept, kept_len, cp);
    }
    status = U_ZERO_ERROR;
    int32_t out_len = unorm2_normalize(folder->casefold, kept, kept_len, text, UNITS16, &status);
    return U_SUCCESS(status) ? out_len : len;
}

static bool needs_shedding(const UChar *text, int32_t len)
{
    UChar32 cp;
    for (int32_t at = 0; at < len;) {
        U16_NEXT(text, at, len, cp);
        if (cp >= 0x80 && (sheds_marks(cp) || u_charType(cp) == U_NON_SPACING_MARK))
            return true;
    }
    return false;
}

/* Folds one segment of UTF-16 and gives the number of code points written. */
static size_t fold_segment(const struct folder *folder, const UChar *segment, int32_t len,
                           struct folded out[FOLD_MAX])
{
    UChar text[UNITS16];
    UErrorCode status = U_ZERO_ERROR;
    int32_t text_len = unorm2_normalize(folder->casefold, segment, len, text, UNITS16, &status);
    if (U_FAILURE(status))
        return 0;
    if (needs_shedding(text, text_len))
        text_len = shed_marks(folder, text, text_len);
    size_t count = 0;
    UChar32 cp;
    for (int32_t at = 0; at < text_len && count < FOLD_MAX;) {
        U16_NEXT(text, at, text_len, cp);
        if (decoration(cp))
            continue;
        enum fold_class class = class_of(cp);
        out[count++] = (struct folded){fold_cp(cp, class), class};
    }
    return count;
}

static struct fold_entry entry_of(const struct folder *folder, UChar32 cp)
{
    struct fold_entry entry = {.kind = FOLD_COMPLEX,
                               .starts = unorm2_hasBoundaryBefore(folder->casefold, cp)};
    if (U_IS_SURROGATE(cp) || cp == 0xFFFD)
        return (struct fold_entry){.kind = FOLD_TO_ONE, .class = FOLD_BREAK, .starts = true};
    if (cp >= FOLD_HAN && cp < FOLD_HAN_END) /* spares asking */
        return (struct fold_entry){to_simplified((uint32_t)cp), FOLD_PAIR, FOLD_TO_ONE, true};
    UChar text[2];
    int32_t len = 0;
    U16_APPEND_UNSAFE(text, len, cp);
    struct folded out[FOLD_MAX];
    size_t count = fold_segment(folder, text, len, out);
    if (count == 0) {
        entry.kind = FOLD_TO_NOTHING;
        return entry;
    }
    /* Several breaks are as good as one: an ellipsis folds to three full stops. */
    for (size_t i = 1; i < count; i++) {
        if (out[0].class != FOLD_BREAK || out[i].class != FOLD_BREAK)
            return entry;
    }
    entry.kind = FOLD_TO_ONE;
    entry.cp = out[0].cp;
    entry.class = (uint8_t)out[0].class;
    return entry;
}

static const struct fold_entry *entry_at(struct folder *folder, uint32_t cp)
{
    struct fold_entry *block = folder->blocks[cp / FOLD_BLOCK];
    if (block != NULL)
        return &block[cp % FOLD_BLOCK];
    block = malloc(FOLD_BLOCK * sizeof *block);
    if (block == NULL) {
        folder->scratch = entry_of(folder, (UChar32)cp);
        return &folder->scratch;
    }
    uint32_t first = cp / FOLD_BLOCK * FOLD_BLOCK;
    for (uint32_t i = 0; i < FOLD_BLOCK; i++)
        block[i] = entry_of(folder, (UChar32)(first + i));
    folder->blocks[cp / FOLD_BLOCK] = block;
    return &block[cp % FOLD_BLOCK];
}

bool fold_starts(struct folder *folder, struct slice text, size_t at)
{
    if (at >= text.len)
        return true;
    unsigned char lead = (unsigned char)text.ptr[at];
    if (lead < 0x80 || (lead >= 0xE4 && lead <= 0xE9))
        return true;
    uint32_t cp;
    utf8_decode(text, at, &cp);
    return entry_at(folder, cp)->starts;
}

static void fold_long_unit(struct folder *folder, struct slice text, size_t at,
                           struct fold_unit *unit_out)
{
    UChar segment[2 * SEGMENT];
    int32_t len = 0;
    for (size_t count = 0; count < SEGMENT; count++) {
        uint32_t cp;
        at += utf8_decode(text, at, &cp);
        U16_APPEND_UNSAFE(segment, len, cp);
        if (fold_starts(folder, text, at))
            break;
    }
    unit_out->end = at;
    unit_out->count = fold_segment(folder, segment, len, unit_out->out);
}

void fold_next(struct folder *folder, struct slice text, size_t at, struct fold_unit *unit_out)
{
    uint32_t cp;
    size_t end = at + utf8_decode(text, at, &cp);
    struct fold_entry entry = *entry_at(folder, cp);
    if (entry.kind == FOLD_COMPLEX || !fold_starts(folder, text, end)) {
        fold_long_unit(folder, text, at, unit_out);
        return;
    }
    unit_out->end = end;
    unit_out->count = entry.kind == FOLD_TO_ONE;
    unit_out->out[0] = (struct folded){entry.cp, (enum fold_class)entry.class};
}

bool fold_name(struct folder *folder, struct slice text, struct buf *out, struct error *err)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t len = 0;
    bool ok = false;
    UChar *folded = NULL;
    /* UTF-16 never needs more units than UTF-8 needs bytes; NFKC expands 18 times at most. */
    UChar *wide = text.len <= LIMIT_QUERY ? malloc((text.len + 1) * sizeof *wide) : NULL;
    if (wide == NULL)
        return text.len > LIMIT_QUERY ? error_set(err, ERR_LIMIT, "A name is too long")
                                      : error_no_memory(err);
    u_strFromUTF8WithSub(wide, (int32_t)text.len + 1, &len, text.ptr, (int32_t)text.len, 0xFFFD,
                         NULL, &status);
    int32_t room = len * 18 + 1;
    folded = malloc((size_t)room * sizeof *folded);
    if (folded == NULL) {
        error_no_memory(err);
        goto out;
    }
    int32_t folded_len = unorm2_normalize(folder->casefold, wide, len, folded, room, &status);
    if (U_FAILURE(status)) {
        error_set(err, ERR_INTERNAL, "ICU: %s", u_errorName(status));
        goto out;
    }
    UChar32 cp;
    for (int32_t at = 0; at < folded_len;) {
        char bytes[4];
        U16_NEXT(folded, at, folded_len, cp);
        buf_add(out, bytes, utf8_encode((uint32_t)cp, bytes));
    }
    ok = buf_ok(out, "A name", err);
out:
    free(wide);
    free(folded);
    return ok;
}
