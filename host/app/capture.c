#include "app/capture_run.h"

#include "base/limits.h"
#include "base/log.h"
#include "page/media.h"
#include "page/url.h"

#include <stdlib.h>

const char *const capture_note_names[CAPTURE_NOTES] = {"frames_unread", "flattened",
                                                       "resources_unread"};

void capture_init(struct capture *c, struct store *store, const char *how,
                  const struct capture_wish *wish, const struct capture_hooks *hooks,
                  struct capture_report *report)
{
    *report = (struct capture_report){.state = "pending"};
    *c = (struct capture){.store = store,
                          .wish = wish,
                          .hooks = hooks,
                          .report = report,
                          .how = how,
                          .started = capture_clock(CLOCK_MONOTONIC)};
    buf_init(&c->html, LIMIT_CAPTURE);
    buf_init(&c->words, LIMIT_TEXT);
}

void capture_finish(struct capture *c)
{
    free(c->url);
    free(c->final_url);
    free(c->normalized);
    free(c->site);
    fetcher_destroy(c->fetcher);
    assets_destroy(c->assets);
    buf_finish(&c->html);
    document_text_finish(&c->text);
    buf_finish(&c->words);
}

bool capture_check_url(struct slice url, struct error *err)
{
    char *accepted = NULL;
    bool ok = url_accept(url, &accepted, err);
    free(accepted);
    return ok;
}

/* The network that a page of this URL may reach. */
static bool open_fetcher(struct capture *c, const char *url, struct error *err)
{
    struct fetcher_options options = {
        .allow_private = fetch_host_is_private(url),
        .user_agent = c->wish->user_agent,
        .accept_language = c->wish->language,
        .interrupted = c->hooks->interrupted,
        .interrupted_arg = c->hooks->arg,
        .wake_fd = c->hooks->wake_fd,
    };
    fetcher_destroy(c->fetcher);
    c->fetcher = NULL;
    return fetcher_create(&options, &c->fetcher, err);
}

/* The URL a person means. */
bool capture_open(struct capture *c, struct slice url, struct error *err)
{
    return url_accept(url, &c->url, err) && open_fetcher(c, c->url, err);
}

/* A frame that nobody handed in is fetched by its URL: an extension reaches frames of other sites
 * only with a permission that few give. */
static bool open_assets(struct capture *c, struct error *err)
{
    return capture_open_assets(c, err) && url_normalize(c->url, &c->normalized, err) &&
           url_site(c->final_url, &c->site, err);
}

/* The document's words, then its stored form. */
static bool prepare_main(struct capture *c, struct document *doc, struct error *err)
{
    if (!document_extract_text(doc, &c->text, err))
        return false;
    buf_init(&c->words, LIMIT_TEXT - strlen(c->text.text));
    return document_prepare(doc, c->assets, err) && document_write(doc, &c->html, err);
}

/* A frame's words are left out rather than cut. */
static void append_text(struct capture *c, const char *more)
{
    struct slice words = slice_of(more);
    if (words.len == 0 || words.len >= c->words.max - c->words.len)
        return;
    buf_add_char(&c->words, '\n');
    buf_add_slice(&c->words, words);
}

static bool item_document(const struct capture_item *item, struct document **doc_out,
                          struct error *err)
{
    struct document_origin origin = {
        .url = item->url, .base = item->base, .doctype = item->doctype};
    bool ok = document_read_wire(buf_slice(item->bytes), &origin, doc_out, err);
    buf_finish(item->bytes);
    return ok;
}

static bool prepare_frame(struct capture *c, const struct capture_item *item, struct error *err)
{
    struct document *doc = NULL;
    struct document_text text = {0};
    struct buf html;
    buf_init(&html, LIMIT_CAPTURE);
    bool ok = item_document(item, &doc, err);
    if (!ok && err->code != ERR_NO_MEMORY) {
        /* A frame that cannot be read is missing from the snapshot and from nothing else. */
        log_info("frame %zu left out: %s", item->number, err->text);
        ok = true;
        goto out;
    }
    ok = ok && document_extract_text(doc, &text, err) && document_prepare(doc, c->assets, err) &&
         document_write(doc, &html, err) &&
         assets_supply_frame(c->assets, item->number, buf_slice(&html), err);
    if (ok)
        append_text(c, text.text);
out:
    document_destroy(doc);
    document_text_finish(&text);
    buf_finish(&html);
    return ok;
}

static bool supply(struct capture *c, const struct capture_item *item, struct error *err)
{
    bool ok = assets_supply(c->assets, item->url, item->media_type, buf_slice(item->bytes), err);
    buf_finish(item->bytes);
    return ok;
}

/* The page's own text, followed by its frames'. */
static bool join_words(struct capture *c, struct error *err)
{
    if (c->words.len == 0)
        return true;
    struct buf all;
    buf_init(&all, LIMIT_TEXT);
    buf_add_text(&all, c->text.text);
    buf_add_slice(&all, buf_slice(&c->words));
    char *text = buf_ok(&all, "The text", err) ? buf_take(&all) : NULL;
    buf_finish(&all);
    if (text == NULL)
        return error_no_memory(err);
    free(c->text.text);
    c->text.text = text;
    return true;
}

static bool store_document(struct capture *c, struct error *err)
{
    if (!join_words(c, err))
        return false;
    size_t count = assets_count(c->assets);
    struct asset_row *rows = calloc(count ? count : 1, sizeof *rows);
    if (rows == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        const struct asset *asset = assets_at(c->assets, i);
        rows[i] = (struct asset_row){.ref = asset->ref,
                                     .url = asset->url,
                                     .kind = asset_kind_name(asset->kind),
                                     .state = "wanted"};
    }
    struct note_row notes[CAPTURE_NOTES];
    for (size_t i = 0; i < CAPTURE_NOTES; i++)
        notes[i] = (struct note_row){capture_note_names[i], c->wish->notes[i]};
    char *title = c->wish->title.len > 0 ? slice_dup(c->wish->title) : NULL;
    char *note = c->wish->note.ptr ? slice_dup(c->wish->note) : NULL;
    struct snapshot_new snapshot = {
        .normalized_url = c->normalized,
        .url = c->url,
        .final_url = c->final_url,
        .site = c->site,
        .how = c->how,
        .title = title ? title : c->text.title,
        .description = c->text.description,
        .lang = c->text.lang,
        .text = c->text.text,
        .document = buf_slice(&c->html),
        .note = note,
        .tags = c->wish->tags,
        .tag_count = c->wish->tag_count,
        .taken = capture_clock(CLOCK_REALTIME),
        .assets = rows,
        .asset_count = count,
        .notes = notes,
        .note_count = CAPTURE_NOTES,
    };
    bool copied =
        (title != NULL || c->wish->title.len == 0) && (note != NULL || !c->wish->note.ptr);
    bool ok =
        copied ? snapshots_begin(c->store, &snapshot, &c->report->ids, err) : error_no_memory(err);
    c->report->bytes = (int64_t)c->html.len;
    free(rows);
    free(title);
    free(note);
    return ok;
}

/* From here on a kill loses nothing but assets. */
static bool store_and_fetch(struct capture *c, struct error *err)
{
    capture_tell(c, "document");
    return store_document(c, err) && capture_fetch(c, err);
}

bool capture_tab(struct store *store, struct slice url, const struct capture_item *items,
                 size_t count, const struct capture_wish *wish, const struct capture_hooks *hooks,
                 struct capture_report *report_out, struct error *err)
{
    const struct capture_item *main_item = NULL;
    for (size_t i = 0; i < count; i++)
        if (items[i].document && items[i].number == 0)
            main_item = &items[i];
    if (main_item == NULL)
        return error_set(err, ERR_DOCUMENT, "The capture has no document as item 0");
    struct capture c;
    struct document *doc = NULL;
    capture_init(&c, store, "tab", wish, hooks, report_out);
    bool ok = capture_open(&c, url, err) && url_accept(main_item->url, &c.final_url, err) &&
              open_assets(&c, err);
    /* Resources first: a document wants a blob: URL only when somebody handed it in. */
    for (size_t i = 0; ok && i < count; i++)
        if (!items[i].document)
            ok = supply(&c, &items[i], err);
    ok = ok && item_document(main_item, &doc, err) && prepare_main(&c, doc, err);
    document_destroy(doc);
    for (size_t i = 0; ok && i < count; i++)
        if (items[i].document && &items[i] != main_item)
            ok = prepare_frame(&c, &items[i], err);
    ok = ok && store_and_fetch(&c, err);
    capture_finish(&c);
    return ok;
}

/* HTML text, from the network or a file. */
static bool capture_web(struct capture *c, struct slice html, const struct media_type *type,
                        struct error *err)
{
    struct document_origin origin = {.url = slice_of(c->final_url),
                                     .charset = slice_of(type->charset),
                                     .xml = document_is_xml(type->essence)};
    struct document *doc = NULL;
    bool ok = open_assets(c, err) && document_read_web(html, &origin, &doc, err) &&
              prepare_main(c, doc, err);
    document_destroy(doc);
    return ok && store_and_fetch(c, err);
}

/* The answer to the request for the page itself. */
struct answer {
    bool arrived;
    struct buf body;
    struct media_type type;
    char *url;
    struct error error; /* code ERR_NONE when it may be stored */
};

static void page_arrived(const struct fetch_result *result, void *arg)
{
    struct answer *answer = arg;
    answer->arrived = true;
    if (result->fault != ERR_NONE) {
        error_set(&answer->error, result->fault, "%s", result->reason);
        answer->error.status = result->status;
        return;
    }
    struct media_type header;
    media_parse(slice_of(result->content_type), &header);
    media_sniff(result->body, &header, &answer->type);
    const char *essence = answer->type.essence;
    if (strcmp(essence, "text/html") != 0 && !document_is_xml(essence)) {
        error_set(&answer->error, ERR_TYPE, "The link leads to %s, which is no web page",
                  essence[0] ? essence : "something of unknown type");
        return;
    }
    answer->url = slice_dup(slice_of(result->url));
    buf_add_slice(&answer->body, result->body);
    if (answer->url == NULL || answer->body.failed != ERR_NONE)
        error_no_memory(&answer->error);
}

static bool fetch_page(struct capture *c, struct answer *answer, struct error *err)
{
    struct fetch_request request = {
        .url = c->url,
        .accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        .max_bytes = LIMIT_PAGE_BODY,
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

bool capture_link(struct store *store, struct slice url, const struct capture_wish *wish,
                  const struct capture_hooks *hooks, struct capture_report *report_out,
                  struct error *err)
{
    struct capture c;
    struct answer answer = {0};
    buf_init(&answer.body, LIMIT_PAGE_BODY);
    capture_init(&c, store, "link", wish, hooks, report_out);
    capture_tell(&c, "page");
    bool ok = capture_open(&c, url, err) && fetch_page(&c, &answer, err);
    if (ok) {
        c.final_url = answer.url;
        answer.url = NULL;
        /* A private page that leads to a public one gives it no right to the private network. */
        ok = url_same_origin(c.url, c.final_url) || open_fetcher(&c, c.final_url, err);
        ok = ok && capture_web(&c, buf_slice(&answer.body), &answer.type, err);
    }
    free(answer.url);
    buf_finish(&answer.body);
    capture_finish(&c);
    return ok;
}

bool capture_file(struct store *store, struct slice html, struct slice url,
                  const struct capture_wish *wish, const struct capture_hooks *hooks,
                  struct capture_report *report_out, struct error *err)
{
    struct capture c;
    capture_init(&c, store, "file", wish, hooks, report_out);
    bool ok = capture_open(&c, url, err);
    if (ok) {
        c.final_url = slice_dup(slice_of(c.url));
        ok = c.final_url != NULL || error_no_memory(err);
    }
    ok = ok && capture_web(&c, html, &(const struct media_type){0}, err);
    capture_finish(&c);
    return ok;
}
