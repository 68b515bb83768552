/* Results as JSON, for the protocol and for the command line's --json: the same shapes in both. */
#ifndef APP_REPLY_H
#define APP_REPLY_H

#include "app/capture.h"
#include "store/compare.h"
#include "store/highlights.h"
#include "store/jobs.h"
#include "store/quota.h"
#include "store/search.h"
#include "store/tagging.h"
#include "wire/rpc.h"

/* A tree under construction. Out of memory is remembered, and checked once by reply_ok(). */
struct reply {
    cJSON *root; /* an object */
    bool failed;
};

void reply_init(struct reply *reply);
void reply_finish(struct reply *reply);
bool reply_ok(const struct reply *reply, struct error *err) MUST_CHECK;

/* Each adds a member to `parent` (an object; or an array, `name` NULL then) and does nothing when
 * `parent` is NULL. Text that is no UTF-8 (a store from elsewhere) is mended. */
cJSON *reply_object(struct reply *reply, cJSON *parent, const char *name);
cJSON *reply_array(struct reply *reply, cJSON *parent, const char *name);
void reply_text(struct reply *reply, cJSON *parent, const char *name, const char *text);
void reply_slice(struct reply *reply, cJSON *parent, const char *name, struct slice text);
void reply_int(struct reply *reply, cJSON *parent, const char *name, int64_t value);
void reply_bool(struct reply *reply, cJSON *parent, const char *name, bool value);
void reply_null(struct reply *reply, cJSON *parent, const char *name);

/* A data: URL, or "" of no bytes; they are at most 48 KiB. */
void reply_data(struct reply *reply, cJSON *parent, const char *name, const char *media_type,
                struct slice bytes);

/* Bytes of a failure's URL that are told. */
enum { REPLY_FAILURE_URL = 2048 };

/* The objects of host/PROTOCOL.md; `parent` is the object to fill. */
void reply_page(struct reply *reply, cJSON *parent, const struct page_row *page);
void reply_hit(struct reply *reply, cJSON *parent, const struct search_hit *hit);
void reply_snapshot(struct reply *reply, cJSON *parent, const struct snapshot_row *snapshot);
void reply_highlight(struct reply *reply, cJSON *parent, const struct highlight_row *highlight);
void reply_kind(struct reply *reply, cJSON *parent, const struct kind_row *kind);
void reply_note(struct reply *reply, cJSON *parent, const struct note_row *note);
void reply_asset_failure(struct reply *reply, cJSON *parent, const struct asset_row *asset);
void reply_capture(struct reply *reply, cJSON *parent, const struct capture_report *report);
void reply_tag(struct reply *reply, cJSON *parent, const struct tag_info *tag);
void reply_job(struct reply *reply, cJSON *parent, const struct job_row *job);
void reply_counts(struct reply *reply, cJSON *parent, const struct job_counts *counts);
void reply_hop(struct reply *reply, cJSON *parent, const struct hop_row *hop);
void reply_error(struct reply *reply, cJSON *parent, const struct error *fault);
void reply_compared(struct reply *reply, cJSON *parent, const struct compare_row *row);
void reply_storage(struct reply *reply, cJSON *parent, const char *path, const struct quota *quota);

#endif
