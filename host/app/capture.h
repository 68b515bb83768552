/* The pipeline: documents and URLs in, a stored snapshot out. This is where page/ and store/ meet.
 */
#ifndef APP_CAPTURE_H
#define APP_CAPTURE_H

#include "base/buf.h"
#include "page/wall.h"
#include "store/snapshots.h"

/* What a capture may say of itself: frames that nobody could read, elements in places that HTML
 * cannot say, pictures of the page (canvas, blob:) that could not be had, a file whose text could
 * not be read. */
enum { CAPTURE_NOTE_TEXT_UNREAD = 3, CAPTURE_NOTES };

/* Whether a page may reach the private network (page/fetch.h): where its URL says that it is there;
 * where it is there, whatever its URL says, because the person has allowed it; not at all. */
enum capture_private { CAPTURE_PRIVATE_NAMED, CAPTURE_PRIVATE_ALLOWED, CAPTURE_PRIVATE_REFUSED };

/* What the person says of the page, and what the browser says of itself. */
struct capture_wish {
    struct slice title; /* empty: the document's own */
    struct slice note;  /* ptr NULL: the page's own stays */
    const char *const *tags;
    size_t tag_count;
    const char *user_agent;     /* NULL: the host's own */
    const char *language;       /* Accept-Language; NULL: none */
    const int64_t *media_limit; /* bytes of one audio or video file; NULL: the host's own */
    int64_t notes[CAPTURE_NOTES];
    const char *const *unused_fonts; /* as in page/font_faces.h */
    size_t unused_font_count;
    enum capture_private private;
    bool no_fonts;     /* all are left out */
    bool again;        /* a version even when nothing has changed */
    bool refuse_walls; /* ERR_BROWSER for a live page that is a wall (page/wall.h) */
};

/* One document or resource that a browser hands in. Item 0 is the page's own document. */
struct capture_item {
    size_t number;
    bool document; /* else a resource */
    struct slice url;
    struct slice base;
    struct slice doctype;
    struct slice media_type;
    struct buf *bytes; /* finished as soon as it was read: a page's tree is large enough */
};

struct capture_progress {
    const char *stage; /* static: "page", "document", "assets", "done" */
    size_t done;
    size_t total;
    int64_t bytes;
};

/* How the caller watches and stops; all may be NULL, `wake_fd` -1. */
struct capture_hooks {
    void (*progress)(const struct capture_progress *progress, void *arg);
    bool (*interrupted)(void *arg);
    void *arg;
    int wake_fd;
    struct lockfile *places; /* as in page/fetch.h, or NULL */
};

enum { CAPTURE_FAILURES = 50 };

struct capture_failure {
    char *url;
    const char *kind; /* static */
    enum error_code fault;
    int64_t status;
    char *reason;
};

/* What failed, and the page's own session may get. */
struct capture_wanted {
    char *url;
    const char *kind; /* static */
};

struct capture_report {
    struct snapshot_ids ids;
    /* Of the snapshot as a whole. */
    const char *state; /* "complete", "incomplete" */
    const char *kind;  /* static: of page/content.h */
    bool unchanged;    /* `ids` are of the version before, which is the same */
    size_t total;      /* assets wanted */
    size_t failed;
    size_t left_out; /* past the media limit: neither stored nor failed */
    struct capture_failure failures[CAPTURE_FAILURES];
    size_t failure_count;
    /* Of this run. */
    size_t stored;
    size_t reused; /* of the stored: bytes the store had already */
    size_t ended;  /* stored, failed or left out */
    struct capture_wanted *wanted;
    size_t wanted_count; /* LIMIT_WANTED at most */
    size_t wanted_bytes; /* of their URLs, LIMIT_WANTED_BYTES at most */
    int64_t bytes;       /* document and assets, unpacked */
    int64_t ms;
    char *answered;         /* the URL that answered last, or NULL */
    int64_t retry_after_ms; /* after ERR_STATUS or ERR_BROWSER: what the server asks for, or -1 */
};
void capture_report_finish(struct capture_report *report);

/* Whether a page of this URL can be stored at all: ERR_URL, ERR_LIMIT. */
bool capture_check_url(struct slice url, struct error *err) MUST_CHECK;

/* A sentence for each wall. */
const char *capture_wall_text(enum wall wall);

/* A live page. `url` is what was asked for; the document that is item 0, which must be there, may
 * be of another, to which the page has led its reader. `items` may come in any order. */
bool capture_tab(struct store *store, struct slice url, const struct capture_item *items,
                 size_t count, const struct capture_wish *wish, const struct capture_hooks *hooks,
                 struct capture_report *report_out, struct error *err) MUST_CHECK;

/* The host fetches the page itself, or what else the link leads to; follows `<meta refresh>`.
 * Besides the network's errors ERR_BROWSER, when what came is not the page (page/wall.h). */
bool capture_link(struct store *store, struct slice url, const struct capture_wish *wish,
                  const struct capture_hooks *hooks, struct capture_report *report_out,
                  struct error *err) MUST_CHECK;

/* Bytes somebody has already, as if `url` had answered with them. An empty `url` stands for the one
 * that an MHTML or SingleFile document names: ERR_URL when it names none. */
bool capture_file(struct store *store, struct slice bytes, struct slice url,
                  const struct capture_wish *wish, const struct capture_hooks *hooks,
                  struct capture_report *report_out, struct error *err) MUST_CHECK;

/* Fetches what a stored snapshot lacks. */
bool capture_retry(struct store *store, int64_t snapshot, const struct capture_wish *wish,
                   const struct capture_hooks *hooks, struct capture_report *report_out,
                   struct error *err) MUST_CHECK;

/* Takes what a browser got in the page's own session for assets that a stored snapshot lacks, and
 * touches no other; what a style sheet among it refers to is fetched. `base` of an item is the URL
 * after redirects. ERR_PARAMS (nothing is changed then) for an item that is no http(s) URL of this
 * snapshot or comes twice, ERR_LIMIT past LIMIT_WANTED, ERR_ORDER without items. */
bool capture_supply(struct store *store, int64_t snapshot, const struct capture_item *items,
                    size_t count, const struct capture_wish *wish,
                    const struct capture_hooks *hooks, struct capture_report *report_out,
                    struct error *err) MUST_CHECK;

#endif
