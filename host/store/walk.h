/* One walk over all matches of the index: counts them, and picks those that an answer shows. For
 * store/ only.
 *
 * Where it ranks, it runs as an auxiliary function of FTS5, which hands it row after row:
 * linksnap_visit(search, walk), the walk bound with sqlite3_bind_pointer() as WALK_POINTER. Else
 * each row is given to walk_take(). */
#ifndef STORE_WALK_H
#define STORE_WALK_H

#include "base/limits.h"
#include "store/cursor.h"
#include "store/fts.h"
#include "store/ords.h"

#define WALK_POINTER "linksnap_walk"

/* How many of the newest matches are ranked, and how many older ones with a hit outside the text.
 */
enum { WALK_RANKED = 1000 };

enum walk_kind {
    WALK_ALL,  /* takes every match */
    WALK_TIME, /* takes the first after the cursor, in the order of the walk */
    WALK_RANK  /* takes the best, newest first; the walk must be newest first */
};

struct ranked {
    int score;
    int64_t ord;
};

struct walk {
    enum walk_kind kind;
    bool ascending;     /* oldest first */
    struct ords *only;  /* NULL, or what alone counts; sorted as the walk goes */
    struct ords *never; /* NULL, or what does not count */
    struct cursor from;
    bool stops; /* TIME: when it has taken enough; the total is known otherwise */
    size_t limit;
    size_t phrases;    /* of the expression, that are looked for */
    bool lists_ranked; /* RANK: `taken` is to be all that is ranked, whatever its score */

    bool enough; /* to be walked no further */
    int64_t total;
    struct ords taken; /* ALL; TIME: one more than the limit when there is more; RANK: see above */
    /* RANK: the best after the cursor, as a heap with the worst first, with one more than the
     * limit when there is more; the first after the cursor that are not ranked; and what is. */
    struct ranked best[2 * WALK_RANKED + 1];
    size_t best_count;
    struct ords tail;
    struct cursor bounds;
    size_t ranked;
    size_t outside;
    int64_t oldest_ranked;
};

/* From the start. `limit` may be any. */
void walk_init(struct walk *walk, enum walk_kind kind, size_t limit);
void walk_finish(struct walk *walk);

/* ERR_STORE_CORRUPT for a number that no store of ours gives. */
bool walk_take(struct walk *walk, int64_t ord, struct error *err) MUST_CHECK;

/* To be called after the last row: *bounds are those of all pages of this answer, and `best` is
 * sorted, the best first. */
void walk_end(struct walk *walk);

void walk_visit(const Fts5ExtensionApi *api, Fts5Context *row, sqlite3_context *context, int count,
                sqlite3_value **values);

#endif
