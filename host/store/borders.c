#include "store/borders.h"

#include "base/utf8.h"

#include <string.h>
#include <unicode/uchar.h>

/* The code point before `at` (> 0), and where it stands. */
static uint32_t before(struct slice text, size_t at, size_t *start_out)
{
    size_t start = at - 1;
    uint32_t cp;
    while (start > 0 && at - start < 4 && ((unsigned char)text.ptr[start] & 0xC0) == 0x80)
        start--;
    /* Ill-formed bytes stand for themselves. */
    if (start + utf8_decode(text, start, &cp) != at)
        utf8_decode(text, start = at - 1, &cp);
    *start_out = start;
    return cp;
}

static uint32_t behind(struct slice text, size_t at)
{
    uint32_t cp;
    utf8_decode(text, at, &cp);
    return cp;
}

static bool is_blank(uint32_t cp)
{
    return cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0xA0 || cp == 0x3000;
}

static bool is_hangul(uint32_t cp)
{
    return (cp >= 0x1100 && cp <= 0x11FF) || (cp >= 0x3130 && cp <= 0x318F) ||
           (cp >= 0xA960 && cp <= 0xA97F) || (cp >= 0xAC00 && cp <= 0xD7FF);
}

/* Scripts and signs that stand side by side without spaces; Korean sets spaces. */
static bool stands_alone(uint32_t cp)
{
    return (cp >= 0x0E00 && cp <= 0x0EFF) || (cp >= 0x1000 && cp <= 0x109F) ||
           (cp >= 0x1780 && cp <= 0x17FF) || (cp >= 0x2010 && cp <= 0x206F && cp != 0x2019) ||
           (cp >= 0x2190 && !is_hangul(cp) && (cp < 0xA000 || cp >= 0xF900));
}

static bool is_regional(uint32_t cp)
{
    return cp >= 0x1F1E6 && cp <= 0x1F1FF;
}

/* Flags are pairs of letters: whether one begins at `at`, counted from the first letter on. */
static bool splits_flag(struct slice text, size_t at)
{
    enum { MOST = 64 };
    size_t letters = 0;
    while (at > 0 && letters < MOST && is_regional(before(text, at, &at)))
        letters++;
    return letters % 2 == 1;
}

/* Jamo that build one syllable (GB6 to GB8). */
static bool joins_jamo(uint32_t a, uint32_t b)
{
    int first = u_getIntPropertyValue((UChar32)a, UCHAR_HANGUL_SYLLABLE_TYPE);
    int second = u_getIntPropertyValue((UChar32)b, UCHAR_HANGUL_SYLLABLE_TYPE);
    if (first == U_HST_LEADING_JAMO)
        return second != U_HST_TRAILING_JAMO && second != U_HST_NOT_APPLICABLE;
    if (first == U_HST_VOWEL_JAMO || first == U_HST_LV_SYLLABLE)
        return second == U_HST_VOWEL_JAMO || second == U_HST_TRAILING_JAMO;
    return (first == U_HST_TRAILING_JAMO || first == U_HST_LVT_SYLLABLE) &&
           second == U_HST_TRAILING_JAMO;
}

bool borders_graphemes(struct slice text, size_t at)
{
    enum { JOINER = 0x200D };
    size_t start;
    if (at == 0 || at >= text.len)
        return true;
    uint32_t a = before(text, at, &start);
    uint32_t b = behind(text, at);
    if (a == '\r' && b == '\n')
        return false;
    if (b < 0x300 || (b >= 0x3400 && b <= 0x9FFF))
        return true;
    if (b == JOINER || u_hasBinaryProperty((UChar32)b, UCHAR_GRAPHEME_EXTEND) ||
        u_hasBinaryProperty((UChar32)b, UCHAR_EMOJI_MODIFIER) ||
        u_charType((UChar32)b) == U_COMBINING_SPACING_MARK)
        return a < 0x20;
    if (a == JOINER && u_hasBinaryProperty((UChar32)b, UCHAR_EXTENDED_PICTOGRAPHIC))
        return false;
    if (is_regional(a) && is_regional(b))
        return !splits_flag(text, at);
    return !is_hangul(a) || !is_hangul(b) || !joins_jamo(a, b);
}

bool borders_words(struct slice text, size_t at)
{
    size_t start;
    if (at == 0 || at >= text.len)
        return true;
    uint32_t a = before(text, at, &start);
    uint32_t b = behind(text, at);
    return (is_blank(a) || is_blank(b) || stands_alone(a) || stands_alone(b)) &&
           borders_graphemes(text, at);
}

/* Signs that end a sentence wherever they stand. */
static bool is_wide_end(uint32_t cp)
{
    switch (cp) {
    case 0x2026: /* … */
    case 0x203C: /* ‼ */
    case 0x2049: /* ⁉ */
    case 0x3002: /* 。 */
    case 0xFF01: /* ！ */
    case 0xFF1B: /* ； */
    case 0xFF1F: /* ？ */
    case 0xFF61: /* ｡ */
        return true;
    default:
        return false;
    }
}

static bool is_end(uint32_t cp)
{
    return is_wide_end(cp) || cp == '.' || cp == '!' || cp == '?';
}

/* What closes belongs to the sentence before it. */
static bool is_closing(uint32_t cp)
{
    switch (cp) {
    case '"':
    case '\'':
    case ')':
    case ']':
    case 0x00BB: /* » */
    case 0x2019: /* ’ */
    case 0x201D: /* ” */
    case 0x300B: /* 》 */
    case 0x300D: /* 」 */
    case 0x300F: /* 』 */
    case 0x3011: /* 】 */
    case 0xFF09: /* ） */
        return true;
    default:
        return false;
    }
}

/* "e.g", "J", "Dr", "12" before the full stop at `at`, which then ends no sentence. */
static bool is_shortened(struct slice text, size_t at)
{
    static const char words[][6] = {"Mr",  "Mrs", "Ms",  "Dr", "Prof", "St", "vs", "No",
                                    "no",  "Fig", "fig", "cf", "al",   "Eq", "eq", "Sec",
                                    "sec", "Vol", "vol", "pp", "p",    "ed"};
    enum { LONGEST = 12 };
    size_t start = at;
    size_t digits = 0;
    bool dots = false;
    while (start > 0 && at - start < LONGEST) {
        char c = text.ptr[start - 1];
        char lower = ascii_lower(c);
        bool digit = c >= '0' && c <= '9';
        if (!digit && c != '.' && (lower < 'a' || lower > 'z'))
            break;
        digits += digit;
        dots = dots || c == '.';
        start--;
    }
    struct slice word = slice_sub(text, start, at - start);
    if (word.len == digits)
        return word.len > 0 && word.len <= 2;
    if (word.len == 1 || dots)
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (slice_equal(word, slice_of(words[i])))
            return true;
    }
    return false;
}

/* Whether the next word begins with a small letter: it goes on with the sentence. */
static bool goes_on(struct slice text, size_t at)
{
    enum { FAR = 16 };
    for (size_t end = at + FAR; at < text.len && at < end;) {
        uint32_t cp = behind(text, at);
        if (cp == '\n' || !is_blank(cp))
            return u_islower((UChar32)cp);
        at += utf8_decode(text, at, &cp);
    }
    return false;
}

bool borders_sentences(struct slice text, size_t at)
{
    enum { CLOSING = 4 };
    size_t end;
    if (at == 0 || at >= text.len)
        return true;
    uint32_t a = before(text, at, &end);
    uint32_t b = behind(text, at);
    if (a == '\n')
        return true;
    if (is_end(b) || !borders_graphemes(text, at))
        return false;
    for (int i = 0; i < CLOSING && is_closing(a) && end > 0; i++)
        a = before(text, end, &end);
    if (!is_end(a) || is_closing(b))
        return false;
    if (is_wide_end(a)) /* not so 。]x */
        return borders_words(text, at);
    if (a == '.')
        return is_blank(b) && !is_shortened(text, end) && !goes_on(text, at);
    return is_blank(b) || stands_alone(b);
}
