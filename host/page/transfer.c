#include "page/transfer.h"

#include "base/limits.h"
#include "page/address.h"
#include "page/origins.h"
#include "page/url.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

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
    t->body_max = t->max_bytes;
    t->ceiling = request->ceiling;
    t->head = request->head;
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
    for (size_t i = 0; i < t->redirects; i++)
        free(t->hop_urls[i]);
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
    t->body_max = t->max_bytes;
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

static bool may_be_private(struct transfer_common *common)
{
    if (common->private_page != NULL) {
        common->allow_private = fetch_host_is_private(common->private_page);
        free(common->private_page);
        common->private_page = NULL;
    }
    return common->allow_private;
}

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    struct transfer *t = arg;
    if (address_is_private(&address->addr, address->addrlen) && !may_be_private(t->common)) {
        t->refused_private = true;
        return CURL_SOCKET_BAD;
    }
    int fd = socket(address->family, address->socktype, address->protocol);
    if (fd >= 0 && t->common->shared)
        places_add_socket(&t->origin->places, fd);
    return fd;
}

/* A connection outlives the transfer that opened it, so this one is told the origin. */
static int close_socket(void *arg, curl_socket_t socket)
{
    struct origin *origin = arg;
    places_remove_socket(&origin->places, socket);
    return close(socket);
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
 * own host's turn and gets its own Referer. Servers that send a body after HEAD exist, and libcurl
 * would take it for the next answer: that connection is not used again. Whether a connection
 * carries many streams is known after the TLS handshake, which the others wait for; without TLS
 * they would wait for a whole answer, to find that it does not. An empty proxy overrides the
 * environment's, behind which open_socket() would see the proxy's address only. Without QUICK_EXIT
 * a name that does not resolve would hold up the end of a transfer until the resolver gives up. */
static bool set_rules(struct transfer *t)
{
    CURL *e = t->easy;
    bool tls = slice_starts(slice_of(t->url), "https:");
    return curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_REDIR_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_NOBODY, t->head ? 1L : 0L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_FORBID_REUSE, t->head ? 1L : 0L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_PATH_AS_IS, 1L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_PIPEWAIT, tls ? 1L : 0L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "") == CURLE_OK;
}

static bool set_closing(struct transfer *t)
{
    return !t->common->shared ||
           (curl_easy_setopt(t->easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket) == CURLE_OK &&
            curl_easy_setopt(t->easy, CURLOPT_CLOSESOCKETDATA, t->origin) == CURLE_OK);
}

static bool set_callbacks(struct transfer *t)
{
    CURL *e = t->easy;
    return curl_easy_setopt(e, CURLOPT_PRIVATE, t) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, t) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, transfer_on_header) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_HEADERDATA, t) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, transfer_on_body) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_WRITEDATA, t) == CURLE_OK;
}

bool transfer_start(struct transfer *t, struct error *err)
{
    t->easy = curl_easy_init();
    if (t->easy == NULL)
        return error_no_memory(err);
    if (curl_easy_setopt(t->easy, CURLOPT_URL, t->url) != CURLE_OK ||
        curl_easy_setopt(t->easy, CURLOPT_USERAGENT, t->common->user_agent) != CURLE_OK ||
        !set_rules(t) || !set_bounds(t) || !set_callbacks(t) || !set_closing(t))
        return error_set(err, ERR_INTERNAL, "libcurl refused an option");
    return set_headers(t, err);
}
