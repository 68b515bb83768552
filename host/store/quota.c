#include "store/quota.h"

#include "store/db.h"

static const char *const names[] = {
    [QUOTA_WARN] = "warn", [QUOTA_NO_MEDIA] = "no_media", [QUOTA_REFUSE] = "refuse"};
enum { NAMES = sizeof names / sizeof *names };

const char *quota_when_name(enum quota_when when)
{
    return names[when];
}

bool quota_when_parse(struct slice name, enum quota_when *when_out)
{
    for (size_t i = 0; i < NAMES; i++) {
        if (slice_equal(name, slice_of(names[i]))) {
            *when_out = (enum quota_when)i;
            return true;
        }
    }
    return false;
}

static bool is_sane(int64_t bytes)
{
    return bytes == 0 || (bytes >= QUOTA_LEAST && bytes <= QUOTA_MOST);
}

/* What somebody else may have written there counts as nothing. */
static bool read_wish(struct store *store, struct quota *quota, struct error *err)
{
    int64_t when;
    if (!db_get_int(store, "SELECT value FROM meta WHERE key = 'quota'", 0, &quota->bytes, err) ||
        !db_get_int(store, "SELECT value FROM meta WHERE key = 'when_full'", 0, &when, err))
        return false;
    if (!is_sane(quota->bytes))
        quota->bytes = 0;
    quota->when = when > 0 && when < NAMES ? (enum quota_when)when : QUOTA_WARN;
    return true;
}

static bool read_use(struct store *store, int64_t *bytes_out, struct error *err)
{
    int64_t pages;
    int64_t size;
    if (!db_get_int(store, "PRAGMA page_count", 0, &pages, err) ||
        !db_get_int(store, "PRAGMA page_size", 0, &size, err))
        return false;
    *bytes_out = pages * size;
    return true;
}

bool quota_get(struct store *store, struct quota *quota_out, struct error *err)
{
    struct quota quota = {0};
    if (!db_begin_read(store, err))
        return false;
    bool ok = read_wish(store, &quota, err) && read_use(store, &quota.used, err);
    db_end_read(store);
    if (!ok)
        return false;
    quota.over = quota.bytes > 0 && quota.used > quota.bytes;
    *quota_out = quota;
    return true;
}

bool quota_set(struct store *store, const struct quota *quota, struct error *err)
{
    if (!is_sane(quota->bytes))
        return error_set_field(err, ERR_PARAMS, "quota", "\"quota\" is 0 or at least %d MiB",
                               QUOTA_LEAST / (1024 * 1024));
    if (!db_begin(store, err))
        return false;
    bool ok =
        db_run_with_int(store, "INSERT OR REPLACE INTO meta (key, value) VALUES ('quota', ?1)",
                        quota->bytes, err) &&
        db_run_with_int(store, "INSERT OR REPLACE INTO meta (key, value) VALUES ('when_full', ?1)",
                        quota->when, err);
    return db_end(store, ok, err);
}

bool quota_check(struct store *store, bool *media_out, struct error *err)
{
    struct quota quota;
    if (!quota_get(store, &quota, err))
        return false;
    if (quota.over && quota.when == QUOTA_REFUSE)
        return error_set(err, ERR_QUOTA,
                         "The store takes %lld MB, more than the %lld MB that it may take",
                         (long long)(quota.used / 1000000), (long long)(quota.bytes / 1000000));
    *media_out = !quota.over || quota.when != QUOTA_NO_MEDIA;
    return true;
}
