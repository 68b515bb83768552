#include "page/charset_guess.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "page/charset.h"

enum {
    GOOD_PER_FAULT = 20, /* well-formed characters beyond ASCII for each fault in UTF-8 */
    KOREAN_MIN = 12      /* characters; fewer could as well be Chinese */
};

#define SAMPLE_MAX (64 * KIB)

bool charset_looks_utf8(struct slice bytes)
{
    size_t good = 0;
    size_t faults = 0;
    for (size_t at = 0; at < bytes.len;) {
        if ((unsigned char)bytes.ptr[at] < 0x80) {
            at++;
            continue;
        }
        uint32_t cp;
        size_t len = utf8_decode(bytes, at, &cp);
        if (cp == 0xFFFD && !slice_starts(slice_sub(bytes, at, len), "\xEF\xBF\xBD"))
            faults++;
        else
            good++;
        at += len;
    }
    return faults == 0 || good / GOOD_PER_FAULT >= faults;
}

struct tally {
    size_t characters; /* beyond ASCII */
    size_t common;
    size_t kana;
    size_t faults;
};

typedef unsigned char byte;

static bool in(byte b, byte low, byte high)
{
    return b >= low && b <= high;
}

/* Each reads the character at a byte beyond ASCII whose follower is `trail` (0 at the end): length
 * in bytes, 0 for a fault. */
typedef size_t (*reader)(byte lead, byte trail, struct tally *tally);

/* Common: GB 2312 symbols and its first level, the 3755 characters of daily use. */
static size_t read_gbk(byte lead, byte trail, struct tally *tally)
{
    if (!in(lead, 0x81, 0xFE) || !(in(trail, 0x40, 0x7E) || in(trail, 0x80, 0xFE)))
        return 0;
    tally->common += trail >= 0xA1 && (in(lead, 0xA1, 0xA3) || in(lead, 0xB0, 0xD7));
    return 2;
}

/* Common: symbols and the 5401 characters of the first level. */
static size_t read_big5(byte lead, byte trail, struct tally *tally)
{
    if (!in(lead, 0x81, 0xFE) || !(in(trail, 0x40, 0x7E) || in(trail, 0xA1, 0xFE)))
        return 0;
    tally->common += in(lead, 0xA1, 0xC6);
    return 2;
}

/* Common: punctuation, kana, kanji of the first level. */
static size_t read_shift_jis(byte lead, byte trail, struct tally *tally)
{
    if (in(lead, 0xA1, 0xDF))
        return 1;
    if (!(in(lead, 0x81, 0x9F) || in(lead, 0xE0, 0xFC)) ||
        !(in(trail, 0x40, 0x7E) || in(trail, 0x80, 0xFC)))
        return 0;
    bool kana = (lead == 0x82 && trail >= 0x9F) || (lead == 0x83 && trail <= 0x96);
    tally->kana += kana;
    tally->common +=
        kana || (lead == 0x81 && trail <= 0xAC) || lead == 0x82 || in(lead, 0x88, 0x97);
    return 2;
}

static size_t read_euc_jp(byte lead, byte trail, struct tally *tally)
{
    if (lead == 0x8F)
        return in(trail, 0xA1, 0xFE) ? 3 : 0;
    if (lead == 0x8E)
        return in(trail, 0xA1, 0xDF) ? 2 : 0;
    if (!in(lead, 0xA1, 0xFE) || !in(trail, 0xA1, 0xFE))
        return 0;
    bool kana = lead == 0xA4 || lead == 0xA5;
    tally->kana += kana;
    tally->common += kana || lead == 0xA1 || lead == 0xA3 || in(lead, 0xB0, 0xCF);
    return 2;
}

/* Common: symbols and the 2350 syllables of KS X 1001. */
static size_t read_euc_kr(byte lead, byte trail, struct tally *tally)
{
    bool letter = in((byte)ascii_lower((char)trail), 'a', 'z');
    if (!in(lead, 0x81, 0xFE) || !(letter || in(trail, 0x81, 0xFE)))
        return 0;
    tally->common += trail >= 0xA1 && (lead == 0xA1 || lead == 0xA3 || in(lead, 0xB0, 0xC8));
    return 2;
}

static struct tally read_all(struct slice bytes, reader read)
{
    struct tally tally = {0};
    for (size_t at = 0; at < bytes.len;) {
        byte lead = (byte)bytes.ptr[at];
        byte trail = at + 1 < bytes.len ? (byte)bytes.ptr[at + 1] : 0;
        if (lead < 0x80) {
            at++;
            continue;
        }
        size_t len = read(lead, trail, &tally);
        tally.characters++;
        /* A character that the sample's end cuts in two is no fault. */
        tally.faults += len == 0 && at + 1 < bytes.len;
        at += len > 0 ? len : 1;
    }
    return tally;
}

/* Latin text has its letters with marks one by one between ASCII; in no East Asian encoding do
 * bytes beyond ASCII stand alone that often. */
static bool looks_latin(struct slice bytes)
{
    size_t runs = 0;
    size_t alone = 0;
    for (size_t at = 0; at < bytes.len; at++) {
        size_t start = at;
        while (at < bytes.len && (byte)bytes.ptr[at] >= 0x80)
            at++;
        runs += at > start;
        alone += at == start + 1;
    }
    return alone * 5 > runs * 4;
}

static const struct candidate {
    const char *label;
    reader read;
    size_t characters_min;
    long kana_min; /* per mille: Japanese without kana is Chinese */
    long score_min;
    /* What is common in Korean or Japanese is common in Chinese encodings too, so that the right
     * one would lose by a hair; read the other way round, faults and score_min decide. */
    long bonus;
} candidates[] = {
    {"gbk", read_gbk, 1, 0, 700, 0},
    {"big5", read_big5, 1, 0, 700, 0},
    {"shift_jis", read_shift_jis, 1, 150, 700, 0},
    {"euc-jp", read_euc_jp, 1, 150, 900, 150},
    {"euc-kr", read_euc_kr, KOREAN_MIN, 0, 900, 60},
};

/* Per mille of characters that are common, less ten times those that are none. */
static long score(const struct candidate *candidate, const struct tally *tally)
{
    long all = (long)tally->characters;
    if (tally->characters < candidate->characters_min ||
        1000 * (long)tally->kana < candidate->kana_min * all)
        return 0;
    long points = (1000 * (long)tally->common - 10000 * (long)tally->faults) / all;
    return points < candidate->score_min ? 0 : points + candidate->bonus;
}

const struct charset *charset_guess(struct slice bytes)
{
    struct slice sample = slice_sub(bytes, 0, SAMPLE_MAX);
    const char *best = NULL;
    long best_points = 0;
    if (looks_latin(sample))
        return NULL;
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
        struct tally tally = read_all(sample, candidates[i].read);
        long points = score(&candidates[i], &tally);
        if (points > best_points) {
            best = candidates[i].label;
            best_points = points;
        }
    }
    return best != NULL ? charset_find(slice_of(best)) : NULL;
}
