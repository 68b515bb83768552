#include "page/archive.h"

#include "base/limits.h"
#include "page/archive_mime.h"
#include "page/date.h"
#include "page/url.h"

#include <stdlib.h>

/* A multipart inside the first one, such as the multipart/alternative of a letter; deeper ones and
 * further ones are left out. */
enum { PENDING_MAX = 8 };

/* A part by where it stands in the store, which moves as it grows. */
struct place {
    size_t location_at, location_len; /* Content-Location as given */
    size_t id_at, id_len;             /* Content-ID without its brackets */
    size_t bytes_at, bytes_len;
    struct media_type type;
};

struct reader {
    struct mime_multipart pending[PENDING_MAX];
    size_t pending_count;
    struct place *places;
    size_t count;
    size_t cap;
    size_t page;              /* index of the root document; `count` when there is none */
    char start[MIME_ID_SIZE]; /* the root's Content-ID, by the first multipart */
    struct buf *store;
};

void archive_finish(struct archive *archive)
{
    free(archive->url);
    free(archive->parts);
    buf_finish(&archive->store);
    *archive = (struct archive){0};
}

/* ---- Parts ---- */

static bool is_html(const struct media_type *type)
{
    return strcmp(type->essence, "text/html") == 0 ||
           strcmp(type->essence, "application/xhtml+xml") == 0;
}

static bool keep(struct buf *store, struct slice text, size_t *at_out, size_t *len_out)
{
    *at_out = store->len;
    *len_out = text.len;
    return buf_add_slice(store, text);
}

static struct slice kept(const struct buf *store, size_t at, size_t len)
{
    return len > 0 ? slice_make(store->ptr + at, len) : slice_of("");
}

static bool make_room(struct reader *r)
{
    if (r->count < r->cap)
        return true;
    size_t cap = r->cap > 0 ? r->cap * 2 : 32;
    struct place *grown = realloc(r->places, cap * sizeof *grown);
    if (grown == NULL)
        return false;
    r->places = grown;
    r->cap = cap;
    return true;
}

/* Takes a part in; one that there is no room for is as if it were not there. */
static bool add_part(struct reader *r, const struct mime_head *head, struct slice body,
                     struct error *err)
{
    struct place place = {.type = head->type};
    size_t before = r->store->len;
    if (!make_room(r))
        return error_no_memory(err);
    if (!keep(r->store, buf_slice(&head->location), &place.location_at, &place.location_len) ||
        !keep(r->store, slice_of(head->id), &place.id_at, &place.id_len) ||
        !mime_decode(body, head->encoding, r->store)) {
        if (r->store->failed == ERR_NO_MEMORY)
            return error_no_memory(err);
        r->store->failed = ERR_NONE;
        r->store->len = before;
        return true;
    }
    place.bytes_at = place.id_at + place.id_len;
    place.bytes_len = r->store->len - place.bytes_at;
    bool root = is_html(&place.type) && (r->start[0] == '\0' || strcmp(r->start, head->id) == 0);
    if (root && r->page == SIZE_MAX)
        r->page = r->count;
    r->places[r->count++] = place;
    return true;
}

static bool on_part(struct reader *r, struct slice part, struct error *err)
{
    struct mime_head head;
    struct slice body;
    struct mime_multipart multipart;
    mime_head_init(&head);
    mime_head_read(&head, part, &body);
    bool ok = true;
    if (!mime_multipart(&head, body, &multipart))
        ok = add_part(r, &head, body, err);
    else if (r->pending_count < PENDING_MAX)
        r->pending[r->pending_count++] = multipart;
    mime_head_finish(&head);
    return ok;
}

static bool read_parts(struct reader *r, struct error *err)
{
    for (size_t i = 0; i < r->pending_count; i++) {
        struct slice part;
        while (r->count < LIMIT_CAPTURE_ITEMS && mime_next_part(&r->pending[i], &part))
            if (!on_part(r, part, err))
                return false;
    }
    return true;
}

/* ---- What the parts are called ---- */

/* Absolute and in the store, or empty. */
static bool add_url(struct buf *store, const char *base, struct slice scheme, struct slice ref,
                    size_t *at_out, size_t *len_out, struct error *err)
{
    struct buf text;
    char *url = NULL;
    struct error fault = {0};
    *at_out = store->len;
    *len_out = 0;
    if (ref.len == 0)
        return true;
    buf_init(&text, LIMIT_URL);
    buf_add_slice(&text, scheme);
    buf_add_slice(&text, ref);
    bool ok =
        text.failed == ERR_NONE &&
        url_join(slice_of(base != NULL ? base : "thismessage:/"), buf_slice(&text), &url, &fault) &&
        keep(store, slice_of(url), at_out, len_out);
    free(url);
    buf_finish(&text);
    if (!ok && (fault.code == ERR_NO_MEMORY || store->failed == ERR_NO_MEMORY))
        return error_no_memory(err);
    store->failed = ERR_NONE;
    return true;
}

/* One entry for each name of each part: Chromium's frames have two, and are named by either. */
struct named {
    size_t url_at, url_len;
    size_t place;
};

static bool name_parts(struct reader *r, const char *base, struct named *named, size_t *count_out,
                       struct error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < r->count; i++) {
        const struct place *place = &r->places[i];
        struct buf text;
        buf_init(&text, 3 * LIMIT_URL);
        buf_add_slice(&text, kept(r->store, place->location_at, place->location_len));
        size_t location = text.len;
        buf_add_slice(&text, kept(r->store, place->id_at, place->id_len));
        struct slice names = buf_slice(&text);
        struct named by_location = {.place = i};
        struct named by_id = {.place = i};
        bool ok = add_url(r->store, base, slice_of(""), slice_sub(names, 0, location),
                          &by_location.url_at, &by_location.url_len, err) &&
                  add_url(r->store, base, slice_of("cid:"), slice_sub(names, location, names.len),
                          &by_id.url_at, &by_id.url_len, err);
        buf_finish(&text);
        if (!ok)
            return false;
        if (by_location.url_len > 0 || i == r->page)
            named[count++] = by_location;
        if (by_id.url_len > 0 && i != r->page)
            named[count++] = by_id;
    }
    *count_out = count;
    return true;
}

static void set_part(const struct reader *r, const struct named *named, struct archive_part *part)
{
    const struct place *place = &r->places[named->place];
    part->url = kept(r->store, named->url_at, named->url_len);
    part->type = place->type;
    part->bytes = kept(r->store, place->bytes_at, place->bytes_len);
}

static bool finish(struct reader *r, struct archive *archive, struct error *err)
{
    size_t count = 0;
    struct named *named = calloc(2 * r->count, sizeof *named);
    archive->parts = calloc(2 * r->count, sizeof *archive->parts);
    bool ok = named != NULL && archive->parts != NULL
                  ? name_parts(r, archive->url, named, &count, err)
                  : error_no_memory(err);
    for (size_t i = 0; ok && i < count; i++)
        set_part(r, &named[i],
                 named[i].place == r->page ? &archive->page : &archive->parts[archive->count++]);
    free(named);
    return ok;
}

/* ---- The whole ---- */

static bool set_url(struct archive *archive, struct slice text, struct error *err)
{
    struct error fault = {0};
    char *url;
    if (archive->url != NULL || !url_is_http(text) || text.len > LIMIT_URL)
        return true;
    if (url_join(text, text, &url, &fault))
        archive->url = url;
    return fault.code != ERR_NO_MEMORY || error_no_memory(err);
}

static bool read_all(struct reader *r, struct slice bytes, struct archive *archive,
                     struct error *err)
{
    struct mime_head head;
    struct slice body;
    mime_head_init(&head);
    mime_head_read(&head, bytes, &body);
    bool ok = true;
    r->page = SIZE_MAX;
    if (!date_parse(slice_of(head.date), &archive->saved))
        archive->saved = 0;
    if (mime_multipart(&head, body, &r->pending[0])) {
        r->pending_count = 1;
        memcpy(r->start, head.start, sizeof r->start);
        ok = read_parts(r, err);
    } else {
        ok = add_part(r, &head, body, err);
    }
    /* A root that is named and not there: the first document will do. */
    for (size_t i = 0; ok && i < r->count && r->page == SIZE_MAX; i++)
        if (is_html(&r->places[i].type))
            r->page = i;
    if (ok && r->page == SIZE_MAX)
        ok = error_set(err, ERR_DOCUMENT, "There is no page in this archive");
    if (ok) {
        const struct place *page = &r->places[r->page];
        ok = set_url(archive, buf_slice(&head.snapshot), err) &&
             set_url(archive, kept(r->store, page->location_at, page->location_len), err) &&
             set_url(archive, buf_slice(&head.location), err) && finish(r, archive, err);
    }
    mime_head_finish(&head);
    return ok;
}

bool archive_read_mhtml(struct slice bytes, struct archive *archive_out, struct error *err)
{
    struct archive archive = {0};
    struct reader *r = calloc(1, sizeof *r);
    if (r == NULL)
        return error_no_memory(err);
    buf_init(&archive.store, LIMIT_CAPTURE);
    r->store = &archive.store;
    bool ok = read_all(r, bytes, &archive, err);
    free(r->places);
    free(r);
    if (ok)
        *archive_out = archive;
    else
        archive_finish(&archive);
    return ok;
}
