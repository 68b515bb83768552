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
    t->may_private = !request->for_public;
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
    t->is_private = false;
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

static bool may_send_to(struct transfer *t, bool is_private)
{
    bool may = !is_private || (t->may_private && t->common->allow_private);
    t->refused_private = t->refused_private || !may;
    return may;
}

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    struct transfer *t = arg;
    if (!may_send_to(t, address_is_private(&address->addr, address->addrlen)))
        return CURL_SOCKET_BAD;
    int fd = socket(address->family, address->socktype, address->protocol);
    if (fd >= 0 && t->common->shared)
        places_add_socket(&t->origin->places, fd);
    return fd;
}

/* Before anything is sent, on a connection that is used again too: who opened it may have had more
 * rights than this one. */
static int before_request(void *arg, char *remote, char *local, int remote_port, int local_port)
{
    struct transfer *t = arg;
    (void)local;
    (void)remote_port;
    (void)local_port;
    t->is_private = address_text_is_private(remote);
    return may_send_to(t, t->is_private) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
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

/* Sets an option; false with the reason in t->refusal. */
#define SET(t_, option_, value_)                                                                   \
    (((t_)->refusal = curl_easy_setopt((t_)->easy, (option_), (value_))) == CURLE_OK)

static bool refused(const struct transfer *t, struct error *err)
{
    if (t->refusal == CURLE_OUT_OF_MEMORY)
        return error_no_memory(err);
    return error_set(err, ERR_INTERNAL, "libcurl refused an option");
}

static bool set_headers(struct transfer *t, struct error *err)
{
    char *referer = NULL;
    if (t->referrer != NULL &&
        !referrer_header(t->referrer_policy, t->referrer, t->url, &referer, err))
        return false;
    bool ok = (t->accept == NULL || add_header(t, "Accept", t->accept)) &&
              (t->common->accept_language == NULL ||
               add_header(t, "Accept-Language", t->common->accept_language)) &&
              (referer == NULL || SET(t, CURLOPT_REFERER, referer)) &&
              SET(t, CURLOPT_HTTPHEADER, t->headers);
    free(referer);
    return ok || error_no_memory(err);
}

static bool set_bounds(struct transfer *t)
{
    int64_t left = t->timeout_ms - t->spent_ms;
    long timeout = left < 1 ? 1 : left > INT_MAX ? INT_MAX : (long)left; /* 0 would be: for ever */
    return SET(t, CURLOPT_TIMEOUT_MS, timeout) &&
           SET(t, CURLOPT_CONNECTTIMEOUT_MS, LIMIT_CONNECT_MS) &&
           SET(t, CURLOPT_LOW_SPEED_LIMIT, 1L) &&
           SET(t, CURLOPT_LOW_SPEED_TIME, LIMIT_STALL_MS / 1000);
}

/* Redirects are followed by page/fetch.c, hop by hop, so that each one is checked, waits for its
 * own host's turn and gets its own Referer. Servers that send a body after HEAD exist, and libcurl
 * would take it for the next answer: that connection is not used again. Whether a connection
 * carries many streams is known after the TLS handshake, which the others wait for; without TLS
 * they would wait for a whole answer, to find that it does not. An empty proxy overrides the
 * environment's, behind which open_socket() would see the proxy's address only. Without QUICK_EXIT
 * a name that does not resolve would hold up the end of a transfer until the resolver gives up.
 * Some of these are libcurl's defaults; they stand here because much hangs on them. No cookie
 * engine, no HSTS and no Alt-Svc cache is ever opened. */
static bool set_rules(struct transfer *t)
{
    bool tls = slice_starts(slice_of(t->url), "https:");
    return SET(t, CURLOPT_PROTOCOLS_STR, "http,https") &&
           SET(t, CURLOPT_REDIR_PROTOCOLS_STR, "http,https") &&
           SET(t, CURLOPT_FOLLOWLOCATION, 0L) && SET(t, CURLOPT_NOBODY, t->head ? 1L : 0L) &&
           SET(t, CURLOPT_FORBID_REUSE, t->head ? 1L : 0L) && SET(t, CURLOPT_PROXY, "") &&
           SET(t, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) &&
           SET(t, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) && SET(t, CURLOPT_HTTP09_ALLOWED, 0L) &&
           SET(t, CURLOPT_PATH_AS_IS, 1L) && SET(t, CURLOPT_NOSIGNAL, 1L) &&
           SET(t, CURLOPT_QUICK_EXIT, 1L) && SET(t, CURLOPT_SSL_VERIFYPEER, 1L) &&
           SET(t, CURLOPT_SSL_VERIFYHOST, 2L) &&
           SET(t, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
           SET(t, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS) &&
           SET(t, CURLOPT_PIPEWAIT, tls ? 1L : 0L) && SET(t, CURLOPT_ACCEPT_ENCODING, "");
}

static bool set_closing(struct transfer *t)
{
    return !t->common->shared || (SET(t, CURLOPT_CLOSESOCKETFUNCTION, close_socket) &&
                                  SET(t, CURLOPT_CLOSESOCKETDATA, t->origin));
}

static bool set_callbacks(struct transfer *t)
{
    return SET(t, CURLOPT_PRIVATE, t) && SET(t, CURLOPT_OPENSOCKETFUNCTION, open_socket) &&
           SET(t, CURLOPT_OPENSOCKETDATA, t) && SET(t, CURLOPT_PREREQFUNCTION, before_request) &&
           SET(t, CURLOPT_PREREQDATA, t) && SET(t, CURLOPT_HEADERFUNCTION, transfer_on_header) &&
           SET(t, CURLOPT_HEADERDATA, t) && SET(t, CURLOPT_WRITEFUNCTION, transfer_on_body) &&
           SET(t, CURLOPT_WRITEDATA, t);
}

bool transfer_start(struct transfer *t, struct error *err)
{
    t->easy = curl_easy_init();
    if (t->easy == NULL)
        return error_no_memory(err);
    if (!SET(t, CURLOPT_URL, t->url) || !SET(t, CURLOPT_USERAGENT, t->common->user_agent) ||
        !set_rules(t) || !set_bounds(t) || !set_callbacks(t) || !set_closing(t))
        return refused(t, err);
    return set_headers(t, err);
}
