/* Tags as things of their own: completed, suggested, renamed, merged, deleted, coloured; and what a
 * person does to many pages at once. Everything here that changes more than one row of a person's
 * work is a step that can be undone (store/undo.h); one that changed nothing has the number 0.
 */
#ifndef STORE_TAGGING_H
#define STORE_TAGGING_H

#include "store/pages.h"

struct tag_info {
    const char *name;
    int64_t pages;      /* live ones that have it */
    int64_t below;      /* live ones that have it or one below it: `work` and `work/reading` */
    const char *colour; /* "#rrggbb", or "" */
};
typedef bool (*tag_info_fn)(const struct tag_info *tag, void *arg);

struct tags_request {
    struct slice part; /* of a name, folded here; or its pinyin, whole or initials; empty: all */
    bool unused;       /* those that no page has, live or in the trash, too */
    bool by_name;      /* else those that start with `part`, or with its pinyin, first; by pages */
    size_t limit;      /* 1 to LIMIT_RESULTS; with by_name 1 to LIMIT_TAG_NAMES */
};
bool tagging_list(struct store *store, const struct tags_request *request, tag_info_fn fn,
                  void *arg, struct error *err) MUST_CHECK;

/* `from` and all below it get another name; where there is a tag of that name already (compared
 * folded) its pages are joined (*merged_out). ERR_NOT_FOUND, ERR_PARAMS, ERR_LIMIT (a name would be
 * too long; nothing is changed then). *step_out is for undo_apply. */
bool tagging_rename(struct store *store, const char *from, const char *to, bool *merged_out,
                    int64_t *step_out, struct error *err) MUST_CHECK;

/* Takes tags from all pages and forgets them, without those below. Names that are none are passed
 * over. `names` NULL: all that no page has. */
bool tagging_delete(struct store *store, const char *const *names, size_t count,
                    int64_t *deleted_out, int64_t *step_out, struct error *err) MUST_CHECK;

/* "#rrggbb", or "" for none. ERR_NOT_FOUND, ERR_PARAMS. */
bool tagging_colour(struct store *store, const char *name, const char *colour,
                    struct error *err) MUST_CHECK;

/* ---- Suggestions ---- */

struct suggest_source {
    struct slice site; /* "example.com" */
    struct slice title;
    struct slice text; /* its beginning, or empty */
    int64_t page; /* saved already: its own tags are not suggested, its neighbours count; or 0 */
};
/* A person's own tags that fit, the best first: those of pages of the site, those whose words stand
 * in title or text (pinyin does not count here), those of the pages whose texts are nearest. At
 * most `limit` (1 to 20). A few milliseconds at 100,000 pages. */
bool tagging_suggest(struct store *store, const struct suggest_source *source, size_t limit,
                     tag_info_fn fn, void *arg, struct error *err) MUST_CHECK;

/* ---- Titles ---- */

/* Titles of live pages that have `part` at the start of a word, or anywhere when it is Chinese, or
 * whose pinyin (whole or initials) does; the pages saved last first. None for an empty part, and
 * for one of more than 63 characters. `limit` is 1 to LIMIT_RESULTS. */
typedef bool (*title_fn)(int64_t page, const char *title, const char *site, void *arg);
bool tagging_titles(struct store *store, struct slice part, size_t limit, title_fn fn, void *arg,
                    struct error *err) MUST_CHECK;

/* ---- Many pages ---- */

struct pages_edit {
    const int64_t *pages; /* NULL: all that `query` finds */
    size_t count;
    struct slice query;
    int64_t now; /* ms UTC, for the query */
    const char *const *add;
    size_t add_count;
    const char *const *remove;
    size_t remove_count;
    enum { EDIT_NO_TRASH, EDIT_TRASH, EDIT_RESTORE } trash;
};
/* One transaction for all; pages that do not exist are passed over. ERR_PARAMS for a query that is
 * not understood in full. What is added stays though it is removed too. *changed_out counts those
 * that are not as they were. ERR_LIMIT when a page would have more than LIMIT_TAGS, or more are
 * added or removed. Tags cost one or two milliseconds a page in the index, the trash next to
 * nothing. */
bool tagging_edit(struct store *store, const struct pages_edit *edit, int64_t *changed_out,
                  int64_t *step_out, struct error *err) MUST_CHECK;

#endif
