#include "app/capture_run.h"

#include "base/clock.h"
#include "base/log.h"
#include "page/content.h"
#include "page/landing.h"
#include "page/url.h"
#include "page/wall.h"
#include "store/quota.h"

#include <stdlib.h>

static const char *const note_names[CAPTURE_NOTES] = {"frames_unread", "flattened",
                                                      "resources_unread", "text_unread"};

void capture_init(struct capture *c, struct store *store, const char *how,
                  const struct capture_wish *wish, const struct capture_hooks *hooks,
                  struct capture_report *report)
{
    *report = (struct capture_report){
        .state = "pending", .kind = content_kind_name(CONTENT_PAGE), .retry_after_ms = -1};
    *c = (struct capture){.store = store,
                          .wish = wish,
                          .hooks = hooks,
                          .report = report,
                          .how = how,
                          .started = clock_steady()};
    buf_init(&c->html, LIMIT_CAPTURE);
    buf_init(&c->words, LIMIT_TEXT);
}

void capture_finish(struct capture *c)
{
    snapshots_release(c->store, &c->hold);
    free(c->url);
    free(c->final_url);
    free(c->file_name);
    for (size_t i = 0; i < c->hop_count; i++)
        free(c->hops[i].url);
    free(c->site);
    if (c->has_turn)
        lockfile_give(c->hooks->places, LOCKFILE_TURN);
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

static bool may_be_private(const struct capture *c, const char *url, bool fetched)
{
    enum capture_private wish = c->wish->private;
    if (c->public_only || wish == CAPTURE_PRIVATE_REFUSED)
        return false;
    if (wish != CAPTURE_PRIVATE_ALLOWED && !fetch_url_is_private(url))
        return false;
    return !fetched || fetch_host_is_private(url);
}

bool capture_open_network(struct capture *c, const char *url, bool fetched, struct error *err)
{
    struct fetcher_options options = {
        .allow_private = may_be_private(c, url, fetched),
        .user_agent = c->wish->user_agent,
        .accept_language = c->wish->language,
        .interrupted = c->hooks->interrupted,
        .interrupted_arg = c->hooks->arg,
        .wake_fd = c->hooks->wake_fd,
        .places = c->hooks->places,
    };
    return fetcher_create(&options, &c->fetcher, err);
}

bool capture_open(struct capture *c, struct slice url, struct error *err)
{
    bool media = true;
    if (!url_accept(url, &c->url, err) || !quota_check(c->store, &media, err))
        return false;
    c->no_media = !media;
    return true;
}

/* The document's words, then its stored form. */
static bool prepare_main(struct capture *c, struct document *doc, bool keep_text, struct error *err)
{
    if (!keep_text && !document_extract_text(doc, &c->text, err))
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

/* What the store is told of the page beside its words: the key, other spellings, the way there. */
struct identity {
    char *key;
    char *spellings[LANDING_SPELLINGS];
    size_t spelling_count;
    struct hop_row hops[CAPTURE_HOPS];
};

static bool identity_find(const struct capture *c, struct identity *id, struct error *err)
{
    struct landing landing = {
        .asked = c->url, .final = c->final_url, .canonical = c->text.canonical};
    for (size_t i = 0; i < c->hop_count; i++)
        id->hops[i] = (struct hop_row){.url = c->hops[i].url, .how = c->hops[i].how};
    return landing_key(&landing, &id->key, id->spellings, &id->spelling_count, err);
}

static void identity_finish(struct identity *id)
{
    free(id->key);
    for (size_t i = 0; i < id->spelling_count; i++)
        free(id->spellings[i]);
}

static struct asset_row *wanted_rows(const struct capture *c)
{
    size_t count = assets_count(c->assets);
    struct asset_row *rows = calloc(count ? count : 1, sizeof *rows);
    for (size_t i = 0; rows != NULL && i < count; i++) {
        const struct asset *asset = assets_at(c->assets, i);
        rows[i] = (struct asset_row){.ref = asset->ref,
                                     .url = asset->url,
                                     .kind = asset_kind_name(asset->kind),
                                     .state = "wanted"};
    }
    return rows;
}

static bool store_document(struct capture *c, struct error *err)
{
    struct identity id = {0};
    struct asset_row *rows = NULL;
    struct note_row notes[CAPTURE_NOTES];
    const struct capture_wish *wish = c->wish;
    for (size_t i = 0; i < CAPTURE_NOTES; i++)
        notes[i] = (struct note_row){note_names[i], wish->notes[i]};
    notes[CAPTURE_NOTE_TEXT_UNREAD].count = c->text_unread;
    char *title = wish->title.len > 0 ? slice_dup(wish->title) : NULL;
    char *note = wish->note.ptr ? slice_dup(wish->note) : NULL;
    bool ok = join_words(c, err) && identity_find(c, &id, err);
    if (ok && ((title == NULL && wish->title.len > 0) || (note == NULL && wish->note.ptr) ||
               (rows = wanted_rows(c)) == NULL))
        ok = error_no_memory(err);
    if (ok) {
        struct snapshot_new snapshot = {
            .normalized_url = id.key,
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
            .tags = wish->tags,
            .tag_count = wish->tag_count,
            .taken = c->taken ? c->taken : clock_now(),
            .kind = c->report->kind,
            .file_name = c->file_name,
            .spellings = (const char *const *)id.spellings,
            .spelling_count = id.spelling_count,
            .hops = id.hops,
            .hop_count = c->hop_count,
            .assets = rows,
            .asset_count = assets_count(c->assets),
            .notes = notes,
            .note_count = CAPTURE_NOTES,
            .hold = &c->hold,
        };
        ok = snapshots_begin(c->store, &snapshot, &c->report->ids, err);
        c->report->bytes = (int64_t)c->html.len;
        c->is_version = ok;
    }
    identity_finish(&id);
    free(rows);
    free(title);
    free(note);
    return ok;
}

/* From here on a kill loses nothing but assets. */
static bool store_and_fetch(struct capture *c, struct error *err)
{
    const struct capture_hooks *hooks = c->hooks;
    capture_tell(c, "document");
    if (hooks->interrupted != NULL && hooks->interrupted(hooks->arg))
        return error_set(err, ERR_CANCELLED, "Stopped");
    return store_document(c, err) && capture_fetch(c, err);
}

bool capture_document(struct capture *c, struct document *doc, bool keep_text, struct error *err)
{
    return prepare_main(c, doc, keep_text, err) && store_and_fetch(c, err);
}

/* A tab that shows a check for robots, or a login, where a page was asked for. */
static bool check_wall(struct capture *c, const struct document *doc, struct error *err)
{
    if (!document_extract_text(doc, &c->text, err))
        return false;
    enum wall wall =
        c->wish->refuse_walls ? wall_of_document(doc, &c->text, c->url, c->final_url) : WALL_NONE;
    /* A shell that a browser has run is all there is. */
    return wall == WALL_NONE || wall == WALL_SHELL || capture_wall(wall, 0, err);
}

/* A page may have sent its reader on by a script. */
static bool note_way(struct capture *c, struct error *err)
{
    if (strcmp(c->url, c->final_url) == 0 || !c->wish->refuse_walls)
        return true;
    return capture_add_hop(c, c->url, "script") || error_no_memory(err);
}

/* A link of the queue that a background tab has opened: what it led to must not be a place of the
 * private network that the link did not name. */
static bool refuse_detour(const struct capture *c, struct error *err)
{
    bool strayed = c->wish->refuse_walls && c->wish->private != CAPTURE_PRIVATE_ALLOWED &&
                   fetch_url_is_private(c->final_url) && !fetch_url_is_private(c->url);
    return !strayed || error_set(err, ERR_PRIVATE, "It leads into the private network");
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
              refuse_detour(&c, err) && note_way(&c, err) &&
              capture_open_network(&c, c.final_url, true, err) && capture_open_assets(&c, err);
    /* Resources first: a document wants a blob: URL only when somebody handed it in. */
    for (size_t i = 0; ok && i < count; i++)
        if (!items[i].document)
            ok = supply(&c, &items[i], err);
    ok = ok && item_document(main_item, &doc, err) && check_wall(&c, doc, err) &&
         prepare_main(&c, doc, true, err);
    document_destroy(doc);
    for (size_t i = 0; ok && i < count; i++)
        if (items[i].document && &items[i] != main_item)
            ok = prepare_frame(&c, &items[i], err);
    ok = ok && store_and_fetch(&c, err);
    capture_finish(&c);
    return ok;
}
