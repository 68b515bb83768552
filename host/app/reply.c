#include "app/reply.h"

#include "app/files.h"
#include "base/base64.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "page/wall.h"

#include <stdlib.h>

void reply_init(struct reply *reply)
{
    *reply = (struct reply){.root = cJSON_CreateObject()};
    reply->failed = reply->root == NULL;
}

void reply_finish(struct reply *reply)
{
    cJSON_Delete(reply->root);
    *reply = (struct reply){0};
}

bool reply_ok(const struct reply *reply, struct error *err)
{
    return !reply->failed || error_no_memory(err);
}

/* Takes `item` over. */
static cJSON *add(struct reply *reply, cJSON *parent, const char *name, cJSON *item)
{
    if (parent != NULL && item != NULL &&
        (name ? cJSON_AddItemToObject(parent, name, item) : cJSON_AddItemToArray(parent, item)))
        return item;
    cJSON_Delete(item);
    reply->failed = true;
    return NULL;
}

cJSON *reply_object(struct reply *reply, cJSON *parent, const char *name)
{
    return add(reply, parent, name, cJSON_CreateObject());
}

cJSON *reply_array(struct reply *reply, cJSON *parent, const char *name)
{
    return add(reply, parent, name, cJSON_CreateArray());
}

void reply_int(struct reply *reply, cJSON *parent, const char *name, int64_t value)
{
    add(reply, parent, name, cJSON_CreateNumber((double)value));
}

void reply_bool(struct reply *reply, cJSON *parent, const char *name, bool value)
{
    add(reply, parent, name, cJSON_CreateBool(value));
}

void reply_null(struct reply *reply, cJSON *parent, const char *name)
{
    add(reply, parent, name, cJSON_CreateNull());
}

void reply_slice(struct reply *reply, cJSON *parent, const char *name, struct slice text)
{
    struct buf mended;
    buf_init(&mended, 4 * text.len + 1);
    utf8_append_valid(&mended, text);
    char *bytes = buf_take(&mended);
    add(reply, parent, name, bytes ? cJSON_CreateString(bytes) : NULL);
    free(bytes);
}

void reply_text(struct reply *reply, cJSON *parent, const char *name, const char *text)
{
    reply_slice(reply, parent, name, slice_of(text ? text : ""));
}

void reply_data(struct reply *reply, cJSON *parent, const char *name, const char *media_type,
                struct slice bytes)
{
    if (bytes.len == 0) {
        reply_text(reply, parent, name, "");
        return;
    }
    struct buf url;
    buf_init(&url, 64 * KIB);
    buf_printf(&url, "data:%s;base64,", media_type);
    base64_append(&url, bytes);
    reply->failed = reply->failed || url.failed != ERR_NONE;
    reply_slice(reply, parent, name, buf_slice(&url));
    buf_finish(&url);
}

static void reply_health(struct reply *reply, cJSON *parent, const struct health_row *health)
{
    if (health == NULL) {
        reply_null(reply, parent, "health");
        return;
    }
    cJSON *item = reply_object(reply, parent, "health");
    reply_text(reply, item, "state", health->state);
    reply_int(reply, item, "checked", health->checked);
    reply_int(reply, item, "status", health->status);
    reply_text(reply, item, "reason", health->reason);
    reply_slice(reply, item, "url", utf8_prefix(slice_of(health->url), REPLY_FAILURE_URL));
}

void reply_page(struct reply *reply, cJSON *parent, const struct page_row *page)
{
    reply_int(reply, parent, "page", page->id);
    reply_text(reply, parent, "url", page->url);
    reply_text(reply, parent, "site", page->site);
    reply_text(reply, parent, "title", page->title);
    reply_text(reply, parent, "note", page->note);
    cJSON *tags = reply_array(reply, parent, "tags");
    for (size_t i = 0; i < page->tag_count; i++)
        reply_text(reply, tags, NULL, page->tags[i]);
    reply_int(reply, parent, "created", page->created);
    reply_int(reply, parent, "saved", page->saved);
    reply_int(reply, parent, "trashed", page->trashed);
    reply_int(reply, parent, "versions", page->versions);
    reply_int(reply, parent, "snapshot", page->snapshot);
    reply_text(reply, parent, "state", page->state);
    reply_int(reply, parent, "assets", page->assets);
    reply_int(reply, parent, "failed", page->failed);
    reply_int(reply, parent, "bytes", page->bytes);
    reply_text(reply, parent, "lang", page->lang);
    reply_text(reply, parent, "description", page->description);
    reply_text(reply, parent, "kind", page->kind);
    reply_health(reply, parent, page->health);
    reply_int(reply, parent, "highlights", page->highlights);
    reply_data(reply, parent, "icon", page->icon_type, page->icon);
}

/* Plain and hit in turn, plain first: an empty string stands where two of a kind meet. */
static void reply_spans(struct reply *reply, cJSON *parent, const char *name,
                        const struct search_span *spans, size_t count)
{
    cJSON *list = reply_array(reply, parent, name);
    bool hit = false;
    for (size_t i = 0; i < count; i++) {
        if (spans[i].hit != hit) {
            reply_text(reply, list, NULL, "");
            hit = !hit;
        }
        reply_slice(reply, list, NULL, spans[i].text);
        hit = !hit;
    }
}

void reply_hit(struct reply *reply, cJSON *parent, const struct search_hit *hit)
{
    reply_page(reply, parent, hit->page);
    reply_spans(reply, parent, "title_spans", hit->title, hit->title_count);
    reply_spans(reply, parent, "snippet", hit->snippet, hit->snippet_count);
}

void reply_snapshot(struct reply *reply, cJSON *parent, const struct snapshot_row *snapshot)
{
    reply_int(reply, parent, "snapshot", snapshot->id);
    reply_int(reply, parent, "page", snapshot->page);
    reply_int(reply, parent, "version", snapshot->version);
    reply_int(reply, parent, "taken", snapshot->taken);
    reply_text(reply, parent, "how", snapshot->how);
    reply_text(reply, parent, "url", snapshot->url);
    reply_text(reply, parent, "title", snapshot->title);
    reply_text(reply, parent, "lang", snapshot->lang);
    reply_text(reply, parent, "state", snapshot->state);
    cJSON *assets = reply_object(reply, parent, "assets");
    reply_int(reply, assets, "total", snapshot->assets);
    reply_int(reply, assets, "failed", snapshot->failed);
    reply_int(reply, parent, "bytes", snapshot->bytes);
    reply_text(reply, parent, "kind", snapshot->kind);
    reply_int(reply, parent, "trashed", snapshot->trashed);
    reply_int(reply, parent, "highlights", snapshot->highlights);
}

void reply_highlight(struct reply *reply, cJSON *parent, const struct highlight_row *highlight)
{
    reply_int(reply, parent, "highlight", highlight->id);
    reply_int(reply, parent, "page", highlight->page);
    reply_int(reply, parent, "snapshot", highlight->snapshot);
    reply_int(reply, parent, "version", highlight->version);
    reply_text(reply, parent, "title", highlight->title);
    reply_int(reply, parent, "made", highlight->made);
    reply_int(reply, parent, "changed", highlight->changed);
    reply_text(reply, parent, "quote", highlight->quote);
    reply_text(reply, parent, "prefix", highlight->prefix);
    reply_text(reply, parent, "suffix", highlight->suffix);
    reply_int(reply, parent, "place", highlight->place);
    reply_text(reply, parent, "colour", highlight->colour);
    reply_text(reply, parent, "note", highlight->note);
}

static void reply_failure(struct reply *reply, cJSON *parent, const char *url, const char *kind,
                          enum error_code fault, int64_t status, const char *reason)
{
    /* Many of them share a frame; what a person reads of a URL is its beginning. */
    reply_slice(reply, parent, "url", utf8_prefix(slice_of(url), REPLY_FAILURE_URL));
    reply_text(reply, parent, "kind", kind);
    reply_text(reply, parent, "name", error_name(fault));
    reply_int(reply, parent, "status", status);
    reply_text(reply, parent, "reason", reason);
}

void reply_kind(struct reply *reply, cJSON *parent, const struct kind_row *kind)
{
    reply_text(reply, parent, "kind", kind->kind);
    reply_int(reply, parent, "kept", kind->kept);
    reply_int(reply, parent, "failed", kind->failed);
    reply_int(reply, parent, "left_out", kind->left_out);
    reply_int(reply, parent, "bytes", kind->bytes);
}

void reply_note(struct reply *reply, cJSON *parent, const struct note_row *note)
{
    reply_text(reply, parent, "name", note->name);
    reply_int(reply, parent, "count", note->count);
}

void reply_asset_failure(struct reply *reply, cJSON *parent, const struct asset_row *asset)
{
    reply_failure(reply, parent, asset->url, asset->kind, (enum error_code)asset->fault,
                  asset->status, asset->reason);
}

void reply_capture(struct reply *reply, cJSON *parent, const struct capture_report *report)
{
    reply_int(reply, parent, "page", report->ids.page);
    reply_int(reply, parent, "snapshot", report->ids.snapshot);
    reply_int(reply, parent, "version", report->ids.version);
    reply_text(reply, parent, "state", report->state);
    reply_bool(reply, parent, "unchanged", report->unchanged);
    reply_text(reply, parent, "kind", report->kind);
    cJSON *assets = reply_object(reply, parent, "assets");
    reply_int(reply, assets, "total", (int64_t)report->total);
    reply_int(reply, assets, "stored", (int64_t)report->stored);
    reply_int(reply, assets, "reused", (int64_t)report->reused);
    reply_int(reply, assets, "failed", (int64_t)report->failed);
    reply_int(reply, assets, "left_out", (int64_t)report->left_out);
    cJSON *failures = reply_array(reply, parent, "failures");
    for (size_t i = 0; i < report->failure_count; i++) {
        const struct capture_failure *f = &report->failures[i];
        reply_failure(reply, reply_object(reply, failures, NULL), f->url, f->kind, f->fault,
                      f->status, f->reason);
    }
    cJSON *wanted = reply_array(reply, parent, "wanted");
    for (size_t i = 0; i < report->wanted_count; i++) {
        cJSON *item = reply_object(reply, wanted, NULL);
        reply_text(reply, item, "url", report->wanted[i].url);
        reply_text(reply, item, "kind", report->wanted[i].kind);
    }
    reply_int(reply, parent, "bytes", report->bytes);
    reply_int(reply, parent, "ms", report->ms);
}

void reply_tag(struct reply *reply, cJSON *parent, const struct tag_info *tag)
{
    reply_text(reply, parent, "name", tag->name);
    reply_int(reply, parent, "pages", tag->pages);
    reply_int(reply, parent, "below", tag->below);
    reply_text(reply, parent, "colour", tag->colour);
}

void reply_hop(struct reply *reply, cJSON *parent, const struct hop_row *hop)
{
    reply_slice(reply, parent, "url", utf8_prefix(slice_of(hop->url), REPLY_FAILURE_URL));
    reply_text(reply, parent, "how", hop->how);
}

/* Of a wall the store keeps the name. */
static void reply_job_error(struct reply *reply, cJSON *parent, const struct job_row *job)
{
    if (job->fault == ERR_NONE) {
        reply_null(reply, parent, "error");
        return;
    }
    cJSON *item = reply_object(reply, parent, "error");
    enum wall wall = job->fault == ERR_BROWSER ? wall_named(slice_of(job->reason)) : WALL_NONE;
    reply_text(reply, item, "name", error_name((enum error_code)job->fault));
    reply_text(reply, item, "message", wall != WALL_NONE ? capture_wall_text(wall) : job->reason);
    reply_int(reply, item, "status", job->status);
    reply_text(reply, item, "wall", wall_name(wall));
}

static void reply_number(struct reply *reply, cJSON *parent, const char *name, int64_t value)
{
    if (value > 0)
        reply_int(reply, parent, name, value);
    else
        reply_null(reply, parent, name);
}

void reply_job(struct reply *reply, cJSON *parent, const struct job_row *job)
{
    reply_int(reply, parent, "job", job->id);
    reply_text(reply, parent, "kind", job->kind);
    reply_text(reply, parent, "state", job_state_name(job->state));
    reply_text(reply, parent, "url", job->url);
    reply_text(reply, parent, "title", job->title);
    reply_text(reply, parent, "note", job->note);
    cJSON *tags = reply_array(reply, parent, "tags");
    for (size_t i = 0; i < job->tag_count; i++)
        reply_text(reply, tags, NULL, job->tags[i]);
    reply_int(reply, parent, "attempts", job->attempts);
    reply_int(reply, parent, "not_before", job->not_before);
    reply_int(reply, parent, "created", job->created);
    reply_int(reply, parent, "updated", job->updated);
    reply_text(reply, parent, "stage", job->stage);
    reply_int(reply, parent, "done", job->done);
    reply_int(reply, parent, "total", job->total);
    reply_job_error(reply, parent, job);
    reply_number(reply, parent, "page", job->page);
    reply_number(reply, parent, "snapshot", job->snapshot);
    reply_bool(reply, parent, "again", job->again);
    reply_bool(reply, parent, "unchanged", job->unchanged);
    reply_int(reply, parent, "missing", job->missing);
}

void reply_counts(struct reply *reply, cJSON *parent, const struct job_counts *counts)
{
    for (int state = 0; state < JOB_STATES; state++)
        reply_int(reply, parent, job_state_name((enum job_state)state), counts->states[state]);
    reply_bool(reply, parent, "paused", counts->paused);
}

void reply_error(struct reply *reply, cJSON *parent, const struct error *fault)
{
    reply_int(reply, parent, "code", fault->code);
    reply_text(reply, parent, "name", error_name(fault->code));
    reply_text(reply, parent, "message", fault->text);
    if (fault->code == ERR_BROWSER)
        reply_text(reply, parent, "wall", fault->field);
}

void reply_compared(struct reply *reply, cJSON *parent, const struct compare_row *row)
{
    reply_text(reply, parent, "ref", row->ref);
    if (row->was != NULL)
        reply_text(reply, parent, "was", row->was);
    reply_text(reply, parent, "url", row->url);
    reply_text(reply, parent, "kind", row->asset_kind);
    reply_text(reply, parent, "media_type", row->media_type);
    reply_int(reply, parent, "bytes", row->bytes);
}

void reply_storage(struct reply *reply, cJSON *parent, const char *path, const struct quota *quota)
{
    uint64_t room;
    if (!files_room(path, &room))
        room = 0;
    reply_text(reply, parent, "path", path);
    reply_int(reply, parent, "bytes", quota->used);
    reply_int(reply, parent, "free", room < (uint64_t)QUOTA_MOST ? (int64_t)room : QUOTA_MOST);
    reply_int(reply, parent, "quota", quota->bytes);
    reply_text(reply, parent, "when_full", quota_when_name(quota->when));
}
