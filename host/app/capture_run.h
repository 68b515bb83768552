/* One capture under way, for capture*.c alone. */
#ifndef APP_CAPTURE_RUN_H
#define APP_CAPTURE_RUN_H

#include "app/capture.h"
#include "base/limits.h"
#include "page/assets.h"
#include "page/document.h"
#include "page/wall.h"

enum { CAPTURE_HOPS = (LIMIT_REDIRECTS + 1) * (LIMIT_REFRESHES + 1) };

/* A step on the way from the link to the document. */
struct capture_hop {
    char *url;
    char how[12]; /* a status, "refresh" or "script" */
};

/* What has a _finish or _destroy is owned, and the texts. */
struct capture {
    struct store *store;
    const struct capture_wish *wish;
    const struct capture_hooks *hooks;
    struct capture_report *report;
    struct snapshot_hold hold; /* of report->ids.snapshot, from when it is known */
    const char *how;           /* "tab", "link", "file" */
    char *url;                 /* as the person gave it, made absolute */
    char *final_url;           /* what the document came from */
    char *file_name;           /* of the original beside the document, or NULL */
    int64_t taken;             /* ms UTC; 0: now */
    char *site;
    struct capture_hop hops[CAPTURE_HOPS];
    size_t hop_count;
    bool text_unread; /* of a file */
    bool has_turn;    /* LOCKFILE_TURN is this process's */
    bool no_media;    /* the store takes more than it may */
    bool public_only; /* nothing gives it a right to the private network */
    bool is_version;  /* a snapshot of its own, not more for a stored one */
    struct assets *assets;
    struct fetcher *fetcher;
    struct buf html; /* stored form */
    struct document_text text;
    struct buf words; /* the text of its frames; with the page's own at most LIMIT_TEXT */
    int64_t started;  /* ms, monotonic */
};

/* capture.c */

void capture_init(struct capture *c, struct store *store, const char *how,
                  const struct capture_wish *wish, const struct capture_hooks *hooks,
                  struct capture_report *report);
void capture_finish(struct capture *c);

/* Sets c->url, the one that a person means. ERR_QUOTA when nothing may be saved. */
bool capture_open(struct capture *c, struct slice url, struct error *err) MUST_CHECK;

/* Opens the network, before its first use. For a link: the private one too, where the URL itself
 * says that it leads there or the person has allowed it; whether the page really is there shows
 * when it is fetched. For a page that somebody else has fetched its name must say so now as well.
 */
bool capture_open_network(struct capture *c, const char *url, bool fetched,
                          struct error *err) MUST_CHECK;

/* The document at c->final_url: its words, then its stored form into c->html; `keep_text` when
 * c->text is filled already. Then stores it and fetches its assets. */
bool capture_document(struct capture *c, struct document *doc, bool keep_text,
                      struct error *err) MUST_CHECK;

/* Notes a step on the way to the document; past CAPTURE_HOPS it is left out. False when out of
 * memory. */
bool capture_add_hop(struct capture *c, const char *url, const char *how) MUST_CHECK;

/* ERR_BROWSER, with the wall's name as its field. Returns false. */
bool capture_wall(enum wall wall, long status, struct error *err);

/* capture_assets.c */

/* Makes c->assets and c->site for the page at c->final_url. */
bool capture_open_assets(struct capture *c, struct error *err) MUST_CHECK;

/* Fetches what c->assets wants into the store, each as it comes; then ends the snapshot and fills
 * the report. */
bool capture_fetch(struct capture *c, struct error *err) MUST_CHECK;

/* Tells of progress. */
void capture_tell(const struct capture *c, const char *stage);

#endif
