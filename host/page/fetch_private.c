/* Whether a page's host is private: what its URL says, and what its name means now. For the latter
 * libcurl itself is asked what it would connect to, so that this answer and the check during a
 * fetch cannot differ: it resolves the host, offers each address, is refused each, and never
 * connects. */
#include "page/fetch.h"

#include "base/limits.h"
#include "page/address.h"
#include "page/url.h"
#include "page/url_host.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

/* What the host's addresses are. A name that has a public one too is no private host: its owner
 * could have added the private one to let a public page in. */
struct found {
    bool private;
    bool public;
};

static curl_socket_t look_at_address(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    struct found *found = arg;
    if (address_is_private(&address->addr, address->addrlen))
        found->private = true;
    else
        found->public = true;
    return CURL_SOCKET_BAD;
}

static bool set_options(CURL *easy, const char *url, struct found *found)
{
    return curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, LIMIT_CONNECT_MS) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, look_at_address) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, found) == CURLE_OK;
}

bool fetch_host_is_private(const char *url)
{
    struct error err;
    char *accepted;
    if (!url_is_http(slice_of(url)) || !url_accept(slice_of(url), &accepted, &err))
        return false;
    struct found found = {false, false};
    CURL *easy = curl_easy_init();
    if (easy != NULL && set_options(easy, accepted, &found))
        (void)curl_easy_perform(easy); /* always fails; what counts is what it tried */
    curl_easy_cleanup(easy);
    free(accepted);
    return found.private && !found.public;
}

/* ---- What the URL says ---- */

/* Top-level names that no public server answers for. */
static const char *const private_names[] = {
    "localhost", "local", "internal", "lan", "home", "corp", "intranet", "private", "home.arpa",
};

static bool is_under(struct slice host, const char *name)
{
    size_t len = strlen(name);
    if (host.len < len || !slice_equal(slice_sub(host, host.len - len, host.len), slice_of(name)))
        return false;
    return host.len == len || host.ptr[host.len - len - 1] == '.';
}

/* Of a serialized host: lower case, IPv4 in four decimal parts, IPv6 in brackets. */
static bool says_private(const char *text)
{
    char address[64];
    struct slice host = slice_of(text);
    if (host.len > 0 && host.ptr[host.len - 1] == '.')
        host.len--;
    bool brackets = slice_starts(host, "[");
    struct slice bare = brackets ? slice_sub(host, 1, host.len - 2) : host;
    if (brackets || url_host_is_address(host)) {
        bool fits = bare.len < sizeof address;
        snprintf(address, sizeof address, "%.*s", (int)(fits ? bare.len : 0), bare.ptr);
        return address_text_is_private(address);
    }
    if (memchr(host.ptr, '.', host.len) == NULL)
        return host.len > 0;
    for (size_t i = 0; i < sizeof private_names / sizeof *private_names; i++)
        if (is_under(host, private_names[i]))
            return true;
    return false;
}

bool fetch_url_is_private(const char *url)
{
    struct error err;
    char *accepted = NULL;
    char *host = NULL;
    CURLU *parts = curl_url();
    bool said = parts != NULL && url_is_http(slice_of(url)) &&
                url_accept(slice_of(url), &accepted, &err) &&
                curl_url_set(parts, CURLUPART_URL, accepted, CURLU_PATH_AS_IS) == CURLUE_OK &&
                curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK && says_private(host);
    curl_free(host);
    curl_url_cleanup(parts);
    free(accepted);
    return said;
}
