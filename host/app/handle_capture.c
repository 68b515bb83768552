/* capture.*, snapshots.retry: what a browser hands in, and what a snapshot lacks. */
#include "app/service.h"
#include "app/wish.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* The text, or NULL when it was not given or is empty. */
static const char *optional(struct slice text)
{
    return text.len > 0 ? text.ptr : NULL;
}

static bool keep(struct slice text, char **out, struct error *err)
{
    if (text.ptr == NULL)
        return true;
    *out = slice_dup(text);
    return *out != NULL || error_no_memory(err);
}

static bool keep_tags(struct intake_capture *capture, const char *const *tags, size_t count,
                      struct error *err)
{
    capture->tags = calloc(count + 1, sizeof *capture->tags);
    if (capture->tags == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        if (!keep(slice_of(tags[i]), &capture->tags[i], err))
            return false;
        capture->tag_count++;
    }
    return true;
}

static void answer_begin(struct reply *reply, const struct intake_capture *capture)
{
    char id[24];
    snprintf(id, sizeof id, "%" PRIu64, capture->id);
    reply_text(reply, reply->root, "capture", id);
}

static bool any_snapshot(const struct snapshot_row *row, void *arg)
{
    (void)row;
    (void)arg;
    return true;
}

/* The link that was asked for, and what the person said of it, where the browser says nothing else.
 */
static void apply_job(struct wish_params *p, const struct queue_job *job)
{
    p->url = slice_of(job->url);
    if (p->title.len == 0)
        p->title = slice_of(job->title);
    if (p->note.ptr == NULL && job->note != NULL)
        p->note = slice_of(job->note);
    p->again = p->again || job->again;
}

static bool find_job(struct service *s, struct wish_params *p, struct queue_job *job,
                     struct error *err)
{
    if (p->job == 0)
        return true;
    if (!service_has_job(s, p->job, err) || !jobs_get(s->store, p->job, queue_job_keep, job, err))
        return false;
    if (job->failed)
        return error_no_memory(err);
    apply_job(p, job);
    return true;
}

static bool keep_tags_of(struct intake_capture *capture, const struct wish_params *p,
                         const struct queue_job *job, struct error *err)
{
    if (p->tags.given || p->job == 0)
        return keep_tags(capture, p->tags.items, p->tags.count, err);
    return keep_tags(capture, (const char *const *)job->tags, job->tag_count, err);
}

/* Heard before the page is read and sent; a store that fails is told of when it is needed. */
static bool check_quota(struct service *s, struct error *err)
{
    struct error fault = {0};
    bool media;
    if (service_store(s, false, &fault) && !quota_check(s->store, &media, &fault) &&
        fault.code == ERR_QUOTA) {
        *err = fault;
        return false;
    }
    return true;
}

static bool begin_page(struct service *s, const cJSON *params, struct reply *reply,
                       struct error *err)
{
    struct wish_params p;
    struct intake_capture *capture = NULL;
    struct queue_job job = {0};
    bool ok = wish_read(params, WISH_CAPTURE, &p, err) && capture_check_url(p.url, err) &&
              find_job(s, &p, &job, err) && check_quota(s, err) &&
              intake_begin(&s->intake, &capture, err);
    if (ok) {
        ok = keep(p.url, &capture->url, err) && keep(p.title, &capture->title, err) &&
             keep(p.note, &capture->note, err) && keep_tags_of(capture, &p, &job, err) &&
             keep(p.user_agent, &capture->user_agent, err) &&
             keep(p.language, &capture->language, err);
        if (!ok)
            intake_capture_finish(capture);
    }
    if (ok) {
        capture->media_limit = p.media_limit;
        capture->no_fonts = !p.fonts || job.no_fonts;
        capture->again = p.again;
        capture->private = wish_private(p.private);
        capture->job = p.job;
        answer_begin(reply, capture);
    }
    queue_job_finish(&job);
    wish_finish(&p);
    return ok;
}

struct retry_params {
    int64_t snapshot;
    struct slice user_agent;
    struct slice language;
    int64_t media_limit;
    bool fonts;
    const cJSON *private;
};
static const struct field retry_fields[] = {
    FIELD(FIELD_INT, retry_params, snapshot, .required = true, .min = 1, .max = INT64_C(1) << 53),
    FIELD(FIELD_TEXT, retry_params, user_agent, .max = (int64_t)LIMIT_AGENT),
    FIELD(FIELD_TEXT, retry_params, language, .max = (int64_t)LIMIT_AGENT),
    FIELD(FIELD_INT, retry_params, media_limit, .max = (int64_t)LIMIT_MEDIA_BODY),
    FIELD(FIELD_BOOL, retry_params, fonts, .required = false),
    FIELD(FIELD_FLAG, retry_params, private, .required = false),
};
enum { RETRY_FIELDS = sizeof retry_fields / sizeof *retry_fields };

/* Resources for a snapshot that is stored already. */
static bool begin_supply(struct service *s, const cJSON *params, struct reply *reply,
                         struct error *err)
{
    struct retry_params p = {.media_limit = -1, .fonts = true};
    struct intake_capture *capture = NULL;
    if (!fields_read(params, retry_fields, RETRY_FIELDS, &p, err) || !service_store(s, true, err) ||
        !snapshots_get(s->store, p.snapshot, any_snapshot, NULL, err) ||
        !intake_begin(&s->intake, &capture, err))
        return false;
    capture->snapshot = p.snapshot;
    capture->media_limit = p.media_limit;
    capture->no_fonts = !p.fonts;
    capture->private = wish_private(p.private);
    if (!keep(p.user_agent, &capture->user_agent, err) ||
        !keep(p.language, &capture->language, err)) {
        intake_capture_finish(capture);
        return false;
    }
    answer_begin(reply, capture);
    return true;
}

bool handle_capture_begin(struct service *s, const cJSON *params, struct reply *reply,
                          struct error *err)
{
    bool supply = cJSON_GetObjectItemCaseSensitive(params, "snapshot") != NULL;
    return supply ? begin_supply(s, params, reply, err) : begin_page(s, params, reply, err);
}

struct add_params {
    struct slice capture;
    int64_t item;
    int64_t seq;
    struct slice kind;
    struct slice url;
    struct slice base;
    struct slice doctype;
    struct slice media_type;
    struct slice data;
    bool last;
};

static const struct field add_fields[] = {
    FIELD(FIELD_TEXT, add_params, capture, .required = true, .max = 20),
    FIELD(FIELD_INT, add_params, item, .required = true, .max = INT32_MAX),
    FIELD(FIELD_INT, add_params, seq, .required = true, .max = INT32_MAX),
    FIELD(FIELD_TEXT, add_params, kind, .max = 20),
    FIELD(FIELD_TEXT, add_params, url, .max = (int64_t)LIMIT_URL),
    FIELD(FIELD_TEXT, add_params, base, .max = (int64_t)LIMIT_URL),
    FIELD(FIELD_TEXT, add_params, doctype, .max = (int64_t)(4 * KIB)),
    FIELD(FIELD_TEXT, add_params, media_type, .max = 200),
    FIELD(FIELD_TEXT, add_params, data, .required = true, .max = (int64_t)LIMIT_PART_TEXT),
    FIELD(FIELD_BOOL, add_params, last, .required = true),
};
enum { ADD_FIELDS = sizeof add_fields / sizeof *add_fields };

bool handle_capture_add(struct service *s, const cJSON *params, struct reply *reply,
                        struct error *err)
{
    struct add_params p = {0};
    struct intake_capture *capture = NULL;
    if (!fields_read(params, add_fields, ADD_FIELDS, &p, err) ||
        !intake_find(&s->intake, p.capture, &capture, err))
        return false;
    struct intake_part part = {
        .item = (size_t)p.item,
        .seq = (size_t)p.seq,
        .kind = p.kind,
        .url = p.url,
        .base = p.base,
        .doctype = p.doctype,
        .media_type = p.media_type,
        .data = p.data,
        .last = p.last,
    };
    if (!intake_add(capture, &part, err))
        return false;
    reply_int(reply, reply->root, "received", (int64_t)capture->received);
    return true;
}

struct capture_params {
    struct slice capture;
    int64_t frames_unread;
    int64_t flattened;
    int64_t resources_unread;
    struct field_texts unused_fonts;
};
static const struct field capture_fields[] = {
    FIELD(FIELD_TEXT, capture_params, capture, .required = true, .max = 20),
    FIELD(FIELD_INT, capture_params, frames_unread, .max = INT32_MAX),
    FIELD(FIELD_INT, capture_params, flattened, .max = INT32_MAX),
    FIELD(FIELD_INT, capture_params, resources_unread, .max = INT32_MAX),
    FIELD(FIELD_TEXTS, capture_params, unused_fonts, .max = (int64_t)LIMIT_FONT_NAME,
          .max_items = LIMIT_FONT_NAMES),
};
enum { COMMIT_FIELDS = sizeof capture_fields / sizeof *capture_fields, CANCEL_FIELDS = 1 };

static bool read_capture(struct service *s, const cJSON *params, size_t fields,
                         struct capture_params *p, struct intake_capture **capture_out,
                         struct error *err)
{
    return fields_read(params, capture_fields, fields, p, err) &&
           intake_find(&s->intake, p->capture, capture_out, err);
}

static bool commit(struct service *s, struct intake_capture *capture,
                   const struct capture_item *items, const struct capture_wish *wish,
                   struct capture_report *report, struct error *err)
{
    struct capture_hooks hooks = service_hooks(s);
    size_t count = capture->item_count;
    if (capture->snapshot != 0)
        return capture_supply(s->store, capture->snapshot, items, count, wish, &hooks, report, err);
    bool ok =
        capture_tab(s->store, slice_of(capture->url), items, count, wish, &hooks, report, err);
    return capture->job == 0 ? ok : service_end_job(s, capture->job, ok, report, err) && ok;
}

bool handle_capture_commit(struct service *s, const cJSON *params, struct reply *reply,
                           struct error *err)
{
    struct intake_capture *capture = NULL;
    struct capture_item *items = NULL;
    struct capture_params p = {0};
    if (!read_capture(s, params, COMMIT_FIELDS, &p, &capture, err) ||
        !intake_items(capture, &items, err)) {
        fields_finish(capture_fields, COMMIT_FIELDS, &p);
        return false;
    }
    struct capture_wish wish = {
        .title = slice_of(capture->title),
        .note = slice_of(capture->note),
        .tags = (const char *const *)capture->tags,
        .tag_count = capture->tag_count,
        .user_agent = optional(slice_of(capture->user_agent)),
        .language = optional(slice_of(capture->language)),
        .media_limit = capture->media_limit >= 0 ? &capture->media_limit : NULL,
        .private = capture->private,
        .no_fonts = capture->no_fonts,
        .again = capture->again,
        .refuse_walls = capture->job != 0,
        .notes = {p.frames_unread, p.flattened, p.resources_unread},
        .unused_fonts = p.unused_fonts.items,
        .unused_font_count = p.unused_fonts.count,
    };
    struct capture_report report = {0};
    bool ok = service_store(s, true, err) && commit(s, capture, items, &wish, &report, err);
    if (ok)
        reply_capture(reply, reply->root, &report);
    capture_report_finish(&report);
    free(items);
    fields_finish(capture_fields, COMMIT_FIELDS, &p);
    intake_capture_finish(capture);
    return ok;
}

bool handle_capture_cancel(struct service *s, const cJSON *params, struct reply *reply,
                           struct error *err)
{
    (void)reply;
    struct intake_capture *capture = NULL;
    struct capture_params p = {0};
    if (!read_capture(s, params, CANCEL_FIELDS, &p, &capture, err))
        return false;
    intake_capture_finish(capture);
    return true;
}

bool handle_snapshots_retry(struct service *s, const cJSON *params, struct reply *reply,
                            struct error *err)
{
    struct retry_params p = {.media_limit = -1, .fonts = true};
    if (!fields_read(params, retry_fields, RETRY_FIELDS, &p, err) || !service_store(s, true, err))
        return false;
    struct capture_wish wish = {.user_agent = optional(p.user_agent),
                                .language = optional(p.language),
                                .media_limit = p.media_limit >= 0 ? &p.media_limit : NULL,
                                .no_fonts = !p.fonts,
                                .private = wish_private(p.private)};
    struct capture_hooks hooks = service_hooks(s);
    struct capture_report report = {0};
    bool ok = capture_retry(s->store, p.snapshot, &wish, &hooks, &report, err);
    if (ok)
        reply_capture(reply, reply->root, &report);
    capture_report_finish(&report);
    return ok;
}
