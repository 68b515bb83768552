#include "page/links.h"

#include "base/digest.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "page/links_scan.h"
#include "page/url.h"

#include <stdlib.h>

enum {
    SHOWN_MAX = 2048, /* of a refused link */
    KEY_SIZE = 16,    /* of a digest: enough to tell links apart */
    FIRST_ROOM = 64
};

/* What was called back for already: digests in an open hash table, zeros where there is none. */
struct known {
    uint8_t (*keys)[KEY_SIZE];
    size_t room; /* a power of two */
    size_t count;
};

struct finding {
    links_fn fn;
    void *arg;
    struct known known;
    struct buf link; /* the one at work */
    bool ended;      /* by the callback */
};

/* ---- Once each ---- */

/* Where the key is, or is to go. */
static uint8_t *place_of(const struct known *known, const uint8_t *key)
{
    static const uint8_t none[KEY_SIZE];
    size_t at;
    memcpy(&at, key, sizeof at);
    for (;; at++) {
        uint8_t *place = known->keys[at & (known->room - 1)];
        if (memcmp(place, key, KEY_SIZE) == 0 || memcmp(place, none, KEY_SIZE) == 0)
            return place;
    }
}

static bool make_room(struct known *known, struct error *err)
{
    if (2 * known->count < known->room)
        return true;
    struct known grown = {.room = known->room > 0 ? 2 * known->room : FIRST_ROOM,
                          .count = known->count};
    grown.keys = calloc(grown.room, sizeof *grown.keys);
    if (grown.keys == NULL)
        return error_no_memory(err);
    static const uint8_t none[KEY_SIZE];
    for (size_t i = 0; i < known->room; i++)
        if (memcmp(known->keys[i], none, KEY_SIZE) != 0)
            memcpy(place_of(&grown, known->keys[i]), known->keys[i], KEY_SIZE);
    free(known->keys);
    *known = grown;
    return true;
}

static bool add_new(struct known *known, const char *text, bool *new_out, struct error *err)
{
    uint8_t key[DIGEST_SIZE];
    if (!make_room(known, err) || !digest_bytes(slice_of(text), key, err))
        return false;
    uint8_t *place = place_of(known, key);
    *new_out = memcmp(place, key, KEY_SIZE) != 0;
    if (*new_out) {
        memcpy(place, key, KEY_SIZE);
        known->count++;
    }
    return true;
}

/* ---- One link ---- */

/* Copied HTML has "&amp;" in its addresses. */
static void decode_ampersands(struct slice text, struct buf *out)
{
    static const char *const entities[] = {"&amp;", "&#38;", "&#x26;", "&#038;"};
    for (size_t at = 0; at < text.len;) {
        size_t skipped = 1;
        struct slice rest = slice_sub(text, at, 8);
        for (size_t i = 0; text.ptr[at] == '&' && i < sizeof entities / sizeof *entities; i++)
            if (slice_starts_nocase(rest, entities[i]))
                skipped = strlen(entities[i]);
        buf_add_char(out, text.ptr[at]);
        at += skipped;
    }
}

static bool call(struct finding *f, const char *url, const struct error *fault, struct error *err)
{
    bool fresh;
    char *key = NULL;
    struct error unused = {0};
    /* A refused one has no normal form: it is compared as it stands. */
    if (fault == NULL && !url_normalize(url, &key, &unused)) {
        if (unused.code == ERR_NO_MEMORY)
            return error_no_memory(err);
        key = NULL;
    }
    bool ok = add_new(&f->known, key != NULL ? key : url, &fresh, err);
    if (ok && fresh)
        f->ended = !f->fn(url, fault, f->arg);
    free(key);
    return ok;
}

static bool refuse(struct finding *f, struct slice text, const struct error *fault,
                   struct error *err)
{
    char *shown = slice_dup(utf8_prefix(text, SHOWN_MAX));
    if (shown == NULL)
        return error_no_memory(err);
    bool ok = call(f, shown, fault, err);
    free(shown);
    return ok;
}

static bool take(struct finding *f, struct slice text, struct error *err)
{
    struct error fault = {0};
    char *url = NULL;
    buf_reset(&f->link);
    decode_ampersands(text, &f->link);
    if (!buf_ok(&f->link, "The link", err))
        return false;
    if (url_accept(buf_slice(&f->link), &url, &fault)) {
        bool ok = call(f, url, NULL, err);
        free(url);
        return ok;
    }
    if (fault.code == ERR_NO_MEMORY)
        return error_no_memory(err);
    return refuse(f, buf_slice(&f->link), &fault, err);
}

/* Whether the whole text is one link, which is then taken. What has no scheme must be one that
 * can be saved: a sentence of one word is no refused link. */
static bool take_whole(struct finding *f, struct slice text, bool *taken_out, struct error *err)
{
    struct slice trimmed = slice_trim(text);
    struct error fault = {0};
    char *url = NULL;
    *taken_out = false;
    if (trimmed.len > LIMIT_URL || !links_alone(trimmed))
        return true;
    if (!url_is_http(trimmed)) {
        bool accepted = url_accept(trimmed, &url, &fault);
        free(url);
        if (!accepted)
            return fault.code != ERR_NO_MEMORY || error_no_memory(err);
    }
    *taken_out = true;
    return take(f, trimmed, err);
}

bool links_find(struct slice text, links_fn fn, void *arg, struct error *err)
{
    if (text.len > LIMIT_LINKS_TEXT)
        return error_set(err, ERR_LIMIT, "The text is larger than %zu bytes", LIMIT_LINKS_TEXT);
    struct finding f = {.fn = fn, .arg = arg};
    struct links_span span = {0};
    bool whole;
    buf_init(&f.link, LIMIT_LINKS_TEXT);
    bool ok = take_whole(&f, text, &whole, err);
    while (ok && !whole && !f.ended && links_next(text, span.end, &span))
        ok = take(&f, slice_sub(text, span.from, span.end - span.from), err);
    buf_finish(&f.link);
    free(f.known.keys);
    return ok;
}
