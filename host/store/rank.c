#include "store/rank.h"

/* Points of one hit, by column: what a person wrote or chose says more than what the page says. */
static const double points[FTS_COLUMNS] = {
    [FTS_TITLE] = 30, [FTS_TAGS] = 24, [FTS_NOTE] = 15, [FTS_URL] = 8, [FTS_TEXT] = 6};

enum {
    INSTANCES = 4000,    /* of all phrases in one row; what comes after changes little */
    TYPICAL_TEXT = 1200, /* tokens; BM25's average length, fixed so that scores are comparable */
    SCORE_MAX = 1 << 20
};

static const double near_points = 12; /* all phrases side by side in the text */

/* Where in the text each phrase was seen last. */
struct nearness {
    int last[RANK_PHRASES];
    int seen;
};

static void note_text_hit(struct rank_hits *hits, struct nearness *near, int phrase, int offset)
{
    if (near->last[phrase] < 0)
        near->seen++;
    near->last[phrase] = offset;
    if (near->seen < hits->phrases)
        return;
    int first = offset;
    for (int i = 0; i < hits->phrases; i++)
        first = near->last[i] < first ? near->last[i] : first;
    if (hits->narrowest < 0 || offset - first < hits->narrowest)
        hits->narrowest = offset - first;
}

static int count_phrases(const Fts5ExtensionApi *api, Fts5Context *row, size_t phrases)
{
    int count = api->xPhraseCount(row);
    if ((size_t)count > phrases)
        count = (int)phrases;
    return count < RANK_PHRASES ? count : RANK_PHRASES;
}

static void note_hit(struct rank_hits *hits, int phrase, int column, int offset)
{
    hits->count[phrase][column]++;
    if (column == FTS_TITLE)
        hits->title_end = offset + 1;
    if (column == FTS_TEXT)
        hits->text_end = offset + 1;
}

/* Of one phrase alone, which is most of what is asked: without a list of all instances. */
static int collect_one(const Fts5ExtensionApi *api, Fts5Context *row, struct rank_hits *hits)
{
    Fts5PhraseIter at;
    int column;
    int offset;
    int code = api->xPhraseFirst(row, 0, &at, &column, &offset);
    for (int i = 0; code == SQLITE_OK && column >= 0 && i < INSTANCES; i++) {
        if (column < FTS_COLUMNS)
            note_hit(hits, 0, column, offset);
        api->xPhraseNext(row, &at, &column, &offset);
    }
    return code;
}

static int collect_all(const Fts5ExtensionApi *api, Fts5Context *row, struct rank_hits *hits)
{
    struct nearness near;
    int total;
    int code = api->xInstCount(row, &total);
    near.seen = 0;
    for (int i = 0; i < hits->phrases; i++)
        near.last[i] = -1;
    /* Instances come sorted by column and offset. */
    for (int i = 0; code == SQLITE_OK && i < total && i < INSTANCES; i++) {
        int phrase;
        int column;
        int offset;
        code = api->xInst(row, i, &phrase, &column, &offset);
        if (code != SQLITE_OK || phrase >= hits->phrases || column < 0 || column >= FTS_COLUMNS)
            continue;
        note_hit(hits, phrase, column, offset);
        if (column == FTS_TEXT)
            note_text_hit(hits, &near, phrase, offset);
    }
    return code;
}

int rank_collect(const Fts5ExtensionApi *api, Fts5Context *row, size_t phrases,
                 struct rank_hits *hits_out)
{
    hits_out->phrases = count_phrases(api, row, phrases);
    hits_out->narrowest = -1;
    hits_out->title_end = 0;
    hits_out->text_end = 0;
    for (int i = 0; i < hits_out->phrases; i++)
        memset(hits_out->count[i], 0, sizeof hits_out->count[i]);
    return hits_out->phrases == 1 ? collect_one(api, row, hits_out)
                                  : collect_all(api, row, hits_out);
}

/* BM25's term frequency: from 1 for one hit in a text of typical length up to 2.2 for many. Its
 * b is 0.4, not 0.75: a short page says less, not more, about what it mentions. */
static double saturated(double hits, double length, double typical)
{
    return hits * 2.2 / (hits + 1.2 * (0.6 + 0.4 * length / typical));
}

/* With the lengths of title and text in tokens; the shorter, the higher. */
static int score_with(const Fts5ExtensionApi *api, Fts5Context *row, const struct rank_hits *hits,
                      int title_len, int text_len)
{
    double score = 0;
    double in_title = 0;
    for (int p = 0; p < hits->phrases; p++) {
        for (int column = 0; column < FTS_COLUMNS; column++) {
            double n = hits->count[p][column];
            if (n == 0)
                continue;
            double length = column == FTS_TEXT ? text_len : 1;
            double typical = column == FTS_TEXT ? TYPICAL_TEXT : 1;
            score += points[column] * saturated(n, length, typical);
        }
        if (hits->count[p][FTS_TITLE] > 0)
            in_title += api->xPhraseSize(row, p);
    }
    /* The more of the title was asked for, the more it is the page that was meant. */
    if (in_title > 0)
        score += 2 * points[FTS_TITLE] * (in_title < title_len ? in_title / title_len : 1);
    if (hits->narrowest >= 0)
        score += near_points * hits->phrases / (hits->phrases + hits->narrowest / 4.0);
    return score < SCORE_MAX ? (int)score : SCORE_MAX;
}

int rank_bound(const Fts5ExtensionApi *api, Fts5Context *row, const struct rank_hits *hits)
{
    return score_with(api, row, hits, hits->title_end, hits->text_end);
}

int rank_score(const Fts5ExtensionApi *api, Fts5Context *row, const struct rank_hits *hits,
               int *score_out)
{
    int title_len = 0;
    int text_len = 0;
    int code = api->xColumnSize(row, FTS_TITLE, &title_len);
    if (code == SQLITE_OK)
        code = api->xColumnSize(row, FTS_TEXT, &text_len);
    if (code == SQLITE_OK)
        *score_out = score_with(api, row, hits, title_len, text_len);
    return code;
}

int rank_outside(const Fts5ExtensionApi *api, Fts5Context *row, size_t phrases, bool *outside_out)
{
    int count = count_phrases(api, row, phrases);
    *outside_out = false;
    for (int i = 0; i < count; i++) {
        Fts5PhraseIter at;
        int column;
        int code = api->xPhraseFirstColumn(row, i, &at, &column);
        if (code != SQLITE_OK)
            return code;
        if (column == FTS_TEXT)
            api->xPhraseNextColumn(row, &at, &column);
        if (column >= 0) {
            *outside_out = true;
            break;
        }
    }
    return SQLITE_OK;
}
