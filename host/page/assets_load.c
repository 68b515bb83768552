/* assets_fetch: what was handed in first, then the network, a bounded number of requests at a time,
 * the most important kinds first. */
#include "page/assets_table.h"

#include "base/clock.h"
#include "base/limits.h"
#include "page/url.h"

#include <stdio.h>
#include <stdlib.h>

/* Requests given to the fetcher at once: enough to keep all its connections busy, few enough that
 * a style sheet found late does not wait behind a thousand pictures. */
enum { WINDOW = 48 };

struct load {
    struct assets *assets;
    struct fetcher *fetcher;
    assets_done_fn done;
    void *arg;
    struct error *err;
    bool failed; /* *err is filled: nothing more is begun */
    int64_t deadline;
    size_t next[ASSET_KIND_COUNT]; /* no entry of the kind before it is still to be begun */
    struct buf scratch;
};

struct request {
    struct load *load;
    struct entry *entry;
};

/* Tells of an entry that is stored or failed; its bytes end here. */
static bool report(struct load *load, struct entry *entry)
{
    entry->reported = true;
    bool ok = load->done(&entry->asset, load->arg, load->err);
    entry->asset.bytes = (struct slice){0};
    return ok;
}

static bool refuse(struct load *load, struct entry *entry, enum error_code fault, long status,
                   const char *reason)
{
    entry->started = true;
    return assets_refuse(entry, fault, status, reason, load->err) && report(load, entry);
}

/* ---- The network ---- */

static const char *accept_header(enum asset_kind kind)
{
    switch (kind) {
    case ASSET_STYLE:
        return "text/css,*/*;q=0.1";
    case ASSET_FRAME:
        return "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    case ASSET_IMAGE:
    case ASSET_ICON:
        return "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5";
    case ASSET_SPRITE:
        return "image/svg+xml,*/*;q=0.5";
    default:
        return "*/*";
    }
}

static size_t body_limit(const struct load *load, enum asset_kind kind)
{
    size_t limit = kind == ASSET_STYLE   ? LIMIT_STYLE_BODY
                   : kind == ASSET_FRAME ? LIMIT_PAGE_BODY
                   : kind == ASSET_MEDIA ? load->assets->media_limit
                   : kind == ASSET_FILE  ? LIMIT_FILE_BODY
                                         : LIMIT_ASSET_BODY;
    size_t left = LIMIT_ASSETS_BODY - load->assets->bytes;
    return limit < left ? limit : left;
}

/* The document or style sheet that refers to it. */
static const char *referrer_of(const struct load *load, const struct entry *entry)
{
    const struct entry *parent = entry->parent;
    if (entry->referrer != NULL)
        return entry->referrer;
    if (parent != NULL && parent->final_url != NULL && url_is_http(slice_of(parent->final_url)))
        return parent->final_url;
    return load->assets->page_url;
}

/* A site need not have the icon that nobody linked: then it is stored as an empty one, so that the
 * snapshot does not count as incomplete for want of it. */
static bool is_guessed_icon(const struct load *load, const struct entry *entry)
{
    struct slice page = slice_of(load->assets->page_url);
    struct slice url = slice_of(entry->url);
    size_t path = slice_find_byte(url, 8, '/');
    return entry->asset.kind == ASSET_ICON && entry->parent == NULL &&
           slice_equal(slice_sub(url, path, url.len), slice_of("/favicon.ico")) &&
           slice_equal(slice_sub(page, 0, path), slice_sub(url, 0, path));
}

static bool begin(struct load *load, struct entry *entry);

/* Forbidden perhaps only to those who come from elsewhere. */
static bool is_forbidden(const struct entry *entry, const struct fetch_result *result)
{
    return result->fault == ERR_STATUS && result->status == 403 && !entry->bare &&
           entry->policy != REFERRER_NONE;
}

/* What the answer's fault makes of the entry. */
static bool on_fault(struct load *load, struct entry *entry, const struct fetch_result *result)
{
    size_t left = LIMIT_ASSETS_BODY - load->assets->bytes;
    if (result->fault == ERR_TOO_LARGE && entry->asset.kind == ASSET_MEDIA &&
        load->assets->media_limit <= left)
        return assets_leave_out(load->assets, entry, load->err);
    return assets_refuse(entry, result->fault, result->status, result->reason, load->err);
}

static bool on_answer(struct load *load, struct entry *entry, const struct fetch_result *result)
{
    const struct answer answer = {
        .body = result->body,
        .content_type = result->content_type,
        .url = result->url,
    };
    if (is_forbidden(entry, result)) {
        entry->bare = true;
        return begin(load, entry);
    }
    entry->is_public = !result->from_private;
    bool ok = result->fault == ERR_NONE
                  ? assets_accept(load->assets, entry, &answer, &load->scratch, load->err)
                  : on_fault(load, entry, result);
    if (!ok)
        return false;
    bool absent = entry->asset.fault == ERR_STATUS || entry->asset.fault == ERR_TYPE;
    if (entry->asset.state == ASSET_FAILED && absent && is_guessed_icon(load, entry)) {
        entry->asset.state = ASSET_STORED;
        entry->asset.fault = ERR_NONE;
        entry->asset.status = 0;
        entry->asset.reason = "";
        snprintf(entry->media_type, sizeof entry->media_type, "image/x-icon");
    }
    return report(load, entry);
}

static bool begin_some(struct load *load);

static void on_done(const struct fetch_result *result, void *arg)
{
    struct request *request = arg;
    struct load *load = request->load;
    struct entry *entry = request->entry;
    free(request);
    entry->request = NULL;
    load->failed = !on_answer(load, entry, result) || !begin_some(load);
    if (load->failed)
        fetcher_stop(load->fetcher);
}

/* What may be as large as a film is given as long as there is. */
static bool is_large(enum asset_kind kind)
{
    return kind == ASSET_MEDIA || kind == ASSET_FILE;
}

static bool begin(struct load *load, struct entry *entry)
{
    struct request *request = malloc(sizeof *request);
    if (request == NULL)
        return error_no_memory(load->err);
    *request = (struct request){load, entry};
    const struct fetch_request fetch = {
        .url = entry->url,
        .referrer = referrer_of(load, entry),
        .referrer_policy = entry->bare ? REFERRER_NONE : entry->policy,
        .accept = accept_header(entry->asset.kind),
        .max_bytes = body_limit(load, entry->asset.kind),
        .for_public = entry->parent != NULL && entry->parent->is_public,
        .timeout_ms = is_large(entry->asset.kind) ? LIMIT_CAPTURE_MS : LIMIT_ASSET_MS,
        .done = on_done,
        .arg = request,
    };
    entry->started = true;
    if (!fetcher_add(load->fetcher, &fetch, load->err)) {
        free(request);
        return false;
    }
    entry->request = request;
    return true;
}

/* The next entry of the kind that is still to be begun, or NULL. */
static struct entry *next_of(struct load *load, enum asset_kind kind)
{
    const struct assets *assets = load->assets;
    for (size_t *at = &load->next[kind]; *at < assets->count; ++*at) {
        struct entry *entry = assets->entries[*at];
        if (entry->asset.kind == kind && entry->asset.state == ASSET_WANTED && !entry->started)
            return entry;
    }
    return NULL;
}

static struct entry *next_entry(struct load *load)
{
    /* What leads to more comes first, what a reader misses least comes last. */
    static const enum asset_kind order[] = {ASSET_STYLE, ASSET_FRAME, ASSET_SPRITE, ASSET_FILE,
                                            ASSET_FONT,  ASSET_IMAGE, ASSET_ICON,   ASSET_MEDIA};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        struct entry *entry = next_of(load, order[i]);
        if (entry != NULL)
            return entry;
    }
    return NULL;
}

/* ---- Without the network ---- */

/* Of what was handed in only its URL says where it came from. */
static bool is_public(const struct load *load, const struct entry *entry, const char *base)
{
    if (base == NULL || !url_is_http(slice_of(base)))
        return entry->parent != NULL && entry->parent->is_public;
    return !url_same_origin(base, load->assets->page_url) && !fetch_url_is_private(base);
}

/* The bytes go with it: they are needed once. */
static bool use_supply(struct load *load, struct entry *entry, struct supply *supply)
{
    struct supply taken = *supply;
    *supply = (struct supply){0};
    entry->started = true;
    entry->asset.supplied = true;
    entry->is_public = is_public(load, entry, taken.base);
    const struct answer answer = {
        .body = slice_make(taken.bytes, taken.len),
        .content_type = taken.media_type,
        .url = taken.base,
        .prepared = taken.prepared,
    };
    bool ok = assets_accept(load->assets, entry, &answer, &load->scratch, load->err) &&
              report(load, entry);
    free(taken.bytes);
    free(taken.base);
    free(taken.media_type);
    return ok;
}

static bool leave_out(struct load *load, struct entry *entry)
{
    entry->started = true;
    return assets_leave_out(load->assets, entry, load->err) && report(load, entry);
}

/* Ends an entry that needs no request; *ended_out is false when it does. */
static bool settle(struct load *load, struct entry *entry, bool *ended_out)
{
    *ended_out = true;
    struct slice url = slice_of(entry->url);
    struct supply *supply = assets_find_supply(load->assets, url);
    if (entry->asset.kind == ASSET_FONT && load->assets->no_fonts)
        return leave_out(load, entry);
    if (supply != NULL && supply->bytes != NULL)
        return use_supply(load, entry, supply);
    if (!url_is_http(url))
        return refuse(load, entry, ERR_URL, 0, "It can be had only while the page is open");
    if (entry->asset.kind == ASSET_MEDIA && load->assets->media_limit == 0)
        return leave_out(load, entry);
    if (body_limit(load, entry->asset.kind) == 0)
        return refuse(load, entry, ERR_TOO_LARGE, 0, "The page's assets are too large together");
    *ended_out = false;
    return true;
}

/* Keeps the window full. */
static bool begin_some(struct load *load)
{
    while (fetcher_pending(load->fetcher) < WINDOW && clock_steady() < load->deadline) {
        bool ended;
        struct entry *entry = next_entry(load);
        if (entry == NULL)
            return true;
        if (!settle(load, entry, &ended) || (!ended && !begin(load, entry)))
            return false;
    }
    return true;
}

/* All that was handed in, and all that failed before it was asked for. Entries may come in while
 * this goes on. */
static bool settle_all(struct load *load)
{
    for (size_t i = 0; i < load->assets->count; i++) {
        struct entry *entry = load->assets->entries[i];
        const struct supply *supply = assets_find_supply(load->assets, slice_of(entry->url));
        bool ended;
        if (entry->asset.state == ASSET_FAILED && !entry->reported) {
            if (!report(load, entry))
                return false;
        } else if (entry->asset.state == ASSET_WANTED && !entry->started &&
                   (!url_is_http(slice_of(entry->url)) || supply != NULL)) {
            if (!settle(load, entry, &ended))
                return false;
        }
    }
    return true;
}

/* What the deadline left over. */
static bool give_up(struct load *load)
{
    for (size_t i = 0; i < load->assets->count; i++) {
        struct entry *entry = load->assets->entries[i];
        if (entry->asset.state == ASSET_WANTED &&
            !refuse(load, entry, ERR_TIMEOUT, 0, "There was no time left to fetch it"))
            return false;
    }
    return true;
}

/* A run that was broken off leaves requests behind, whose callbacks never come. */
static void forget_requests(struct assets *assets)
{
    for (size_t i = 0; i < assets->count; i++) {
        struct entry *entry = assets->entries[i];
        if (entry->request == NULL)
            continue;
        free(entry->request);
        entry->request = NULL;
        entry->started = false;
    }
}

bool assets_fetch(struct assets *assets, struct fetcher *fetcher, assets_done_fn done, void *arg,
                  struct error *err)
{
    struct load load = {
        .assets = assets,
        .fetcher = fetcher,
        .done = done,
        .arg = arg,
        .err = err,
        .deadline = clock_steady() + LIMIT_CAPTURE_MS,
    };
    buf_init(&load.scratch, LIMIT_CAPTURE);
    bool ok = settle_all(&load);
    while (ok && begin_some(&load) && fetcher_pending(fetcher) > 0) {
        int64_t left = load.deadline - clock_steady();
        ok = fetcher_run(fetcher, left > 0 ? (long)left : 0, err) && !load.failed;
    }
    ok = ok && !load.failed && settle_all(&load) && give_up(&load);
    forget_requests(assets);
    buf_finish(&load.scratch);
    return ok;
}
