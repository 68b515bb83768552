/* links.find, links.save: links that a person gives. */
#include "app/service.h"
#include "app/wish.h"
#include "base/utf8.h"
#include "page/links.h"
#include "page/url.h"
#include "store/pages.h"

#include <stdlib.h>

enum { REFUSED_SHOWN = 50, REFUSED_URL = 2048 };

void handle_add_refused(struct reply *reply, struct slice url, const struct error *fault)
{
    cJSON *list = cJSON_GetObjectItemCaseSensitive(reply->root, "refused");
    if (cJSON_GetArraySize(list) >= REFUSED_SHOWN)
        return;
    cJSON *item = reply_object(reply, list, NULL);
    reply_slice(reply, item, "url", utf8_prefix(url, REFUSED_URL));
    reply_text(reply, item, "name", error_name(fault->code));
    reply_text(reply, item, "message", fault->text);
}

struct finding {
    struct service *service;
    struct reply *reply;
    cJSON *links;
    size_t count;
    size_t bytes;
    bool more;
    bool ok;
    struct error *err;
};

/* The saved page of the URL, 0 for none. */
static bool look_up(struct finding *f, const char *url, int64_t *page_out)
{
    char *normalized = NULL;
    bool ok = url_normalize(url, &normalized, f->err) &&
              pages_find(f->service->store, normalized, page_out, f->err);
    free(normalized);
    return ok;
}

static bool add_link(const char *url, const struct error *fault, void *arg)
{
    struct finding *f = arg;
    int64_t page = 0;
    if (fault != NULL && fault->code != ERR_NONE) {
        handle_add_refused(f->reply, slice_of(url), fault);
        return true;
    }
    size_t len = strlen(url);
    f->more = f->count == LIMIT_LINKS || len > LIMIT_LINKS_BYTES - f->bytes;
    if (f->more)
        return false;
    f->ok = look_up(f, url, &page);
    cJSON *item = reply_object(f->reply, f->links, NULL);
    reply_text(f->reply, item, "url", url);
    if (page != 0)
        reply_int(f->reply, item, "page", page);
    else
        reply_null(f->reply, item, "page");
    f->count++;
    f->bytes += len;
    return f->ok;
}

struct find_params {
    struct slice text;
};
static const struct field find_fields[] = {
    FIELD(FIELD_TEXT, find_params, text, .required = true, .max = (int64_t)LIMIT_LINKS_TEXT),
};

bool handle_links_find(struct service *s, const cJSON *params, struct reply *reply,
                       struct error *err)
{
    struct find_params p = {0};
    if (!fields_read(params, find_fields, 1, &p, err) || !service_store(s, false, err))
        return false;
    struct finding f = {.service = s, .reply = reply, .ok = true, .err = err};
    f.links = reply_array(reply, reply->root, "links");
    reply_array(reply, reply->root, "refused");
    if (!links_find(p.text, add_link, &f, err) || !f.ok)
        return false;
    reply_bool(reply, reply->root, "more", f.more);
    return true;
}

/* ---- links.save ---- */

bool handle_links_save(struct service *s, const cJSON *params, struct reply *reply,
                       struct error *err)
{
    struct wish_params p;
    struct queue_job job = {0};
    struct job_worker worker;
    struct capture_report report = {0};
    struct error fault = {0};
    bool saved = false;
    bool ok = wish_read(params, WISH_LINK, &p, err) && service_store(s, true, err) &&
              service_worker(s, &worker, err);
    if (ok) {
        struct capture_wish wish = wish_of(&p);
        struct queue_link link = {.url = p.url, .wish = &wish, .kind = QUEUE_SAVE};
        ok = queue_begin(s->store, worker, &link, &job, err);
    }
    if (ok) {
        struct capture_hooks hooks = service_hooks(s);
        hooks.places = s->lock;
        ok = queue_do(s->store, worker, &job, true, &hooks, &saved, &report, &fault, err);
    }
    if (ok && !saved) {
        int64_t cancelled;
        if (fault.code == ERR_CANCELLED && !s->closed)
            ok = jobs_cancel(s->store, &job.id, 1, &cancelled, err);
        if (ok)
            *err = fault;
        ok = false;
    }
    if (ok)
        reply_capture(reply, reply->root, &report);
    capture_report_finish(&report);
    queue_job_finish(&job);
    wish_finish(&p);
    return ok;
}
