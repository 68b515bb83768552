/* One capture under way, for capture*.c alone. */
#ifndef APP_CAPTURE_RUN_H
#define APP_CAPTURE_RUN_H

#include "app/capture.h"
#include "page/assets.h"
#include "page/document.h"

#include <time.h>

/* What has a _finish or _destroy is owned, and the texts. */
struct capture {
    struct store *store;
    const struct capture_wish *wish;
    const struct capture_hooks *hooks;
    struct capture_report *report;
    const char *how;  /* "tab", "link", "file" */
    char *url;        /* as the person gave it, made absolute */
    char *final_url;  /* what the document came from */
    char *normalized; /* key of the page */
    char *site;
    struct assets *assets;
    struct fetcher *fetcher;
    struct buf html; /* stored form */
    struct document_text text;
    struct buf words; /* the text of its frames; with the page's own at most LIMIT_TEXT */
    int64_t started;  /* ms, monotonic */
};

int64_t capture_clock(clockid_t clock); /* ms */

/* capture.c */

void capture_init(struct capture *c, struct store *store, const char *how,
                  const struct capture_wish *wish, const struct capture_hooks *hooks,
                  struct capture_report *report);
void capture_finish(struct capture *c);

/* Sets c->url and opens the network that a page of this URL may reach. */
bool capture_open(struct capture *c, struct slice url, struct error *err) MUST_CHECK;

/* capture_assets.c */

/* Makes c->assets for the page at c->final_url. */
bool capture_open_assets(struct capture *c, struct error *err) MUST_CHECK;

/* Fetches what c->assets wants into the store, each as it comes; then ends the snapshot and fills
 * the report. */
bool capture_fetch(struct capture *c, struct error *err) MUST_CHECK;

/* Tells of progress. */
void capture_tell(const struct capture *c, const char *stage);

#endif
