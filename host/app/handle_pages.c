/* pages.get, find, update, trash, restore: one saved page; snapshots.list, trash, restore: its
 * versions. */
#include "app/service.h"
#include "page/url.h"
#include "wire/fields.h"

#include <stdlib.h>

#define PAGE_ID_MAX (INT64_C(1) << 53)

struct page_params {
    int64_t page;
};
static const struct field page_fields[] = {
    FIELD(FIELD_INT, page_params, page, .required = true, .min = 1, .max = PAGE_ID_MAX),
};

static bool add_page(const struct page_row *row, void *arg)
{
    struct reply *reply = arg;
    reply_page(reply, reply->root, row);
    return true;
}

/* What is left of a frame once a page's own words are in it. */
enum { VERSIONS_BYTES = 512 * 1024 };

struct versions {
    struct reply *reply;
    cJSON *list;
    size_t bytes;
};

static bool add_version(const struct snapshot_row *row, void *arg)
{
    struct versions *versions = arg;
    /* JSON spends at most six bytes on one of these. */
    versions->bytes += 6 * (strlen(row->url) + strlen(row->title)) + 512;
    if (versions->bytes > VERSIONS_BYTES)
        return false;
    cJSON *item = reply_object(versions->reply, versions->list, NULL);
    reply_snapshot(versions->reply, item, row);
    return (size_t)cJSON_GetArraySize(versions->list) < LIMIT_RESULTS;
}

struct list_params {
    int64_t page;
    bool trashed;
};
static const struct field list_fields[] = {
    FIELD(FIELD_INT, list_params, page, .required = true, .min = 1, .max = PAGE_ID_MAX),
    FIELD(FIELD_BOOL, list_params, trashed, .required = false),
};

static bool answer_page(struct service *s, int64_t page, struct reply *reply, struct error *err)
{
    if (!pages_get(s->store, page, add_page, reply, err))
        return false;
    struct versions versions = {.reply = reply,
                                .list = reply_array(reply, reply->root, "snapshots")};
    return snapshots_list(s->store, page, add_version, &versions, err);
}

bool handle_pages_get(struct service *s, const cJSON *params, struct reply *reply,
                      struct error *err)
{
    struct page_params p = {0};
    return fields_read(params, page_fields, 1, &p, err) && service_store(s, false, err) &&
           answer_page(s, p.page, reply, err);
}

bool handle_snapshots_list(struct service *s, const cJSON *params, struct reply *reply,
                           struct error *err)
{
    struct list_params p = {0};
    struct versions versions = {.reply = reply};
    if (!fields_read(params, list_fields, 2, &p, err) || !service_store(s, false, err))
        return false;
    versions.list = reply_array(reply, reply->root, "snapshots");
    return p.trashed ? snapshots_list_trashed(s->store, p.page, add_version, &versions, err)
                     : snapshots_list(s->store, p.page, add_version, &versions, err);
}

struct version_params {
    int64_t snapshot;
};
static const struct field version_fields[] = {
    FIELD(FIELD_INT, version_params, snapshot, .required = true, .min = 1, .max = PAGE_ID_MAX),
};

static bool change_version(struct service *s, const cJSON *params,
                           bool (*change)(struct store *, int64_t, struct snapshot_shown *,
                                          struct error *),
                           struct reply *reply, struct error *err)
{
    struct version_params p = {0};
    struct snapshot_shown shown;
    if (!fields_read(params, version_fields, 1, &p, err) || !service_store(s, true, err) ||
        !change(s->store, p.snapshot, &shown, err))
        return false;
    reply_int(reply, reply->root, "page", shown.page);
    reply_int(reply, reply->root, "snapshot", shown.snapshot);
    reply_int(reply, reply->root, "versions", shown.versions);
    return true;
}

bool handle_snapshots_trash(struct service *s, const cJSON *params, struct reply *reply,
                            struct error *err)
{
    return change_version(s, params, snapshots_trash, reply, err);
}

bool handle_snapshots_restore(struct service *s, const cJSON *params, struct reply *reply,
                              struct error *err)
{
    return change_version(s, params, snapshots_restore, reply, err);
}

struct find_params {
    struct slice url;
};
static const struct field find_fields[] = {
    FIELD(FIELD_TEXT, find_params, url, .required = true, .max = (int64_t)LIMIT_URL),
};

static bool add_found(const struct page_row *page, void *arg)
{
    struct reply *reply = arg;
    reply_int(reply, reply->root, "page", page->id);
    reply_int(reply, reply->root, "snapshot", page->snapshot);
    reply_int(reply, reply->root, "versions", page->versions);
    reply_int(reply, reply->root, "saved", page->saved);
    reply_int(reply, reply->root, "trashed", page->trashed);
    return true;
}

bool handle_pages_find(struct service *s, const cJSON *params, struct reply *reply,
                       struct error *err)
{
    struct find_params p = {0};
    char *url = NULL;
    char *normalized = NULL;
    int64_t page = 0;
    bool ok = fields_read(params, find_fields, 1, &p, err) && service_store(s, false, err) &&
              url_accept(p.url, &url, err) && url_normalize(url, &normalized, err) &&
              pages_find(s->store, normalized, &page, err);
    if (ok && page != 0)
        ok = pages_get(s->store, page, add_found, reply, err);
    else if (ok)
        reply_null(reply, reply->root, "page");
    free(url);
    free(normalized);
    return ok;
}

struct update_params {
    int64_t page;
    struct slice title;
    struct slice note;
    struct field_texts tags;
};
static const struct field update_fields[] = {
    FIELD(FIELD_INT, update_params, page, .required = true, .min = 1, .max = PAGE_ID_MAX),
    FIELD(FIELD_TEXT, update_params, title, .max = (int64_t)LIMIT_TITLE),
    FIELD(FIELD_TEXT, update_params, note, .max = (int64_t)LIMIT_NOTE),
    FIELD(FIELD_TEXTS, update_params, tags, .max = (int64_t)(LIMIT_TAG * 4),
          .max_items = LIMIT_TAGS),
};
enum { UPDATE_FIELDS = sizeof update_fields / sizeof *update_fields };

bool handle_pages_update(struct service *s, const cJSON *params, struct reply *reply,
                         struct error *err)
{
    struct update_params p = {0};
    int64_t step = 0;
    bool ok =
        fields_read(params, update_fields, UPDATE_FIELDS, &p, err) && service_store(s, true, err);
    if (ok) {
        struct page_change change = {
            .title = p.title.ptr,
            .note = p.note.ptr,
            .tags = p.tags.items,
            .tag_count = p.tags.count,
            .set_tags = p.tags.given,
        };
        ok = pages_update(s->store, p.page, &change, &step, err) &&
             answer_page(s, p.page, reply, err);
        reply_int(reply, reply->root, "step", step);
    }
    fields_finish(update_fields, UPDATE_FIELDS, &p);
    return ok;
}

bool handle_pages_trash(struct service *s, const cJSON *params, struct reply *reply,
                        struct error *err)
{
    (void)reply;
    struct page_params p = {0};
    return fields_read(params, page_fields, 1, &p, err) && service_store(s, true, err) &&
           pages_trash(s->store, p.page, err);
}

bool handle_pages_restore(struct service *s, const cJSON *params, struct reply *reply,
                          struct error *err)
{
    (void)reply;
    struct page_params p = {0};
    return fields_read(params, page_fields, 1, &p, err) && service_store(s, true, err) &&
           pages_restore(s->store, p.page, err);
}
