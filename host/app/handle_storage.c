/* storage.get, storage.set, trash.empty: what the store takes on the disk. */
#include "app/service.h"
#include "base/clock.h"
#include "store/clean.h"
#include "store/quota.h"
#include "wire/fields.h"

/* ---- How much ---- */

static bool answer_storage(struct service *s, struct reply *reply, struct error *err)
{
    struct quota quota;
    if (!quota_get(s->store, &quota, err))
        return false;
    reply_storage(reply, reply->root, s->store_path, &quota);
    return true;
}

bool handle_storage_get(struct service *s, const cJSON *params, struct reply *reply,
                        struct error *err)
{
    return fields_read(params, NULL, 0, NULL, err) && service_store(s, false, err) &&
           answer_storage(s, reply, err);
}

struct storage_params {
    int64_t quota; /* -1: not given */
    struct slice when_full;
};
static const struct field storage_fields[] = {
    FIELD(FIELD_INT, storage_params, quota, .max = QUOTA_MOST),
    FIELD(FIELD_TEXT, storage_params, when_full, .max = 20),
};

bool handle_storage_set(struct service *s, const cJSON *params, struct reply *reply,
                        struct error *err)
{
    struct storage_params p = {.quota = -1};
    struct quota quota;
    if (!fields_read(params, storage_fields, 2, &p, err) || !service_store(s, true, err) ||
        !quota_get(s->store, &quota, err))
        return false;
    if (p.quota >= 0)
        quota.bytes = p.quota;
    if (p.when_full.ptr != NULL && !quota_when_parse(p.when_full, &quota.when))
        return error_set_field(err, ERR_PARAMS, "when_full",
                               "\"when_full\" is \"warn\", \"no_media\" or \"refuse\"");
    return quota_set(s->store, &quota, err) && answer_storage(s, reply, err);
}

/* ---- Less of it ---- */

static void tell_emptying(int64_t done, int64_t total, void *arg)
{
    service_progress(arg, "trash", done, total);
}

static bool empty(struct service *s, struct clean_result *trash, struct clean_result *blobs,
                  struct error *err)
{
    const struct clean_hooks hooks = {
        .progress = tell_emptying, .interrupted = service_interrupted, .arg = s};
    int64_t before;
    int64_t freed;
    /* What somebody puts in meanwhile stays. */
    return clean_trash_end(s->store, clock_now(), &before, err) &&
           clean_trash(s->store, before, &hooks, trash, err) &&
           clean_collect(s->store, &hooks, blobs, err) &&
           clean_release(s->store, &hooks, &freed, err);
}

struct empty_params {
    bool count;
};
static const struct field empty_fields[] = {
    FIELD(FIELD_BOOL, empty_params, count, .required = false),
};

bool handle_trash_empty(struct service *s, const cJSON *params, struct reply *reply,
                        struct error *err)
{
    struct empty_params p = {0};
    struct clean_result trash;
    struct clean_result blobs;
    int64_t before;
    if (!fields_read(params, empty_fields, 1, &p, err) || !service_store(s, !p.count, err))
        return false;
    if (p.count ? !clean_trash_end(s->store, clock_now(), &before, err) ||
                      !clean_count_trash(s->store, before, &trash, err)
                : !empty(s, &trash, &blobs, err))
        return false;
    reply_int(reply, reply->root, "pages", trash.pages);
    reply_int(reply, reply->root, "snapshots", trash.snapshots);
    if (!p.count)
        reply_int(reply, reply->root, "bytes", blobs.bytes);
    return true;
}
