#include "store/rank.h"

#include "store/fts.h"

#include <stdlib.h>

/* Points of one hit, by column: what a person wrote or chose says more than what the page says. */
static const double points[FTS_COLUMNS] = {
    [FTS_TITLE] = 30, [FTS_TAGS] = 24, [FTS_NOTE] = 15, [FTS_URL] = 8, [FTS_TEXT] = 6};

enum {
    PHRASES = 64,       /* LIMIT_TERMS */
    INSTANCES = 4000,   /* of all phrases in one row; what comes after changes little */
    TYPICAL_TEXT = 1200 /* tokens; BM25's average length, fixed so that scores are comparable */
};

static const double near_points = 12; /* all phrases side by side in the text */

/* The hits of one row. */
struct hits {
    int phrases;
    double count[FTS_COLUMNS][PHRASES];
    /* For nearness: where in the text each phrase was seen last, and the narrowest span so far. */
    int last[PHRASES];
    int seen;
    int narrowest;
};

static void note_text_hit(struct hits *hits, int phrase, int offset)
{
    if (hits->last[phrase] < 0)
        hits->seen++;
    hits->last[phrase] = offset;
    if (hits->seen < hits->phrases)
        return;
    int first = offset;
    for (int i = 0; i < hits->phrases; i++)
        first = hits->last[i] < first ? hits->last[i] : first;
    if (hits->narrowest < 0 || offset - first < hits->narrowest)
        hits->narrowest = offset - first;
}

static int collect(const Fts5ExtensionApi *api, Fts5Context *row, struct hits *hits)
{
    int total;
    int code = api->xInstCount(row, &total);
    hits->narrowest = -1;
    for (int i = 0; i < PHRASES; i++)
        hits->last[i] = -1;
    /* Instances come sorted by column and offset. */
    for (int i = 0; code == SQLITE_OK && i < total && i < INSTANCES; i++) {
        int phrase;
        int column;
        int offset;
        code = api->xInst(row, i, &phrase, &column, &offset);
        if (code != SQLITE_OK || phrase >= hits->phrases || column < 0 || column >= FTS_COLUMNS)
            continue;
        hits->count[column][phrase]++;
        if (column == FTS_TEXT && hits->phrases > 1)
            note_text_hit(hits, phrase, offset);
    }
    return code;
}

/* BM25's term frequency: from 1 for one hit in a text of typical length up to 2.2 for many. Its
 * b is 0.4, not 0.75: a short page says less, not more, about what it mentions. */
static double saturated(double hits, double length, double typical)
{
    return hits * 2.2 / (hits + 1.2 * (0.6 + 0.4 * length / typical));
}

static int score_row(const Fts5ExtensionApi *api, Fts5Context *row, struct hits *hits,
                     double *score_out)
{
    int title_len = 0;
    int text_len = 0;
    int code = api->xColumnSize(row, FTS_TITLE, &title_len);
    if (code == SQLITE_OK)
        code = api->xColumnSize(row, FTS_TEXT, &text_len);
    double score = 0;
    double in_title = 0;
    for (int p = 0; p < hits->phrases; p++) {
        for (int column = 0; column < FTS_COLUMNS; column++) {
            double n = hits->count[column][p];
            if (n == 0)
                continue;
            double length = column == FTS_TEXT ? text_len : 1;
            double typical = column == FTS_TEXT ? TYPICAL_TEXT : 1;
            score += points[column] * saturated(n, length, typical);
        }
        if (hits->count[FTS_TITLE][p] > 0)
            in_title += api->xPhraseSize(row, p);
    }
    /* The more of the title was asked for, the more it is the page that was meant. */
    if (title_len > 0)
        score += 2 * points[FTS_TITLE] * (in_title < title_len ? in_title / title_len : 1);
    if (hits->narrowest >= 0)
        score += near_points * hits->phrases / (hits->phrases + hits->narrowest / 4.0);
    *score_out = score;
    return code;
}

void rank_score(const Fts5ExtensionApi *api, Fts5Context *row, sqlite3_context *context, int count,
                sqlite3_value **values)
{
    (void)count;
    int *rows = api->xGetAuxdata(row, 0);
    if (rows == NULL) {
        rows = calloc(1, sizeof *rows);
        int code = rows == NULL ? SQLITE_NOMEM : api->xSetAuxdata(row, rows, free);
        if (code != SQLITE_OK) {
            sqlite3_result_error_code(context, code);
            return;
        }
    }
    if (++*rows > sqlite3_value_int(values[1])) {
        *rows = sqlite3_value_int(values[1]);
        sqlite3_result_null(context);
        return;
    }
    struct hits hits = {.phrases = sqlite3_value_int(values[0])};
    int phrases = api->xPhraseCount(row);
    hits.phrases = hits.phrases < phrases ? hits.phrases : phrases;
    hits.phrases = hits.phrases < PHRASES ? hits.phrases : PHRASES;
    double score = 0;
    int code = collect(api, row, &hits);
    if (code == SQLITE_OK)
        code = score_row(api, row, &hits, &score);
    if (code != SQLITE_OK)
        sqlite3_result_error_code(context, code);
    else
        sqlite3_result_int(context, score < RANK_MAX ? (int)score : RANK_MAX);
}
