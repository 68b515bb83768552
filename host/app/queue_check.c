/* Whether a saved link still leads where it led: HEAD, then GET, then its text beside the saved
 * one. */
#include "app/queue.h"

#include "base/clock.h"
#include "base/limits.h"
#include "page/content.h"
#include "page/document.h"
#include "page/fetch.h"
#include "page/likeness.h"
#include "page/media.h"
#include "page/url.h"
#include "page/wall.h"
#include "store/pages.h"

#include <stdio.h>
#include <stdlib.h>

/* Of a thousand: below the first a page that says that it is gone is believed, below the second a
 * text has changed. */
enum { LIKE_NOTHING = 150, LIKE_LITTLE = 400 };

struct visit {
    struct store *store;
    int64_t page;
    int64_t snapshot;
    char *url;
    bool was_page;  /* and no file */
    bool by_a_file; /* it is a file that says that this is its URL */
    bool lost;      /* out of memory */

    /* The last answer. */
    enum error_code fault;
    long status;
    char reason[ERROR_TEXT_SIZE];
    char *final;
    bool moved; /* for good */
    struct media_type type;
    struct buf body;
};

static bool find_page(const struct page_row *row, void *arg)
{
    struct visit *v = arg;
    v->url = slice_dup(slice_of(row->url));
    v->snapshot = row->snapshot;
    v->was_page = strcmp(row->kind, content_kind_name(CONTENT_PAGE)) == 0;
    v->lost = v->url == NULL;
    return true;
}

static bool find_snapshot(const struct snapshot_row *row, void *arg)
{
    struct visit *v = arg;
    v->by_a_file = strcmp(row->how, "file") == 0;
    return true;
}

static void arrived(const struct fetch_result *result, void *arg)
{
    struct visit *v = arg;
    struct media_type header;
    v->fault = result->fault;
    v->status = result->status;
    snprintf(v->reason, sizeof v->reason, "%s", result->fault != ERR_NONE ? result->reason : "");
    free(v->final);
    v->final = slice_dup(slice_of(result->url));
    v->moved = result->hop_count > 0;
    for (size_t i = 0; i < result->hop_count; i++)
        v->moved = v->moved && (result->hops[i].status == 301 || result->hops[i].status == 308);
    media_parse(slice_of(result->content_type), &header);
    media_sniff(result->body, &header, &v->type);
    buf_reset(&v->body);
    v->lost = v->final == NULL || !buf_add_slice(&v->body, result->body);
}

static bool ask(struct visit *v, struct fetcher *fetcher, bool head, struct error *err)
{
    struct fetch_request request = {
        .url = v->url,
        .accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        .max_bytes = LIMIT_PAGE_BODY,
        .timeout_ms = LIMIT_ASSET_MS,
        .head = head,
        .done = arrived,
        .arg = v,
    };
    return fetcher_add(fetcher, &request, err) && fetcher_run(fetcher, LIMIT_ASSET_MS, err) &&
           (!v->lost || error_no_memory(err));
}

/* A server that is not there is not asked again; every other no is: some know no HEAD. */
static bool visit(struct visit *v, const struct capture_hooks *hooks, struct error *err)
{
    struct fetcher_options options = {.allow_private =
                                          !v->by_a_file && fetch_url_is_private(v->url),
                                      .interrupted = hooks->interrupted,
                                      .interrupted_arg = hooks->arg,
                                      .wake_fd = hooks->wake_fd,
                                      .places = hooks->places};
    struct fetcher *fetcher = NULL;
    bool ok = fetcher_create(&options, &fetcher, err) && ask(v, fetcher, true, err);
    bool absent = v->fault == ERR_DNS || v->fault == ERR_CONNECT || v->fault == ERR_TLS ||
                  v->fault == ERR_PRIVATE || v->fault == ERR_REDIRECT || v->fault == ERR_URL;
    /* The text of a page is compared; of a file it is enough that it is there. */
    bool enough = v->fault == ERR_NONE && v->type.essence[0] != '\0' &&
                  content_kind_of((struct slice){0}, &v->type, v->final) != CONTENT_PAGE;
    ok = ok && (absent || enough || ask(v, fetcher, false, err));
    fetcher_destroy(fetcher);
    return ok;
}

/* ---- What the answer is ---- */

static const char *state_of_fault(const struct visit *v)
{
    if (v->fault == ERR_TOO_LARGE)
        return "ok";
    if (v->fault != ERR_STATUS)
        return "error";
    if (v->status == 404 || v->status == 410)
        return "gone";
    if (v->status == 451)
        return "gone";
    return v->status < 500 && wall_of_status(v->status) != WALL_NONE ? "walled" : "error";
}

static bool is_root(const char *url)
{
    struct slice rest = slice_of(url);
    size_t host = slice_find(rest, 0, slice_of("://")) + 3;
    size_t path = host < rest.len ? slice_find_byte(rest, host, '/') : rest.len;
    return path + 1 >= rest.len;
}

/* Compares with the saved text; *state_out is static. */
static bool compare(struct visit *v, const struct document_text *text, const char **state_out,
                    struct error *err)
{
    struct buf saved;
    int like = 1000;
    buf_init(&saved, LIMIT_TEXT);
    bool ok = snapshots_text(v->store, v->snapshot, &saved, err) &&
              likeness(buf_slice(&saved), slice_of(text->text), &like, err);
    bool home = is_root(v->final) && !is_root(v->url);
    if (like < LIKE_NOTHING &&
        (home || likeness_says_gone(slice_of(text->title), slice_of(text->text))))
        *state_out = "gone";
    else if (like < LIKE_LITTLE)
        *state_out = "changed";
    buf_finish(&saved);
    return ok;
}

static bool look_at_page(struct visit *v, const char **state_out, struct error *err)
{
    struct document *doc = NULL;
    struct document_text text = {0};
    struct document_origin origin = {.url = slice_of(v->final),
                                     .charset = slice_of(v->type.charset),
                                     .xml = document_is_xml(v->type.essence)};
    bool ok = document_read_web(buf_slice(&v->body), &origin, &doc, err);
    if (!ok && err->code != ERR_NO_MEMORY) {
        ok = true; /* nobody can tell */
        goto out;
    }
    ok = ok && document_extract_text(doc, &text, err);
    if (ok && wall_of_document(doc, &text, v->url, v->final) != WALL_NONE)
        *state_out = "walled";
    else if (ok)
        ok = compare(v, &text, state_out, err);
out:
    document_text_finish(&text);
    document_destroy(doc);
    return ok;
}

static bool judge(struct visit *v, const char **state_out, struct error *err)
{
    *state_out = v->fault == ERR_NONE ? "ok" : state_of_fault(v);
    if (v->fault != ERR_NONE)
        return true;
    struct slice body = buf_slice(&v->body);
    bool is_page = content_kind_of(body, &v->type, v->final) == CONTENT_PAGE;
    if (is_page != v->was_page)
        *state_out = "changed";
    else if (is_page && !look_at_page(v, state_out, err))
        return false;
    if (v->moved && strcmp(*state_out, "ok") == 0)
        *state_out = "moved";
    return true;
}

/* What may be this machine's own network, or a bad moment of the server. */
static bool may_pass(const struct visit *v)
{
    return v->fault == ERR_DNS || v->fault == ERR_CONNECT || v->fault == ERR_TIMEOUT ||
           v->fault == ERR_SERVER || (v->fault == ERR_STATUS && v->status >= 500);
}

bool queue_check_page(struct store *store, int64_t page, bool last,
                      const struct capture_hooks *hooks, struct error *err)
{
    struct visit v = {.store = store, .page = page};
    const char *state = NULL;
    buf_init(&v.body, LIMIT_PAGE_BODY);
    bool ok = pages_get(store, page, find_page, &v, err) && (!v.lost || error_no_memory(err)) &&
              snapshots_get(store, v.snapshot, find_snapshot, &v, err) && visit(&v, hooks, err);
    if (ok && !last && may_pass(&v)) {
        ok = error_set(err, v.fault, "%s", v.reason);
        err->status = v.status;
    }
    ok = ok && judge(&v, &state, err);
    if (ok) {
        struct health_row row = {.page = page,
                                 .state = state,
                                 .checked = clock_now(),
                                 .fault = v.fault == ERR_TOO_LARGE ? ERR_NONE : (int)v.fault,
                                 .status = v.status,
                                 .reason = v.reason,
                                 .url = strcmp(v.final, v.url) != 0 ? v.final : ""};
        ok = health_put(store, &row, err);
    }
    free(v.url);
    free(v.final);
    buf_finish(&v.body);
    return ok;
}
