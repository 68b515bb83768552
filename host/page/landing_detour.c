/* landing_detour(): "https://passport.example.com/login?next=https%3A%2F%2Fexample.com%2Fa". */
#include "page/landing.h"

#include "base/limits.h"
#include "page/percent.h"
#include "page/url_parts.h"

enum { DECODED_TIMES = 2 }; /* one redirect inside another encodes what is encoded */

/* Words between the punctuation of a label or of a path's segment. */
static const char *const login_words[] = {
    "login",        "logon",     "signin",      "passport", "sso",      "auth",      "oauth",
    "oidc",         "saml",      "authorize",   "account",  "accounts", "loginpage", "oauth2",
    "servicelogin", "userlogin", "memberlogin", "weblogin", "adfs"};

static const char *const check_words[] = {"captcha", "wappass", "unhuman",    "challenge",
                                          "antibot", "verify",  "antispider", "visitor",
                                          "consent", "sec",     "validate"};

static bool any_of(struct slice word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal_nocase(word, words[i]))
            return true;
    return false;
}

/* "sign-in", "log_in": two words that are one. */
static bool joined_login(struct slice text, size_t from)
{
    static const char *const pairs[] = {"sign-in", "sign_in", "log-in", "log_in", "log-on"};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        size_t len = strlen(pairs[i]);
        if (slice_equal_nocase(slice_sub(text, from, len), pairs[i]) &&
            (from + len >= text.len || strchr("./_-", text.ptr[from + len]) != NULL))
            return true;
    }
    return false;
}

static bool says(struct slice text, enum landing_detour kind)
{
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        while (end < text.len && strchr("./_-", text.ptr[end]) == NULL)
            end++;
        struct slice word = slice_sub(text, at, end - at);
        if (kind == LANDING_CHECK && any_of(word, check_words, sizeof check_words / sizeof(char *)))
            return true;
        if (kind == LANDING_LOGIN &&
            (any_of(word, login_words, sizeof login_words / sizeof(char *)) ||
             joined_login(text, at)))
            return true;
        at = end + 1;
    }
    return false;
}

static bool says_in(const struct url_parts *parts, enum landing_detour kind)
{
    return says(buf_slice(&parts->host), kind) || says(buf_slice(&parts->path), kind);
}

static bool ends_name(struct slice where, size_t end)
{
    return end >= where.len || strchr("/?#&", where.ptr[end]) != NULL;
}

/* Whether `where` holds "//" and the address, or "=" and the path. */
static bool holds(struct slice where, struct slice address, struct slice path)
{
    for (size_t at = slice_find(where, 0, address); at < where.len;
         at = slice_find(where, at + 1, address))
        if (at >= 2 && memcmp(where.ptr + at - 2, "//", 2) == 0 &&
            ends_name(where, at + address.len))
            return true;
    if (path.len == 0)
        return false;
    for (size_t at = slice_find(where, 0, path); at < where.len;
         at = slice_find(where, at + 1, path))
        if (at > 0 && where.ptr[at - 1] == '=' && ends_name(where, at + path.len))
            return true;
    return false;
}

/* Whether query or fragment of `final` lead back to `asked`. */
static bool leads_back(const struct url_parts *final, const struct url_parts *asked)
{
    struct buf where;
    struct buf address;
    struct buf path;
    buf_init(&where, LIMIT_DATA_URL);
    buf_init(&address, LIMIT_DATA_URL);
    buf_init(&path, LIMIT_DATA_URL);
    buf_add_slice(&path, buf_slice(&asked->path));
    while (path.len > 0 && path.ptr[path.len - 1] == '/')
        path.len--;
    buf_add_slice(&address, buf_slice(&asked->host));
    if (asked->port >= 0)
        buf_printf(&address, ":%d", asked->port);
    buf_add_slice(&address, buf_slice(&path));
    percent_decode(&path);
    percent_decode(&address);
    buf_add_slice(&where, buf_slice(&final->query));
    buf_add_char(&where, '&');
    buf_add_slice(&where, buf_slice(&final->fragment));
    bool found = false;
    for (int i = 0; i < DECODED_TIMES && !found && where.failed == ERR_NONE; i++) {
        percent_decode(&where);
        found = holds(buf_slice(&where), buf_slice(&address), buf_slice(&path));
    }
    buf_finish(&path);
    buf_finish(&address);
    buf_finish(&where);
    return found;
}

static bool parse(struct url_parts *parts, const char *url)
{
    struct error unused;
    return strlen(url) <= LIMIT_URL && url_parts_parse(parts, slice_of(url), NULL, &unused);
}

static bool same_place(const struct url_parts *a, const struct url_parts *b)
{
    return slice_equal(buf_slice(&a->host), buf_slice(&b->host)) &&
           slice_equal(buf_slice(&a->path), buf_slice(&b->path));
}

enum landing_detour landing_detour(const char *asked, const char *final)
{
    enum landing_detour detour = LANDING_STRAIGHT;
    struct url_parts from;
    struct url_parts to;
    url_parts_init(&from);
    url_parts_init(&to);
    if (parse(&from, asked) && parse(&to, final) && !same_place(&from, &to) &&
        leads_back(&to, &from)) {
        if (says_in(&to, LANDING_CHECK))
            detour = LANDING_CHECK;
        else if (says_in(&to, LANDING_LOGIN))
            detour = LANDING_LOGIN;
    }
    url_parts_finish(&to);
    url_parts_finish(&from);
    return detour;
}

bool landing_names_login(const char *url)
{
    struct url_parts parts;
    url_parts_init(&parts);
    bool named = parse(&parts, url) && says_in(&parts, LANDING_LOGIN);
    url_parts_finish(&parts);
    return named;
}
