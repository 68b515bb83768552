#include "app/queue.h"

#include "base/clock.h"
#include "base/limits.h"
#include "page/fetch.h"
#include "page/url.h"
#include "store/health.h"
#include "store/pages.h"
#include "store/quota.h"

#include <stdio.h>
#include <stdlib.h>

bool queue_open_lock(const struct store *store, struct lockfile **lock_out, struct error *err)
{
    struct buf path;
    buf_init(&path, 64 * KIB);
    buf_printf(&path, "%s-work", store_file(store));
    bool ok = buf_ok(&path, "A path", err) && lockfile_open(path.ptr, lock_out, err);
    buf_finish(&path);
    return ok;
}

/* ---- Adding ---- */

/* The texts of a row under construction. */
struct row_texts {
    char *url;
    char *normalized;
    char *host;
    char *title;
    char *note;
};

static void row_texts_finish(struct row_texts *texts)
{
    free(texts->url);
    free(texts->normalized);
    free(texts->host);
    free(texts->title);
    free(texts->note);
}

static bool row_texts_fill(struct row_texts *texts, const struct queue_link *link,
                           struct error *err)
{
    const struct capture_wish *wish = link->wish;
    if (!url_accept(link->url, &texts->url, err) ||
        !url_normalize(texts->url, &texts->normalized, err) ||
        !url_site(texts->url, &texts->host, err))
        return false;
    if (wish->private == CAPTURE_PRIVATE_REFUSED && fetch_url_is_private(texts->url))
        return error_set(err, ERR_PRIVATE, "The link leads into a private network");
    texts->title = slice_dup(wish->title);
    texts->note = wish->note.ptr ? slice_dup(wish->note) : NULL;
    return (texts->title != NULL && (texts->note != NULL || !wish->note.ptr)) ||
           error_no_memory(err);
}

static struct job_new row_of(const struct row_texts *texts, const struct queue_link *link)
{
    const struct capture_wish *wish = link->wish;
    return (struct job_new){.kind = link->kind,
                            .url = texts->url,
                            .normalized = texts->normalized,
                            .host = texts->host,
                            .title = texts->title,
                            .note = texts->note,
                            .tags = wish->tags,
                            .tag_count = wish->tag_count,
                            .user_agent = wish->user_agent,
                            .language = wish->language,
                            .media_limit = wish->media_limit ? *wish->media_limit : -1,
                            .no_fonts = wish->no_fonts,
                            .page = link->page,
                            .again = wish->again};
}

struct batch {
    struct row_texts *texts;
    struct job_new *rows;
    size_t *places; /* index among the links */
    int64_t *ids;
    size_t count;
};

static bool batch_init(struct batch *batch, size_t count, struct error *err)
{
    size_t room = count ? count : 1;
    *batch = (struct batch){.texts = calloc(room, sizeof *batch->texts),
                            .rows = calloc(room, sizeof *batch->rows),
                            .places = calloc(room, sizeof *batch->places),
                            .ids = calloc(room, sizeof *batch->ids)};
    return (batch->texts && batch->rows && batch->places && batch->ids) || error_no_memory(err);
}

static void batch_finish(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        row_texts_finish(&batch->texts[i]);
    free(batch->texts);
    free(batch->rows);
    free(batch->places);
    free(batch->ids);
}

/* Nothing is put off that could not be saved now either: its person would hear of it too late. */
static bool check_quota(struct store *store, const struct queue_link *links, size_t count,
                        struct error *err)
{
    bool saves = false;
    bool media;
    for (size_t i = 0; i < count && !saves; i++)
        saves = strcmp(links[i].kind, QUEUE_SAVE) == 0;
    return !saves || quota_check(store, &media, err);
}

bool queue_add(struct store *store, const struct queue_link *links, size_t count, int64_t *ids_out,
               queue_refused_fn refused, void *arg, struct error *err)
{
    struct batch batch;
    bool ok = batch_init(&batch, count, err) && check_quota(store, links, count, err);
    for (size_t i = 0; ok && i < count; i++) {
        struct error fault = {0};
        struct row_texts *texts = &batch.texts[batch.count];
        if (row_texts_fill(texts, &links[i], &fault)) {
            batch.rows[batch.count] = row_of(texts, &links[i]);
            batch.places[batch.count++] = i;
            continue;
        }
        row_texts_finish(texts);
        *texts = (struct row_texts){0};
        ok = fault.code != ERR_NO_MEMORY || error_no_memory(err);
        if (ok && refused != NULL && !refused(links[i].url, &fault, arg))
            ok = error_no_memory(err);
    }
    ok = ok && (batch.count == 0 || jobs_add(store, batch.rows, batch.count, batch.ids, err));
    if (ok) {
        for (size_t i = 0; i < count; i++)
            ids_out[i] = 0;
        for (size_t i = 0; i < batch.count; i++)
            ids_out[batch.places[i]] = batch.ids[i];
    }
    batch_finish(&batch);
    return ok;
}

/* ---- Checks ---- */

/* Pages of one transaction. */
enum { CHECKS = 500 };

struct checks {
    struct queue_link links[CHECKS];
    char *urls[CHECKS];
    size_t count;
    bool lost; /* out of memory */
};

static const struct capture_wish no_wish;

static bool note_check(int64_t page, const char *url, void *arg)
{
    struct checks *checks = arg;
    char *own = slice_dup(slice_of(url));
    checks->lost = own == NULL;
    if (own == NULL)
        return false;
    checks->urls[checks->count] = own;
    checks->links[checks->count++] = (struct queue_link){
        .url = slice_of(own), .wish = &no_wish, .kind = QUEUE_CHECK, .page = page};
    return checks->count < CHECKS;
}

static bool note_page(const struct page_row *row, void *arg)
{
    return note_check(row->id, row->url, arg);
}

static bool add_some(struct store *store, struct checks *checks, struct error *err)
{
    int64_t ids[CHECKS];
    bool ok = !checks->lost || error_no_memory(err);
    ok = ok && queue_add(store, checks->links, checks->count, ids, NULL, NULL, err);
    for (size_t i = 0; i < checks->count; i++)
        free(checks->urls[i]);
    return ok;
}

static bool check_these(struct store *store, const int64_t *pages, size_t count, int64_t *added,
                        struct error *err)
{
    for (size_t i = 0; i < count;) {
        struct checks checks = {0};
        bool ok = true;
        for (; ok && i < count && checks.count < CHECKS && !checks.lost; i++)
            ok = pages_get(store, pages[i], note_page, &checks, err);
        if (!add_some(store, &checks, ok ? err : &(struct error){0}) || !ok)
            return false;
        *added += (int64_t)checks.count;
    }
    return true;
}

static bool check_due(struct store *store, int64_t before, int64_t *added, struct error *err)
{
    int64_t after = 0;
    for (;;) {
        struct checks checks = {0};
        if (!health_due(store, before, after, CHECKS, note_check, &checks, err) ||
            !add_some(store, &checks, err))
            return false;
        *added += (int64_t)checks.count;
        after = checks.count > 0 ? checks.links[checks.count - 1].page : after;
        if (checks.count < CHECKS)
            return true;
    }
}

bool queue_add_checks(struct store *store, const int64_t *pages, size_t count, int64_t days,
                      int64_t *added_out, struct error *err)
{
    int64_t before = clock_now() - days * 86400000;
    *added_out = 0;
    return pages != NULL ? check_these(store, pages, count, added_out, err)
                         : check_due(store, before, added_out, err);
}
