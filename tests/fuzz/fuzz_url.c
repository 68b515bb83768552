/* page/url: a base in the first line, a reference in the rest. libcurl, which connects in the end,
 * must see the same host as we do. */
#include "base/limits.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "page/landing.h"
#include "page/referrer.h"
#include "page/url.h"
#include "page/url_parts.h"

#include <curl/curl.h>
#include <stdlib.h>

static void check_host(const char *url)
{
    CURLU *parsed = curl_url();
    char *host = NULL;
    struct url_parts parts;
    struct error err = {0};
    url_parts_init(&parts);
    FUZZ_CHECK(parsed != NULL && url_parts_parse(&parts, slice_of(url), NULL, &err));
    /* What libcurl does not read at all it does not ask for. */
    if (curl_url_set(parsed, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK &&
        curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
        !slice_equal_nocase(buf_slice(&parts.host), host))
        fuzz_fault("%s: %.*s here, %s for libcurl", url, (int)parts.host.len, parts.host.ptr, host);
    curl_free(host);
    curl_url_cleanup(parsed);
    url_parts_finish(&parts);
}

static void expect_same(const char *once, const char *twice, const char *what)
{
    if (strcmp(once, twice) != 0)
        fuzz_fault("%s is not the same twice: %s, then %s", what, once, twice);
}

static void take_apart(const char *url)
{
    struct error err = {0};
    char *key = NULL;
    char *again = NULL;
    char *site = NULL;
    bool ok = url_normalize(url, &key, &err);
    fuzz_check_error(ok, &err);
    if (ok) {
        FUZZ_CHECK(url_is_http(slice_of(key)) && utf8_valid(slice_of(key)));
        FUZZ_CHECK(url_normalize(key, &again, &err));
        expect_same(key, again, "the key");
        FUZZ_CHECK(url_site(key, &site, &err) && utf8_valid(slice_of(site)));
        free(site);
    }
    free(key);
    free(again);
    check_host(url);
}

static void take_in(struct slice text)
{
    struct error err = {0};
    char *url = NULL;
    char *again = NULL;
    bool ok = url_accept(text, &url, &err);
    fuzz_check_error(ok, &err);
    if (!ok)
        return;
    FUZZ_CHECK(url_is_http(slice_of(url)) && strlen(url) <= LIMIT_URL);
    FUZZ_CHECK(url_accept(slice_of(url), &again, &err));
    expect_same(url, again, "what is accepted");
    FUZZ_CHECK(url_same_origin(url, again));
    take_apart(url);
    free(url);
    free(again);
}

static void refer(const char *from, const char *to)
{
    for (int policy = REFERRER_STRICT_CROSS; policy <= REFERRER_WHOLE; policy++) {
        struct error err = {0};
        char *referer = NULL;
        bool ok = referrer_header((enum referrer_policy)policy, from, to, &referer, &err);
        fuzz_check_error(ok, &err);
        FUZZ_CHECK(referer == NULL ||
                   (url_is_http(slice_of(referer)) && ok && strchr(referer, '#') == NULL));
        FUZZ_CHECK(policy != REFERRER_NONE || referer == NULL);
        free(referer);
    }
}

static void land(const char *asked, const char *final)
{
    const struct landing landing = {.asked = asked, .final = final, .canonical = asked};
    char *key = NULL;
    char *spellings[LANDING_SPELLINGS];
    size_t count = 0;
    struct error err = {0};
    landing_detour(asked, final);
    bool ok = landing_key(&landing, &key, spellings, &count, &err);
    fuzz_check_error(ok, &err);
    for (size_t i = 0; ok && i < count; i++) {
        FUZZ_CHECK(strcmp(spellings[i], key) != 0);
        free(spellings[i]);
    }
    free(key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice ref = slice_make(data, size);
    struct slice base = fuzz_take_line(&ref);
    struct error err = {0};
    char *url = NULL;
    char *again = NULL;
    char *from = NULL;
    take_in(base);
    take_in(ref);
    bool ok = url_join(base, ref, &url, &err);
    fuzz_check_error(ok, &err);
    if (ok && !slice_starts_nocase(ref, "data:")) {
        FUZZ_CHECK(utf8_valid(slice_of(url)));
        FUZZ_CHECK(url_join(slice_of("http://other.test/"), slice_of(url), &again, &err));
        expect_same(url, again, "what was joined");
    }
    if (ok && url_is_http(slice_of(url))) {
        take_apart(url);
        if (url_join(slice_of("http://x.test/"), base, &from, &err) &&
            url_is_http(slice_of(from))) {
            refer(from, url);
            land(from, url);
        }
    }
    free(url);
    free(again);
    free(from);
    return 0;
}
