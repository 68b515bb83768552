#include "app/intake.h"

#include "base/base64.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void item_finish(struct intake_item *item)
{
    free(item->url);
    free(item->base);
    free(item->doctype);
    free(item->media_type);
    buf_finish(&item->bytes);
}

void intake_capture_finish(struct intake_capture *capture)
{
    for (size_t i = 0; i < capture->item_count; i++)
        item_finish(&capture->items[i]);
    for (size_t i = 0; i < capture->tag_count; i++)
        free(capture->tags[i]);
    free(capture->items);
    free(capture->tags);
    free(capture->url);
    free(capture->title);
    free(capture->note);
    free(capture->user_agent);
    free(capture->language);
    *capture = (struct intake_capture){0};
}

void intake_finish(struct intake *intake)
{
    for (size_t i = 0; i < LIMIT_CAPTURES_OPEN; i++)
        intake_capture_finish(&intake->captures[i]);
}

bool intake_begin(struct intake *intake, struct intake_capture **capture_out, struct error *err)
{
    for (size_t i = 0; i < LIMIT_CAPTURES_OPEN; i++) {
        if (intake->captures[i].id != 0)
            continue;
        intake->captures[i] = (struct intake_capture){.id = ++intake->last_id};
        *capture_out = &intake->captures[i];
        return true;
    }
    return error_set(err, ERR_LIMIT, "%zu captures are open already", LIMIT_CAPTURES_OPEN);
}

bool intake_find(struct intake *intake, struct slice id, struct intake_capture **capture_out,
                 struct error *err)
{
    char name[24];
    for (size_t i = 0; i < LIMIT_CAPTURES_OPEN; i++) {
        if (intake->captures[i].id == 0)
            continue;
        snprintf(name, sizeof name, "%" PRIu64, intake->captures[i].id);
        if (slice_equal(id, slice_of(name))) {
            *capture_out = &intake->captures[i];
            return true;
        }
    }
    return error_set_field(err, ERR_ORDER, "capture", "There is no such open capture");
}

static struct intake_item *find_item(struct intake_capture *capture, size_t number)
{
    for (size_t i = 0; i < capture->item_count; i++)
        if (capture->items[i].number == number)
            return &capture->items[i];
    return NULL;
}

static bool check_first(const struct intake_capture *capture, const struct intake_part *part,
                        bool *document_out, struct error *err)
{
    *document_out = slice_equal(part->kind, slice_of("document"));
    if (*document_out && capture->snapshot != 0)
        return error_set_field(err, ERR_PARAMS, "kind", "A snapshot has its documents already");
    if (!*document_out && !slice_equal(part->kind, slice_of("resource")))
        return error_set_field(err, ERR_PARAMS, "kind",
                               "\"kind\" is neither \"document\" nor \"resource\"");
    if (part->url.len == 0)
        return error_set_field(err, ERR_PARAMS, "url", "\"url\" is missing");
    if (!*document_out && part->media_type.len == 0)
        return error_set_field(err, ERR_PARAMS, "media_type", "\"media_type\" is missing");
    if (!*document_out && part->item == 0 && capture->snapshot == 0)
        return error_set_field(err, ERR_PARAMS, "item", "Item 0 is the page's document");
    return true;
}

static bool grow(struct intake_capture *capture, struct error *err)
{
    if (capture->item_count == LIMIT_CAPTURE_ITEMS)
        return error_set(err, ERR_LIMIT, "A capture has at most %zu items", LIMIT_CAPTURE_ITEMS);
    if (capture->item_count < capture->item_room)
        return true;
    size_t room = capture->item_room ? capture->item_room * 2 : 8;
    struct intake_item *items = realloc(capture->items, room * sizeof *items);
    if (items == NULL)
        return error_no_memory(err);
    capture->items = items;
    capture->item_room = room;
    return true;
}

static bool open_item(struct intake_capture *capture, const struct intake_part *part,
                      struct intake_item **item_out, struct error *err)
{
    bool document;
    if (!check_first(capture, part, &document, err) || !grow(capture, err))
        return false;
    struct intake_item item = {
        .number = part->item,
        .document = document,
        .url = slice_dup(part->url),
        .base = slice_dup(part->base),
        .doctype = slice_dup(part->doctype),
        .media_type = slice_dup(part->media_type),
    };
    /* What is asked for may be audio or video of the size that the person allows. */
    size_t largest = capture->snapshot != 0 ? LIMIT_MEDIA_BODY : LIMIT_ASSET_BODY;
    buf_init(&item.bytes, document ? LIMIT_DOCUMENT : largest);
    if (!item.url || !item.base || !item.doctype || !item.media_type) {
        item_finish(&item);
        return error_no_memory(err);
    }
    capture->items[capture->item_count] = item;
    *item_out = &capture->items[capture->item_count++];
    return true;
}

static bool later_part_is_bare(const struct intake_part *part, struct error *err)
{
    if (part->kind.ptr || part->url.ptr || part->base.ptr || part->doctype.ptr ||
        part->media_type.ptr)
        return error_set(err, ERR_PARAMS, "Only the first part says what the item is");
    return true;
}

static bool add_data(struct intake_capture *capture, struct intake_item *item,
                     const struct intake_part *part, struct error *err)
{
    size_t before = item->bytes.len;
    bool ok;
    if (item->document) {
        buf_add_slice(&item->bytes, part->data);
        ok = buf_ok(&item->bytes, "The document", err);
    } else {
        ok = base64_decode(part->data, &item->bytes, err);
    }
    if (ok && item->bytes.len - before > LIMIT_CAPTURE - capture->received)
        ok = error_set(err, ERR_LIMIT, "A capture has at most %zu bytes", LIMIT_CAPTURE);
    if (!ok) {
        item->bytes.len = before;
        item->bytes.failed = ERR_NONE;
        return false;
    }
    capture->received += item->bytes.len - before;
    item->next_seq++;
    item->complete = part->last;
    return true;
}

bool intake_add(struct intake_capture *capture, const struct intake_part *part, struct error *err)
{
    struct intake_item *item = find_item(capture, part->item);
    bool fresh = item == NULL;
    size_t expected = fresh ? 0 : item->next_seq;
    if (part->seq != expected || (!fresh && item->complete))
        return error_set_field(err, ERR_ORDER, "seq", "Part %zu of item %zu comes out of order",
                               part->seq, part->item);
    if (fresh ? !open_item(capture, part, &item, err) : !later_part_is_bare(part, err))
        return false;
    if (add_data(capture, item, part, err))
        return true;
    if (fresh)
        item_finish(&capture->items[--capture->item_count]);
    return false;
}

bool intake_items(struct intake_capture *capture, struct capture_item **items_out,
                  struct error *err)
{
    struct capture_item *items = calloc(capture->item_count + 1, sizeof *items);
    if (items == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < capture->item_count; i++) {
        struct intake_item *from = &capture->items[i];
        if (!from->complete) {
            free(items);
            return error_set(err, ERR_ORDER, "Item %zu has no last part", from->number);
        }
        items[i] = (struct capture_item){
            .number = from->number,
            .document = from->document,
            .url = slice_of(from->url),
            .base = slice_of(from->base),
            .doctype = slice_of(from->doctype),
            .media_type = slice_of(from->media_type),
            .bytes = &from->bytes,
        };
    }
    *items_out = items;
    return true;
}
