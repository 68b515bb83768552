/* pages.* and tags.list: what a person has saved. */
#include "app/service.h"
#include "page/url.h"
#include "wire/fields.h"

#include <stdlib.h>
#include <time.h>

#define PAGE_ID_MAX (INT64_C(1) << 53)

enum { DEFAULT_RESULTS = 50 };

struct page_params {
    int64_t page;
};
static const struct field page_fields[] = {
    FIELD(FIELD_INT, page_params, page, .required = true, .min = 1, .max = PAGE_ID_MAX),
};

struct search_params {
    struct slice query;
    struct slice sort;
    int64_t limit;
    struct slice cursor;
};
static const struct field search_fields[] = {
    FIELD(FIELD_TEXT, search_params, query, .max = (int64_t)LIMIT_QUERY),
    FIELD(FIELD_TEXT, search_params, sort, .max = 16),
    FIELD(FIELD_INT, search_params, limit, .min = 1, .max = (int64_t)LIMIT_RESULTS),
    FIELD(FIELD_TEXT, search_params, cursor, .max = 63),
};

/* Rows are printed as they come, so that the answer can end before it outgrows a frame. */
struct found {
    struct reply *reply;
    cJSON *pages;
    size_t bytes;
};

static bool add_hit(const struct search_hit *hit, void *arg)
{
    struct found *found = arg;
    struct reply row;
    reply_init(&row);
    reply_hit(&row, row.root, hit);
    char *text = row.failed ? NULL : cJSON_PrintUnformatted(row.root);
    reply_finish(&row);
    size_t len = text ? strlen(text) : 0;
    bool room = found->bytes == 0 || found->bytes + len < LIMIT_FRAME_OUT - 64 * KIB;
    if (text != NULL && room) {
        cJSON *raw = cJSON_CreateRaw(text);
        if (raw == NULL || !cJSON_AddItemToArray(found->pages, raw)) {
            cJSON_Delete(raw);
            found->reply->failed = true;
        }
        found->bytes += len;
    }
    found->reply->failed = found->reply->failed || text == NULL;
    cJSON_free(text);
    return room && !found->reply->failed;
}

static bool read_sort(const struct search_params *p, enum search_sort *sort_out, struct error *err)
{
    if (p->sort.ptr == NULL)
        *sort_out = slice_trim(p->query).len > 0 ? SEARCH_RANK : SEARCH_NEWEST;
    else if (slice_equal(p->sort, slice_of("rank")))
        *sort_out = SEARCH_RANK;
    else if (slice_equal(p->sort, slice_of("newest")))
        *sort_out = SEARCH_NEWEST;
    else
        return error_set_field(err, ERR_PARAMS, "sort",
                               "\"sort\" is neither \"rank\" nor \"newest\"");
    return true;
}

bool handle_pages_search(struct service *s, const cJSON *params, struct reply *reply,
                         struct error *err)
{
    struct search_params p = {.limit = DEFAULT_RESULTS};
    struct search_request request = {0};
    if (!fields_read(params, search_fields, sizeof search_fields / sizeof *search_fields, &p,
                     err) ||
        !read_sort(&p, &request.sort, err) || !service_store(s, false, err))
        return false;
    request.query = p.query;
    request.limit = (size_t)p.limit;
    request.cursor = p.cursor.ptr;
    request.now = (int64_t)time(NULL) * 1000;
    struct found found = {.reply = reply, .pages = reply_array(reply, reply->root, "pages")};
    struct search_end end = {0};
    if (!search_pages(s->store, &request, add_hit, &found, &end, err))
        return false;
    reply_int(reply, reply->root, "total", end.total);
    reply_text(reply, reply->root, "cursor", end.cursor);
    reply_text(reply, reply->root, "hint", end.hint);
    return true;
}

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
    struct page_params p = {0};
    struct versions versions = {.reply = reply};
    if (!fields_read(params, page_fields, 1, &p, err) || !service_store(s, false, err))
        return false;
    versions.list = reply_array(reply, reply->root, "snapshots");
    return snapshots_list(s->store, p.page, add_version, &versions, err);
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
        ok = pages_update(s->store, p.page, &change, err) && answer_page(s, p.page, reply, err);
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

struct tags_params {
    struct slice part;
    int64_t limit;
};
static const struct field tags_fields[] = {
    FIELD(FIELD_TEXT, tags_params, part, .max = (int64_t)(LIMIT_TAG * 4)),
    FIELD(FIELD_INT, tags_params, limit, .min = 1, .max = (int64_t)LIMIT_RESULTS),
};

struct tags {
    struct reply *reply;
    cJSON *list;
};

static bool add_tag(const struct tag_row *row, void *arg)
{
    struct tags *tags = arg;
    cJSON *tag = reply_object(tags->reply, tags->list, NULL);
    reply_text(tags->reply, tag, "name", row->name);
    reply_int(tags->reply, tag, "pages", row->pages);
    return true;
}

bool handle_tags_list(struct service *s, const cJSON *params, struct reply *reply,
                      struct error *err)
{
    struct tags_params p = {.limit = (int64_t)LIMIT_RESULTS};
    struct tags tags = {.reply = reply};
    if (!fields_read(params, tags_fields, sizeof tags_fields / sizeof *tags_fields, &p, err) ||
        !service_store(s, false, err))
        return false;
    tags.list = reply_array(reply, reply->root, "tags");
    return tags_list(s->store, p.part, (size_t)p.limit, add_tag, &tags, err);
}
