/* snapshots.get: what a snapshot kept, and what it lacks. */
#include "app/service.h"
#include "app/view.h"
#include "wire/fields.h"

/* Of one answer; the rest of a frame is the snapshot's own. */
enum { FAILURES_BYTES = 768 * 1024 };

struct snapshot_params {
    int64_t snapshot;
    int64_t offset;
};
static const struct field get_fields[] = {
    FIELD(FIELD_INT, snapshot_params, snapshot, .required = true, .min = 1,
          .max = INT64_C(1) << 53),
    FIELD(FIELD_INT, snapshot_params, offset, .max = INT64_C(1) << 53),
};

static bool add_snapshot(const struct snapshot_row *row, void *arg)
{
    struct reply *reply = arg;
    reply_snapshot(reply, reply->root, row);
    return true;
}

static bool add_kind(const struct kind_row *row, void *arg)
{
    struct reply *reply = arg;
    cJSON *kinds = cJSON_GetObjectItemCaseSensitive(reply->root, "kinds");
    reply_kind(reply, reply_object(reply, kinds, NULL), row);
    return true;
}

static bool add_note(const struct note_row *row, void *arg)
{
    struct reply *reply = arg;
    cJSON *notes = cJSON_GetObjectItemCaseSensitive(reply->root, "notes");
    reply_note(reply, reply_object(reply, notes, NULL), row);
    return true;
}

static bool add_hop(const struct hop_row *row, void *arg)
{
    struct reply *reply = arg;
    cJSON *hops = cJSON_GetObjectItemCaseSensitive(reply->root, "hops");
    reply_hop(reply, reply_object(reply, hops, NULL), row);
    return true;
}

static bool add_file(struct service *s, int64_t snapshot, struct reply *reply, struct error *err)
{
    struct view_file file;
    if (!view_find_file(s->store, snapshot, &file, err))
        return false;
    if (file.ref[0] != '\0') {
        cJSON *item = reply_object(reply, reply->root, "file");
        reply_text(reply, item, "name", file.name);
        reply_text(reply, item, "media_type", file.type.essence);
        reply_int(reply, item, "bytes", file.bytes);
    } else {
        reply_null(reply, reply->root, "file");
    }
    view_file_finish(&file);
    return true;
}

/* What is missing, in the order of its names; what was left out by wish apart from what failed. */
struct failures {
    struct reply *reply;
    cJSON *failed;
    cJSON *left_out;
    int64_t skip;
    int64_t seen;
    size_t bytes;
    bool more;
};

static bool add_failure(const struct asset_row *row, void *arg)
{
    struct failures *f = arg;
    if (strcmp(row->state, "stored") == 0 || f->seen++ < f->skip)
        return true;
    /* JSON spends at most six bytes on one of these. */
    size_t url = strlen(row->url) < REPLY_FAILURE_URL ? strlen(row->url) : REPLY_FAILURE_URL;
    f->bytes += 6 * (url + strlen(row->reason)) + 256;
    f->more = f->bytes > FAILURES_BYTES;
    if (f->more) {
        f->seen--;
        return false;
    }
    cJSON *list = strcmp(row->state, "left_out") == 0 ? f->left_out : f->failed;
    reply_asset_failure(f->reply, reply_object(f->reply, list, NULL), row);
    return true;
}

bool handle_snapshots_get(struct service *s, const cJSON *params, struct reply *reply,
                          struct error *err)
{
    struct snapshot_params p = {0};
    if (!fields_read(params, get_fields, 2, &p, err) || !service_store(s, false, err) ||
        !snapshots_get(s->store, p.snapshot, add_snapshot, reply, err))
        return false;
    reply_array(reply, reply->root, "hops");
    reply_array(reply, reply->root, "notes");
    reply_array(reply, reply->root, "kinds");
    struct failures failures = {.reply = reply,
                                .failed = reply_array(reply, reply->root, "failures"),
                                .left_out = reply_array(reply, reply->root, "left_out"),
                                .skip = p.offset};
    if (!add_file(s, p.snapshot, reply, err) ||
        !snapshots_hops(s->store, p.snapshot, add_hop, reply, err) ||
        !snapshots_notes(s->store, p.snapshot, add_note, reply, err) ||
        !snapshots_kinds(s->store, p.snapshot, add_kind, reply, err) ||
        !snapshots_assets(s->store, p.snapshot, NULL, add_failure, &failures, err))
        return false;
    if (failures.more)
        reply_int(reply, reply->root, "next", failures.seen);
    else
        reply_null(reply, reply->root, "next");
    return true;
}
