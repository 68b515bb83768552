/* A stored document as one HTML file that needs nothing else: every asset a data: URL, frames as
 * srcdoc (as data: URLs where their doctype asks for quirks), a Content-Security-Policy at the top.
 * Made when it is viewed or exported, never stored.
 *
 * Works on the text of the stored form alone: the two marks and the two schemes of document.h and
 * assets.h are exact, nothing is parsed.
 */
#ifndef PAGE_STANDALONE_H
#define PAGE_STANDALONE_H

#include "page/assets.h"
#include "page/media.h"

/* The bytes of an asset, appended to `bytes_out`; kind and type set. False with ERR_NONE in *err
 * when the snapshot has no such asset or it failed; false with another code ends the work. */
typedef bool (*standalone_asset_fn)(const char ref[ASSET_REF_SIZE], struct buf *bytes_out,
                                    enum asset_kind *kind_out, struct media_type *type_out,
                                    void *arg, struct error *err);

struct standalone_source {
    const char *url;      /* shown in the comment at the top, which SingleFile's readers know */
    const char *saved_at; /* ISO 8601, for the same comment */
};

/* Appends the file. An asset that is missing becomes an empty data: URL of its kind. Past
 * LIMIT_SELF_CONTAINED further assets are left missing and *left_out_out counts them. */
bool standalone_write(struct slice stored_html, const struct standalone_source *source,
                      standalone_asset_fn asset, void *arg, struct buf *out, size_t *left_out_out,
                      struct error *err) MUST_CHECK;

#endif
