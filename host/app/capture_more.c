/* What a stored snapshot lacks: fetched again, or handed in by a browser. */
#include "app/capture_run.h"

#include "base/limits.h"
#include "page/url.h"

#include <stdio.h>
#include <stdlib.h>

/* The rows of a snapshot, each put where it belongs. */
struct lack {
    struct capture *capture;
    const struct capture_item *items; /* handed in; with `count` 0 all that is missing is wanted */
    size_t count;
    bool *used;                     /* the items that a row of the snapshot names */
    char (*frames)[ASSET_REF_SIZE]; /* documents inside it */
    size_t frame_count;
    size_t frame_room;
    bool styles; /* a style sheet is wanted */
    struct error *err;
    bool ok;
};

static bool find_snapshot(const struct snapshot_row *row, void *arg)
{
    struct lack *lack = arg;
    struct capture *c = lack->capture;
    c->report->ids =
        (struct snapshot_ids){.page = row->page, .snapshot = row->id, .version = row->version};
    /* Still may a file say anything of itself. */
    c->public_only = strcmp(row->how, "file") == 0 && c->wish->private != CAPTURE_PRIVATE_ALLOWED;
    c->final_url = slice_dup(slice_of(row->url));
    lack->ok = c->final_url != NULL || error_no_memory(lack->err);
    return lack->ok;
}

static bool is_handed_in(struct lack *lack, struct slice url)
{
    bool found = false;
    for (size_t i = 0; i < lack->count; i++) {
        if (slice_equal(lack->items[i].url, url))
            found = lack->used[i] = true;
    }
    return found;
}

static bool keep_frame(struct lack *lack, const char *ref)
{
    if (lack->frame_count == lack->frame_room) {
        size_t room = lack->frame_room ? 2 * lack->frame_room : 16;
        void *grown = realloc(lack->frames, room * sizeof *lack->frames);
        if (grown == NULL)
            return error_no_memory(lack->err);
        lack->frames = grown;
        lack->frame_room = room;
    }
    snprintf(lack->frames[lack->frame_count++], ASSET_REF_SIZE, "%s", ref);
    return true;
}

static bool look_at_asset(const struct asset_row *row, void *arg)
{
    struct lack *lack = arg;
    struct assets *assets = lack->capture->assets;
    enum asset_kind kind;
    char ref[ASSET_REF_SIZE];
    struct slice url = slice_of(row->url);
    bool stored = strcmp(row->state, "stored") == 0;
    bool handed_in = is_handed_in(lack, url);
    if (!asset_kind_parse(slice_of(row->kind), &kind))
        return true;
    if (!stored && (lack->count == 0 || handed_in)) {
        lack->styles = lack->styles || kind == ASSET_STYLE;
        lack->ok = assets_want(assets, url, kind, ref, lack->err);
    } else {
        lack->ok = assets_settle(assets, slice_of(row->ref), row->size, lack->err) &&
                   (kind != ASSET_FRAME || !stored || keep_frame(lack, row->ref));
    }
    return lack->ok;
}

/* The characters that the snapshot shows: of a font in many files, a sheet that comes in now wants
 * those alone. Markup counts as text here, which costs nothing but a Latin file. */
static bool note_document(struct lack *lack)
{
    struct capture *c = lack->capture;
    bool ok = snapshots_document(c->store, c->report->ids.snapshot, &c->html, lack->err);
    assets_set_strict(c->assets, ok && slice_starts(buf_slice(&c->html), "<!DOCTYPE html>"));
    ok = ok && assets_note_text(c->assets, buf_slice(&c->html), lack->err);
    buf_finish(&c->html);
    return ok;
}

static bool note_frames(struct lack *lack)
{
    struct capture *c = lack->capture;
    int64_t snapshot = c->report->ids.snapshot;
    bool ok = true;
    for (size_t i = 0; ok && i < lack->frame_count; i++) {
        buf_reset(&c->html);
        ok =
            snapshots_asset(c->store, snapshot, lack->frames[i], &c->html, NULL, NULL, lack->err) &&
            assets_note_text(c->assets, buf_slice(&c->html), lack->err);
    }
    buf_finish(&c->html);
    return ok;
}

/* Sorts the rows of the snapshot into what is wanted now and what is settled. */
static bool open_lack(struct lack *lack, int64_t snapshot)
{
    struct capture *c = lack->capture;
    struct error *err = lack->err;
    lack->ok = true;
    return snapshots_hold(c->store, snapshot, &c->hold, err) &&
           snapshots_get(c->store, snapshot, find_snapshot, lack, err) && lack->ok &&
           capture_open(c, slice_of(c->final_url), err) &&
           capture_open_network(c, c->final_url, true, err) && capture_open_assets(c, err) &&
           note_document(lack) &&
           snapshots_assets(c->store, snapshot, NULL, look_at_asset, lack, err) && lack->ok &&
           (!lack->styles || note_frames(lack));
}

bool capture_retry(struct store *store, int64_t snapshot, const struct capture_wish *wish,
                   const struct capture_hooks *hooks, struct capture_report *report_out,
                   struct error *err)
{
    struct capture c;
    struct lack lack = {.capture = &c, .err = err};
    capture_init(&c, store, "retry", wish, hooks, report_out);
    bool ok = open_lack(&lack, snapshot) && capture_fetch(&c, err);
    free(lack.frames);
    capture_finish(&c);
    return ok;
}

/* Only what a host asks for comes in this way: http(s) URLs, each once. */
static bool check_items(const struct capture_item *items, size_t count, struct error *err)
{
    if (count > LIMIT_WANTED)
        return error_set(err, ERR_LIMIT, "At most %zu resources are handed in at once",
                         LIMIT_WANTED);
    for (size_t i = 0; i < count; i++) {
        if (items[i].document || !url_is_http(items[i].url))
            return error_set_field(err, ERR_PARAMS, "url", "Item %zu is nothing that was asked for",
                                   items[i].number);
        for (size_t k = 0; k < i; k++)
            if (slice_equal(items[i].url, items[k].url))
                return error_set_field(err, ERR_PARAMS, "url", "Items %zu and %zu have one URL",
                                       items[k].number, items[i].number);
    }
    return true;
}

static bool hand_over(struct lack *lack)
{
    for (size_t i = 0; i < lack->count; i++) {
        const struct capture_item *item = &lack->items[i];
        struct slice final_url = url_is_http(item->base) ? item->base : item->url;
        if (!lack->used[i])
            return error_set_field(lack->err, ERR_PARAMS, "url",
                                   "Item %zu is no resource of this snapshot", item->number);
        if (!assets_supply_from(lack->capture->assets, item->url, final_url, item->media_type,
                                buf_slice(item->bytes), lack->err))
            return false;
        buf_finish(item->bytes);
    }
    return true;
}

bool capture_supply(struct store *store, int64_t snapshot, const struct capture_item *items,
                    size_t count, const struct capture_wish *wish,
                    const struct capture_hooks *hooks, struct capture_report *report_out,
                    struct error *err)
{
    if (count == 0)
        return error_set(err, ERR_ORDER, "Nothing was handed in");
    if (!check_items(items, count, err))
        return false;
    struct capture c;
    struct lack lack = {.capture = &c, .items = items, .count = count, .err = err};
    capture_init(&c, store, "supply", wish, hooks, report_out);
    lack.used = calloc(count, sizeof *lack.used);
    bool ok =
        lack.used != NULL ? open_lack(&lack, snapshot) && hand_over(&lack) : error_no_memory(err);
    ok = ok && capture_fetch(&c, err);
    free(lack.used);
    free(lack.frames);
    capture_finish(&c);
    return ok;
}
