/* thumbnails.get and set: small pictures of snapshots. */
#include "app/service.h"
#include "base/base64.h"
#include "store/thumbnails.h"
#include "wire/fields.h"

#define NUMBER_MAX (INT64_C(1) << 53)

/* Base64 of the largest one. */
#define DATA_MAX (LIMIT_THUMBNAIL / 3 * 4 + 4)

struct get_params {
    struct field_ints snapshots;
};
static const struct field get_fields[] = {
    FIELD(FIELD_INTS, get_params, snapshots, .required = true, .min = 1, .max = NUMBER_MAX,
          .max_items = LIMIT_THUMBNAILS),
};

static bool add_thumbnail(const struct thumbnail_row *row, void *arg)
{
    struct reply *reply = arg;
    cJSON *list = cJSON_GetObjectItemCaseSensitive(reply->root, "thumbnails");
    cJSON *item = reply_object(reply, list, NULL);
    reply_int(reply, item, "snapshot", row->snapshot);
    reply_data(reply, item, "data", row->media_type, row->bytes);
    reply_text(reply, item, "picture", row->picture);
    return true;
}

bool handle_thumbnails_get(struct service *s, const cJSON *params, struct reply *reply,
                           struct error *err)
{
    struct get_params p = {{0}};
    bool ok = fields_read(params, get_fields, 1, &p, err) && service_store(s, false, err);
    if (ok) {
        reply_array(reply, reply->root, "thumbnails");
        ok = thumbnails_get(s->store, p.snapshots.items, p.snapshots.count, add_thumbnail, reply,
                            err);
    }
    fields_finish(get_fields, 1, &p);
    return ok;
}

struct set_params {
    int64_t snapshot;
    struct slice media_type;
    struct slice data;
};
static const struct field set_fields[] = {
    FIELD(FIELD_INT, set_params, snapshot, .required = true, .min = 1, .max = NUMBER_MAX),
    FIELD(FIELD_TEXT, set_params, media_type, .max = 64),
    FIELD(FIELD_TEXT, set_params, data, .required = true, .max = (int64_t)DATA_MAX),
};

bool handle_thumbnails_set(struct service *s, const cJSON *params, struct reply *reply,
                           struct error *err)
{
    (void)reply;
    struct set_params p = {0};
    struct buf bytes;
    if (!fields_read(params, set_fields, 3, &p, err))
        return false;
    buf_init(&bytes, DATA_MAX);
    bool ok = base64_decode(p.data, &bytes, err) && service_store(s, true, err) &&
              thumbnails_set(s->store, p.snapshot, p.media_type.ptr, buf_slice(&bytes), err);
    buf_finish(&bytes);
    return ok;
}
