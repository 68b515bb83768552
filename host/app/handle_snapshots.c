/* snapshots.get and snapshots.read: looking at what is stored. */
#include "app/service.h"
#include "app/view.h"
#include "base/base64.h"
#include "base/utf8.h"
#include "wire/fields.h"

/* Of one answer; the rest of a frame is the snapshot's own. */
enum { FAILURES_BYTES = 768 * 1024 };

struct snapshot_params {
    int64_t snapshot;
    int64_t offset;
    bool file;
};
static const struct field get_fields[] = {
    FIELD(FIELD_INT, snapshot_params, snapshot, .required = true, .min = 1,
          .max = INT64_C(1) << 53),
    FIELD(FIELD_INT, snapshot_params, offset, .max = INT64_C(1) << 53),
};
static const struct field snapshot_fields[] = {
    FIELD(FIELD_INT, snapshot_params, snapshot, .required = true, .min = 1,
          .max = INT64_C(1) << 53),
    FIELD(FIELD_INT, snapshot_params, offset, .required = true, .max = INT64_C(1) << 53),
    FIELD(FIELD_BOOL, snapshot_params, file, .required = false),
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

/* Bytes that JSON spends on one byte of valid UTF-8. */
static size_t escaped_size(unsigned char c)
{
    if (c == '"' || c == '\\' || c == '\b' || c == '\f' || c == '\n' || c == '\r' || c == '\t')
        return 2;
    return c < 0x20 ? 6 : 1;
}

/* The longest prefix that JSON writes in at most LIMIT_READ_PART bytes. */
static struct slice part_at(struct slice html, size_t offset)
{
    struct slice rest = slice_sub(html, offset, html.len);
    size_t len = 0;
    for (size_t cost = 0; len < rest.len; len++) {
        cost += escaped_size((unsigned char)rest.ptr[len]);
        if (cost > LIMIT_READ_PART)
            break;
    }
    return utf8_prefix(rest, len);
}

static bool load_view(struct service *s, const struct snapshot_params *p, struct error *err)
{
    if (s->view_snapshot == p->snapshot && s->view_is_file == p->file)
        return true;
    s->view_snapshot = 0;
    s->view_left_out = 0;
    buf_finish(&s->view_bytes);
    bool ok = p->file
                  ? view_read_file(s->store, p->snapshot, &s->view_bytes, err)
                  : view_snapshot(s->store, p->snapshot, &s->view_bytes, &s->view_left_out, err);
    if (ok) {
        s->view_snapshot = p->snapshot;
        s->view_is_file = p->file;
    }
    return ok;
}

/* Bytes of a file that become text of LIMIT_READ_PART at most: groups of three. */
enum { FILE_PART = 128 * 1024 * 3 };

static bool reply_bytes(struct reply *reply, struct slice bytes, size_t offset, size_t *next_out,
                        struct error *err)
{
    struct buf text;
    struct slice part = slice_sub(bytes, offset, FILE_PART);
    buf_init(&text, LIMIT_READ_PART + 4);
    bool ok = base64_append(&text, part) && buf_ok(&text, "A part", err);
    if (ok)
        reply_slice(reply, reply->root, "data", buf_slice(&text));
    *next_out = offset + part.len;
    buf_finish(&text);
    return ok;
}

static bool reply_html(struct reply *reply, struct slice html, size_t offset, size_t *next_out,
                       struct error *err)
{
    bool inside_character = offset < html.len && ((unsigned char)html.ptr[offset] & 0xC0) == 0x80;
    if (inside_character)
        return error_set_field(err, ERR_PARAMS, "offset", "\"offset\" is not where a part begins");
    struct slice part = part_at(html, offset);
    reply_slice(reply, reply->root, "data", part);
    *next_out = offset + part.len;
    return true;
}

bool handle_snapshots_read(struct service *s, const cJSON *params, struct reply *reply,
                           struct error *err)
{
    struct snapshot_params p = {0};
    if (!fields_read(params, snapshot_fields, 3, &p, err) || !service_store(s, false, err))
        return false;
    if (p.offset == 0)
        s->view_snapshot = 0; /* a retry may have changed it since */
    if (!load_view(s, &p, err))
        return false;
    struct slice bytes = buf_slice(&s->view_bytes);
    size_t offset = (size_t)p.offset;
    size_t next = 0;
    if (offset > bytes.len)
        return error_set_field(err, ERR_PARAMS, "offset", "\"offset\" is past the end");
    if (!(p.file ? reply_bytes(reply, bytes, offset, &next, err)
                 : reply_html(reply, bytes, offset, &next, err)))
        return false;
    if (next < bytes.len)
        reply_int(reply, reply->root, "next", (int64_t)next);
    else
        reply_null(reply, reply->root, "next");
    reply_int(reply, reply->root, "size", (int64_t)bytes.len);
    reply_int(reply, reply->root, "left_out", (int64_t)s->view_left_out);
    return true;
}
