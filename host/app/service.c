#include "app/service.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "wire/frame.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

const struct service_method service_methods[] = {
    {"hello", handle_hello},
    {"capture.begin", handle_capture_begin},
    {"capture.add", handle_capture_add},
    {"capture.commit", handle_capture_commit},
    {"capture.cancel", handle_capture_cancel},
    {"links.find", handle_links_find},
    {"links.save", handle_links_save},
    {"snapshots.retry", handle_snapshots_retry},
    {"snapshots.get", handle_snapshots_get},
    {"snapshots.list", handle_snapshots_list},
    {"snapshots.read", handle_snapshots_read},
    {"snapshots.text", handle_snapshots_text},
    {"snapshots.compare", handle_snapshots_compare},
    {"snapshots.trash", handle_snapshots_trash},
    {"snapshots.restore", handle_snapshots_restore},
    {"thumbnails.get", handle_thumbnails_get},
    {"thumbnails.set", handle_thumbnails_set},
    {"highlights.list", handle_highlights_list},
    {"highlights.add", handle_highlights_add},
    {"highlights.update", handle_highlights_update},
    {"highlights.delete", handle_highlights_delete},
    {"highlights.restore", handle_highlights_restore},
    {"pages.search", handle_pages_search},
    {"pages.get", handle_pages_get},
    {"pages.find", handle_pages_find},
    {"pages.update", handle_pages_update},
    {"pages.trash", handle_pages_trash},
    {"pages.restore", handle_pages_restore},
    {"pages.similar", handle_pages_similar},
    {"pages.titles", handle_pages_titles},
    {"pages.edit", handle_pages_edit},
    {"tags.list", handle_tags_list},
    {"tags.suggest", handle_tags_suggest},
    {"tags.rename", handle_tags_rename},
    {"tags.delete", handle_tags_delete},
    {"tags.colour", handle_tags_colour},
    {"undo", handle_undo},
    {"trash.empty", handle_trash_empty},
    {"statistics", handle_statistics},
    {"storage.get", handle_storage_get},
    {"storage.set", handle_storage_set},
    {"doctor", handle_doctor},
    {"queue.add", handle_queue_add},
    {"queue.check", handle_queue_check},
    {"queue.run", handle_queue_run},
    {"queue.list", handle_queue_list},
    {"queue.cancel", handle_queue_cancel},
    {"queue.retry", handle_queue_retry},
    {"queue.clear", handle_queue_clear},
    {"queue.restore", handle_queue_restore},
    {"queue.pause", handle_queue_pause},
    {"queue.take", handle_queue_take},
    {"queue.fail", handle_queue_fail},
    {NULL, NULL},
};

enum { PROGRESS_MS = 100 };

void service_init(struct service *s, int in, int out, const char *store_path)
{
    *s = (struct service){.in = in, .out = out, .store_path = store_path};
    buf_init(&s->view_bytes, LIMIT_SELF_CONTAINED);
}

void service_finish(struct service *s)
{
    for (size_t i = 0; i < s->queued; i++)
        rpc_finish(&s->queue[i].message);
    s->queued = 0;
    intake_finish(&s->intake);
    buf_finish(&s->view_bytes);
    if (s->took)
        service_give_back(s);
    store_close(s->store);
    s->store = NULL;
    lockfile_close(s->lock);
    s->lock = NULL;
}

/* A store that can be read but not written is still worth opening. */
static bool open_store(struct service *s)
{
    struct error *fault = &s->store_fault;
    *fault = s->no_folder;
    s->read_only = false;
    if (fault->code == ERR_NONE && store_open(s->store_path, STORE_CREATE, &s->store, fault)) {
        s->read_only = !store_check_writable(s->store, fault);
        return true;
    }
    struct error second = {0};
    s->read_only = fault->code == ERR_STORE_READONLY || fault->code == ERR_STORE_FULL;
    return s->read_only && store_open(s->store_path, STORE_READ_ONLY, &s->store, &second);
}

bool service_store(struct service *s, bool write, struct error *err)
{
    if (s->store != NULL && s->read_only &&
        (store_is_immutable(s->store) ||
         (write && !store_check_writable(s->store, &s->store_fault)))) {
        /* Perhaps only this connection is read-only, and there is room again. */
        store_close(s->store);
        s->store = NULL;
    }
    if (s->store == NULL && !open_store(s)) {
        *err = s->store_fault;
        return false;
    }
    if (write && s->read_only) {
        s->read_only = !store_check_writable(s->store, &s->store_fault);
        if (s->read_only) {
            *err = s->store_fault;
            return false;
        }
    }
    return true;
}

static bool send(struct service *s, const struct buf *text, struct error *err)
{
    return frame_write(s->out, LIMIT_FRAME_OUT, buf_slice(text), err);
}

static bool send_error(struct service *s, const cJSON *id, const struct error *fault,
                       struct error *err)
{
    struct buf text;
    buf_init(&text, LIMIT_FRAME_OUT);
    bool ok = rpc_write_error(&text, id, fault, err) && send(s, &text, err);
    buf_finish(&text);
    return ok;
}

/* An answer too large for a frame becomes an error: the other end always hears something. */
static bool send_result(struct service *s, const cJSON *id, const struct reply *reply,
                        struct error *err)
{
    struct buf text;
    buf_init(&text, LIMIT_FRAME_OUT);
    bool ok = reply_ok(reply, err) && rpc_write_result(&text, id, reply->root, err);
    struct error fault = *err;
    ok = ok ? send(s, &text, err) : send_error(s, id, &fault, err);
    buf_finish(&text);
    return ok;
}

/* Reads one frame into the queue, waiting for it. */
static void receive(struct service *s)
{
    struct service_request *request = &s->queue[s->queued];
    *request = (struct service_request){0};
    struct buf frame;
    enum frame_end end;
    buf_init(&frame, LIMIT_FRAME_IN);
    if (!frame_read(s->in, LIMIT_FRAME_IN, &frame, &end, &s->last_fault)) {
        s->closed = true;
    } else if (end == FRAME_CLOSED) {
        s->closed = true;
    } else {
        if (!rpc_decode(buf_slice(&frame), &request->message, &request->fault))
            log_info("a message that cannot be read: %s", request->fault.text);
        request->bytes = frame.len;
        s->queued_bytes += frame.len;
        s->queued++;
    }
    buf_finish(&frame);
}

static bool is_cancel(const struct service_request *request)
{
    const struct rpc_message *m = &request->message;
    return request->fault.code == ERR_NONE && m->id == NULL && m->method != NULL &&
           strcmp(m->method, "cancel") == 0;
}

static struct service_request take(struct service *s, size_t index)
{
    struct service_request request = s->queue[index];
    s->queued--;
    s->queued_bytes -= request.bytes;
    memmove(&s->queue[index], &s->queue[index + 1], (s->queued - index) * sizeof *s->queue);
    return request;
}

/* Applies the cancel that was received last to the request at work or to one that waits. */
static void apply_cancel(struct service *s)
{
    struct service_request cancel = take(s, s->queued - 1);
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(cancel.message.params, "id");
    if (id != NULL && s->current != NULL && rpc_same_id(id, s->current))
        s->cancelled = true;
    for (size_t i = 0; id != NULL && i < s->queued; i++)
        if (s->queue[i].message.id != NULL && rpc_same_id(id, s->queue[i].message.id))
            error_set(&s->queue[i].fault, ERR_CANCELLED, "Cancelled");
    rpc_finish(&cancel.message);
}

/* Whether the request at work is to stop: it was cancelled, or the port is gone. What else has
 * arrived is kept for later. */
bool service_interrupted(void *arg)
{
    struct service *s = arg;
    while (!s->closed && s->queued < LIMIT_QUEUED && s->queued_bytes < LIMIT_QUEUED_BYTES) {
        struct pollfd p = {.fd = s->in, .events = POLLIN};
        if (poll(&p, 1, 0) <= 0)
            break;
        receive(s);
        if (s->queued > 0 && is_cancel(&s->queue[s->queued - 1]))
            apply_cancel(s);
    }
    return s->closed || s->cancelled;
}

void service_notify(struct service *s, struct reply *reply)
{
    struct buf text;
    struct error err = {0};
    buf_init(&text, LIMIT_FRAME_OUT);
    cJSON *id = cJSON_Duplicate(s->current, 0);
    if (id == NULL || reply->root == NULL || !cJSON_AddItemToObject(reply->root, "id", id)) {
        cJSON_Delete(id);
        reply->failed = true;
    }
    /* Progress that cannot be told is no reason to stop; a closed port is noticed elsewhere. */
    if (!reply_ok(reply, &err) || !rpc_write_notification(&text, "progress", reply->root, &err) ||
        !send(s, &text, &err))
        log_debug("no progress sent: %s", err.text);
    buf_finish(&text);
}

static void send_progress(const struct capture_progress *progress, void *arg)
{
    struct service *s = arg;
    int64_t ms = clock_steady();
    bool news = s->last_stage == NULL || strcmp(s->last_stage, progress->stage) != 0;
    if (!news && ms - s->last_progress < PROGRESS_MS)
        return;
    s->last_progress = ms;
    s->last_stage = progress->stage;
    struct reply reply;
    reply_init(&reply);
    reply_text(&reply, reply.root, "stage", progress->stage);
    reply_int(&reply, reply.root, "done", (int64_t)progress->done);
    reply_int(&reply, reply.root, "total", (int64_t)progress->total);
    reply_int(&reply, reply.root, "bytes", progress->bytes);
    service_notify(s, &reply);
    reply_finish(&reply);
}

void service_progress(void *service, const char *stage, int64_t done, int64_t total)
{
    const struct capture_progress progress = {
        .stage = stage, .done = (size_t)done, .total = (size_t)total};
    send_progress(&progress, service);
}

struct capture_hooks service_hooks(struct service *s)
{
    return (struct capture_hooks){
        .progress = send_progress, .interrupted = service_interrupted, .arg = s, .wake_fd = s->in};
}

bool service_worker(struct service *s, struct job_worker *worker_out, struct error *err)
{
    if (s->lock == NULL && !queue_open_lock(s->store, &s->lock, err))
        return false;
    worker_out->lock = s->lock;
    return lockfile_worker(s->lock, &worker_out->id, err);
}

static bool dispatch(struct service *s, const struct rpc_message *message, struct reply *reply,
                     struct error *err)
{
    const struct service_method *method = service_methods;
    while (method->name != NULL && strcmp(method->name, message->method) != 0)
        method++;
    struct slice asked = utf8_prefix(slice_of(message->method), 64);
    if (method->name == NULL)
        return error_set(err, ERR_METHOD, "There is no method \"%.*s\"", (int)asked.len, asked.ptr);
    if (!s->greeted && method->handle != handle_hello)
        return error_set(err, ERR_ORDER, "\"hello\" comes first");
    return method->handle(s, message->params, reply, err);
}

static bool answer(struct service *s, const struct service_request *request, struct error *err)
{
    const struct rpc_message *message = &request->message;
    if (request->fault.code != ERR_NONE)
        return send_error(s, message->id, &request->fault, err);
    if (message->method == NULL || message->id == NULL)
        return true; /* an answer to nothing, a notification */
    struct reply reply;
    struct error fault = {0};
    reply_init(&reply);
    s->current = message->id;
    s->cancelled = false;
    s->last_stage = NULL;
    bool done = dispatch(s, message, &reply, &fault);
    s->current = NULL;
    if (!done)
        log_info("%.32s: %s", message->method, fault.text);
    bool ok =
        done ? send_result(s, message->id, &reply, err) : send_error(s, message->id, &fault, err);
    reply_finish(&reply);
    return ok;
}

bool service_run(struct service *s, struct error *err)
{
    for (;;) {
        if (s->queued == 0 && !s->closed)
            receive(s);
        if (s->queued == 0)
            break;
        struct service_request request = take(s, 0);
        bool ok = answer(s, &request, err);
        rpc_finish(&request.message);
        if (!ok)
            return false;
    }
    if (s->last_fault.code == ERR_NONE)
        return true;
    struct error fault = s->last_fault;
    if (send_error(s, NULL, &fault, err))
        *err = fault;
    return false;
}
