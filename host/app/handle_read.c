/* snapshots.read, snapshots.text: what is stored, in parts. */
#include "app/service.h"
#include "app/view.h"
#include "base/base64.h"
#include "base/utf8.h"
#include "wire/fields.h"

#include <stdio.h>

struct read_params {
    int64_t snapshot;
    int64_t offset;
    bool file;
    struct slice asset;
};
static const struct field read_fields[] = {
    FIELD(FIELD_INT, read_params, snapshot, .required = true, .min = 1, .max = INT64_C(1) << 53),
    FIELD(FIELD_INT, read_params, offset, .required = true, .max = INT64_C(1) << 53),
    FIELD(FIELD_BOOL, read_params, file, .required = false),
    FIELD(FIELD_TEXT, read_params, asset, .max = 32),
};
enum { READ_FIELDS = sizeof read_fields / sizeof *read_fields, TEXT_FIELDS = 2 };

/* Bytes that JSON spends on one byte of valid UTF-8. */
static size_t escaped_size(unsigned char c)
{
    if (c == '"' || c == '\\' || c == '\b' || c == '\f' || c == '\n' || c == '\r' || c == '\t')
        return 2;
    return c < 0x20 ? 6 : 1;
}

/* The longest prefix that JSON writes in at most LIMIT_READ_PART bytes. */
static struct slice part_at(struct slice text, size_t offset)
{
    struct slice rest = slice_sub(text, offset, text.len);
    size_t len = 0;
    for (size_t cost = 0; len < rest.len; len++) {
        cost += escaped_size((unsigned char)rest.ptr[len]);
        if (cost > LIMIT_READ_PART)
            break;
    }
    return utf8_prefix(rest, len);
}

/* One that something else wrote may be no UTF-8, and has to come in parts all the same. */
static bool load_text(struct service *s, int64_t snapshot, struct error *err)
{
    struct buf text;
    buf_init(&text, LIMIT_TEXT);
    bool ok = snapshots_text(s->store, snapshot, &text, err);
    if (ok) {
        utf8_append_valid(&s->view_bytes, buf_slice(&text));
        ok = buf_ok(&s->view_bytes, "The text", err);
    }
    buf_finish(&text);
    return ok;
}

static bool load(struct service *s, int64_t snapshot, enum service_view view, struct slice asset,
                 struct error *err)
{
    switch (view) {
    case SERVICE_VIEW_FILE:
        return view_read_file(s->store, snapshot, &s->view_bytes, &s->view_type, err);
    case SERVICE_VIEW_ASSET:
        return view_read_asset(s->store, snapshot, asset.ptr, &s->view_bytes, &s->view_type, err);
    case SERVICE_VIEW_TEXT:
        return load_text(s, snapshot, err);
    default:
        return view_snapshot(s->store, snapshot, &s->view_bytes, &s->view_left_out, err);
    }
}

/* What is asked for, in view_bytes, where it may be from the request before. */
static bool open_view(struct service *s, int64_t snapshot, enum service_view view,
                      struct slice asset, int64_t offset, struct error *err)
{
    bool there = s->view_snapshot == snapshot && s->view == view &&
                 slice_equal(slice_of(s->view_asset), asset);
    if (there && offset > 0) /* from the start, a retry may have changed it since */
        return true;
    s->view_snapshot = 0;
    s->view_left_out = 0;
    buf_finish(&s->view_bytes);
    if (!load(s, snapshot, view, asset, err))
        return false;
    s->view_snapshot = snapshot;
    s->view = view;
    snprintf(s->view_asset, sizeof s->view_asset, "%s", asset.ptr ? asset.ptr : "");
    return true;
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

static bool reply_part(struct reply *reply, struct slice text, size_t offset, size_t *next_out,
                       struct error *err)
{
    bool inside_character = offset < text.len && ((unsigned char)text.ptr[offset] & 0xC0) == 0x80;
    if (inside_character)
        return error_set_field(err, ERR_PARAMS, "offset", "\"offset\" is not where a part begins");
    struct slice part = part_at(text, offset);
    reply_slice(reply, reply->root, "data", part);
    *next_out = offset + part.len;
    return true;
}

/* The part of view_bytes at `offset`, with what surrounds it in each of these answers. */
static bool answer_part(struct service *s, int64_t offset, bool binary, struct reply *reply,
                        struct error *err)
{
    struct slice bytes = buf_slice(&s->view_bytes);
    size_t next = 0;
    if (offset > (int64_t)bytes.len)
        return error_set_field(err, ERR_PARAMS, "offset", "\"offset\" is past the end");
    if (!(binary ? reply_bytes(reply, bytes, (size_t)offset, &next, err)
                 : reply_part(reply, bytes, (size_t)offset, &next, err)))
        return false;
    if (next < bytes.len)
        reply_int(reply, reply->root, "next", (int64_t)next);
    else
        reply_null(reply, reply->root, "next");
    reply_int(reply, reply->root, "size", (int64_t)bytes.len);
    return true;
}

bool handle_snapshots_read(struct service *s, const cJSON *params, struct reply *reply,
                           struct error *err)
{
    struct read_params p = {0};
    if (!fields_read(params, read_fields, READ_FIELDS, &p, err))
        return false;
    if (p.file && p.asset.ptr != NULL)
        return error_set_field(err, ERR_PARAMS, "asset", "Either \"file\" or \"asset\"");
    bool binary = p.file || p.asset.ptr != NULL;
    enum service_view view = p.file                ? SERVICE_VIEW_FILE
                             : p.asset.ptr != NULL ? SERVICE_VIEW_ASSET
                                                   : SERVICE_VIEW_HTML;
    if (!service_store(s, false, err) || !open_view(s, p.snapshot, view, p.asset, p.offset, err) ||
        !answer_part(s, p.offset, binary, reply, err))
        return false;
    if (binary)
        reply_text(reply, reply->root, "media_type", s->view_type.essence);
    reply_int(reply, reply->root, "left_out", (int64_t)s->view_left_out);
    return true;
}

bool handle_snapshots_text(struct service *s, const cJSON *params, struct reply *reply,
                           struct error *err)
{
    struct read_params p = {0};
    return fields_read(params, read_fields, TEXT_FIELDS, &p, err) && service_store(s, false, err) &&
           open_view(s, p.snapshot, SERVICE_VIEW_TEXT, (struct slice){0}, p.offset, err) &&
           answer_part(s, p.offset, false, reply, err);
}
