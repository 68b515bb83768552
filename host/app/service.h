/* One port: requests in, answers out, one at a time. The table of methods is in service.c; what
 * they do is in handle_*.c. */
#ifndef APP_SERVICE_H
#define APP_SERVICE_H

#include "app/guard.h"
#include "app/intake.h"
#include "app/queue.h"
#include "app/reply.h"
#include "page/media.h"

struct service_request {
    struct rpc_message message;
    struct error fault; /* what the message is answered with, when it is none that can be handled */
    size_t bytes;
};

/* What of a snapshot is read: its HTML, its original file, one asset, the text that is searched. */
enum service_view { SERVICE_VIEW_HTML, SERVICE_VIEW_FILE, SERVICE_VIEW_ASSET, SERVICE_VIEW_TEXT };

struct service {
    int in;
    int out;
    const char *store_path;
    struct store *store;      /* NULL: could not be opened so far */
    struct error store_fault; /* why it cannot be opened, or not written; ERR_NONE when it can */
    struct error no_folder;   /* why the store's folder is not there; it cannot be made any more */
    bool read_only;
    struct confine_state confined; /* what is in force of this process */
    bool greeted;                  /* hello was answered */
    struct intake intake;
    struct lockfile *lock; /* of the queue's workers; NULL: not needed so far */
    bool took;             /* jobs for a browser: they are given back at the end */

    /* The snapshot that is being read. */
    int64_t view_snapshot; /* 0: none */
    enum service_view view;
    char view_asset[33]; /* its name */
    struct media_type view_type;
    struct buf view_bytes;
    size_t view_left_out;

    /* Requests that came while one was at work. */
    struct service_request queue[LIMIT_QUEUED];
    size_t queued;
    size_t queued_bytes;
    bool closed;             /* the port is gone */
    struct error last_fault; /* a frame that could not be read: answered once, at the end */

    /* The request at work. */
    const cJSON *current;
    bool cancelled;
    int64_t last_progress;  /* ms, monotonic */
    const char *last_stage; /* static; NULL: nothing told yet */
};

/* `store_path` is borrowed. Opens nothing yet. */
void service_init(struct service *service, int in, int out, const char *store_path);
void service_finish(struct service *service);

/* Serves until the port closes (true) or a frame cannot be read or written (false). */
bool service_run(struct service *service, struct error *err) MUST_CHECK;

/* For handlers. */

/* The store, opened now when it was not. With `write` a store that can only be read is an error. */
bool service_store(struct service *service, bool write, struct error *err) MUST_CHECK;
/* Hooks that send progress for the request at work and stop it when it is cancelled. */
struct capture_hooks service_hooks(struct service *service);

/* Tells how far the request at work is, at most ten times a second; `stage` is static. */
void service_progress(void *service, const char *stage, int64_t done, int64_t total);

/* A notification about the request at work; `reply` has its members but `id`. */
void service_notify(struct service *service, struct reply *reply);
/* Whether the request at work is to stop. */
bool service_interrupted(void *service);

/* This process as a worker of the queue. */
bool service_worker(struct service *service, struct job_worker *worker_out,
                    struct error *err) MUST_CHECK;
/* ERR_ORDER when the job is not this port's (handle_browser.c). */
bool service_has_job(struct service *service, int64_t job, struct error *err) MUST_CHECK;
/* A browser's capture for the job is over: stored (`ok`), or failed with what is in *err, which
 * stays then. False when the store failed beneath it. */
bool service_end_job(struct service *service, int64_t job, bool ok,
                     const struct capture_report *report, struct error *err) MUST_CHECK;

/* What the port has taken and not ended waits for a browser again. */
void service_give_back(struct service *service);

/* Adds to the answer's "refused", while there is room. */
void handle_add_refused(struct reply *reply, struct slice url, const struct error *fault);

typedef bool (*service_handler)(struct service *service, const cJSON *params, struct reply *reply,
                                struct error *err);

struct service_method {
    const char *name;
    service_handler handle;
};
/* Ends with a NULL name. */
extern const struct service_method service_methods[];

bool handle_hello(struct service *service, const cJSON *params, struct reply *reply,
                  struct error *err);
bool handle_capture_begin(struct service *service, const cJSON *params, struct reply *reply,
                          struct error *err);
bool handle_capture_add(struct service *service, const cJSON *params, struct reply *reply,
                        struct error *err);
bool handle_capture_commit(struct service *service, const cJSON *params, struct reply *reply,
                           struct error *err);
bool handle_capture_cancel(struct service *service, const cJSON *params, struct reply *reply,
                           struct error *err);
bool handle_links_find(struct service *service, const cJSON *params, struct reply *reply,
                       struct error *err);
bool handle_queue_add(struct service *service, const cJSON *params, struct reply *reply,
                      struct error *err);
bool handle_queue_check(struct service *service, const cJSON *params, struct reply *reply,
                        struct error *err);
bool handle_queue_run(struct service *service, const cJSON *params, struct reply *reply,
                      struct error *err);
bool handle_queue_list(struct service *service, const cJSON *params, struct reply *reply,
                       struct error *err);
bool handle_queue_cancel(struct service *service, const cJSON *params, struct reply *reply,
                         struct error *err);
bool handle_queue_retry(struct service *service, const cJSON *params, struct reply *reply,
                        struct error *err);
bool handle_queue_clear(struct service *service, const cJSON *params, struct reply *reply,
                        struct error *err);
bool handle_queue_restore(struct service *service, const cJSON *params, struct reply *reply,
                          struct error *err);
bool handle_queue_pause(struct service *service, const cJSON *params, struct reply *reply,
                        struct error *err);
bool handle_queue_take(struct service *service, const cJSON *params, struct reply *reply,
                       struct error *err);
bool handle_queue_fail(struct service *service, const cJSON *params, struct reply *reply,
                       struct error *err);
bool handle_links_save(struct service *service, const cJSON *params, struct reply *reply,
                       struct error *err);
bool handle_snapshots_retry(struct service *service, const cJSON *params, struct reply *reply,
                            struct error *err);
bool handle_snapshots_get(struct service *service, const cJSON *params, struct reply *reply,
                          struct error *err);
bool handle_snapshots_list(struct service *service, const cJSON *params, struct reply *reply,
                           struct error *err);
bool handle_snapshots_read(struct service *service, const cJSON *params, struct reply *reply,
                           struct error *err);
bool handle_snapshots_trash(struct service *service, const cJSON *params, struct reply *reply,
                            struct error *err);
bool handle_snapshots_restore(struct service *service, const cJSON *params, struct reply *reply,
                              struct error *err);
bool handle_thumbnails_get(struct service *service, const cJSON *params, struct reply *reply,
                           struct error *err);
bool handle_thumbnails_set(struct service *service, const cJSON *params, struct reply *reply,
                           struct error *err);
bool handle_highlights_list(struct service *service, const cJSON *params, struct reply *reply,
                            struct error *err);
bool handle_highlights_add(struct service *service, const cJSON *params, struct reply *reply,
                           struct error *err);
bool handle_highlights_update(struct service *service, const cJSON *params, struct reply *reply,
                              struct error *err);
bool handle_highlights_delete(struct service *service, const cJSON *params, struct reply *reply,
                              struct error *err);
bool handle_highlights_restore(struct service *service, const cJSON *params, struct reply *reply,
                               struct error *err);
bool handle_pages_search(struct service *service, const cJSON *params, struct reply *reply,
                         struct error *err);
bool handle_pages_get(struct service *service, const cJSON *params, struct reply *reply,
                      struct error *err);
bool handle_pages_find(struct service *service, const cJSON *params, struct reply *reply,
                       struct error *err);
bool handle_pages_update(struct service *service, const cJSON *params, struct reply *reply,
                         struct error *err);
bool handle_pages_trash(struct service *service, const cJSON *params, struct reply *reply,
                        struct error *err);
bool handle_pages_restore(struct service *service, const cJSON *params, struct reply *reply,
                          struct error *err);
bool handle_pages_similar(struct service *service, const cJSON *params, struct reply *reply,
                          struct error *err);
bool handle_pages_titles(struct service *service, const cJSON *params, struct reply *reply,
                         struct error *err);
bool handle_pages_edit(struct service *service, const cJSON *params, struct reply *reply,
                       struct error *err);
bool handle_tags_suggest(struct service *service, const cJSON *params, struct reply *reply,
                         struct error *err);
bool handle_tags_rename(struct service *service, const cJSON *params, struct reply *reply,
                        struct error *err);
bool handle_tags_delete(struct service *service, const cJSON *params, struct reply *reply,
                        struct error *err);
bool handle_tags_colour(struct service *service, const cJSON *params, struct reply *reply,
                        struct error *err);
bool handle_undo(struct service *service, const cJSON *params, struct reply *reply,
                 struct error *err);
bool handle_tags_list(struct service *service, const cJSON *params, struct reply *reply,
                      struct error *err);
bool handle_snapshots_text(struct service *service, const cJSON *params, struct reply *reply,
                           struct error *err);
bool handle_snapshots_compare(struct service *service, const cJSON *params, struct reply *reply,
                              struct error *err);
bool handle_trash_empty(struct service *service, const cJSON *params, struct reply *reply,
                        struct error *err);
bool handle_statistics(struct service *service, const cJSON *params, struct reply *reply,
                       struct error *err);
bool handle_storage_get(struct service *service, const cJSON *params, struct reply *reply,
                        struct error *err);
bool handle_storage_set(struct service *service, const cJSON *params, struct reply *reply,
                        struct error *err);
bool handle_doctor(struct service *service, const cJSON *params, struct reply *reply,
                   struct error *err);

#endif
