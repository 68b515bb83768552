/* tags.*, pages.edit, undo: the order that a person keeps. */
#include "app/service.h"
#include "base/clock.h"
#include "page/url.h"
#include "store/tagging.h"
#include "store/undo.h"
#include "wire/fields.h"

#include <stdlib.h>

#define NUMBER_MAX (INT64_C(1) << 53)
#define TAG_BYTES  ((int64_t)(LIMIT_TAG * 4))

/* Of one answer's tags; the rest of a frame is for what surrounds them. */
enum { TAGS_BYTES = 960 * 1024 };

struct listing {
    struct reply *reply;
    cJSON *tags;
    size_t bytes;
    bool full;
};

static bool add_tag(const struct tag_info *tag, void *arg)
{
    struct listing *list = arg;
    /* JSON spends at most six bytes on one of these, and cJSON some hundred on each. */
    list->bytes += 6 * strlen(tag->name) + 96;
    list->full = list->bytes > TAGS_BYTES;
    if (list->full)
        return false;
    reply_tag(list->reply, reply_object(list->reply, list->tags, NULL), tag);
    return true;
}

struct list_params {
    struct slice part;
    int64_t limit;
    bool unused;
    bool all;
};
static const struct field list_fields[] = {
    FIELD(FIELD_TEXT, list_params, part, .max = TAG_BYTES),
    FIELD(FIELD_INT, list_params, limit, .min = 1, .max = (int64_t)LIMIT_RESULTS),
    FIELD(FIELD_BOOL, list_params, unused, .required = false),
    FIELD(FIELD_BOOL, list_params, all, .required = false),
};

bool handle_tags_list(struct service *s, const cJSON *params, struct reply *reply,
                      struct error *err)
{
    struct list_params p = {.limit = (int64_t)LIMIT_RESULTS};
    if (!fields_read(params, list_fields, 4, &p, err) || !service_store(s, false, err))
        return false;
    struct tags_request request = {.part = p.part,
                                   .unused = p.unused,
                                   .by_name = p.all,
                                   .limit = p.all ? LIMIT_TAG_NAMES : (size_t)p.limit};
    struct listing list = {.reply = reply, .tags = reply_array(reply, reply->root, "tags")};
    if (!tagging_list(s->store, &request, add_tag, &list, err))
        return false;
    reply_bool(reply, reply->root, "more", list.full);
    return true;
}

/* ---- Suggestions ---- */

struct suggest_params {
    struct slice url;
    struct slice title;
    int64_t limit;
};
static const struct field suggest_fields[] = {
    FIELD(FIELD_TEXT, suggest_params, url, .required = true, .max = (int64_t)LIMIT_URL),
    FIELD(FIELD_TEXT, suggest_params, title, .max = (int64_t)LIMIT_TITLE),
    FIELD(FIELD_INT, suggest_params, limit, .min = 1, .max = 20),
};

bool handle_tags_suggest(struct service *s, const cJSON *params, struct reply *reply,
                         struct error *err)
{
    struct suggest_params p = {.limit = 8};
    struct suggest_source source = {0};
    char *url = NULL;
    char *normalized = NULL;
    char *site = NULL;
    bool ok = fields_read(params, suggest_fields, 3, &p, err) && service_store(s, false, err) &&
              url_accept(p.url, &url, err) && url_normalize(url, &normalized, err) &&
              url_site(url, &site, err) && pages_find(s->store, normalized, &source.page, err);
    if (ok) {
        struct listing list = {.reply = reply, .tags = reply_array(reply, reply->root, "tags")};
        source.site = slice_of(site);
        source.title = p.title;
        ok = tagging_suggest(s->store, &source, (size_t)p.limit, add_tag, &list, err);
    }
    free(url);
    free(normalized);
    free(site);
    return ok;
}

/* ---- Changing tags ---- */

struct rename_params {
    struct slice tag;
    struct slice name;
};
static const struct field rename_fields[] = {
    FIELD(FIELD_TEXT, rename_params, tag, .required = true, .max = TAG_BYTES),
    FIELD(FIELD_TEXT, rename_params, name, .required = true, .max = TAG_BYTES),
};

bool handle_tags_rename(struct service *s, const cJSON *params, struct reply *reply,
                        struct error *err)
{
    struct rename_params p = {0};
    bool merged = false;
    int64_t step = 0;
    if (!fields_read(params, rename_fields, 2, &p, err) || !service_store(s, true, err) ||
        !tagging_rename(s->store, p.tag.ptr, p.name.ptr, &merged, &step, err))
        return false;
    reply_bool(reply, reply->root, "merged", merged);
    reply_int(reply, reply->root, "step", step);
    return true;
}

struct delete_params {
    struct field_texts tags;
    bool unused;
};
static const struct field delete_fields[] = {
    FIELD(FIELD_TEXTS, delete_params, tags, .max = TAG_BYTES, .max_items = LIMIT_LINKS),
    FIELD(FIELD_BOOL, delete_params, unused, .required = false),
};

bool handle_tags_delete(struct service *s, const cJSON *params, struct reply *reply,
                        struct error *err)
{
    struct delete_params p = {0};
    int64_t deleted = 0;
    int64_t step = 0;
    bool ok = fields_read(params, delete_fields, 2, &p, err) && service_store(s, true, err);
    if (ok && p.tags.given == p.unused)
        ok = error_set_field(err, ERR_PARAMS, "tags", "Either \"tags\" or \"unused\" is given");
    ok = ok && tagging_delete(s->store, p.unused ? NULL : p.tags.items, p.tags.count, &deleted,
                              &step, err);
    if (ok) {
        reply_int(reply, reply->root, "deleted", deleted);
        reply_int(reply, reply->root, "step", step);
    }
    fields_finish(delete_fields, 2, &p);
    return ok;
}

struct colour_params {
    struct slice tag;
    struct slice colour;
};
static const struct field colour_fields[] = {
    FIELD(FIELD_TEXT, colour_params, tag, .required = true, .max = TAG_BYTES),
    FIELD(FIELD_TEXT, colour_params, colour, .required = true, .max = 7),
};

bool handle_tags_colour(struct service *s, const cJSON *params, struct reply *reply,
                        struct error *err)
{
    (void)reply;
    struct colour_params p = {0};
    return fields_read(params, colour_fields, 2, &p, err) && service_store(s, true, err) &&
           tagging_colour(s->store, p.tag.ptr, p.colour.ptr, err);
}

/* ---- Many pages ---- */

struct edit_params {
    struct field_ints pages;
    struct slice query;
    struct field_texts add;
    struct field_texts remove;
    const cJSON *trash;
};
static const struct field edit_fields[] = {
    FIELD(FIELD_INTS, edit_params, pages, .min = 1, .max = NUMBER_MAX, .max_items = LIMIT_LINKS),
    FIELD(FIELD_TEXT, edit_params, query, .max = (int64_t)LIMIT_QUERY_TEXT),
    FIELD(FIELD_TEXTS, edit_params, add, .max = TAG_BYTES, .max_items = LIMIT_TAGS),
    FIELD(FIELD_TEXTS, edit_params, remove, .max = TAG_BYTES, .max_items = LIMIT_TAGS),
    FIELD(FIELD_FLAG, edit_params, trash, .required = false),
};
enum { EDIT_FIELDS = sizeof edit_fields / sizeof *edit_fields };

bool handle_pages_edit(struct service *s, const cJSON *params, struct reply *reply,
                       struct error *err)
{
    struct edit_params p = {0};
    int64_t changed = 0;
    int64_t step = 0;
    bool ok = fields_read(params, edit_fields, EDIT_FIELDS, &p, err);
    if (ok && p.pages.given == (p.query.ptr != NULL))
        ok = error_set_field(err, ERR_PARAMS, "pages", "Either \"pages\" or \"query\" is given");
    ok = ok && service_store(s, true, err);
    if (ok) {
        struct pages_edit edit = {.pages = p.pages.given ? p.pages.items : NULL,
                                  .count = p.pages.count,
                                  .query = p.query,
                                  .now = clock_now(),
                                  .add = p.add.items,
                                  .add_count = p.add.count,
                                  .remove = p.remove.items,
                                  .remove_count = p.remove.count};
        if (p.trash != NULL)
            edit.trash = cJSON_IsTrue(p.trash) ? EDIT_TRASH : EDIT_RESTORE;
        ok = tagging_edit(s->store, &edit, &changed, &step, err);
    }
    if (ok) {
        reply_int(reply, reply->root, "changed", changed);
        reply_int(reply, reply->root, "step", step);
    }
    fields_finish(edit_fields, EDIT_FIELDS, &p);
    return ok;
}

struct undo_params {
    int64_t step;
};
static const struct field undo_fields[] = {
    FIELD(FIELD_INT, undo_params, step, .required = true, .min = 1, .max = NUMBER_MAX),
};

bool handle_undo(struct service *s, const cJSON *params, struct reply *reply, struct error *err)
{
    struct undo_params p = {0};
    int64_t changed = 0;
    int64_t kept = 0;
    int64_t redo = 0;
    if (!fields_read(params, undo_fields, 1, &p, err) || !service_store(s, true, err) ||
        !undo_apply(s->store, p.step, &changed, &kept, &redo, err))
        return false;
    reply_int(reply, reply->root, "changed", changed);
    reply_int(reply, reply->root, "kept", kept);
    reply_int(reply, reply->root, "step", redo);
    return true;
}
