/* highlights.list, add, update, delete, restore: what a person marked in snapshots. */
#include "app/service.h"
#include "wire/fields.h"

#define NUMBER_MAX (INT64_C(1) << 53)

/* Of one answer. */
enum { LIST_BYTES = 768 * 1024 };

struct list_params {
    int64_t page;
    int64_t snapshot;
    int64_t limit;
    struct slice cursor;
};
static const struct field list_fields[] = {
    FIELD(FIELD_INT, list_params, page, .min = 1, .max = NUMBER_MAX),
    FIELD(FIELD_INT, list_params, snapshot, .min = 1, .max = NUMBER_MAX),
    FIELD(FIELD_INT, list_params, limit, .min = 1, .max = (int64_t)LIMIT_RESULTS),
    FIELD(FIELD_TEXT, list_params, cursor, .max = HIGHLIGHTS_CURSOR_SIZE),
};

struct list {
    struct reply *reply;
    cJSON *items;
    size_t bytes;
};

static bool add_to_list(const struct highlight_row *row, void *arg)
{
    struct list *list = arg;
    size_t words = strlen(row->title) + strlen(row->quote) + strlen(row->prefix) +
                   strlen(row->suffix) + strlen(row->note);
    /* JSON spends at most six bytes on one of these. */
    list->bytes += 6 * words + 512;
    if (list->bytes > LIST_BYTES && cJSON_GetArraySize(list->items) > 0)
        return false;
    reply_highlight(list->reply, reply_object(list->reply, list->items, NULL), row);
    return true;
}

bool handle_highlights_list(struct service *s, const cJSON *params, struct reply *reply,
                            struct error *err)
{
    struct list_params p = {.limit = 50};
    char cursor[HIGHLIGHTS_CURSOR_SIZE];
    if (!fields_read(params, list_fields, 4, &p, err) || !service_store(s, false, err))
        return false;
    if (p.page != 0 && p.snapshot != 0)
        return error_set_field(err, ERR_PARAMS, "snapshot",
                               "Either \"page\" or \"snapshot\" is given");
    struct highlights_request request = {
        .page = p.page, .snapshot = p.snapshot, .limit = (size_t)p.limit, .cursor = p.cursor.ptr};
    struct list list = {.reply = reply, .items = reply_array(reply, reply->root, "highlights")};
    if (!highlights_list(s->store, &request, add_to_list, &list, cursor, err))
        return false;
    reply_text(reply, reply->root, "cursor", cursor);
    return true;
}

static bool add_one(const struct highlight_row *row, void *arg)
{
    struct reply *reply = arg;
    reply_highlight(reply, reply->root, row);
    return true;
}

struct add_params {
    int64_t snapshot;
    int64_t place;
    struct slice quote;
    struct slice prefix;
    struct slice suffix;
    struct slice colour;
    struct slice note;
};
static const struct field add_fields[] = {
    FIELD(FIELD_INT, add_params, snapshot, .required = true, .min = 1, .max = NUMBER_MAX),
    FIELD(FIELD_INT, add_params, place, .required = true, .max = NUMBER_MAX),
    FIELD(FIELD_TEXT, add_params, quote, .required = true, .max = (int64_t)LIMIT_QUOTE),
    FIELD(FIELD_TEXT, add_params, prefix, .max = (int64_t)LIMIT_AROUND),
    FIELD(FIELD_TEXT, add_params, suffix, .max = (int64_t)LIMIT_AROUND),
    FIELD(FIELD_TEXT, add_params, colour, .max = 16),
    FIELD(FIELD_TEXT, add_params, note, .max = (int64_t)LIMIT_HIGHLIGHT_NOTE),
};

bool handle_highlights_add(struct service *s, const cJSON *params, struct reply *reply,
                           struct error *err)
{
    struct add_params p = {0};
    int64_t id;
    if (!fields_read(params, add_fields, sizeof add_fields / sizeof *add_fields, &p, err) ||
        !service_store(s, true, err))
        return false;
    struct highlight_new highlight = {.snapshot = p.snapshot,
                                      .place = p.place,
                                      .colour = p.colour.ptr,
                                      .quote = p.quote.ptr,
                                      .prefix = p.prefix.ptr,
                                      .suffix = p.suffix.ptr,
                                      .note = p.note.ptr};
    return highlights_add(s->store, &highlight, &id, err) &&
           highlights_get(s->store, id, add_one, reply, err);
}

struct update_params {
    int64_t highlight;
    struct slice colour;
    struct slice note;
};
static const struct field update_fields[] = {
    FIELD(FIELD_INT, update_params, highlight, .required = true, .min = 1, .max = NUMBER_MAX),
    FIELD(FIELD_TEXT, update_params, colour, .max = 16),
    FIELD(FIELD_TEXT, update_params, note, .max = (int64_t)LIMIT_HIGHLIGHT_NOTE),
};

bool handle_highlights_update(struct service *s, const cJSON *params, struct reply *reply,
                              struct error *err)
{
    struct update_params p = {0};
    return fields_read(params, update_fields, 3, &p, err) && service_store(s, true, err) &&
           highlights_update(s->store, p.highlight, p.colour.ptr, p.note.ptr, err) &&
           highlights_get(s->store, p.highlight, add_one, reply, err);
}

bool handle_highlights_delete(struct service *s, const cJSON *params, struct reply *reply,
                              struct error *err)
{
    (void)reply;
    struct update_params p = {0};
    return fields_read(params, update_fields, 1, &p, err) && service_store(s, true, err) &&
           highlights_delete(s->store, p.highlight, err);
}

bool handle_highlights_restore(struct service *s, const cJSON *params, struct reply *reply,
                               struct error *err)
{
    (void)reply;
    struct update_params p = {0};
    return fields_read(params, update_fields, 1, &p, err) && service_store(s, true, err) &&
           highlights_restore(s->store, p.highlight, err);
}
