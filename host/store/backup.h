/* A store as one file to keep elsewhere, and back again.
 *
 * A backup is a store: one file, with nothing beside it, that may lie in a folder which cannot be
 * written and can be opened as it is. It is made while others read and write, of the one state that
 * a read transaction sees. sqlite3_backup() inside of that transaction copies pages as they lie: in
 * half the time of VACUUM INTO, which writes every row anew; in steps, so that it can tell how far
 * it is and be stopped; without looking at what is in the tables; and writers, which in WAL mode a
 * reader does not hold up, never make it begin anew. VACUUM INTO would save the free pages, of
 * which a store keeps few. The WAL grows by what is written meanwhile.
 */
#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#include "store/store.h"

/* Any may be NULL. */
struct backup_hooks {
    /* "copying", "verifying", "replacing"; bytes */
    void (*progress)(const char *stage, int64_t done, int64_t total, void *arg);
    bool (*interrupted)(void *arg);
    void *arg;
};

struct backup_options {
    bool replace; /* a file that is there already, once the new one is whole */
    /* The copy is compared with what was to be copied by its counts alone; else its structure is
     * walked through, and every blob unpacked and its hash compared. */
    bool quick;
};

struct backup_facts {
    int64_t version; /* of the schema */
    int64_t bytes;   /* of the file */
    int64_t pages;   /* trashed ones too */
    int64_t snapshots;
    int64_t blobs;
};

/* Makes `file` (0600), which appears only when it is whole, verified and on disk. Whatever goes
 * wrong, nothing is left behind, and a file that was there is as it was. ERR_IO for a file that is
 * there already, and for one with a -wal or -journal of another database beside it; ERR_PARAMS for
 * the store itself or one of its files; ERR_STORE_FULL with how much room is lacking;
 * ERR_STORE_CORRUPT for a store that is damaged itself; ERR_CANCELLED. */
bool backup_write(struct store *store, const char *file, const struct backup_options *options,
                  const struct backup_hooks *hooks, struct backup_facts *facts_out,
                  struct error *err) MUST_CHECK;

/* The file beside the store at `path` that a store of this version is kept in before it is brought
 * up to date. The caller frees; NULL when out of memory. */
char *backup_name(const char *path, int64_t version);

/* Keeps the store in backup_name(), over one that is there; inside a transaction that writes and
 * has written nothing yet, so that nobody else changes it meanwhile. Nothing to do for a store with
 * neither pages nor jobs. ERR_STORE_FULL with how much room it takes. */
bool backup_before_migration(struct store *store, int64_t version, struct error *err) MUST_CHECK;
/* Removes such files of earlier versions, but for the last one below `version`. */
void backup_forget_old(const char *path, int64_t version);

struct backup_restored {
    struct backup_facts facts; /* of what is the store now */
    char *kept;   /* the file with the store as it was, or NULL: there was none. The caller frees */
    bool damaged; /* `kept` could not be opened any more */
    int64_t
        damaged_blobs; /* with backup_restore_damaged: damaged ones, and rows that lack theirs */
};

/* Makes what a backup holds the content of the store at `path`, in one step for everybody who has
 * it open. The file is somebody's from elsewhere: a copy of it is verified whole and brought up to
 * date before anything else happens. Tables and indexes that are none of a store's are left out of
 * it. Numbers that the store has given are not given again. The store as it was is kept beside it,
 * in PATH.before-restore-TIME. Writers wait meanwhile, at most LIMIT_BUSY_MS, then with
 * ERR_STORE_BUSY. A capture that goes on ends with ERR_NOT_FOUND, unless the backup has its
 * snapshot (snapshots_hold).
 *
 * A store that cannot be opened for damage is moved aside with its -wal as PATH.damaged-TIME;
 * ERR_STORE_BUSY while another process has it open. What never was a store is not touched:
 * ERR_STORE_CORRUPT.
 *
 * Killed at any moment, it leaves the old store or the new one. No connection to the store may be
 * open in this process. ERR_NOT_FOUND, ERR_STORE_CORRUPT, ERR_STORE_NEWER (the backup, or the store
 * that is there), ERR_PARAMS (the file is the store itself), ERR_STORE_FULL, _READONLY, _BUSY,
 * ERR_CANCELLED. */
bool backup_restore(const char *path, const char *file, const struct backup_hooks *hooks,
                    struct backup_restored *restored_out, struct error *err) MUST_CHECK;

/* The same of a file whose tables are whole, while blobs may be damaged or lacking. */
bool backup_restore_damaged(const char *path, const char *file, const struct backup_hooks *hooks,
                            struct backup_restored *restored_out, struct error *err) MUST_CHECK;

#endif
