#include "app/view.h"

#include "base/limits.h"
#include "page/standalone.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct view {
    struct store *store;
    int64_t snapshot;
};

struct found {
    bool stored;
    bool known; /* a kind this version has */
    enum asset_kind kind;
    struct media_type type;
};

static bool asset_found(const struct asset_row *row, void *arg)
{
    struct found *found = arg;
    found->stored = strcmp(row->state, "stored") == 0;
    found->known = asset_kind_parse(slice_of(row->kind), &found->kind);
    media_parse(slice_of(row->media_type), &found->type);
    return true;
}

static bool load_asset(const char ref[ASSET_REF_SIZE], struct buf *bytes_out,
                       enum asset_kind *kind_out, struct media_type *type_out, void *arg,
                       struct error *err)
{
    struct view *view = arg;
    struct found found = {0};
    *err = (struct error){0};
    if (!snapshots_asset(view->store, view->snapshot, ref, bytes_out, asset_found, &found, err)) {
        if (err->code == ERR_NOT_FOUND)
            *err = (struct error){0};
        return false;
    }
    if (!found.stored || !found.known)
        return false;
    *kind_out = found.kind;
    *type_out = found.type;
    return true;
}

struct origin {
    char *url;
    char saved_at[32];
};

static bool snapshot_found(const struct snapshot_row *row, void *arg)
{
    struct origin *origin = arg;
    time_t seconds = (time_t)(row->taken / 1000);
    struct tm utc;
    if (gmtime_r(&seconds, &utc) != NULL)
        strftime(origin->saved_at, sizeof origin->saved_at, "%Y-%m-%dT%H:%M:%SZ", &utc);
    origin->url = slice_dup(slice_of(row->url));
    return true;
}

bool view_snapshot(struct store *store, int64_t snapshot, struct buf *out, size_t *left_out_out,
                   struct error *err)
{
    struct origin origin = {0};
    struct buf stored;
    buf_init(&stored, LIMIT_CAPTURE);
    bool ok = snapshots_get(store, snapshot, snapshot_found, &origin, err) &&
              snapshots_document(store, snapshot, &stored, err);
    if (ok && origin.url == NULL)
        ok = error_no_memory(err);
    if (ok) {
        struct view view = {.store = store, .snapshot = snapshot};
        struct standalone_source source = {.url = origin.url, .saved_at = origin.saved_at};
        ok = standalone_write(buf_slice(&stored), &source, load_asset, &view, out, left_out_out,
                              err);
    }
    free(origin.url);
    buf_finish(&stored);
    return ok;
}

/* ---- The original of what is no page ---- */

static bool note_name(const struct snapshot_row *row, void *arg)
{
    struct view_file *file = arg;
    file->name = slice_dup(slice_of(row->file_name));
    return true;
}

static bool note_file(const struct asset_row *row, void *arg)
{
    struct view_file *file = arg;
    if (strcmp(row->kind, asset_kind_name(ASSET_FILE)) != 0)
        return true;
    snprintf(file->ref, sizeof file->ref, "%s", row->ref);
    media_parse(slice_of(row->media_type), &file->type);
    file->bytes = row->size;
    return false;
}

void view_file_finish(struct view_file *file)
{
    free(file->name);
    *file = (struct view_file){0};
}

bool view_find_file(struct store *store, int64_t snapshot, struct view_file *file_out,
                    struct error *err)
{
    struct view_file file = {0};
    bool ok = snapshots_get(store, snapshot, note_name, &file, err) &&
              (file.name != NULL || error_no_memory(err)) &&
              snapshots_assets(store, snapshot, "stored", note_file, &file, err);
    if (ok)
        *file_out = file;
    else
        view_file_finish(&file);
    return ok;
}

bool view_read_file(struct store *store, int64_t snapshot, struct buf *out,
                    struct media_type *type_out, struct error *err)
{
    struct view_file file = {0};
    if (!view_find_file(store, snapshot, &file, err))
        return false;
    bool ok = file.ref[0] != '\0'
                  ? snapshots_asset(store, snapshot, file.ref, out, NULL, NULL, err)
                  : error_set(err, ERR_NOT_FOUND, "The snapshot has no original file");
    if (ok)
        *type_out = file.type;
    view_file_finish(&file);
    return ok;
}

bool view_read_asset(struct store *store, int64_t snapshot, const char *ref, struct buf *out,
                     struct media_type *type_out, struct error *err)
{
    struct found found = {0};
    if (!snapshots_asset(store, snapshot, ref, out, asset_found, &found, err))
        return false;
    if (!found.stored)
        return error_set(err, ERR_NOT_FOUND, "The snapshot lacks the bytes of that asset");
    *type_out = found.type;
    return true;
}
