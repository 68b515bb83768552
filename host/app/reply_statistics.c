#include "app/reply_statistics.h"

#include "base/utf8.h"

/* Bytes of a title that are told: twenty of them share a frame with all else. */
enum { TITLE_SHOWN = 1024 };

static const char *const health_states[] = {"ok",    "moved",  "changed",  "gone",
                                            "error", "walled", "unchecked"};
enum { HEALTH_STATES = sizeof health_states / sizeof *health_states };

struct counting {
    struct reply *reply;
    const struct statistics_watch *watch;
    cJSON *kinds;
    cJSON *months;
    cJSON *largest;
    cJSON *sites;
    int64_t health[HEALTH_STATES];
};

static void add_kind(const struct statistics_kind *kind, void *arg)
{
    struct counting *c = arg;
    cJSON *item = reply_object(c->reply, c->kinds, NULL);
    reply_text(c->reply, item, "kind", kind->kind);
    reply_int(c->reply, item, "count", kind->count);
    reply_int(c->reply, item, "bytes", kind->bytes);
    reply_int(c->reply, item, "stored", kind->stored);
}

static void add_month(const struct statistics_month *month, void *arg)
{
    struct counting *c = arg;
    cJSON *item = reply_object(c->reply, c->months, NULL);
    reply_text(c->reply, item, "month", month->month);
    reply_int(c->reply, item, "pages", month->pages);
    reply_int(c->reply, item, "snapshots", month->snapshots);
    reply_int(c->reply, item, "bytes", month->bytes);
}

static void add_page(const struct statistics_page *page, void *arg)
{
    struct counting *c = arg;
    cJSON *item = reply_object(c->reply, c->largest, NULL);
    reply_int(c->reply, item, "page", page->page);
    reply_slice(c->reply, item, "title", utf8_prefix(slice_of(page->title), TITLE_SHOWN));
    reply_slice(c->reply, item, "site", utf8_prefix(slice_of(page->site), TITLE_SHOWN));
    reply_int(c->reply, item, "bytes", page->bytes);
}

static void add_site(const struct statistics_site *site, void *arg)
{
    struct counting *c = arg;
    cJSON *item = reply_object(c->reply, c->sites, NULL);
    reply_slice(c->reply, item, "site", utf8_prefix(slice_of(site->site), TITLE_SHOWN));
    reply_int(c->reply, item, "pages", site->pages);
    reply_int(c->reply, item, "bytes", site->bytes);
}

static void add_health(const struct statistics_health *health, void *arg)
{
    struct counting *c = arg;
    size_t i = 0;
    /* What no check of ours writes says nothing. */
    while (i < HEALTH_STATES - 1 && strcmp(health_states[i], health->state) != 0)
        i++;
    c->health[i] += health->pages;
}

static void tell(int64_t done, int64_t total, void *arg)
{
    const struct counting *c = arg;
    if (c->watch->progress != NULL)
        c->watch->progress(done, total, c->watch->arg);
}

static bool is_stopped(void *arg)
{
    const struct counting *c = arg;
    return c->watch->interrupted != NULL && c->watch->interrupted(c->watch->arg);
}

static void add_sums(struct reply *reply, const struct statistics_sums *sums)
{
    cJSON *root = reply->root;
    reply_int(reply, root, "pages", sums->pages);
    reply_int(reply, root, "trashed", sums->trashed);
    reply_int(reply, root, "snapshots", sums->snapshots);
    reply_int(reply, root, "highlights", sums->highlights);
    reply_int(reply, root, "tags", sums->tags);
    cJSON *bytes = reply_object(reply, root, "bytes");
    reply_int(reply, bytes, "file", sums->file);
    reply_int(reply, bytes, "stored", sums->stored);
    reply_int(reply, bytes, "unpacked", sums->unpacked);
    reply_int(reply, bytes, "referenced", sums->referenced);
    cJSON *states = reply_object(reply, root, "states");
    reply_int(reply, states, "complete", sums->complete);
    reply_int(reply, states, "incomplete", sums->incomplete);
    reply_int(reply, states, "pending", sums->pending);
}

bool reply_statistics(struct store *store, const struct statistics_watch *watch,
                      struct reply *reply, struct error *err)
{
    struct counting c = {.reply = reply, .watch = watch};
    const struct statistics_hooks hooks = {.kind = add_kind,
                                           .month = add_month,
                                           .page = add_page,
                                           .site = add_site,
                                           .health = add_health,
                                           .progress = tell,
                                           .interrupted = is_stopped,
                                           .arg = &c};
    struct statistics_sums sums;
    c.kinds = reply_array(reply, reply->root, "kinds");
    c.months = reply_array(reply, reply->root, "months");
    c.largest = reply_array(reply, reply->root, "largest");
    c.sites = reply_array(reply, reply->root, "sites");
    if (!statistics_count(store, &hooks, &sums, err))
        return false;
    add_sums(reply, &sums);
    cJSON *health = reply_object(reply, reply->root, "health");
    for (size_t i = 0; i < HEALTH_STATES; i++)
        reply_int(reply, health, health_states[i], c.health[i]);
    return true;
}
