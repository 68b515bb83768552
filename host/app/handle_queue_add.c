/* queue.add: links to be saved when their turn comes. */
#include "app/service.h"
#include "app/wish.h"

#include <stdlib.h>

/* What is said of one link, beside what holds for all. */
struct link_params {
    struct slice url;
    struct slice title;
    struct field_texts tags;
    struct slice note;
};
static const struct field link_fields[] = {
    FIELD(FIELD_TEXT, link_params, url, .required = true, .max = WISH_LONG_URL),
    FIELD(FIELD_TEXT, link_params, title, .max = (int64_t)LIMIT_TITLE),
    FIELD(FIELD_TEXTS, link_params, tags, .max = (int64_t)(LIMIT_TAG * 4), .max_items = LIMIT_TAGS),
    FIELD(FIELD_TEXT, link_params, note, .max = (int64_t)LIMIT_NOTE),
};
enum { LINK_FIELDS = sizeof link_fields / sizeof *link_fields };

/* One link with a wish of its own. */
struct added {
    struct capture_wish wish;
    const char **tags; /* of the wish; NULL: the common ones */
};

struct adding {
    struct queue_link *links;
    struct added *added;
    int64_t *ids;
    size_t count;
    size_t bytes; /* of the addresses, as JSON writes them */
};

static void adding_finish(struct adding *adding)
{
    for (size_t i = 0; adding->added != NULL && i < adding->count; i++)
        free(adding->added[i].tags);
    free(adding->links);
    free(adding->added);
    free(adding->ids);
}

static bool adding_init(struct adding *adding, size_t room, struct error *err)
{
    adding->links = calloc(room + 1, sizeof *adding->links);
    adding->added = calloc(room + 1, sizeof *adding->added);
    adding->ids = calloc(room + 1, sizeof *adding->ids);
    return (adding->links && adding->added && adding->ids) || error_no_memory(err);
}

/* The addresses come back in the answer, which must fit a frame: JSON spends up to six bytes on one
 * of theirs. */
static bool add_url(struct adding *adding, struct slice url, const struct capture_wish *wish,
                    struct error *err)
{
    for (size_t i = 0; i < url.len; i++) {
        unsigned char c = (unsigned char)url.ptr[i];
        adding->bytes += c == '"' || c == '\\' ? 2 : c < 0x20 ? 6 : 1;
    }
    if (adding->bytes > LIMIT_LINKS_BYTES)
        return error_set_field(err, ERR_LIMIT, "urls", "Together at most %zu KiB of addresses",
                               LIMIT_LINKS_BYTES / KIB);
    adding->links[adding->count++] =
        (struct queue_link){.url = url, .wish = wish, .kind = QUEUE_SAVE};
    return true;
}

static bool join_tags(struct added *added, const struct field_texts *own, struct error *err)
{
    const struct capture_wish *common = &added->wish;
    size_t count = common->tag_count + own->count;
    if (own->count == 0)
        return true;
    if (count > LIMIT_TAGS)
        return error_set_field(err, ERR_LIMIT, "tags", "A link has more than %zu tags", LIMIT_TAGS);
    added->tags = calloc(count, sizeof *added->tags);
    if (added->tags == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < count; i++)
        added->tags[i] =
            i < common->tag_count ? common->tags[i] : own->items[i - common->tag_count];
    added->wish.tags = added->tags;
    added->wish.tag_count = count;
    return true;
}

static bool add_link(struct adding *adding, const cJSON *item, const struct capture_wish *common,
                     struct error *err)
{
    struct link_params p = {0};
    struct added *added = &adding->added[adding->count];
    bool ok = fields_read(item, link_fields, LINK_FIELDS, &p, err) &&
              add_url(adding, p.url, &added->wish, err);
    if (ok) {
        added->wish = *common;
        added->wish.title = p.title;
        if (p.note.ptr != NULL)
            added->wish.note = p.note;
        ok = join_tags(added, &p.tags, err);
    }
    fields_finish(link_fields, LINK_FIELDS, &p);
    return ok;
}

/* What the message names, as links; they borrow from it and from `wish`. */
static bool read_links(const struct wish_params *p, const struct capture_wish *wish,
                       struct adding *adding, struct error *err)
{
    const cJSON *item;
    if (p->urls.given == (p->links != NULL))
        return error_set_field(err, ERR_PARAMS, "urls", "Either \"urls\" or \"links\"");
    if (!adding_init(adding, p->urls.given ? p->urls.count : (size_t)cJSON_GetArraySize(p->links),
                     err))
        return false;
    for (size_t i = 0; i < p->urls.count; i++)
        if (!add_url(adding, slice_of(p->urls.items[i]), wish, err))
            return false;
    cJSON_ArrayForEach(item, p->links)
    {
        if (!add_link(adding, item, wish, err))
            return false;
    }
    return true;
}

static bool add_refused(struct slice url, const struct error *fault, void *arg)
{
    handle_add_refused(arg, url, fault);
    return true;
}

bool handle_queue_add(struct service *s, const cJSON *params, struct reply *reply,
                      struct error *err)
{
    struct wish_params p;
    struct adding adding = {0};
    bool ok = wish_read(params, WISH_LINKS, &p, err);
    const struct capture_wish wish = wish_of(&p);
    ok = ok && read_links(&p, &wish, &adding, err) && service_store(s, true, err);
    cJSON *jobs = reply_array(reply, reply->root, "jobs");
    reply_array(reply, reply->root, "refused");
    ok = ok && queue_add(s->store, adding.links, adding.count, adding.ids, add_refused, reply, err);
    for (size_t i = 0; ok && i < adding.count; i++) {
        if (adding.ids[i] == 0)
            continue;
        cJSON *item = reply_object(reply, jobs, NULL);
        reply_int(reply, item, "job", adding.ids[i]);
        reply_slice(reply, item, "url", adding.links[i].url);
    }
    adding_finish(&adding);
    wish_finish(&p);
    return ok;
}
