/* What the tables must be to each other, as SQL: what is found, and what mends it. */
#include "store/fsck_check.h"

#include "base/utf8.h"
#include "store/jobs_rows.h"

/* A page that is made anew out of its snapshots: their address, up to where its path begins. */
#define SITE_OF(url)                                                                               \
    "substr(substr(" url ", instr(" url ", '://') + 3), 1,"                                        \
    " instr(substr(" url ", instr(" url ", '://') + 3) || '/', '/') - 1)"

/* A place after all others, or the first free one where there is none after them. */
#define ORD_MAX "9007199254740992"
#define NEW_ORD                                                                                    \
    "(SELECT CASE WHEN last < " ORD_MAX " THEN last + 1"                                           \
    " WHEN NOT EXISTS (SELECT 1 FROM pages WHERE ord = 1) THEN 1"                                  \
    " ELSE (SELECT min(ord) + 1 FROM pages AS at WHERE ord BETWEEN 1 AND " ORD_MAX                 \
    "  AND NOT EXISTS (SELECT 1 FROM pages WHERE ord = at.ord + 1)) END"                           \
    " FROM (SELECT coalesce(max(ord), 0) AS last FROM pages"                                       \
    "  WHERE ord BETWEEN 1 AND " ORD_MAX "))"

/* The version that a page shows. */
#define LATEST_OF(page)                                                                            \
    "(SELECT id FROM snapshots WHERE page = " page " ORDER BY trashed <> 0, version DESC LIMIT 1)"

/* A day is more than clocks differ by. */
#define NOW           "(CAST(strftime('%s', 'now') AS INTEGER) * 1000)"
#define NO_TIME(when) "(" when " < 0 OR " when " > " NOW " + 86400000)"
#define A_TIME(when)  when " = CASE WHEN " when " < 0 THEN 0 ELSE " NOW " END"

/* The order comes first: what is made anew gets a place in it. */
static const struct row_check references[] = {
    {"page_order",
     "A page's place in the order is none.",
     true,
     "SELECT id, id, 0 FROM pages WHERE ord < 1 OR ord > " ORD_MAX,
     {"UPDATE pages SET ord = " NEW_ORD " WHERE id = ?1"}},
    {"page_lost",
     "Versions of a page are there, and the page is not.",
     true,
     "SELECT s.page, s.page, max(s.id) FROM snapshots s"
     " WHERE NOT EXISTS (SELECT 1 FROM pages p WHERE p.id = s.page) GROUP BY s.page",
     {"INSERT INTO pages (id, ord, created, saved, versions, snapshot, site, title, url,"
      " normalized) SELECT s.page, " NEW_ORD ","
      " (SELECT min(taken) FROM snapshots WHERE page = ?1), s.taken,"
      " (SELECT count(*) FROM snapshots WHERE page = ?1 AND trashed = 0), s.id, " SITE_OF(
          "s.url") ", s.title, s.url, CASE WHEN EXISTS"
                   " (SELECT 1 FROM pages WHERE normalized = s.url) THEN s.url || '#' || s.page"
                   " ELSE s.url END"
                   " FROM snapshots s WHERE s.id = " LATEST_OF("?1")}},
    {"snapshot_trash",
     "A version was put into the trash at a time that is none.",
     true,
     "SELECT id, page, id FROM snapshots WHERE " NO_TIME("trashed"),
     {"UPDATE snapshots SET " A_TIME("trashed") " WHERE id = ?1"}},
    {"versions_trashed",
     "All versions of a page are in the trash, and the page is not.",
     true,
     "SELECT page, page, max(id) FROM snapshots GROUP BY page HAVING sum(trashed = 0) = 0",
     {"UPDATE snapshots SET trashed = 0 WHERE id ="
      " (SELECT id FROM snapshots WHERE page = ?1 ORDER BY version DESC LIMIT 1)"}},
    {"page_version",
     "A page does not show its latest version.",
     true,
     "SELECT p.id, p.id, coalesce(p.snapshot, 0) FROM pages p WHERE p.snapshot IS NOT " LATEST_OF(
         "p.id"),
     {"UPDATE pages SET snapshot = " LATEST_OF("?1") " WHERE id = ?1"}},
    {"page_empty",
     "A page has no version left: save it again, or trash it.",
     true,
     "SELECT id, id, 0 FROM pages WHERE trashed = 0 AND snapshot IS NULL"
     " AND NOT EXISTS (SELECT 1 FROM snapshots WHERE page = pages.id)",
     {NULL}},
    {"tag_reference",
     "A page has a tag that is none, or a tag has a page that is none.",
     true,
     "SELECT pt.page, pt.page, 0 FROM page_tags pt"
     " WHERE NOT EXISTS (SELECT 1 FROM pages WHERE id = pt.page)"
     " OR NOT EXISTS (SELECT 1 FROM tags WHERE id = pt.tag) GROUP BY pt.page",
     {"DELETE FROM page_tags WHERE page = ?1 AND (NOT EXISTS (SELECT 1 FROM pages WHERE id = ?1)"
      " OR NOT EXISTS (SELECT 1 FROM tags WHERE id = tag))"}},
    {"url_reference",
     "A URL leads to a page that is none.",
     true,
     "SELECT page, page, 0 FROM page_urls u"
     " WHERE NOT EXISTS (SELECT 1 FROM pages WHERE id = u.page) GROUP BY page",
     {"DELETE FROM page_urls WHERE page = ?1"
      " AND NOT EXISTS (SELECT 1 FROM pages WHERE id = ?1)"}},
    {"health_reference",
     "A check of a link is of a page that is none.",
     true,
     "SELECT page, page, 0 FROM page_health h"
     " WHERE NOT EXISTS (SELECT 1 FROM pages WHERE id = h.page)",
     {"DELETE FROM page_health WHERE page = ?1"
      " AND NOT EXISTS (SELECT 1 FROM pages WHERE id = ?1)"}},
    {"asset_reference",
     "Assets are of a version that is none.",
     true,
     "SELECT snapshot, 0, snapshot FROM snapshot_assets a"
     " WHERE NOT EXISTS (SELECT 1 FROM snapshots WHERE id = a.snapshot) GROUP BY snapshot",
     {"DELETE FROM snapshot_assets WHERE snapshot = ?1"
      " AND NOT EXISTS (SELECT 1 FROM snapshots WHERE id = ?1)"}},
    {"report_reference",
     "Part of a report is of a version that is none.",
     true,
     "SELECT snapshot, 0, snapshot FROM snapshot_notes r"
     " WHERE NOT EXISTS (SELECT 1 FROM snapshots WHERE id = r.snapshot) GROUP BY snapshot",
     {"DELETE FROM snapshot_notes WHERE snapshot = ?1"
      " AND NOT EXISTS (SELECT 1 FROM snapshots WHERE id = ?1)"}},
    {"report_reference",
     "Part of a report is of a version that is none.",
     true,
     "SELECT snapshot, 0, snapshot FROM snapshot_hops r"
     " WHERE NOT EXISTS (SELECT 1 FROM snapshots WHERE id = r.snapshot) GROUP BY snapshot",
     {"DELETE FROM snapshot_hops WHERE snapshot = ?1"
      " AND NOT EXISTS (SELECT 1 FROM snapshots WHERE id = ?1)"}},
    {"highlight_reference",
     "What was marked is in a version that is none, or that is another page's.",
     true,
     "SELECT h.id, h.page, h.snapshot FROM highlights h"
     " LEFT JOIN snapshots s ON s.id = h.snapshot LEFT JOIN pages p ON p.id = h.page"
     " WHERE p.id IS NULL OR s.page IS NOT h.page",
     {"UPDATE highlights SET page = coalesce((SELECT s.page FROM snapshots s"
      "  WHERE s.id = highlights.snapshot), page), snapshot = coalesce((SELECT s.id"
      "  FROM snapshots s WHERE s.id = highlights.snapshot), (SELECT p.snapshot FROM pages p"
      "  WHERE p.id = highlights.page), snapshot) WHERE id = ?1",
      "DELETE FROM highlights WHERE id = ?1 AND (NOT EXISTS"
      " (SELECT 1 FROM pages p WHERE p.id = highlights.page) OR NOT EXISTS"
      " (SELECT 1 FROM snapshots s WHERE s.id = highlights.snapshot))"}},
    {"undo_reference",
     "A change that could be undone is of a step that is none.",
     true,
     "SELECT step, 0, 0 FROM undo_rows r"
     " WHERE NOT EXISTS (SELECT 1 FROM undo_steps WHERE id = r.step) GROUP BY step",
     {"DELETE FROM undo_rows WHERE step = ?1"
      " AND NOT EXISTS (SELECT 1 FROM undo_steps WHERE id = ?1)"}},
};

#define ASSET_STATE_WRONG                                                                          \
    "(state NOT IN ('wanted', 'stored', 'failed', 'left_out')"                                     \
    " OR (state = 'stored') <> (blob IS NOT NULL))"

#define SETTLED                                                                                    \
    "(SELECT count(*) FROM snapshot_assets WHERE snapshot = s.id"                                  \
    " AND state IN ('stored', 'left_out'))"
/* A size that is none must not be one too many for the sum: a terabyte is more than any has. */
#define SIZE(of) "min(max(" of "size, 0), 1099511627776)"
#define BYTES                                                                                      \
    "(coalesce((SELECT " SIZE(                                                                     \
        "") " FROM blobs WHERE id = s.document), 0)"                                               \
            " + coalesce((SELECT sum(" SIZE(                                                       \
                "b.") ") FROM snapshot_assets a JOIN blobs b ON b.id = a.blob"                     \
                      " WHERE a.snapshot = s.id), 0))"

#define RECOUNT                                                                                    \
    "UPDATE snapshots AS s SET bytes = " BYTES ", stored = " SETTLED                               \
    ", assets = (SELECT count(*) FROM snapshot_assets WHERE snapshot = s.id),"                     \
    " state = CASE WHEN state = 'pending' THEN state WHEN (SELECT count(*) FROM snapshot_assets"   \
    "  WHERE snapshot = s.id) = " SETTLED " THEN 'complete' ELSE 'incomplete' END"                 \
    " WHERE id = ?1"

/* Texts that are no UTF-8: what stands in their place is what is shown for them. */
#define BAD(column)    "NOT fsck_is_text(" column ")"
#define MENDED(column) column " = fsck_text(" column ")"

static const struct row_check contents[] = {
    {"page_versions",
     "A page's versions are counted wrong.",
     true,
     "SELECT id, id, 0 FROM pages p"
     " WHERE versions <> (SELECT count(*) FROM snapshots WHERE page = p.id AND trashed = 0)",
     {"UPDATE pages SET versions ="
      " (SELECT count(*) FROM snapshots WHERE page = ?1 AND trashed = 0) WHERE id = ?1"}},
    {"page_text",
     "Words of a page are not UTF-8.",
     true,
     "SELECT id, id, 0 FROM pages WHERE " BAD("site") " OR " BAD("title") " OR " BAD(
         "url") " OR " BAD("normalized") " OR " BAD("note"),
     {"UPDATE OR IGNORE pages SET " MENDED("site") ", " MENDED("title") ", " MENDED(
         "url") ", " MENDED("normalized") ", " MENDED("note") " WHERE id = ?1"}},
    {"page_trash",
     "A page was put into the trash at a time that is none.",
     true,
     "SELECT id, id, 0 FROM pages WHERE " NO_TIME("trashed"),
     {"UPDATE pages SET " A_TIME("trashed") " WHERE id = ?1"}},
    {"url_double",
     "A URL that is a page's own leads to another page.",
     true,
     "SELECT p.id, p.id, 0 FROM page_urls u JOIN pages p ON p.normalized = u.normalized",
     {"DELETE FROM page_urls WHERE normalized = (SELECT normalized FROM pages WHERE id = ?1)"}},
    {"asset_state",
     "An asset's state does not fit what is there of it.",
     true,
     "SELECT snapshot, (SELECT page FROM snapshots WHERE id = snapshot), snapshot"
     " FROM snapshot_assets WHERE " ASSET_STATE_WRONG " GROUP BY snapshot",
     {"UPDATE snapshot_assets SET state = CASE WHEN blob IS NULL THEN 'failed' ELSE 'stored' END,"
      " fault = CASE WHEN blob IS NULL THEN 1205 ELSE 0 END, status = 0,"
      " reason = CASE WHEN blob IS NULL THEN '" FSCK_LOST "' ELSE '' END"
      " WHERE snapshot = ?1 AND " ASSET_STATE_WRONG,
      RECOUNT}},
    {"asset_text",
     "Words of an asset are not UTF-8.",
     true,
     "SELECT snapshot, (SELECT page FROM snapshots WHERE id = snapshot), snapshot"
     " FROM snapshot_assets WHERE " BAD("kind") " OR " BAD("media_type") " OR " BAD(
         "reason") " OR " BAD("url") " GROUP BY snapshot",
     {"UPDATE snapshot_assets SET " MENDED("kind") ", " MENDED("media_type") ", " MENDED(
         "reason") ", " MENDED("url") " WHERE snapshot = ?1"}},
    {"snapshot_counts",
     "A version's assets or bytes are counted wrong.",
     true,
     "SELECT id, page, id FROM snapshots s WHERE stored <> " SETTLED " OR bytes <> " BYTES
     " OR assets <> (SELECT count(*) FROM snapshot_assets WHERE snapshot = s.id)",
     {RECOUNT}},
    {"snapshot_state",
     "A version's state is none.",
     true,
     "SELECT id, page, id FROM snapshots"
     " WHERE state NOT IN ('pending', 'complete', 'incomplete')",
     {RECOUNT}},
    {"snapshot_behind",
     "A version's state is behind what it has by now.",
     false,
     "SELECT id, page, id FROM snapshots"
     " WHERE (state = 'complete' AND stored <> assets)"
     " OR (state = 'incomplete' AND stored = assets)",
     {RECOUNT}},
    {"snapshot_pending",
     "A version's assets were not fetched to the end: linksnap retry does.",
     false,
     "SELECT id, page, id FROM snapshots WHERE state = 'pending'",
     {NULL}},
    {"snapshot_text",
     "Words of a version are not UTF-8.",
     true,
     "SELECT id, page, id FROM snapshots WHERE " BAD("title") " OR " BAD("url") " OR " BAD(
         "description") " OR " BAD("lang") " OR " BAD("file_name") " OR " BAD("kind"),
     {"UPDATE snapshots SET " MENDED("title") ", " MENDED("url") ", " MENDED(
         "description") ", " MENDED("lang") ", " MENDED("file_name") ", " MENDED("kind") " WHERE "
                                                                                         "id = "
                                                                                         "?1"}},
    {"highlight_text",
     "Words that were marked, or that somebody wrote there, are not UTF-8.",
     true,
     "SELECT id, page, snapshot FROM highlights WHERE " BAD("quote") " OR " BAD(
         "prefix") " OR " BAD("suffix") " OR " BAD("note") " OR " BAD("colour"),
     {"UPDATE highlights SET " MENDED("quote") ", " MENDED("prefix") ", " MENDED(
         "suffix") ", " MENDED("note") ", " MENDED("colour") " WHERE id = ?1"}},
    {"highlight_deleted",
     "What was marked was deleted at a time that is none.",
     true,
     "SELECT id, page, snapshot FROM highlights WHERE " NO_TIME("deleted"),
     {"UPDATE highlights SET " A_TIME("deleted") " WHERE id = ?1"}},
    {"tag_text",
     "A tag's name is not UTF-8.",
     true,
     "SELECT id, 0, 0 FROM tags WHERE " BAD("name") " OR " BAD("colour"),
     {"UPDATE tags SET " MENDED("name") ", " MENDED("colour") " WHERE id = ?1"}},
    {"undo_counts",
     "The changes of a step are counted wrong.",
     true,
     "SELECT id, 0, 0 FROM undo_steps s"
     " WHERE rows <> (SELECT count(*) FROM undo_rows WHERE step = s.id)",
     {"UPDATE undo_steps SET rows = (SELECT count(*) FROM undo_rows WHERE step = ?1)"
      " WHERE id = ?1"}},
    {"undo_damaged",
     "A step can no longer be undone.",
     true,
     "SELECT step, 0, 0 FROM undo_rows"
     " WHERE page = 0 AND was_name = '' AND now_name = '' GROUP BY step",
     {"DELETE FROM undo_rows WHERE step = ?1", "DELETE FROM undo_steps WHERE id = ?1"}},
    {"job_state",
     "A link of the queue is in no state.",
     true,
     "SELECT id, 0, 0 FROM jobs WHERE NOT (" JOBS_OPEN " OR " JOBS_ENDED " OR " JOBS_CLEARED ")"
     " OR (state = 'running') <> (claimed_by IS NOT NULL)",
     {"UPDATE jobs SET state = 'failed', claimed_by = NULL, fault = 1205, reason = '" FSCK_LOST
      "' WHERE id = ?1"}},
    {"job_text",
     "Words of a link of the queue are not UTF-8.",
     true,
     "SELECT id, 0, 0 FROM jobs WHERE " BAD("url") " OR " BAD("title") " OR " BAD(
         "tags") " OR " BAD("reason") " OR " BAD("coalesce(note, '')"),
     {"UPDATE jobs SET " MENDED("url") ", " MENDED("title") ", " MENDED("tags") ", " MENDED(
         "reason") ", " MENDED("note") " WHERE id = ?1"}},
};

_Static_assert(ERR_STORE_CORRUPT == 1205, "as the statements above have it");

/* ---- References ---- */

/* Those that a check of some kind follows: table and parent, as PRAGMA foreign_key_check has them.
 */
static bool is_followed(struct slice table, struct slice parent)
{
    static const char *const followed[][2] = {
        {"pages", "snapshots"},         {"snapshots", "pages"},
        {"snapshots", "blobs"},         {"snapshot_assets", "snapshots"},
        {"snapshot_assets", "blobs"},   {"snapshot_notes", "snapshots"},
        {"snapshot_hops", "snapshots"}, {"page_tags", "pages"},
        {"page_tags", "tags"},          {"page_urls", "pages"},
        {"page_health", "pages"},       {"undo_rows", "undo_steps"},
        {"highlights", "pages"},        {"highlights", "snapshots"},
    };
    for (size_t i = 0; i < sizeof followed / sizeof *followed; i++) {
        if (slice_equal(table, slice_of(followed[i][0])) &&
            slice_equal(parent, slice_of(followed[i][1])))
            return true;
    }
    return false;
}

/* Whatever the checks do not know of. */
static bool other_references(struct fsck *run, struct error *err)
{
    bool row;
    bool ok;
    sqlite3_stmt *statement = db_prepare(run->store, "PRAGMA foreign_key_check", err);
    if (statement == NULL)
        return false;
    while ((ok = db_step(run->store, statement, &row, err)) && row) {
        if (is_followed(db_text(statement, 0), db_text(statement, 2)))
            continue;
        fsck_report(run, &(struct fsck_finding){
                             .code = "reference",
                             .text = "A row refers to one that is not there.",
                             .detail = (const char *)sqlite3_column_text(statement, 0),
                             .fault = true,
                         });
    }
    db_done(run->store, statement);
    return ok;
}

bool fsck_references(struct fsck *run, struct error *err)
{
    return fsck_check_rows(run, references, sizeof references / sizeof *references, err) &&
           other_references(run, err);
}

/* ---- Contents ---- */

static struct slice value_text(sqlite3_value *value)
{
    /* As UTF-8, whatever the database keeps it as; in one of UTF-8 the bytes are not looked at. */
    const void *bytes = sqlite3_value_text(value);
    return slice_make(bytes, (size_t)sqlite3_value_bytes(value));
}

/* fsck_is_text(x) */
static void is_text(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    sqlite3_result_int(context, utf8_valid(value_text(values[0])));
}

/* fsck_text(x): the same with U+FFFD for what is no UTF-8; NULL stays. */
static void text(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    struct buf out;
    if (sqlite3_value_type(values[0]) == SQLITE_NULL)
        return;
    struct slice bytes = value_text(values[0]);
    buf_init(&out, 3 * bytes.len);
    if (utf8_append_valid(&out, bytes))
        sqlite3_result_text64(context, out.ptr == NULL ? "" : out.ptr, out.len, SQLITE_TRANSIENT,
                              SQLITE_UTF8);
    else
        sqlite3_result_error_nomem(context);
    buf_finish(&out);
}

bool fsck_rows(struct fsck *run, struct error *err)
{
    enum { FLAGS = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY };
    sqlite3 *db = run->store->db;
    int code = sqlite3_create_function(db, "fsck_is_text", 1, FLAGS, NULL, is_text, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_create_function(db, "fsck_text", 1, FLAGS, NULL, text, NULL, NULL);
    return (code == SQLITE_OK || db_error(run->store, code, err)) &&
           fsck_check_rows(run, contents, sizeof contents / sizeof *contents, err);
}

bool fsck_recount(struct store *store, int64_t snapshot, struct error *err)
{
    return db_run_with_int(store, RECOUNT, snapshot, err);
}
