/* A page by its link: fetched, followed to where it leads, and read as what it is. Files take the
 * same way from where their bytes are there. */
#include "app/capture_run.h"

#include "page/archive.h"
#include "page/content.h"
#include "page/landing.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

const char *capture_wall_text(enum wall wall)
{
    static const char *const texts[] = {
        [WALL_NONE] = "",
        [WALL_SHELL] = "The page is drawn by scripts: a browser is needed",
        [WALL_CHALLENGE] = "The site checks for robots: a browser is needed",
        [WALL_LOGIN] = "The page asks for a login: a browser is needed",
        [WALL_REFUSED] = "The server lets only browsers in",
    };
    return texts[wall];
}

bool capture_wall(enum wall wall, long status, struct error *err)
{
    error_set_field(err, ERR_BROWSER, wall_name(wall), "%s", capture_wall_text(wall));
    err->status = status;
    return false;
}

/* ---- The answer ---- */

/* What a URL answered with. */
struct answer {
    struct capture *capture;
    bool arrived;
    bool from_private;
    struct buf body;
    struct media_type type;
    char *url; /* final */
    char *disposition;
    struct error error; /* code ERR_NONE when it may be read */
};

static void answer_init(struct answer *answer, struct capture *c)
{
    *answer = (struct answer){.capture = c};
    buf_init(&answer->body, LIMIT_FILE_BODY);
}

static void answer_finish(struct answer *answer)
{
    buf_finish(&answer->body);
    free(answer->url);
    free(answer->disposition);
}

bool capture_add_hop(struct capture *c, const char *url, const char *how)
{
    if (c->hop_count == CAPTURE_HOPS)
        return true;
    struct capture_hop *hop = &c->hops[c->hop_count];
    hop->url = slice_dup(slice_of(url));
    if (hop->url == NULL)
        return false;
    snprintf(hop->how, sizeof hop->how, "%s", how);
    c->hop_count++;
    return true;
}

static bool keep_answer(struct answer *answer, const struct fetch_result *result)
{
    char how[12];
    for (size_t i = 0; i < result->hop_count; i++) {
        snprintf(how, sizeof how, "%ld", result->hops[i].status);
        if (!capture_add_hop(answer->capture, result->hops[i].url, how))
            return false;
    }
    struct media_type header;
    media_parse(slice_of(result->content_type), &header);
    media_sniff(result->body, &header, &answer->type);
    answer->from_private = result->from_private;
    answer->url = slice_dup(slice_of(result->url));
    answer->disposition = slice_dup(slice_of(result->disposition));
    return answer->url != NULL && answer->disposition != NULL &&
           buf_add_slice(&answer->body, result->body);
}

static void page_arrived(const struct fetch_result *result, void *arg)
{
    struct answer *answer = arg;
    answer->arrived = true;
    struct capture_report *report = answer->capture->report;
    report->retry_after_ms = result->retry_after_ms;
    free(report->answered);
    report->answered = slice_dup(slice_of(result->url));
    if (result->fault == ERR_STATUS && wall_of_status(result->status) != WALL_NONE) {
        capture_wall(wall_of_status(result->status), result->status, &answer->error);
    } else if (result->fault != ERR_NONE) {
        error_set(&answer->error, result->fault, "%s", result->reason);
        answer->error.status = result->status;
    } else if (!keep_answer(answer, result)) {
        error_no_memory(&answer->error);
    }
}

/* A page is read whole into a tree, a file is not. */
static size_t ceiling(const char *content_type, void *arg)
{
    (void)arg;
    struct media_type type;
    media_parse(slice_of(content_type), &type);
    bool text = slice_starts(slice_of(type.essence), "text/") || document_is_xml(type.essence);
    return text ? LIMIT_PAGE_BODY : LIMIT_FILE_BODY;
}

static bool fetch_page(struct capture *c, const char *url, struct answer *answer, struct error *err)
{
    struct fetch_request request = {
        .url = url,
        .accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        .max_bytes = LIMIT_FILE_BODY,
        .ceiling = ceiling,
        .timeout_ms = LIMIT_PAGE_MS,
        .done = page_arrived,
        .arg = answer,
    };
    if (!fetcher_add(c->fetcher, &request, err) || !fetcher_run(c->fetcher, LIMIT_PAGE_MS, err))
        return false;
    if (!answer->arrived)
        return error_set(err, ERR_INTERNAL, "The page was not fetched");
    if (answer->error.code != ERR_NONE) {
        *err = answer->error;
        return false;
    }
    return true;
}

/* ---- Reading it ---- */

static bool read_html(struct slice html, const char *url, const struct media_type *type,
                      struct document **doc_out, struct error *err)
{
    if (html.len > LIMIT_PAGE_BODY)
        return error_set(err, ERR_TOO_LARGE, "The page is larger than %zu MiB",
                         LIMIT_PAGE_BODY / MIB);
    struct document_origin origin = {.url = slice_of(url),
                                     .charset = slice_of(type->charset),
                                     .xml = document_is_xml(type->essence)};
    return document_read_web(html, &origin, doc_out, err);
}

/* What an archive holds is handed in as if a browser had read it. */
static bool read_archive(struct capture *c, struct slice bytes, struct document **doc_out,
                         struct error *err)
{
    struct archive archive = {0};
    bool ok = archive_read_mhtml(bytes, &archive, err) && capture_open_assets(c, err);
    for (size_t i = 0; ok && i < archive.count; i++) {
        const struct archive_part *part = &archive.parts[i];
        ok = assets_supply(c->assets, part->url, slice_of(part->type.essence), part->bytes, err);
    }
    ok = ok && read_html(archive.page.bytes, archive.url ? archive.url : c->final_url,
                         &archive.page.type, doc_out, err);
    archive_finish(&archive);
    return ok;
}

/* The original as an asset; `own` is the buffer that the bytes stand in when nobody needs them
 * later, or NULL. */
static bool keep_original(struct capture *c, const struct content *content, struct buf *own,
                          struct error *err)
{
    char ref[ASSET_REF_SIZE];
    struct slice url = slice_of(content->url);
    struct slice type = slice_of(content->type.essence);
    return capture_open_assets(c, err) &&
           (own != NULL ? assets_supply_take(c->assets, url, type, own, err)
                        : assets_supply(c->assets, url, type, content->bytes, err)) &&
           assets_want(c->assets, url, ASSET_FILE, ref, err);
}

/* The document that shows what is no page. */
static bool read_content(struct capture *c, struct content *content, struct buf *own,
                         const char *disposition, struct document **doc_out, struct error *err)
{
    struct buf html;
    enum content_gap gap = CONTENT_WHOLE;
    buf_init(&html, LIMIT_PAGE_BODY);
    bool ok = content_file_name(disposition, content->url, &content->type, &c->file_name, err);
    content->name = c->file_name;
    ok = ok && content_write(content, &html, &gap, err) && keep_original(c, content, own, err);
    struct media_type utf8 = {.essence = "text/html", .charset = "utf-8"};
    ok = ok && read_html(buf_slice(&html), content->url, &utf8, doc_out, err);
    c->text_unread = gap != CONTENT_WHOLE;
    c->report->kind = content_kind_name(content->kind);
    buf_finish(&html);
    return ok;
}

/* ---- Links ---- */

/* A page so large takes a hundred times its bytes while it is read. */
static const size_t large_page = 4 * MIB;
enum { TURN_MS = 50 };

/* Of the processes that share the lock file one reads a large page at a time, until its capture
 * ends.
 */
static bool take_turn(struct capture *c, size_t size, struct error *err)
{
    const struct capture_hooks *hooks = c->hooks;
    struct error ignored;
    if (hooks->places == NULL || size < large_page)
        return true;
    while (!c->has_turn && lockfile_take(hooks->places, LOCKFILE_TURN, &c->has_turn, &ignored) &&
           !c->has_turn) {
        if (hooks->interrupted != NULL && hooks->interrupted(hooks->arg))
            return error_set(err, ERR_CANCELLED, "Stopped");
        (void)poll(NULL, 0, TURN_MS);
    }
    return true;
}

/* Reads the answer, when it is a page, and finds where that sends its reader to: *url_out is the
 * caller's, or NULL. */
static bool read_page(struct capture *c, const struct answer *answer, bool follow,
                      struct document **doc_out, char **url_out, struct error *err)
{
    struct slice body = buf_slice(&answer->body);
    *doc_out = NULL;
    *url_out = NULL;
    if (content_kind_of(body, &answer->type, answer->url) != CONTENT_PAGE)
        return true;
    bool ok = take_turn(c, body.len, err) &&
              read_html(body, answer->url, &answer->type, doc_out, err) &&
              (!follow || landing_refresh(*doc_out, url_out, err));
    if (ok && *url_out != NULL)
        ok = capture_add_hop(c, answer->url, "refresh") || error_no_memory(err);
    if (!ok || *url_out != NULL) {
        document_destroy(*doc_out);
        *doc_out = NULL;
    }
    return ok;
}

/* Fetches until a page sends nobody further; *doc_out is NULL when it is no page. The first public
 * one on the way ends the right to the private network, for what it loads and where it leads. */
static bool fetch_to_end(struct capture *c, struct answer *answer, struct document **doc_out,
                         struct error *err)
{
    char *next = NULL;
    bool ok = fetch_page(c, c->url, answer, err);
    for (long i = 0; ok; i++) {
        if (!answer->from_private)
            fetcher_forbid_private(c->fetcher);
        ok = read_page(c, answer, i < LIMIT_REFRESHES, doc_out, &next, err);
        if (!ok || next == NULL)
            break;
        answer_finish(answer);
        answer_init(answer, c);
        ok = fetch_page(c, next, answer, err);
        free(next);
        next = NULL;
    }
    free(next);
    return ok;
}

/* The document of what is no page. An archive without a page in it is a file. */
static bool read_other(struct capture *c, struct slice bytes, struct buf *own,
                       const struct media_type *type, const char *disposition,
                       struct document **doc_out, struct error *err)
{
    struct content content = {.kind = content_kind_of(bytes, type, c->final_url),
                              .bytes = bytes,
                              .url = c->final_url,
                              .type = *type};
    if (content.kind == CONTENT_ARCHIVE) {
        if (read_archive(c, bytes, doc_out, err))
            return true;
        if (err->code != ERR_DOCUMENT || c->assets != NULL)
            return false;
        content.kind = CONTENT_FILE;
    }
    return read_content(c, &content, own, disposition, doc_out, err);
}

static bool check_wall(struct capture *c, const struct document *doc, struct error *err)
{
    if (!document_extract_text(doc, &c->text, err))
        return false;
    enum wall wall = wall_of_document(doc, &c->text, c->url, c->final_url);
    return wall == WALL_NONE || capture_wall(wall, 0, err);
}

bool capture_link(struct store *store, struct slice url, const struct capture_wish *wish,
                  const struct capture_hooks *hooks, struct capture_report *report_out,
                  struct error *err)
{
    struct capture c;
    struct answer answer;
    struct document *doc = NULL;
    capture_init(&c, store, "link", wish, hooks, report_out);
    answer_init(&answer, &c);
    capture_tell(&c, "page");
    bool ok = capture_open(&c, url, err) && capture_open_network(&c, c.url, false, err) &&
              fetch_to_end(&c, &answer, &doc, err);
    bool is_page = doc != NULL;
    if (ok) {
        c.final_url = answer.url;
        answer.url = NULL;
        ok = is_page ? check_wall(&c, doc, err) && capture_open_assets(&c, err)
                     : read_other(&c, buf_slice(&answer.body), &answer.body, &answer.type,
                                  answer.disposition, &doc, err);
    }
    answer_finish(&answer);
    ok = ok && capture_document(&c, doc, is_page, err);
    document_destroy(doc);
    capture_finish(&c);
    return ok;
}

/* ---- Files ---- */

/* The URL and time that a saved page names. */
static bool find_origin(struct slice bytes, const struct media_type *type, char **url_out,
                        int64_t *saved_out, struct error *err)
{
    if (content_kind_of(bytes, type, "") == CONTENT_ARCHIVE) {
        struct archive archive = {0};
        if (!archive_read_mhtml(bytes, &archive, err))
            return false;
        *url_out = archive.url;
        *saved_out = archive.saved;
        archive.url = NULL;
        archive_finish(&archive);
    } else {
        (void)archive_origin(bytes, url_out, saved_out);
    }
    return true;
}

bool capture_file(struct store *store, struct slice bytes, struct slice url,
                  const struct capture_wish *wish, const struct capture_hooks *hooks,
                  struct capture_report *report_out, struct error *err)
{
    struct capture c;
    struct document *doc = NULL;
    struct media_type type = {0};
    char *named = NULL;
    int64_t saved = 0;
    media_sniff(bytes, &(const struct media_type){0}, &type);
    capture_init(&c, store, "file", wish, hooks, report_out);
    bool ok = find_origin(bytes, &type, &named, &saved, err);
    c.public_only = url.len == 0; /* a file may say anything of itself */
    if (ok && url.len == 0 && named == NULL)
        ok = error_set(err, ERR_URL, "The file does not say which URL it is of");
    ok = ok && capture_open(&c, url.len > 0 ? url : slice_of(named), err) &&
         capture_open_network(&c, c.url, true, err);
    if (ok) {
        c.taken = saved;
        c.final_url = slice_dup(slice_of(c.url));
        ok = c.final_url != NULL || error_no_memory(err);
    }
    if (ok && content_kind_of(bytes, &type, c.final_url) == CONTENT_PAGE)
        ok = read_html(bytes, c.final_url, &type, &doc, err) && capture_open_assets(&c, err);
    else if (ok)
        ok = read_other(&c, bytes, NULL, &type, "", &doc, err);
    ok = ok && capture_document(&c, doc, false, err);
    document_destroy(doc);
    free(named);
    capture_finish(&c);
    return ok;
}
