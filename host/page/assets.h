/* What one snapshot loads: each URL once for each way of using it, fetched in parallel, style
 * sheets and frames followed to the end.
 *
 * An asset is named by its REF: 32 hexadecimal digits, the first half of SHA-256 over its kind's
 * class ("style", "frame", "sprite", or "raw" for all others), one space, and its absolute URL
 * without fragment. So a document and a style sheet can be rewritten before anything is fetched,
 * two pages that use one style sheet rewrite it to the same bytes, and an asset that failed can be
 * fetched later without touching what refers to it.
 */
#ifndef PAGE_ASSETS_H
#define PAGE_ASSETS_H

#include "base/buf.h"
#include "page/fetch.h"

#include <stdint.h>

enum { ASSET_REF_SIZE = 33 }; /* 32 digits and a NUL */

#define ASSET_SCHEME "linksnap-asset:" /* followed by REF and perhaps #fragment */
#define FRAME_SCHEME "linksnap-frame:" /* followed by REF; stands in srcdoc="" */

enum asset_kind {
    ASSET_IMAGE,
    ASSET_ICON,
    ASSET_STYLE, /* text/css; stored as UTF-8 with its own references rewritten */
    ASSET_FONT,
    ASSET_MEDIA,  /* audio, video, tracks */
    ASSET_FRAME,  /* a document inside; stored in the stored form */
    ASSET_SPRITE, /* an SVG file that <use> points into; stored sanitized, its ids prefixed */
    ASSET_FILE,   /* what a link leads to, whatever it is; stored as it came, with its type */
    ASSET_KIND_COUNT
};

/* "image", "icon", ...: the name the store and the protocol use. */
const char *asset_kind_name(enum asset_kind kind);
/* False when there is no such kind. */
bool asset_kind_parse(struct slice name, enum asset_kind *kind_out);

enum asset_state {
    ASSET_WANTED,
    ASSET_STORED,
    ASSET_FAILED,
    ASSET_LEFT_OUT /* as the person wished: audio or video past the limit, fonts */
};

struct asset {
    char ref[ASSET_REF_SIZE];
    const char *url; /* absolute, without fragment; `linksnap:frame/N` for frame N of a capture */
    enum asset_kind kind;
    enum asset_state state;
    const char
        *media_type;    /* stored: essence as in "image/png", sniffed where the server was vague */
    struct slice bytes; /* stored: what goes into the store; valid during the callback only */
    enum error_code fault; /* failed, left out: one of the network codes of base/error.h */
    long status;           /* HTTP status when there was one, else 0 */
    const char *reason;    /* failed, left out: one sentence for people, such as "403 Forbidden" */
    bool supplied;         /* stored or failed by what was handed in for it */
};

struct assets;
struct codepoints;
struct font_use;

struct assets_options {
    const char *page_url;       /* the referrer of its assets */
    bool web;                   /* fetch frames by their URL too (a page read from the web form) */
    const int64_t *media_limit; /* bytes of one audio or video file, LIMIT_MEDIA_BODY at most; 0
                                   leaves all out; NULL: LIMIT_ASSET_BODY */
    bool no_fonts;              /* all are left out */
    const char *const *unused_fonts; /* as in page/font_faces.h; the caller's for as long */
    size_t unused_font_count;
};

bool assets_create(const struct assets_options *options, struct assets **assets_out,
                   struct error *err) MUST_CHECK;
void assets_destroy(struct assets *assets);

/* Notes a URL as wanted (again: nothing happens) and writes its REF. Past LIMIT_ASSETS it is noted
 * as failed with ERR_LIMIT, past twice as many not at all. `url` must be absolute; its fragment is
 * no part of it. */
bool assets_want(struct assets *assets, struct slice url, enum asset_kind kind,
                 char ref_out[ASSET_REF_SIZE], struct error *err) MUST_CHECK;

/* Hands in bytes that the browser gave for this URL (a canvas, a blob:, a picture only the session
 * can load): when the URL is wanted it is not fetched. The bytes are copied. */
bool assets_supply(struct assets *assets, struct slice url, struct slice media_type,
                   struct slice bytes, struct error *err) MUST_CHECK;

/* The same without a copy: the bytes are the assets' then, and the buffer is empty. */
bool assets_supply_take(struct assets *assets, struct slice url, struct slice media_type,
                        struct buf *bytes, struct error *err) MUST_CHECK;

/* The same where the bytes came from another URL in the end: what they refer to is resolved against
 * that. */
bool assets_supply_from(struct assets *assets, struct slice url, struct slice final_url,
                        struct slice media_type, struct slice bytes, struct error *err) MUST_CHECK;

/* The same for a document inside the capture: asset `linksnap:frame/N`. `stored_html` is its stored
 * form, made by the caller with document_prepare on the same `assets`. */
bool assets_supply_frame(struct assets *assets, size_t number, struct slice stored_html,
                         struct error *err) MUST_CHECK;

/* Wants a data: URL: its bytes are supplied under `linksnap:data/DIGEST`, so that the store keeps
 * them once. False with ERR_URL when it cannot be decoded or is past LIMIT_DATA_URL. */
bool assets_want_data(struct assets *assets, struct slice data_url, enum asset_kind kind,
                      char ref_out[ASSET_REF_SIZE], struct error *err) MUST_CHECK;

/* Wants a document that stands inside another one (srcdoc="", web form) as a frame under
 * `linksnap:srcdoc/DIGEST`; its references are resolved against `base`. */
bool assets_want_srcdoc(struct assets *assets, struct slice html, struct slice base,
                        char ref_out[ASSET_REF_SIZE], struct error *err) MUST_CHECK;

/* Writes the REF of what a page names but can do without, and does not want it. */
bool assets_pass_over(struct assets *assets, struct slice url, enum asset_kind kind,
                      char ref_out[ASSET_REF_SIZE], struct error *err) MUST_CHECK;

/* An asset that the snapshot has from an earlier run, of so many bytes: it is not wanted again.
 * What is no REF is passed over. */
bool assets_settle(struct assets *assets, struct slice ref, int64_t bytes,
                   struct error *err) MUST_CHECK;

/* What is wanted from here to assets_leave() stands in the document of this URL; what it is asked
 * for with follows the policy set last. */
bool assets_enter(struct assets *assets, const char *url, struct error *err) MUST_CHECK;
void assets_set_policy(struct assets *assets, enum referrer_policy policy);
void assets_leave(struct assets *assets);

/* Style sheets wanted from here on that do not say what encoding they are in are in this one, of
 * the document or sheet that names them (CSS Syntax §3.2). A name of page/media.h; NULL: unknown.
 */
void assets_set_charset(struct assets *assets, const char *charset);

/* Whether they are refused when they are sent as anything but text/css, as browsers do outside of
 * quirks mode (HTML §4.6.7.20, "fetch and process the linked resource" of a stylesheet). */
void assets_set_strict(struct assets *assets, bool strict);

/* Whether a browser showed the document that what is wanted from here on stands in. */
void assets_set_live(struct assets *assets, bool live);

/* Notes characters that the documents of the snapshot show. */
bool assets_note_text(struct assets *assets, struct slice text, struct error *err) MUST_CHECK;

/* What is known of the fonts in use where a sheet stands: of a document that no browser showed
 * (assets_set_live), nothing but its text. */
void assets_font_use(const struct assets *assets, struct font_use *use_out);

/* Whether an asset of this REF is wanted, stored or failed already; whether bytes were handed in
 * for a URL; whether frames are fetched by their URL; whether a URL is the page's own. */
bool assets_knows(const struct assets *assets, struct slice ref);
bool assets_has_supply(const struct assets *assets, struct slice url);
bool assets_follow_frames(const struct assets *assets);
bool assets_is_page(const struct assets *assets, const char *url);

/* All assets so far, in the order they were first wanted. */
size_t assets_count(const struct assets *assets);
const struct asset *assets_at(const struct assets *assets, size_t index);

/* Called once for each asset when it is stored, has failed or is left out; false stops the fetch at
 * once (fill *err). */
typedef bool (*assets_done_fn)(const struct asset *asset, void *arg, struct error *err);

/* Fetches all that is wanted, and what style sheets and frames want in turn, until nothing is left,
 * the deadline of LIMIT_CAPTURE_MS passes (the rest fails with ERR_TIMEOUT) or the fetcher is
 * interrupted (ERR_CANCELLED). What a server forbids (403) is asked for once more without a
 * Referer: some let nobody link to their pictures but those who do not say from where. A failed
 * asset is no failure of the fetch. After a failed fetch neither assets nor fetcher can be used
 * again. */
bool assets_fetch(struct assets *assets, struct fetcher *fetcher, assets_done_fn done, void *arg,
                  struct error *err) MUST_CHECK;

#endif
