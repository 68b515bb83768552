#include "page/transfer.h"

#include "base/limits.h"
#include "page/address.h"
#include "page/url.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Bodies under way may hold so much together; past it all but the oldest transfer wait. */
static const size_t held_max = 128 * MIB;
/* A redirect's body is read only so that the connection can be used again. */
static const size_t skipped_max = 64 * KIB;

static char *copy_text(const char *text)
{
    return slice_dup(slice_of(text));
}

bool transfer_take_url(struct transfer *t, const char *url, struct error *err)
{
    struct error why;
    char *accepted;
    if (!url_is_http(slice_of(url))) {
        t->fault = ERR_URL;
        t->fault_text = "Only http and https addresses are fetched";
        return true;
    }
    if (url_accept(slice_of(url), &accepted, &why)) {
        free(t->url);
        t->url = accepted;
        return true;
    }
    if (why.code == ERR_NO_MEMORY)
        return error_no_memory(err);
    t->fault = why.code;
    t->fault_text = why.code == ERR_LIMIT ? "The address is too long"
                                          : "The address is not valid, or has a password in it";
    return true;
}

bool transfer_create(struct transfer_common *common, const struct fetch_request *request,
                     struct transfer **transfer_out, struct error *err)
{
    struct transfer *t = calloc(1, sizeof *t);
    if (t == NULL)
        return error_no_memory(err);
    t->common = common;
    t->referrer_policy = request->referrer_policy;
    t->max_bytes = request->max_bytes;
    t->timeout_ms = request->timeout_ms;
    t->done = request->done;
    t->arg = request->arg;
    buf_init(&t->body, t->max_bytes);
    if ((t->url = copy_text(request->url)) == NULL) {
        error_no_memory(err);
        goto fail;
    }
    if (!transfer_take_url(t, request->url, err))
        goto fail;
    if (request->referrer != NULL && (t->referrer = copy_text(request->referrer)) == NULL) {
        error_no_memory(err);
        goto fail;
    }
    if (request->accept != NULL && (t->accept = copy_text(request->accept)) == NULL) {
        error_no_memory(err);
        goto fail;
    }
    *transfer_out = t;
    return true;
fail:
    transfer_destroy(t);
    return false;
}

void transfer_destroy(struct transfer *t)
{
    if (t == NULL)
        return;
    transfer_reset(t);
    free(t->accept);
    free(t->referrer);
    free(t->url);
    free(t);
}

void transfer_reset(struct transfer *t)
{
    curl_easy_cleanup(t->easy);
    curl_slist_free_all(t->headers);
    t->common->held -= t->body.len;
    buf_finish(&t->body);
    t->easy = NULL;
    t->headers = NULL;
    t->header_bytes = 0;
    t->skipped = 0;
    t->begun = false;
    t->redirecting = false;
    t->refused_private = false;
    t->paused = false;
}

void transfers_append(struct transfers *list, struct transfer *t)
{
    t->next = NULL;
    t->previous = list->last;
    if (list->last != NULL)
        list->last->next = t;
    else
        list->first = t;
    list->last = t;
    list->count++;
}

void transfers_remove(struct transfers *list, struct transfer *t)
{
    if (t->previous != NULL)
        t->previous->next = t->next;
    else
        list->first = t->next;
    if (t->next != NULL)
        t->next->previous = t->previous;
    else
        list->last = t->previous;
    list->count--;
}

struct transfer *transfers_take(struct transfers *list)
{
    struct transfer *t = list->first;
    if (t != NULL)
        transfers_remove(list, t);
    return t;
}

void transfers_finish(struct transfers *list)
{
    struct transfer *t;
    while ((t = transfers_take(list)) != NULL)
        transfer_destroy(t);
}

/* ---- callbacks of libcurl ---- */

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    struct transfer *t = arg;
    if (!t->common->allow_private && address_is_private(&address->addr, address->addrlen)) {
        t->refused_private = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype, address->protocol);
}

static size_t count_header(char *bytes, size_t size, size_t count, void *arg)
{
    (void)bytes;
    struct transfer *t = arg;
    size_t len = size * count;
    t->header_bytes += len;
    if (t->header_bytes > LIMIT_HEADERS) {
        t->fault = ERR_SERVER;
        t->fault_text = "The server's headers are too long";
        return 0;
    }
    return len;
}

long transfer_status(const struct transfer *t)
{
    long status = 0;
    if (t->easy != NULL)
        curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

const char *transfer_header(const struct transfer *t, const char *name)
{
    struct curl_header *header;
    if (curl_easy_header(t->easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
        return NULL;
    /* Of "Name:" with nothing behind it, libcurl 7.88 gives the line end as the value. */
    return slice_trim(slice_of(header->value)).len > 0 ? header->value : NULL;
}

bool transfer_is_redirect(const struct transfer *t)
{
    long status = transfer_status(t);
    const char *location = transfer_header(t, "Location");
    return (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) &&
           location != NULL;
}

static void too_large(struct transfer *t)
{
    t->fault = ERR_TOO_LARGE;
    t->fault_text = "The answer is too large";
}

/* Whether the headers already tell that the body will pass the ceiling. What they say counts
 * compressed bytes, so it means nothing when there is an encoding. */
static bool announced_too_large(const struct transfer *t)
{
    curl_off_t len = -1;
    curl_easy_getinfo(t->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &len);
    return len > 0 && (uint64_t)len > t->max_bytes &&
           transfer_header(t, "Content-Encoding") == NULL && transfer_status(t) < 400;
}

static size_t add_body(char *bytes, size_t size, size_t count, void *arg)
{
    struct transfer *t = arg;
    size_t len = size * count;
    if (!t->begun) {
        t->begun = true;
        t->redirecting = transfer_is_redirect(t);
        if (!t->redirecting && announced_too_large(t)) {
            too_large(t);
            return 0;
        }
    }
    if (t->redirecting) {
        t->skipped += len;
        return t->skipped <= skipped_max ? len : 0;
    }
    if (!t->first && t->common->held + len > held_max && len <= t->max_bytes - t->body.len) {
        t->paused = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    /* Of a body that is too large, an error answer keeps what fits. */
    size_t room = t->max_bytes - t->body.len;
    size_t kept = len <= room ? len : room;
    if (!buf_add(&t->body, bytes, kept)) {
        t->fault = ERR_NO_MEMORY;
        t->fault_text = "Out of memory";
        return 0;
    }
    t->common->held += kept;
    if (kept < len)
        too_large(t);
    return kept;
}

/* ---- setting up ---- */

static bool add_header(struct transfer *t, const char *name, const char *value)
{
    struct buf line;
    buf_init(&line, LIMIT_HEADERS);
    buf_printf(&line, "%s: %s", name, value);
    struct curl_slist *grown =
        line.failed == ERR_NONE ? curl_slist_append(t->headers, line.ptr) : NULL;
    buf_finish(&line);
    if (grown != NULL)
        t->headers = grown;
    return grown != NULL;
}

static bool set_headers(struct transfer *t, struct error *err)
{
    char *referer = NULL;
    if (t->referrer != NULL &&
        !referrer_header(t->referrer_policy, t->referrer, t->url, &referer, err))
        return false;
    bool ok =
        (t->accept == NULL || add_header(t, "Accept", t->accept)) &&
        (t->common->accept_language == NULL ||
         add_header(t, "Accept-Language", t->common->accept_language)) &&
        (referer == NULL || curl_easy_setopt(t->easy, CURLOPT_REFERER, referer) == CURLE_OK) &&
        curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers) == CURLE_OK;
    free(referer);
    return ok || error_no_memory(err);
}

static bool set_bounds(struct transfer *t)
{
    int64_t left = t->timeout_ms - t->spent_ms;
    long timeout = left < 1 ? 1 : left > INT_MAX ? INT_MAX : (long)left; /* 0 would be: for ever */
    CURL *e = t->easy;
    return curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, timeout) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, LIMIT_CONNECT_MS) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, 1L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, LIMIT_STALL_MS / 1000) == CURLE_OK;
}

/* Redirects are followed by page/fetch.c, hop by hop, so that each one is checked, waits for its
 * own host's turn and gets its own Referer. An empty proxy overrides the environment's, behind
 * which open_socket() would see the proxy's address only. Without QUICK_EXIT a name that does not
 * resolve would hold up the end of a transfer until the resolver gives up. */
static bool set_rules(struct transfer *t)
{
    CURL *e = t->easy;
    return curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_REDIR_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_PATH_AS_IS, 1L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_PIPEWAIT, 1L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "") == CURLE_OK;
}

static bool set_callbacks(struct transfer *t)
{
    CURL *e = t->easy;
    return curl_easy_setopt(e, CURLOPT_PRIVATE, t) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, t) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, count_header) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_HEADERDATA, t) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, add_body) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_WRITEDATA, t) == CURLE_OK;
}

bool transfer_start(struct transfer *t, struct error *err)
{
    t->easy = curl_easy_init();
    if (t->easy == NULL)
        return error_no_memory(err);
    if (curl_easy_setopt(t->easy, CURLOPT_URL, t->url) != CURLE_OK ||
        curl_easy_setopt(t->easy, CURLOPT_USERAGENT, t->common->user_agent) != CURLE_OK ||
        !set_rules(t) || !set_bounds(t) || !set_callbacks(t))
        return error_set(err, ERR_INTERNAL, "libcurl refused an option");
    return set_headers(t, err);
}
