/* page: landing, landing_refresh, landing_detour. */
#include "base/limits.h"
#include "page/landing.h"
#include "page_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* ---- landing_refresh ---- */

static char *refresh_of(enum fixture_form form, const char *html)
{
    struct error err = {0};
    char *url = NULL;
    struct document *doc = page_fixture_document(form, html, "<!DOCTYPE html>");
    if (!landing_refresh(doc, &url, &err))
        fail_msg("%s", err.text);
    document_destroy(doc);
    return url;
}

static void assert_refresh(const char *html, const char *want)
{
    char *url = refresh_of(FIXTURE_WEB, html);
    if ((url == NULL) != (want == NULL) || (url != NULL && strcmp(url, want) != 0))
        fail_msg("%s\ngives %s, not %s", html, url ? url : "none", want ? want : "none");
    free(url);
}

static void refresh_is_parsed_as_in_browsers(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"0; url=/x", "http://example.test/x"},
        {"0;URL=/x", "http://example.test/x"},
        {"0;Url = /x", "http://example.test/x"},
        {" 0 ; url=x", "http://example.test/dir/x"},
        {"0, url=/x", "http://example.test/x"},
        {"0 url=/x", "http://example.test/x"},
        {"0; /x", "http://example.test/x"},
        {"0 /x", "http://example.test/x"},
        {"0;url='/x'", "http://example.test/x"},
        {"0;url=\"/x\" y", "http://example.test/x"},
        {"0;url='/x\" y", "http://example.test/x%22%20y"},
        {"0;'/x'", "http://example.test/x"},
        {"0;url", "http://example.test/dir/url"},
        {"0;ur=/x", "http://example.test/dir/ur=/x"},
        {"0;urls=/x", "http://example.test/dir/urls=/x"},
        {"0;url=https://o.test/a?b=1&c#d", "https://o.test/a?b=1&c#d"},
        {"0.5;url=/x", "http://example.test/x"},
        {".5;url=/x", "http://example.test/x"},
        {"1.2.3;url=/x", "http://example.test/x"},
        {"10;url=/x", "http://example.test/x"},
        {"11;url=/x", NULL},
        {"99999999999999999999999;url=/x", NULL},
        {"0000000000000000000000000003;url=/x", "http://example.test/x"},
        {"0", NULL},
        {"0;", NULL},
        {"0;url=", NULL},
        {"", NULL},
        {"x", NULL},
        {"-1;url=/x", NULL},
        {"0x;url=/x", NULL},
        {"url=/x", NULL},
        {";url=/x", NULL},
        {"0;url=http://", NULL},
        {"0;url=javascript:alert(1)", NULL},
        {"0;url=data:text/html,x", NULL},
        {"0;url=mailto:a@b", NULL},
        {"0;url=ftp://h/x", NULL},
        {"0;url=#top", NULL},
        {"0;url=page.html", NULL},
        {"0;url=./page.html#x", NULL},
        {"0;url=page.html?x", "http://example.test/dir/page.html?x"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf html;
        buf_init(&html, 4 * KIB);
        buf_add_text(&html, "<meta http-equiv=refresh content=\"");
        for (const char *at = cases[i][0]; *at != '\0'; at++)
            buf_printf(&html, "&#%d;", *at);
        buf_add_text(&html, "\">x");
        assert_refresh(html.ptr, cases[i][1]);
        buf_finish(&html);
    }
}

static void refresh_counts_where_browsers_act_on_it(void **state)
{
    (void)state;
    static const char meta[] = "<meta http-equiv=Refresh content='0;url=/x'>";
    static const char to_y[] = "<meta http-equiv=refresh content='0;url=/y'>";
    static const struct {
        const char *before;
        const char *after;
        const char *want;
    } cases[] = {
        {"", "", "http://example.test/x"},
        {"<title>t</title><body><p>text</p>", "", "http://example.test/x"},
        {"<noscript>", "</noscript>", NULL},
        {"<head><noscript>", "</noscript></head><body>x", NULL},
        {"<body><noscript><div>", "</div></noscript>", NULL},
        {"<template>", "</template>", NULL},
        {"<svg><title>", "</title></svg>", "http://example.test/x"},
        {"<!--", "-->", NULL},
        {"<meta http-equiv=refresh content='nonsense'>", "", "http://example.test/x"},
        {"<meta http-equiv=refresh content='0;url=javascript:x'>", "", "http://example.test/x"},
        {"<meta http-equiv=refresh>", "", "http://example.test/x"},
        {"<meta http-equiv=refresh content='300'>", "", NULL},
        {"<base href='https://b.test/dir/'>", "", "https://b.test/x"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char html[256];
        snprintf(html, sizeof html, "%s%s%s", cases[i].before, meta, cases[i].after);
        assert_refresh(html, cases[i].want);
    }
    char html[256];
    snprintf(html, sizeof html, "%s%s", meta, to_y);
    assert_refresh(html, "http://example.test/x");
    snprintf(html, sizeof html, "<noscript>%s</noscript>%s", meta, to_y);
    assert_refresh(html, "http://example.test/y");
    assert_refresh("<p>no such thing</p>", NULL);
    assert_refresh("", NULL);
}

static void a_refresh_past_the_longest_url_leads_nowhere(void **state)
{
    (void)state;
    static const char front[] = "http://example.test/";
    for (size_t over = 0; over <= 1; over++) {
        struct buf html;
        buf_init(&html, 2 * LIMIT_URL);
        buf_printf(&html, "<meta http-equiv=refresh content='0;url=%s", front);
        for (size_t i = strlen(front); i < LIMIT_URL + over; i++)
            buf_add_char(&html, 'a');
        buf_add_text(&html, "'>");
        char *url = refresh_of(FIXTURE_WEB, html.ptr);
        assert_true((url == NULL) == (over == 1));
        free(url);
        buf_finish(&html);
    }
}

/* ---- landing_detour ---- */

static void detours_are_known_by_a_word_and_the_way_back(void **state)
{
    (void)state;
    static const struct {
        const char *asked;
        const char *final;
        enum landing_detour want;
    } cases[] = {
        {"https://e.com/a", "https://e.com/login?next=%2Fa", LANDING_LOGIN},
        {"https://e.com/a", "https://e.com/login?next=/a", LANDING_LOGIN},
        {"https://e.com/a/", "https://e.com/login?next=/a", LANDING_LOGIN},
        {"https://e.com/a", "https://e.com/Login.aspx?ReturnUrl=%2fa", LANDING_LOGIN},
        {"https://e.com/a?b=1", "https://e.com/users/sign_in?to=%2Fa%3Fb%3D1", LANDING_LOGIN},
        {"https://e.com/a", "https://e.com/sign-in/?r=https%3A%2F%2Fe.com%2Fa", LANDING_LOGIN},
        {"https://e.com/a", "https://sso.e.com/?r=https%3A%2F%2Fe.com%2Fa", LANDING_LOGIN},
        {"https://e.com/a", "https://passport.e.com/x?u=http://e.com/a", LANDING_LOGIN},
        {"https://e.com/", "https://auth.e.com/?u=https%3A%2F%2Fe.com%2F", LANDING_LOGIN},
        {"https://e.com/a", "https://accounts.o.com/v3/signin?c=https%3A%2F%2Fe.com%2Fa",
         LANDING_LOGIN},
        {"https://e.com/a", "https://o.com/oauth?c=https%253A%252F%252Fe.com%252Fa", LANDING_LOGIN},
        {"https://e.com/a", "https://e.com/ServiceLogin?c=https%3A%2F%2Fe.com%2Fa", LANDING_LOGIN},
        {"https://e.com:8443/a", "https://e.com/login?c=https%3A%2F%2Fe.com%3A8443%2Fa",
         LANDING_LOGIN},
        {"https://e.com/%E4%B8%AD", "https://e.com/login?c=%2F%E4%B8%AD", LANDING_LOGIN},
        {"https://e.com/a", "https://e.com/wp-login.php?redirect_to=https%3A%2F%2Fe.com%2Fa",
         LANDING_LOGIN},
        {"https://e.com/a", "https://e.com/#/login?next=/a", LANDING_STRAIGHT},
        {"https://e.com/a", "https://e.com/login#next=/a", LANDING_LOGIN},
        {"https://e.com/a", "https://e.com/captcha?u=https%3A%2F%2Fe.com%2Fa", LANDING_CHECK},
        {"https://e.com/a", "https://consent.e.com/m?continue=https%3A%2F%2Fe.com%2Fa",
         LANDING_CHECK},
        {"https://e.com/a", "https://e.com/login", LANDING_STRAIGHT},
        {"https://e.com/a", "https://e.com/login?next=/b", LANDING_STRAIGHT},
        {"https://e.com/a", "https://e.com/login?next=/ab", LANDING_STRAIGHT},
        {"https://e.com/a", "https://e.com/login?c=https%3A%2F%2Fe.com%2Fab", LANDING_STRAIGHT},
        {"https://e.com/a", "https://e.com/b?from=/a", LANDING_STRAIGHT},
        {"https://e.com/a", "https://e.com/blogin-tips?from=/a", LANDING_STRAIGHT},
        {"https://e.com/a", "https://e.com/authors?from=/a", LANDING_STRAIGHT},
        {"https://e.com/login", "https://e.com/login?next=/login", LANDING_STRAIGHT},
        {"https://e.com/login", "https://e.com/login", LANDING_STRAIGHT},
        {"https://e.com/", "https://e.com/login?x=/", LANDING_STRAIGHT},
        {"", "https://e.com/login?x=/", LANDING_STRAIGHT},
        {"https://e.com/", "", LANDING_STRAIGHT},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        if (landing_detour(cases[i].asked, cases[i].final) != cases[i].want)
            fail_msg("%s to %s is no %d", cases[i].asked, cases[i].final, (int)cases[i].want);
    assert_true(landing_names_login("https://passport.e.com/"));
    assert_true(landing_names_login("https://e.com/account/sign-in"));
    assert_false(landing_names_login("https://e.com/design-in-china"));
    assert_false(landing_names_login("https://e.com/a?login"));
}

/* ---- landing_key ---- */

struct key_case {
    const char *asked;
    const char *final;     /* NULL: as asked */
    const char *canonical; /* or "" */
    const char *key;
    const char *others; /* the other spellings, with a space between */
};

static void check_keys(const struct key_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct key_case *c = &cases[i];
        struct error err = {0};
        char *key = NULL;
        char *spellings[LANDING_SPELLINGS];
        size_t n = 99;
        struct landing landing = {c->asked, c->final ? c->final : c->asked, c->canonical};
        if (!landing_key(&landing, &key, spellings, &n, &err))
            fail_msg("%s: %s", c->asked, err.text);
        assert_true(n <= LANDING_SPELLINGS);
        struct buf others;
        buf_init(&others, 4 * LIMIT_URL);
        buf_add_text(&others, "");
        for (size_t k = 0; k < n; k++) {
            buf_printf(&others, "%s%s", k > 0 ? " " : "", spellings[k]);
            free(spellings[k]);
        }
        if (strcmp(key, c->key) != 0 || strcmp(others.ptr ? others.ptr : "", c->others) != 0)
            fail_msg("%s, %s, %s\ngives %s and \"%s\"\nnot %s and \"%s\"", c->asked, landing.final,
                     c->canonical, key, others.ptr, c->key, c->others);
        buf_finish(&others);
        free(key);
    }
}

#define E "https://e.com"

static void the_canonical_url_is_the_key_where_it_can_be(void **state)
{
    (void)state;
    static const struct key_case cases[] = {
        {E "/a", NULL, "", E "/a", ""},
        {E "/a", NULL, E "/a", E "/a", ""},
        {E "/a?ref=x", NULL, E "/a", E "/a", E "/a?ref=x"},
        {E "/a?utm_source=x#top", NULL, E "/a", E "/a", ""},
        {"http://e.com/a", E "/a", E "/b", E "/a", "http://e.com/a"},
        {"https://m.e.com/a", NULL, E "/a", E "/a", "https://m.e.com/a"},
        {"https://www.e.com/a", NULL, "https://m.e.com/a", "https://m.e.com/a",
         "https://www.e.com/a"},
        {"https://amp.e.com/a", NULL, "https://www.e.com/a", "https://www.e.com/a",
         "https://amp.e.com/a"},
        {"https://mobile.e.com/a", NULL, E "/a", E "/a", "https://mobile.e.com/a"},
        {"https://en.m.w.org/x", NULL, "https://en.w.org/x", "https://en.w.org/x",
         "https://en.m.w.org/x"},
        {E "/a/amp", NULL, E "/a", E "/a", E "/a/amp"},
        {E "/a", NULL, "http://e.com/a", E "/a", "http://e.com/a"},
        {"http://e.com/a", NULL, E "/a", E "/a", "http://e.com/a"},
        {E "/index.html", NULL, E "/", E "/", E "/index.html"},
        /* another page */
        {E "/a", NULL, "https://o.com/a", E "/a", ""},
        {E "/a", NULL, "https://de.e.com/a", E "/a", ""},
        {E "/a", NULL, "https://e.com:8443/a", E "/a", ""},
        {E "/a", NULL, E "/", E "/a", ""},
        {E "/a", NULL, E "/index.html", E "/a", ""},
        {E "/a", NULL, E "/en/", E "/a", ""},
        {E "/a", NULL, E "/zh-CN", E "/a", ""},
        {E "/?id=5", NULL, E "/", E "/?id=5", ""},
        {"https://m.com/a", NULL, "https://com/a", "https://m.com/a", ""},
        {E "/app#/inbox", NULL, E "/app", E "/app#/inbox", ""},
        {E "/view.php?post=5", NULL, E "/view.php", E "/view.php?post=5", ""},
        {E "/watch?v=5", NULL, E "/watch", E "/watch?v=5", ""},
        {E "/watch?v=5&list=2", NULL, E "/watch?v=5", E "/watch?v=5", E "/watch?v=5&list=2"},
        {E "/watch?v=5", NULL, E "/watch?v=6", E "/watch?v=5", ""},
        {E "/x?id=5", NULL, E "/title-of-5", E "/x?id=5", ""},
        {E "/a", NULL, "javascript:x", E "/a", ""},
        {E "/a", NULL, "https://", E "/a", ""},
    };
    check_keys(cases, COUNT(cases));
}

static void a_page_number_is_not_lost(void **state)
{
    (void)state;
    static const struct key_case cases[] = {
        {E "/a?page=2", NULL, E "/a", E "/a?page=2", ""},
        {E "/a?PN=2", NULL, E "/a", E "/a?PN=2", ""},
        {E "/a?p=2", NULL, E "/a", E "/a?p=2", ""},
        {E "/a?paged=3&x=1", NULL, E "/a?x=1", E "/a?paged=3&x=1", ""},
        {E "/a?start=10", NULL, E "/a", E "/a?start=10", ""},
        {E "/a?offset=1", NULL, E "/a", E "/a?offset=1", ""},
        {E "/a/page/2", NULL, E "/a", E "/a/page/2", ""},
        {E "/a/page/2/", NULL, E "/a/", E "/a/page/2/", ""},
        {E "/a/page-12", NULL, E "/a", E "/a/page-12", ""},
        {E "/a/page/2", NULL, E "/a/page/1", E "/a/page/2", ""},
        {E "/a?page=2", NULL, E "/a?page=1", E "/a?page=2", ""},
        {E "/a?page=2", NULL, E "/a?page=22", E "/a?page=2", ""},
        {E "/a?page=2&x=1", NULL, E "/a?page=2", E "/a?page=2", E "/a?page=2&x=1"},
        {E "/a?page=2", NULL, E "/a/2", E "/a?page=2", ""},
        {E "/a?page=2", NULL, E "/a/page/2", E "/a?page=2", ""},
        {E "/a?page=1", NULL, E "/a", E "/a", E "/a?page=1"},
        {E "/a?page=", NULL, E "/a", E "/a", E "/a?page="},
        {E "/a?start=0", NULL, E "/a", E "/a", E "/a?start=0"},
        {E "/a?start=now", NULL, E "/a", E "/a", E "/a?start=now"},
        {E "/page/about", NULL, E "/about", E "/page/about", ""},
        {E "/a/page/1", NULL, E "/a", E "/a/page/1", ""},
    };
    check_keys(cases, COUNT(cases));
}

static void a_live_page_may_carry_the_canonical_link_of_an_earlier_view(void **state)
{
    (void)state;
    static const struct key_case cases[] = {
        {E "/b", NULL, E "/a", E "/b", ""},
        {E "/a?ref=1", NULL, E "/a", E "/a", E "/a?ref=1"},
        {E "/a/", NULL, E "/a", E "/a", E "/a/"},
        {"https://m.e.com/a", NULL, E "/a", E "/a", "https://m.e.com/a"},
        {E "/watch?v=2", NULL, E "/watch?v=1", E "/watch?v=2", ""},
        {E "/watch?v=2&t=3", NULL, E "/watch?v=2", E "/watch?v=2", E "/watch?v=2&t=3"},
        {E "/a", NULL, E "/a?tab=2", E "/a", ""},
        {E "/a#/2", NULL, E "/a", E "/a#/2", ""},
    };
    check_keys(cases, COUNT(cases));
}

static void a_canonical_link_joins_nothing_but_its_own_place(void **state)
{
    (void)state;
    static const struct key_case cases[] = {
        /* the folders, or the names, of others */
        {"https://storage.googleapis.com/evil/a.html", NULL,
         "https://storage.googleapis.com/victim/b.html",
         "https://storage.googleapis.com/evil/a.html", ""},
        {"https://storage.googleapis.com/amp/x", NULL, "https://storage.googleapis.com/x",
         "https://storage.googleapis.com/amp/x", ""},
        {E "/~evil/", NULL, E "/~victim/", E "/~evil/", ""},
        {E "/users/evil/page", NULL, E "/users/victim/page", E "/users/evil/page", ""},
        {E "/view.php?user=evil", NULL, E "/view.php?user=victim", E "/view.php?user=evil", ""},
        {E "/view?user=evil", NULL, E "/view", E "/view?user=evil", ""},
        {E "/view?tab=a", NULL, E "/view?tab=b", E "/view?tab=a", ""},
        {E "/view", NULL, E "/view?tab=b", E "/view", ""},
        {E "/view?id=1", NULL, E "/view?id=1&id=2", E "/view?id=1", ""},
        {E "/view?id=1&id=2", NULL, E "/view?id=1", E "/view?id=1&id=2", ""},
        {E "/", NULL, E "/home-of-all", E "/", ""},
        {E "/?p=123", NULL, E "/2020/title/", E "/?p=123", ""},
        {E "/?p=1&a=b", NULL, E "/?a=b", E "/?p=1&a=b", ""},
        {E "/a", NULL, E "/a#/b", E "/a", ""},
        {E "/a", NULL, E "/A", E "/a", ""},
        {E "/a%2Fb", NULL, E "/a/b", E "/a%2Fb", ""},
        {E "/a/.html", NULL, E "/a", E "/a/.html", ""},
        {E "/amp", NULL, E "/", E "/amp", ""},
        {E "/a.php", NULL, E "/a", E "/a.php", ""},
        {E "/a.txt", NULL, E "/a.html", E "/a.txt", ""},
        {"https://m.github.io/a", NULL, "https://github.io/a", "https://m.github.io/a", ""},
        {"https://www.blogspot.com/a", NULL, "https://blogspot.com/a", "https://www.blogspot.com/a",
         ""},
        {"https://m.pages.dev/a", NULL, "https://mobile.pages.dev/a", "https://m.pages.dev/a", ""},
        {"https://m.co.uk/a", NULL, "https://mobile.co.uk/a", "https://m.co.uk/a", ""},
        {"https://evil.m.github.io/a", NULL, "https://evil.github.io/a",
         "https://evil.m.github.io/a", ""},
        /* an old revision, a comparison, a history */
        {E "/w/index.php?title=Foo&oldid=3", NULL, E "/wiki/Foo",
         E "/w/index.php?title=Foo&oldid=3", ""},
        {E "/w/index.php?title=Foo&oldid=3", NULL, E "/w/index.php?title=Foo",
         E "/w/index.php?title=Foo&oldid=3", ""},
        {E "/wiki/Foo?diff=7", NULL, E "/wiki/Foo", E "/wiki/Foo?diff=7", ""},
        {E "/wiki/Foo?action=history", NULL, E "/wiki/Foo", E "/wiki/Foo?action=history", ""},
        {E "/item?iid=5", NULL, E "/item", E "/item?iid=5", ""},
        {E "/item?sku=5", NULL, E "/item", E "/item?sku=5", ""},
        {E "/item?SessionID=5", NULL, E "/item", E "/item", E "/item?SessionID=5"},
        {E "/viewtopic?t=5", NULL, E "/viewtopic", E "/viewtopic?t=5", ""},
        {E "/index.php?page=about", NULL, E "/index.php", E "/index.php?page=about", ""},
        {E "/a?p=about&x=1", NULL, E "/a?x=1", E "/a?p=about&x=1", ""},
        /* its own place under another name */
        {"https://www.evil.github.io/a", NULL, "https://evil.github.io/a",
         "https://evil.github.io/a", "https://www.evil.github.io/a"},
        {"https://www.e.co.uk/a", NULL, "https://e.co.uk/a", "https://e.co.uk/a",
         "https://www.e.co.uk/a"},
        {E "/a/", NULL, E "/a", E "/a", E "/a/"},
        {E "/a/index.php?title=Foo&x=1", NULL, E "/a/?title=Foo", E "/a/?title=Foo",
         E "/a/index.php?title=Foo&x=1"},
        {E "/a/Default.aspx", NULL, E "/a/", E "/a/", E "/a/Default.aspx"},
        {E "/a.html", NULL, E "/a", E "/a", E "/a.html"},
        {E "/a.htm", NULL, E "/a.shtml", E "/a.shtml", E "/a.htm"},
        {E "/a.amp.html", NULL, E "/a.html", E "/a.html", E "/a.amp.html"},
        {E "/a/amp/", NULL, E "/a/", E "/a/", E "/a/amp/"},
        {E "/amp/a/b", NULL, E "/a/b", E "/a/b", E "/amp/a/b"},
        {E "/%e5%9b%be", NULL, E "/%E5%9B%BE", E "/%E5%9B%BE", E "/%e5%9b%be"},
        {E "/%61?id=%62&r=1", NULL, E "/a?id=b", E "/a?id=b", E "/%61?id=%62&r=1"},
    };
    check_keys(cases, COUNT(cases));
}

static void what_is_gone_often_leads_home_or_to_a_login(void **state)
{
    (void)state;
    static const struct key_case cases[] = {
        {E "/a", E "/", "", E "/a", ""},
        {E "/a", E "/", E "/", E "/a", ""},
        {E "/a", E "/index.php", E "/", E "/a", ""},
        {E "/a", E "/en/", "", E "/a", ""},
        {E "/a", "https://o.com/", "", E "/a", ""},
        {E "/a?utm_source=x", E "/?utm_source=x", "", E "/a", ""},
        {E "/", E "/en/", "", E "/en/", E "/"},
        {"http://e.com", "https://www.e.com/", "", "https://www.e.com/", "http://e.com/"},
        {E "/a", E "/?id=2", "", E "/?id=2", E "/a"},
        {E "/a", E "/#/b", "", E "/#/b", E "/a"},
        {"https://t.co/abc", E "/", "", E "/", "https://t.co/abc"},
        {E "/a", E "/login?next=%2Fa", "", E "/a", ""},
        {E "/a", E "/login?next=%2Fa", E "/login", E "/a", ""},
        {E "/a", "https://passport.e.com/?u=https%3A%2F%2Fe.com%2Fa", "", E "/a", ""},
        {E "/a", "https://consent.e.com/?u=https%3A%2F%2Fe.com%2Fa", "", E "/a", ""},
        {E "/login", E "/login?x=1", E "/login", E "/login", E "/login?x=1"},
        {E "/a", "", E "/b", E "/a", ""},
        {E "/a", "about:blank", "", E "/a", ""},
    };
    check_keys(cases, COUNT(cases));
}

static void amp_caches_stand_for_what_they_hold(void **state)
{
    (void)state;
    static const struct key_case cases[] = {
        {"https://www.google.com/amp/s/e.com/a", NULL, "", E "/a", ""},
        {"https://www.google.com/amp/s/e.com/a/amp", NULL, E "/a", E "/a", E "/a/amp"},
        {"https://e-com.cdn.ampproject.org/c/s/e.com/a?amp=1", E "/a?amp", E "/a", E "/a", ""},
        {"https://www.bing.com/amp/s/www.e.com/a", NULL, E "/a", E "/a", "https://www.e.com/a"},
    };
    check_keys(cases, COUNT(cases));
}

static void what_is_no_web_page_has_no_key(void **state)
{
    (void)state;
    struct error err = {0};
    char *key = NULL;
    char *spellings[LANDING_SPELLINGS];
    size_t count = 7;
    struct landing landing = {"file:///x", "about:blank", "https://e.com/"};
    assert_false(landing_key(&landing, &key, spellings, &count, &err));
    assert_int_equal(err.code, ERR_URL);
    assert_null(key);
    assert_int_equal(count, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refresh_is_parsed_as_in_browsers),
        cmocka_unit_test(refresh_counts_where_browsers_act_on_it),
        cmocka_unit_test(a_refresh_past_the_longest_url_leads_nowhere),
        cmocka_unit_test(detours_are_known_by_a_word_and_the_way_back),
        cmocka_unit_test(the_canonical_url_is_the_key_where_it_can_be),
        cmocka_unit_test(a_page_number_is_not_lost),
        cmocka_unit_test(a_live_page_may_carry_the_canonical_link_of_an_earlier_view),
        cmocka_unit_test(a_canonical_link_joins_nothing_but_its_own_place),
        cmocka_unit_test(what_is_gone_often_leads_home_or_to_a_login),
        cmocka_unit_test(amp_caches_stand_for_what_they_hold),
        cmocka_unit_test(what_is_no_web_page_has_no_key),
    };
    return cmocka_run_group_tests_name("landing", tests, NULL, NULL);
}
