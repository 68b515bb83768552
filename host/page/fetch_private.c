/* fetch_host_is_private(). libcurl itself is asked what it would connect to, so that this answer
 * and the check during a fetch cannot differ: it resolves the host, offers each address, is refused
 * each, and never connects. */
#include "page/fetch.h"

#include "base/limits.h"
#include "page/address.h"
#include "page/url.h"

#include <curl/curl.h>
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
