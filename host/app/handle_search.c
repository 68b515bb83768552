/* pages.search, similar, titles: finding what a person has saved. */
#include "app/service.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "store/facets.h"
#include "store/similar.h"
#include "store/spelling.h"
#include "store/tagging.h"
#include "wire/fields.h"

enum { DEFAULT_RESULTS = 50 };

struct search_params {
    struct slice query;
    struct slice sort;
    int64_t limit;
    struct slice cursor;
    int64_t skip;
    int64_t facets; /* 0: none */
    bool spelling;
};
static const struct field search_fields[] = {
    FIELD(FIELD_TEXT, search_params, query, .max = (int64_t)LIMIT_QUERY_TEXT),
    FIELD(FIELD_TEXT, search_params, sort, .max = 16),
    FIELD(FIELD_INT, search_params, limit, .min = 1, .max = (int64_t)LIMIT_RESULTS),
    FIELD(FIELD_TEXT, search_params, cursor, .max = 63),
    FIELD(FIELD_INT, search_params, skip, .max = SEARCH_SKIP),
    FIELD(FIELD_INT, search_params, facets, .min = 1, .max = FACETS_MAX),
    FIELD(FIELD_BOOL, search_params, spelling, .required = false),
};

/* Rows are printed as they come, so that the answer can end before it outgrows a frame. */
struct found {
    struct reply *reply;
    cJSON *pages;
    size_t bytes;
};

/* Of a frame, for what stands beside the pages: facets above all. */
#define FOUND_REST (192 * KIB)

static bool add_hit(const struct search_hit *hit, void *arg)
{
    struct found *found = arg;
    struct reply row;
    reply_init(&row);
    reply_hit(&row, row.root, hit);
    char *text = row.failed ? NULL : cJSON_PrintUnformatted(row.root);
    reply_finish(&row);
    size_t len = text ? strlen(text) : 0;
    bool room = found->bytes == 0 || found->bytes + len < LIMIT_FRAME_OUT - FOUND_REST;
    if (text != NULL && room) {
        cJSON *raw = cJSON_CreateRaw(text);
        if (raw == NULL || !cJSON_AddItemToArray(found->pages, raw)) {
            cJSON_Delete(raw);
            found->reply->failed = true;
        }
        found->bytes += len;
    }
    found->reply->failed = found->reply->failed || text == NULL;
    cJSON_free(text);
    return room && !found->reply->failed;
}

static bool read_sort(const struct search_params *p, enum search_sort *sort_out, struct error *err)
{
    *sort_out = slice_trim(p->query).len > 0 ? SEARCH_RANK : SEARCH_NEWEST;
    return p->sort.ptr == NULL || search_sort_parse(p->sort, sort_out) ||
           error_set_field(err, ERR_PARAMS, "sort", "\"sort\" is no order");
}

/* ---- Beside the pages ---- */

struct facets {
    struct reply *reply;
    cJSON *lists[3]; /* by enum facet_kind */
};

static bool add_facet(const struct facet *facet, void *arg)
{
    struct facets *facets = arg;
    cJSON *item = reply_object(facets->reply, facets->lists[facet->kind], NULL);
    reply_text(facets->reply, item, "name", facet->name);
    reply_int(facets->reply, item, "pages", facet->pages);
    return true;
}

static bool add_facets(struct service *s, const struct search_params *p, struct reply *reply,
                       struct error *err)
{
    if (p->facets == 0)
        return true;
    cJSON *item = reply_object(reply, reply->root, "facets");
    struct facets facets = {.reply = reply,
                            .lists = {[FACET_TAG] = reply_array(reply, item, "tags"),
                                      [FACET_SITE] = reply_array(reply, item, "sites"),
                                      [FACET_YEAR] = reply_array(reply, item, "years")}};
    struct facets_request request = {
        .query = p->query, .limit = (size_t)p->facets, .now = clock_now()};
    return facets_list(s->store, &request, add_facet, &facets, err);
}

static bool add_spelling(struct service *s, const struct search_params *p, int64_t total,
                         struct reply *reply, struct error *err)
{
    if (!p->spelling)
        return true;
    struct buf better;
    struct slice query = utf8_prefix(p->query, LIMIT_QUERY);
    buf_init(&better, 2 * LIMIT_QUERY);
    bool ok = total > SPELLING_FEW || spelling_better(s->store, query, &better, err);
    if (ok)
        reply_slice(reply, reply->root, "spelling", buf_slice(&better));
    buf_finish(&better);
    return ok;
}

bool handle_pages_search(struct service *s, const cJSON *params, struct reply *reply,
                         struct error *err)
{
    struct search_params p = {.limit = DEFAULT_RESULTS};
    struct search_request request = {0};
    if (!fields_read(params, search_fields, sizeof search_fields / sizeof *search_fields, &p,
                     err) ||
        !read_sort(&p, &request.sort, err) || !service_store(s, false, err))
        return false;
    request.query = p.query;
    request.limit = (size_t)p.limit;
    request.skip = (size_t)p.skip;
    request.cursor = p.cursor.ptr;
    request.now = clock_now();
    if (!add_facets(s, &p, reply, err))
        return false;
    struct found found = {.reply = reply, .pages = reply_array(reply, reply->root, "pages")};
    struct search_end end = {0};
    if (!search_pages(s->store, &request, add_hit, &found, &end, err) ||
        !add_spelling(s, &p, end.total, reply, err))
        return false;
    reply_int(reply, reply->root, "total", end.total);
    reply_text(reply, reply->root, "cursor", end.cursor);
    reply_text(reply, reply->root, "hint", end.hint);
    return true;
}

/* ---- More like one ---- */

struct similar_params {
    int64_t page;
    int64_t limit;
};
static const struct field similar_fields[] = {
    FIELD(FIELD_INT, similar_params, page, .required = true, .min = 1, .max = INT64_C(1) << 53),
    FIELD(FIELD_INT, similar_params, limit, .min = 1, .max = SIMILAR_MAX),
};

static bool add_similar(const struct page_row *page, void *arg)
{
    struct search_hit hit = {.page = page};
    return add_hit(&hit, arg);
}

bool handle_pages_similar(struct service *s, const cJSON *params, struct reply *reply,
                          struct error *err)
{
    struct similar_params p = {.limit = 20};
    if (!fields_read(params, similar_fields, 2, &p, err) || !service_store(s, false, err))
        return false;
    struct found found = {.reply = reply, .pages = reply_array(reply, reply->root, "pages")};
    return similar_pages(s->store, p.page, (size_t)p.limit, add_similar, &found, err);
}

/* ---- Titles to complete ---- */

struct titles_params {
    struct slice part;
    int64_t limit;
};
static const struct field titles_fields[] = {
    FIELD(FIELD_TEXT, titles_params, part, .required = true, .max = (int64_t)LIMIT_TITLE),
    FIELD(FIELD_INT, titles_params, limit, .min = 1, .max = 50),
};

static bool add_title(int64_t page, const char *title, const char *site, void *arg)
{
    struct found *found = arg;
    cJSON *item = reply_object(found->reply, found->pages, NULL);
    reply_int(found->reply, item, "page", page);
    reply_text(found->reply, item, "title", title);
    reply_text(found->reply, item, "site", site);
    return true;
}

bool handle_pages_titles(struct service *s, const cJSON *params, struct reply *reply,
                         struct error *err)
{
    struct titles_params p = {.limit = 10};
    if (!fields_read(params, titles_fields, 2, &p, err) || !service_store(s, false, err))
        return false;
    struct found found = {.reply = reply, .pages = reply_array(reply, reply->root, "titles")};
    return tagging_titles(s->store, p.part, (size_t)p.limit, add_title, &found, err);
}
