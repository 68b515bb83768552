/* The assets of a capture on their way into the store, and the report of what became of them. */
#include "app/asset_batch.h"
#include "app/capture_run.h"

#include "base/clock.h"
#include "base/limits.h"
#include "page/url.h"

#include <stdlib.h>

void capture_tell(const struct capture *c, const char *stage)
{
    if (c->hooks->progress == NULL)
        return;
    const struct capture_report *r = c->report;
    size_t total = c->assets ? assets_count(c->assets) : 0;
    struct capture_progress progress = {
        .stage = stage, .done = r->ended, .total = total, .bytes = r->bytes};
    c->hooks->progress(&progress, c->hooks->arg);
}

/* A frame that nobody handed in is fetched by its URL: an extension reaches frames of other sites
 * only with a permission that few give. */
bool capture_open_assets(struct capture *c, struct error *err)
{
    static const int64_t none = 0;
    struct assets_options options = {.page_url = c->final_url,
                                     .web = true,
                                     .media_limit = c->no_media ? &none : c->wish->media_limit,
                                     .no_fonts = c->wish->no_fonts,
                                     .unused_fonts = c->wish->unused_fonts,
                                     .unused_font_count = c->wish->unused_font_count};
    return assets_create(&options, &c->assets, err) && url_site(c->final_url, &c->site, err);
}

/* ---- The report ---- */

static void wanted_finish(struct capture_report *report)
{
    for (size_t i = 0; i < report->wanted_count; i++)
        free(report->wanted[i].url);
    free(report->wanted);
    report->wanted = NULL;
    report->wanted_count = 0;
    report->wanted_bytes = 0;
}

void capture_report_finish(struct capture_report *report)
{
    for (size_t i = 0; i < report->failure_count; i++) {
        free(report->failures[i].url);
        free(report->failures[i].reason);
    }
    free(report->answered);
    wanted_finish(report);
    *report = (struct capture_report){0};
}

/* Whether the page's own session may get what the network refused to us. A private address is not
 * asked for on a public page's behalf, by nobody. A frame is read live or not at all: fetched with
 * cookies, it could be one that its site shows in no frame. */
static bool is_askable(const struct asset *asset)
{
    if (asset->state != ASSET_FAILED || asset->supplied || asset->kind == ASSET_FRAME ||
        !url_is_http(slice_of(asset->url)))
        return false;
    switch (asset->fault) {
    case ERR_STATUS:
        /* Besides 401, 403 and 429: 404 hides what needs a login, 418, 503, 567, 999 are walls. */
        return asset->status != 410;
    case ERR_DNS:
    case ERR_CONNECT:
    case ERR_TLS:
    case ERR_TIMEOUT:
    case ERR_REDIRECT:
    case ERR_SERVER:
    case ERR_TYPE:
        return true;
    default:
        return false;
    }
}

/* A name in the private network that we could not look up may be known to the browser. */
static bool is_forbidden(const struct capture *c, const struct asset *asset)
{
    return c->wish->private != CAPTURE_PRIVATE_ALLOWED && fetch_url_is_private(asset->url) &&
           (c->public_only || !fetch_url_is_private(c->final_url));
}

static bool note_wanted(const struct capture *c, const struct asset *asset, struct error *err)
{
    struct capture_report *report = c->report;
    size_t len = strlen(asset->url);
    if (!is_askable(asset) || is_forbidden(c, asset) || report->wanted_count == LIMIT_WANTED ||
        len > LIMIT_WANTED_BYTES - report->wanted_bytes)
        return true;
    if (report->wanted == NULL)
        report->wanted = calloc(LIMIT_WANTED, sizeof *report->wanted);
    char *url = report->wanted ? slice_dup(slice_of(asset->url)) : NULL;
    if (url == NULL)
        return error_no_memory(err);
    report->wanted[report->wanted_count++] =
        (struct capture_wanted){.url = url, .kind = asset_kind_name(asset->kind)};
    report->wanted_bytes += len;
    return true;
}

static bool note_failure(const struct asset_row *row, void *arg)
{
    struct capture_report *report = arg;
    enum asset_kind kind = ASSET_IMAGE;
    struct capture_failure *f = &report->failures[report->failure_count++];
    (void)asset_kind_parse(slice_of(row->kind), &kind);
    *f = (struct capture_failure){
        .url = slice_dup(slice_of(row->url)),
        .reason = slice_dup(slice_of(row->reason)),
        .kind = asset_kind_name(kind),
        .fault = (enum error_code)row->fault,
        .status = row->status,
    };
    return f->url != NULL && f->reason != NULL && report->failure_count < CAPTURE_FAILURES;
}

static bool note_snapshot(const struct snapshot_row *row, void *arg)
{
    struct capture_report *report = arg;
    report->total = (size_t)row->assets;
    report->failed = (size_t)row->failed;
    report->state = row->failed == 0 ? "complete" : "incomplete";
    if (row->failed == 0)
        wanted_finish(report); /* an earlier run has it all */
    return true;
}

static bool note_kind(const struct kind_row *row, void *arg)
{
    struct capture_report *report = arg;
    report->left_out += (size_t)row->left_out;
    return true;
}

/* What the snapshot has and lacks by now, whoever brought it. */
static bool fill_report(struct capture *c, struct error *err)
{
    struct capture_report *report = c->report;
    int64_t snapshot = report->ids.snapshot;
    if (!snapshots_get(c->store, snapshot, note_snapshot, report, err) ||
        !snapshots_kinds(c->store, snapshot, note_kind, report, err) ||
        !snapshots_assets(c->store, snapshot, "failed", note_failure, report, err))
        return false;
    const struct capture_failure *last = &report->failures[report->failure_count];
    if (report->failure_count > 0 && (last[-1].url == NULL || last[-1].reason == NULL))
        return error_no_memory(err);
    report->ms = clock_steady() - c->started;
    return true;
}

/* ---- Fetching ---- */

static const char *row_state(const struct asset *asset)
{
    switch (asset->state) {
    case ASSET_STORED:
        return "stored";
    case ASSET_LEFT_OUT:
        return "left_out";
    default:
        return "failed";
    }
}

struct fetching {
    struct capture *capture;
    struct asset_batch batch;
    struct put_counts counts;
};

static bool asset_done(const struct asset *asset, void *arg, struct error *err)
{
    struct fetching *fetching = arg;
    struct capture *c = fetching->capture;
    struct capture_report *report = c->report;
    bool stored = asset->state == ASSET_STORED;
    struct asset_row row = {
        .ref = asset->ref,
        .url = asset->url,
        .kind = asset_kind_name(asset->kind),
        .state = row_state(asset),
        .media_type = stored ? asset->media_type : "",
        .bytes = stored ? asset->bytes : (struct slice){0},
        .fault = stored ? 0 : asset->fault,
        .status = stored ? 0 : asset->status,
        .reason = stored ? "" : asset->reason,
    };
    if (!asset_batch_add(&fetching->batch, &row, &fetching->counts, err) ||
        !note_wanted(c, asset, err))
        return false;
    report->bytes += stored ? (int64_t)asset->bytes.len : 0;
    report->stored += stored;
    report->ended++;
    capture_tell(c, "assets");
    return true;
}

/* A version that brings nothing new is taken back, unless somebody wants it. */
static bool drop_unchanged(struct capture *c, struct error *err)
{
    struct capture_report *report = c->report;
    struct snapshot_ids same = {0};
    if (!c->is_version || c->wish->again)
        return true;
    if (!snapshots_drop_unchanged(c->store, report->ids.snapshot, &same, err))
        return false;
    if (same.snapshot != 0) {
        report->ids = same;
        report->unchanged = true;
    }
    return true;
}

/* What has arrived is kept, also when the fetch is stopped. */
static bool fetch_assets(struct capture *c, struct error *err)
{
    struct fetching fetching = {.capture = c};
    struct error second;
    asset_batch_init(&fetching.batch, c->store, c->report->ids.snapshot);
    bool ok = assets_fetch(c->assets, c->fetcher, asset_done, &fetching, err);
    ok = asset_batch_write(&fetching.batch, &fetching.counts, ok ? err : &second) && ok;
    c->report->reused += (size_t)fetching.counts.reused;
    asset_batch_finish(&fetching.batch);
    return ok;
}

bool capture_fetch(struct capture *c, struct error *err)
{
    if (!fetch_assets(c, err) || !snapshots_end(c->store, c->report->ids.snapshot, err) ||
        !drop_unchanged(c, err) || !fill_report(c, err))
        return false;
    capture_tell(c, "done");
    return true;
}
