/* snapshots.compare: what two snapshots keep. */
#include "app/service.h"
#include "store/compare.h"
#include "wire/fields.h"

/* Of one answer; the rest of a frame is for what surrounds the rows. */
enum { ROWS_BYTES = 768 * 1024 };

struct compare_params {
    int64_t from;
    int64_t to;
};
static const struct field compare_fields[] = {
    FIELD(FIELD_INT, compare_params, from, .required = true, .min = 1, .max = INT64_C(1) << 53),
    FIELD(FIELD_INT, compare_params, to, .required = true, .min = 1, .max = INT64_C(1) << 53),
};

struct comparison {
    struct reply *reply;
    cJSON *lists[COMPARE_KINDS];
    size_t bytes;
    bool full;
};

static bool add_row(const struct compare_row *row, void *arg)
{
    struct comparison *comparison = arg;
    struct reply *reply = comparison->reply;
    /* JSON spends at most six bytes on one of these. */
    comparison->bytes += 6 * (strlen(row->url) + strlen(row->media_type)) + 256;
    comparison->full = comparison->bytes > ROWS_BYTES;
    if (comparison->full)
        return false;
    reply_compared(reply, reply_object(reply, comparison->lists[row->kind], NULL), row);
    return true;
}

bool handle_snapshots_compare(struct service *s, const cJSON *params, struct reply *reply,
                              struct error *err)
{
    struct compare_params p = {0};
    bool more;
    if (!fields_read(params, compare_fields, 2, &p, err) || !service_store(s, false, err))
        return false;
    struct comparison comparison = {
        .reply = reply,
        .lists = {[COMPARE_ADDED] = reply_array(reply, reply->root, "added"),
                  [COMPARE_GONE] = reply_array(reply, reply->root, "gone"),
                  [COMPARE_CHANGED] = reply_array(reply, reply->root, "changed")}};
    if (!compare_snapshots(s->store, p.from, p.to, add_row, &comparison, &more, err))
        return false;
    reply_bool(reply, reply->root, "more", more || comparison.full);
    return true;
}
