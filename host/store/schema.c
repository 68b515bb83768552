#include "store/schema.h"

#include <stdio.h>

/* `ord` is raised above all others with each snapshot of a page: its descending order is "last
 * saved first", and it is the row's number in the search index, which walks backwards fast. Small
 * columns stand before large ones, so that scans do not touch overflow pages. `title` follows the
 * snapshots until a person changes it. */
static const char migration_1[] =
    "CREATE TABLE meta ("
    " key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;"

    "CREATE TABLE blobs ("
    " id INTEGER PRIMARY KEY,"
    " hash BLOB NOT NULL UNIQUE," /* SHA-256 of the unpacked bytes */
    " size INTEGER NOT NULL,"     /* unpacked */
    " stored INTEGER NOT NULL,"   /* bytes of `data` */
    " packed INTEGER NOT NULL,"   /* 1: one zstd frame */
    " data BLOB NOT NULL) STRICT;"
    "CREATE INDEX blobs_stored ON blobs(stored);" /* counts and sums without the bytes */

    "CREATE TABLE pages ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT," /* numbers are never used again */
    " ord INTEGER NOT NULL UNIQUE,"
    " created INTEGER NOT NULL,"
    " saved INTEGER NOT NULL,"
    " trashed INTEGER NOT NULL DEFAULT 0,"
    " versions INTEGER NOT NULL DEFAULT 0,"
    " snapshot INTEGER REFERENCES snapshots(id)," /* the latest */
    " site TEXT NOT NULL,"
    " title TEXT NOT NULL,"
    " url TEXT NOT NULL,"
    " normalized TEXT NOT NULL UNIQUE,"
    " note TEXT NOT NULL DEFAULT '') STRICT;"
    "CREATE INDEX pages_live ON pages(ord) WHERE trashed = 0;"
    "CREATE INDEX pages_trashed ON pages(ord) WHERE trashed > 0;"
    "CREATE INDEX pages_snapshot ON pages(snapshot);"

    "CREATE TABLE snapshots ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " page INTEGER NOT NULL REFERENCES pages(id),"
    " version INTEGER NOT NULL,"
    " taken INTEGER NOT NULL,"
    " state TEXT NOT NULL DEFAULT 'pending',"
    " assets INTEGER NOT NULL DEFAULT 0," /* rows in snapshot_assets */
    " stored INTEGER NOT NULL DEFAULT 0," /* of them; those left out by wish count too */
    " bytes INTEGER NOT NULL,"            /* document and stored assets, unpacked */
    " document INTEGER NOT NULL REFERENCES blobs(id),"
    " text INTEGER NOT NULL REFERENCES blobs(id),"
    " icon INTEGER REFERENCES blobs(id),"
    " icon_type TEXT NOT NULL DEFAULT '',"
    " how TEXT NOT NULL,"
    " lang TEXT NOT NULL,"
    " title TEXT NOT NULL,"
    " url TEXT NOT NULL," /* after redirects */
    " description TEXT NOT NULL,"
    " UNIQUE (page, version)) STRICT;"
    "CREATE INDEX snapshots_pending ON snapshots(id) WHERE state = 'pending';"
    "CREATE INDEX snapshots_incomplete ON snapshots(id) WHERE state = 'incomplete';"
    "CREATE INDEX snapshots_document ON snapshots(document);"
    "CREATE INDEX snapshots_text ON snapshots(text);"
    "CREATE INDEX snapshots_icon ON snapshots(icon) WHERE icon IS NOT NULL;"

    "CREATE TABLE snapshot_assets ("
    " snapshot INTEGER NOT NULL REFERENCES snapshots(id),"
    " ref BLOB NOT NULL," /* 16 bytes */
    " blob INTEGER REFERENCES blobs(id),"
    " state TEXT NOT NULL,"
    " kind TEXT NOT NULL,"
    " media_type TEXT NOT NULL,"
    " fault INTEGER NOT NULL,"
    " status INTEGER NOT NULL,"
    " reason TEXT NOT NULL,"
    " url TEXT NOT NULL,"
    " PRIMARY KEY (snapshot, ref)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX snapshot_assets_blob ON snapshot_assets(blob) WHERE blob IS NOT NULL;"

    "CREATE TABLE tags ("
    " id INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL," /* as first written */
    " folded TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE page_tags ("
    " page INTEGER NOT NULL REFERENCES pages(id),"
    " tag INTEGER NOT NULL REFERENCES tags(id),"
    " PRIMARY KEY (page, tag)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX page_tags_tag ON page_tags(tag, page);"

    "CREATE TABLE jobs ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " kind TEXT NOT NULL,"
    " state TEXT NOT NULL,"
    " attempts INTEGER NOT NULL DEFAULT 0,"
    " not_before INTEGER NOT NULL DEFAULT 0,"
    " claimed_by TEXT,"
    " claimed_until INTEGER,"
    " created INTEGER NOT NULL,"
    " updated INTEGER NOT NULL,"
    " url TEXT NOT NULL,"
    " payload TEXT NOT NULL DEFAULT '{}'," /* JSON */
    " error TEXT) STRICT;"
    "CREATE INDEX jobs_due ON jobs(state, not_before);"

    /* What the index holds of a page. Texts lie packed in blobs and come out through a function. */
    "CREATE VIEW search_source AS"
    " SELECT p.ord AS ord, p.id AS page, p.title AS title,"
    "  (SELECT group_concat(name, char(10)) FROM"
    "   (SELECT t.name AS name FROM page_tags pt JOIN tags t ON t.id = pt.tag"
    "    WHERE pt.page = p.id ORDER BY t.folded)) AS tags,"
    "  p.note AS note, linksnap_address(p.site, p.url) AS url,"
    "  linksnap_unpack(b.size, b.packed, b.data) AS text"
    " FROM pages p LEFT JOIN snapshots s ON s.id = p.snapshot LEFT JOIN blobs b ON b.id = s.text;"
    "CREATE VIRTUAL TABLE search USING fts5("
    " title, tags, note, url, text,"
    " content='search_source', content_rowid='ord', tokenize='linksnap', prefix='3');";

/* What a capture says of itself, beside its assets. */
static const char migration_2[] = "CREATE TABLE snapshot_notes ("
                                  " snapshot INTEGER NOT NULL REFERENCES snapshots(id),"
                                  " name TEXT NOT NULL,"
                                  " count INTEGER NOT NULL,"
                                  " PRIMARY KEY (snapshot, name)) STRICT, WITHOUT ROWID;";

/* The index gives short beginnings of words itself (index_tokens.h), so that FTS5 need not keep one
 * of them, and has the text first (fts.h); it is filled again when the store is opened. The other
 * indexes are for lists by title and site, and hold what most conditions of a search look at. */
static const char migration_3[] =
    "DELETE FROM meta WHERE key = 'tokenizer';"
    "DROP TABLE search;"
    "CREATE VIRTUAL TABLE search USING fts5("
    " text, title, tags, note, url,"
    " content='search_source', content_rowid='ord', tokenize='linksnap');"
    "CREATE INDEX pages_title ON pages(title COLLATE NOCASE, ord DESC);"
    "CREATE INDEX pages_site ON pages(site, ord DESC, trashed);"
    "CREATE INDEX pages_saved ON pages(saved, ord, trashed);"
    "CREATE INDEX pages_order ON pages(id, ord, trashed);"
    "CREATE INDEX pages_facts ON pages(ord, trashed, saved, snapshot, site);"
    "CREATE INDEX snapshots_lang ON snapshots(lang COLLATE NOCASE);";

/* Links that wait to be fetched. The jobs of before were never used. `jobs_order` counts, lists the
 * open ones and finds the oldest that may be claimed, `jobs_waiting` tells how many each host would
 * give, both without looking at a job itself. No two open jobs are about the same. */
static const char migration_4[] =
    "DROP TABLE jobs;"
    "CREATE TABLE jobs ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " state TEXT NOT NULL DEFAULT 'waiting',"
    " kind TEXT NOT NULL,"
    " claimed_by INTEGER," /* a worker's number, while running */
    " not_before INTEGER NOT NULL DEFAULT 0,"
    " attempts INTEGER NOT NULL DEFAULT 0,"
    " crashes INTEGER NOT NULL DEFAULT 0," /* in a row: workers that went away */
    " browser INTEGER NOT NULL DEFAULT 0,"
    " again INTEGER NOT NULL,"
    " joined INTEGER NOT NULL DEFAULT 0," /* 1: added once more while it ran */
    " media_limit INTEGER NOT NULL,"
    " created INTEGER NOT NULL,"
    " updated INTEGER NOT NULL,"
    " done INTEGER NOT NULL DEFAULT 0,"
    " total INTEGER NOT NULL DEFAULT 0,"
    " fault INTEGER NOT NULL DEFAULT 0,"
    " status INTEGER NOT NULL DEFAULT 0,"
    " page INTEGER NOT NULL," /* jobs outlive what they are about */
    " snapshot INTEGER NOT NULL DEFAULT 0,"
    " unchanged INTEGER NOT NULL DEFAULT 0,"
    " missing INTEGER NOT NULL DEFAULT 0,"
    " stage TEXT NOT NULL DEFAULT '',"
    " host TEXT NOT NULL,"
    " reason TEXT NOT NULL DEFAULT '',"
    " user_agent TEXT,"
    " language TEXT,"
    " title TEXT NOT NULL,"
    " tags TEXT NOT NULL," /* a line each */
    " url TEXT NOT NULL,"
    " normalized TEXT NOT NULL,"
    " note TEXT) STRICT;"
    "CREATE INDEX jobs_order ON jobs(state, id, not_before, host);"
    "CREATE INDEX jobs_waiting ON jobs(host, not_before) WHERE state = 'waiting';"
    "CREATE INDEX jobs_running ON jobs(host, claimed_by) WHERE state = 'running';"
    "CREATE UNIQUE INDEX jobs_open ON jobs(normalized, kind)"
    " WHERE state IN ('waiting', 'running', 'browser');"
    "CREATE INDEX jobs_ended ON jobs(updated, state)"
    " WHERE state IN ('done', 'failed', 'cancelled');"

    /* Hosts that asked to be left alone for a while. */
    "CREATE TABLE job_hosts ("
    " host TEXT PRIMARY KEY,"
    " until INTEGER NOT NULL) STRICT, WITHOUT ROWID;"

    /* Other normalized URLs that lead to a page. */
    "CREATE TABLE page_urls ("
    " normalized TEXT PRIMARY KEY,"
    " page INTEGER NOT NULL REFERENCES pages(id)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX page_urls_page ON page_urls(page);"

    "CREATE TABLE page_health ("
    " page INTEGER PRIMARY KEY REFERENCES pages(id),"
    " checked INTEGER NOT NULL,"
    " state TEXT NOT NULL,"
    " fault INTEGER NOT NULL,"
    " status INTEGER NOT NULL,"
    " reason TEXT NOT NULL,"
    " url TEXT NOT NULL) STRICT;"
    "CREATE INDEX page_health_state ON page_health(state);"

    "CREATE TABLE snapshot_hops ("
    " snapshot INTEGER NOT NULL REFERENCES snapshots(id),"
    " step INTEGER NOT NULL,"
    " how TEXT NOT NULL,"
    " url TEXT NOT NULL,"
    " PRIMARY KEY (snapshot, step)) STRICT, WITHOUT ROWID;"

    "ALTER TABLE snapshots ADD COLUMN kind TEXT NOT NULL DEFAULT 'page';"
    "ALTER TABLE snapshots ADD COLUMN file_name TEXT NOT NULL DEFAULT '';"
    "CREATE INDEX snapshots_kind ON snapshots(kind) WHERE kind <> 'page';";

/* Colours of tags, and steps that can be undone: what was and what is, one row for each change in
 * the order in which they were made. `page` 0 is about a tag itself, an empty name is none. */
static const char migration_5[] = "ALTER TABLE tags ADD COLUMN colour TEXT NOT NULL DEFAULT '';"
                                  "CREATE TABLE undo_steps ("
                                  " id INTEGER PRIMARY KEY AUTOINCREMENT,"
                                  " made INTEGER NOT NULL,"
                                  " rows INTEGER NOT NULL DEFAULT 0,"
                                  " kind TEXT NOT NULL) STRICT;"
                                  "CREATE TABLE undo_rows ("
                                  " step INTEGER NOT NULL REFERENCES undo_steps(id),"
                                  " seq INTEGER NOT NULL,"
                                  " page INTEGER NOT NULL,"
                                  " was_trashed INTEGER NOT NULL,"
                                  " now_trashed INTEGER NOT NULL,"
                                  " was_name TEXT NOT NULL,"
                                  " now_name TEXT NOT NULL,"
                                  " colour TEXT NOT NULL,"
                                  " PRIMARY KEY (step, seq)) STRICT, WITHOUT ROWID;";

/* A small picture of a snapshot (an empty type: nobody has looked for one; "none": none can be
 * made), versions in the trash, what a person marked in a snapshot, changes of a page's words that
 * can be undone (`field`: "title", "note"; empty: as before, `name` is a tag or what a tag was
 * called), and what a link's capture leaves out. `place` and the quote with what stands around it
 * find a highlight in its document. What a person marked and wrote there is searched as notes are,
 * unless the version is in the trash.
 * `blobs_sizes` adds up bytes without reading them. */
static const char migration_6[] =
    "ALTER TABLE snapshots ADD COLUMN trashed INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE snapshots ADD COLUMN thumbnail INTEGER REFERENCES blobs(id);"
    "ALTER TABLE snapshots ADD COLUMN thumbnail_type TEXT NOT NULL DEFAULT '';"
    "CREATE INDEX snapshots_thumbnail ON snapshots(thumbnail) WHERE thumbnail IS NOT NULL;"
    "CREATE INDEX snapshots_trashed ON snapshots(trashed) WHERE trashed > 0;"
    "CREATE TABLE highlights ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " page INTEGER NOT NULL REFERENCES pages(id),"
    " snapshot INTEGER NOT NULL REFERENCES snapshots(id),"
    " made INTEGER NOT NULL,"
    " changed INTEGER NOT NULL,"
    " deleted INTEGER NOT NULL DEFAULT 0," /* ms UTC, or 0 */
    " place INTEGER NOT NULL,"
    " colour TEXT NOT NULL,"
    " quote TEXT NOT NULL,"
    " prefix TEXT NOT NULL,"
    " suffix TEXT NOT NULL,"
    " note TEXT NOT NULL) STRICT;"
    "CREATE INDEX highlights_page ON highlights(page, place);"
    "CREATE INDEX highlights_snapshot ON highlights(snapshot);"
    "CREATE INDEX highlights_deleted ON highlights(deleted) WHERE deleted > 0;"
    "ALTER TABLE undo_rows ADD COLUMN field TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE jobs ADD COLUMN fonts INTEGER NOT NULL DEFAULT 1;"
    "CREATE INDEX blobs_sizes ON blobs(id, stored, size);"
    "DROP VIEW search_source;"
    "CREATE VIEW search_source AS"
    " SELECT p.ord AS ord, p.id AS page, p.title AS title,"
    "  (SELECT group_concat(name, char(10)) FROM"
    "   (SELECT t.name AS name FROM page_tags pt JOIN tags t ON t.id = pt.tag"
    "    WHERE pt.page = p.id ORDER BY t.folded)) AS tags,"
    "  p.note || coalesce((SELECT group_concat(said, '') FROM"
    "   (SELECT char(10) || h.quote || char(10) || h.note AS said FROM highlights h"
    "    JOIN snapshots v ON v.id = h.snapshot WHERE h.page = p.id AND h.deleted = 0"
    "    AND v.trashed = 0 ORDER BY h.place, h.id)), '') AS note,"
    "  linksnap_address(p.site, p.url) AS url,"
    "  linksnap_unpack(b.size, b.packed, b.data) AS text"
    " FROM pages p LEFT JOIN snapshots s ON s.id = p.snapshot LEFT JOIN blobs b ON b.id = s.text;";

static const char *const migrations[] = {migration_1, migration_2, migration_3,
                                         migration_4, migration_5, migration_6};
enum { LATEST = sizeof migrations / sizeof *migrations };

static bool read_version(struct store *store, int64_t *version_out, struct error *err)
{
    if (!db_get_int(store, "PRAGMA user_version", 0, version_out, err))
        return false;
    if (*version_out > LATEST)
        return error_set(err, ERR_STORE_NEWER,
                         "The store was written by a later version of Linksnap");
    if (*version_out < 0)
        return error_set(err, ERR_STORE_CORRUPT, "The store is damaged");
    return true;
}

bool schema_check_age(struct store *store, struct error *err)
{
    int64_t id;
    int64_t version;
    return db_get_int(store, "PRAGMA application_id", 0, &id, err) &&
           (id != SCHEMA_APPLICATION_ID || read_version(store, &version, err));
}

static bool identify(struct store *store, enum schema_kind *kind_out, struct error *err)
{
    int64_t id;
    int64_t tables;
    int64_t version;
    int64_t utf8;
    if (!db_get_int(store, "PRAGMA application_id", 0, &id, err) ||
        !db_get_int(store, "SELECT count(*) FROM sqlite_schema", 0, &tables, err) ||
        !db_get_int(store, "SELECT encoding = 'UTF-8' FROM pragma_encoding", 0, &utf8, err))
        return false;
    if (id == 0 && tables == 0 && utf8 != 0) {
        *kind_out = SCHEMA_EMPTY;
        return true;
    }
    if (id != SCHEMA_APPLICATION_ID)
        return error_set(err, ERR_STORE_CORRUPT, "The file is no Linksnap store");
    /* Bytes of its texts are taken for what they are. */
    if (utf8 == 0)
        return error_set(err, ERR_STORE_CORRUPT,
                         "The file is no Linksnap store: its texts are in UTF-16");
    if (!read_version(store, &version, err))
        return false;
    *kind_out = SCHEMA_OURS;
    return true;
}

bool schema_identify(struct store *store, enum schema_kind *kind_out, struct error *err)
{
    /* One look: another process may be filling an empty file just now. */
    if (!db_begin_read(store, err))
        return false;
    bool ok = identify(store, kind_out, err);
    db_end_read(store);
    return ok;
}

int64_t schema_latest(void)
{
    return LATEST;
}

static bool run_migrations(struct store *store, int64_t version, schema_before_fn before,
                           struct error *err)
{
    char numbers[96];
    if (version > 0 && before != NULL && !before(store, version, err))
        return false;
    for (int64_t next = version; next < LATEST; next++)
        if (!db_execute(store, migrations[next], err))
            return false;
    snprintf(numbers, sizeof numbers, "PRAGMA application_id = %d; PRAGMA user_version = %d",
             SCHEMA_APPLICATION_ID, LATEST);
    return db_execute(store, numbers, err);
}

bool schema_migrate(struct store *store, schema_before_fn before, struct error *err)
{
    int64_t version;
    if (!read_version(store, &version, err))
        return false;
    if (version == LATEST)
        return true;
    if (store->read_only)
        return error_set(err, ERR_STORE_READONLY,
                         "The store is of an earlier version and cannot be brought up to date");
    if (!db_begin(store, err))
        return false;
    /* Another process may have been first. */
    bool ok = read_version(store, &version, err) &&
              (version == LATEST || run_migrations(store, version, before, err));
    return db_end(store, ok, err);
}
