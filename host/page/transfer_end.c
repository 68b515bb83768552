/* What an ended transfer means: a redirect to follow, an answer, or a fault. */
#include "page/transfer.h"

#include "base/limits.h"
#include "page/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* The fragment of the address asked for stays unless the redirect brings its own (Fetch §4.4). */
static bool keep_fragment(const char *from, char **to, struct error *err)
{
    const char *fragment = strchr(from, '#');
    if (fragment == NULL || strchr(*to, '#') != NULL)
        return true;
    size_t size = strlen(*to) + strlen(fragment) + 1;
    char *joined = malloc(size);
    if (joined == NULL)
        return error_no_memory(err);
    snprintf(joined, size, "%s%s", *to, fragment);
    free(*to);
    *to = joined;
    return true;
}

static void redirect_fault(struct transfer *t, const char *sentence)
{
    t->fault = ERR_REDIRECT;
    t->fault_text = sentence;
}

/* Makes `url` the one to ask for and the one so far a hop, or sets the fault. */
static bool hop(struct transfer *t, const char *url, struct error *err)
{
    long status = transfer_status(t);
    char *from = slice_dup(slice_of(t->url));
    if (from == NULL)
        return error_no_memory(err);
    bool ok = transfer_take_url(t, url, err);
    if (!ok || t->fault != ERR_NONE) {
        free(from);
        return ok;
    }
    t->may_private = t->may_private && t->is_private;
    t->hop_urls[t->redirects] = from;
    t->hops[t->redirects++] = (struct fetch_hop){.url = from, .status = status};
    return true;
}

static bool follow(struct transfer *t, const char *location, struct error *err)
{
    char *target = NULL;
    if (!url_join(slice_of(t->url), slice_of(location), &target, err)) {
        if (err->code == ERR_NO_MEMORY)
            return false;
        redirect_fault(t, "The redirect leads to an address that is not valid");
        return true;
    }
    bool ok = keep_fragment(t->url, &target, err) && hop(t, target, err);
    free(target);
    if (ok && t->fault == ERR_URL)
        redirect_fault(t, "The redirect leads to an address that must not be fetched");
    else if (ok && t->fault == ERR_LIMIT)
        redirect_fault(t, "The redirect leads to an address that is too long");
    return ok;
}

bool transfer_redirect(struct transfer *t)
{
    if (t->fault != ERR_NONE || !transfer_is_redirect(t))
        return false;
    struct error err;
    if (t->redirects == LIMIT_REDIRECTS) {
        redirect_fault(t, "The server redirects again and again");
    } else if (!follow(t, transfer_header(t, "Location"), &err)) {
        t->fault = ERR_NO_MEMORY;
        t->fault_text = "Out of memory";
    }
    return true;
}

static const struct status {
    long number;
    const char *text;
} statuses[] = {
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {418, "I'm a teapot"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {423, "Locked"},
    {425, "Too Early"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {451, "Unavailable For Legal Reasons"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
    {508, "Loop Detected"},
    {511, "Network Authentication Required"},
};

static void judge_status(struct transfer *t, struct fetch_result *result)
{
    const char *text = NULL;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (statuses[i].number == result->status)
            text = statuses[i].text;
    /* HTTP/2 has no reason phrase, and a server's own is its own business. */
    snprintf(t->reason, sizeof t->reason, "%s%ld%s%s", text != NULL ? "" : "Status ",
             result->status, text != NULL ? " " : "", text != NULL ? text : "");
    result->fault = ERR_STATUS;
    result->reason = t->reason;
}

/* Why a certificate was refused: X509_V_ERR_* of OpenSSL. */
static const char *certificate_fault(const struct transfer *t)
{
    static const struct {
        long code;
        const char *reason;
    } faults[] = {
        {1,
         "The server's certificate is for another host"}, /* what libcurl starts from: no fault */
        {9, "The server's certificate is not valid yet"},
        {10, "The server's certificate has expired"},
        {18, "The server's certificate is signed by nobody but itself"},
        {19, "The server's certificate is signed by nobody who is trusted"},
        {20, "The server's certificate is signed by nobody who is trusted"},
        {21, "The server's certificate is signed by nobody who is trusted"},
    };
    long code = -1;
    curl_easy_getinfo(t->easy, CURLINFO_SSL_VERIFYRESULT, &code);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (faults[i].code == code)
            return faults[i].reason;
    return "The server's certificate is not valid";
}

static void judge_code(const struct transfer *t, CURLcode code, struct fetch_result *result)
{
    static const struct {
        CURLcode code;
        enum error_code fault;
        const char *reason;
    } faults[] = {
        {CURLE_URL_MALFORMAT, ERR_URL, "The address is not valid"},
        {CURLE_COULDNT_RESOLVE_HOST, ERR_DNS, "The host name was not found"},
        {CURLE_COULDNT_CONNECT, ERR_CONNECT, "No connection to the server"},
        {CURLE_INTERFACE_FAILED, ERR_CONNECT, "No connection to the server"},
        {CURLE_GOT_NOTHING, ERR_CONNECT, "The server closed the connection without an answer"},
        {CURLE_PARTIAL_FILE, ERR_CONNECT, "The connection broke off in the middle"},
        {CURLE_SEND_ERROR, ERR_CONNECT, "The connection was lost"},
        {CURLE_RECV_ERROR, ERR_CONNECT, "The connection was lost"},
        {CURLE_OPERATION_TIMEDOUT, ERR_TIMEOUT, "The server took too long"},
        {CURLE_PEER_FAILED_VERIFICATION, ERR_TLS, "The server's certificate is not valid"},
        {CURLE_SSL_ISSUER_ERROR, ERR_TLS, "The server's certificate is not valid"},
        {CURLE_SSL_INVALIDCERTSTATUS, ERR_TLS, "The server's certificate is not valid"},
        {CURLE_SSL_CONNECT_ERROR, ERR_TLS, "No secure connection to the server"},
        {CURLE_SSL_CIPHER, ERR_TLS, "No secure connection to the server"},
        {CURLE_SSL_CERTPROBLEM, ERR_TLS, "No secure connection to the server"},
        {CURLE_SSL_CLIENTCERT, ERR_TLS, "The server asks for a client certificate"},
        {CURLE_SSL_CACERT_BADFILE, ERR_TLS, "The system's root certificates cannot be read"},
        {CURLE_UNSUPPORTED_PROTOCOL, ERR_SERVER, "The server does not speak HTTP"},
        {CURLE_BAD_CONTENT_ENCODING, ERR_SERVER, "The answer's compression is broken"},
        {CURLE_OUT_OF_MEMORY, ERR_NO_MEMORY, "Out of memory"},
    };
    result->fault = ERR_SERVER;
    result->reason = "The server's answer breaks HTTP";
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        if (faults[i].code == code) {
            result->fault = faults[i].fault;
            result->reason = faults[i].reason;
        }
    }
    if (code == CURLE_PEER_FAILED_VERIFICATION)
        result->reason = certificate_fault(t);
    bool kept_off = code == CURLE_COULDNT_CONNECT || code == CURLE_ABORTED_BY_CALLBACK;
    if (kept_off && t->refused_private) {
        result->fault = ERR_PRIVATE;
        result->reason = "The address is in a private network";
    }
    /* libcurl 7.88 says so of a header longer than its own ceiling of 100 KB. */
    if (code == CURLE_OUT_OF_MEMORY && result->status != 0 && !t->begun) {
        result->fault = ERR_SERVER;
        result->reason = "The server's headers are too long";
    }
}

static const char *text_header(const struct transfer *t, const char *name)
{
    const char *value = t->easy != NULL ? transfer_header(t, name) : NULL;
    return value != NULL ? value : "";
}

void transfer_judge(struct transfer *t, CURLcode code, struct fetch_result *result_out)
{
    *result_out = (struct fetch_result){
        .status = transfer_status(t),
        .url = t->url,
        .content_type = text_header(t, "Content-Type"),
        .disposition = text_header(t, "Content-Disposition"),
        .retry_after_ms = transfer_retry_after(text_header(t, "Retry-After"), time(NULL)),
        .hops = t->hops,
        .hop_count = t->redirects,
        .from_private = t->is_private && t->may_private && !t->refused_private,
        .body = buf_slice(&t->body),
    };
    bool whole = code == CURLE_OK || t->fault == ERR_TOO_LARGE;
    if (result_out->status >= 400 && whole) {
        judge_status(t, result_out);
    } else if (t->fault != ERR_NONE) {
        result_out->fault = t->fault;
        result_out->reason = t->fault_text;
    } else if (code != CURLE_OK || result_out->status < 200) {
        judge_code(t, code, result_out); /* 101: libcurl takes it for an answer */
    }
    if (result_out->fault != ERR_NONE && result_out->fault != ERR_STATUS)
        result_out->body = (struct slice){0};
}

void transfer_time_out(const struct transfer *t, struct fetch_result *result_out)
{
    *result_out = (struct fetch_result){
        .fault = ERR_TIMEOUT,
        .reason = "There was no time left for it",
        .url = t->url,
        .content_type = "",
        .disposition = "",
        .retry_after_ms = -1,
        .hops = t->hops,
        .hop_count = t->redirects,
    };
}
