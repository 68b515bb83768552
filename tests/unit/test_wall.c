/* page: wall, with tests/fixtures/walls: "WALL-what-it-is.html", WALL as wall_name() or "none". */
#include "base/limits.h"
#include "page/wall.h"
#include "page_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

static const char page_url[] = "http://example.test/dir/page.html";

static enum wall wall_of(enum fixture_form form, const char *html, const char *asked,
                         const char *final)
{
    struct error err = {0};
    struct document_text text;
    struct document *doc = page_fixture_document(form, html, "<!DOCTYPE html>");
    if (!document_extract_text(doc, &text, &err))
        fail_msg("%s", err.text);
    enum wall wall = wall_of_document(doc, &text, asked, final);
    document_text_finish(&text);
    document_destroy(doc);
    return wall;
}

/* What the comment "<!-- NAME: VALUE -->" says, or the page's usual URL. The caller frees. */
static char *said(const char *html, const char *name)
{
    char mark[32];
    snprintf(mark, sizeof mark, "<!-- %s: ", name);
    const char *at = strstr(html, mark);
    if (at == NULL)
        return slice_dup(slice_of(page_url));
    at += strlen(mark);
    return slice_dup(slice_make(at, (size_t)(strstr(at, " -->") - at)));
}

static void known_walls_are_told_from_pages_that_look_like_them(void **state)
{
    (void)state;
    size_t count;
    size_t walls = 0;
    size_t pages = 0;
    size_t wrong = 0;
    char **names = page_fixture_names("walls", ".html", &count);
    for (size_t i = 0; i < count; i++) {
        char path[256];
        snprintf(path, sizeof path, "tests/fixtures/walls/%s", names[i]);
        char *html = page_fixture_read(path);
        char *asked = said(html, "asked");
        char *final = said(html, "final");
        const char *got = wall_name(wall_of(FIXTURE_WEB, html, asked, final));
        got = *got != '\0' ? got : "none";
        if (!slice_starts(slice_of(names[i]), got) || names[i][strlen(got)] != '-') {
            print_error("%s is taken for %s\n", names[i], got);
            wrong++;
        }
        bool none = slice_starts(slice_of(names[i]), "none-");
        pages += none;
        walls += !none;
        free(final);
        free(asked);
        free(html);
    }
    page_fixture_free_names(names, count);
    assert_int_equal(wrong, 0);
    assert_true(walls >= 25 && pages >= 25);
}

static void walls_have_names(void **state)
{
    (void)state;
    assert_string_equal(wall_name(WALL_NONE), "");
    assert_string_equal(wall_name(WALL_SHELL), "shell");
    assert_string_equal(wall_name(WALL_CHALLENGE), "challenge");
    assert_string_equal(wall_name(WALL_LOGIN), "login");
    assert_string_equal(wall_name(WALL_REFUSED), "refused");
}

static void some_statuses_are_for_programs(void **state)
{
    (void)state;
    static const long walls[] = {401, 403, 405, 412, 418, 429, 503, 521, 566, 999};
    static const long none[] = {0,   -1,  200, 204, 301, 304, 400, 402, 404, 408,
                                409, 410, 415, 451, 500, 501, 502, 504, 520, 1000};
    for (size_t i = 0; i < COUNT(walls); i++)
        assert_int_equal(wall_of_status(walls[i]), WALL_REFUSED);
    for (size_t i = 0; i < COUNT(none); i++)
        assert_int_equal(wall_of_status(none[i]), WALL_NONE);
}

static void a_live_page_is_no_shell_but_may_be_a_challenge(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        enum wall wall;
    } cases[] = {
        {"", WALL_NONE},
        {"<div id=\"root\"></div>", WALL_NONE},
        {"<p>Loading</p>", WALL_NONE},
        {"<div id=\"px-captcha\"></div>", WALL_CHALLENGE},
        {"<h1>Checking your browser</h1>", WALL_CHALLENGE},
        {"<p>请完成安全验证</p>", WALL_CHALLENGE},
        {"<p>安全验证</p><p>一二三四五六七八九</p>", WALL_CHALLENGE},
        {"<p>安全验证</p><p>一二三四五六七八九十</p>", WALL_NONE},
        {"<p>安全验证</p><p>一二三四五六七八九十</p><div class=\"yidun\"></div>", WALL_CHALLENGE},
        {"<p>安全验证</p><p>一二三四五六七八九十</p><input name=\"code\"/>", WALL_CHALLENGE},
        {"<p>安全验证</p><p>一二三四五六七八九十</p><input name=\"q\"/>", WALL_NONE},
        {"<p>安全验证</p><p>一二三四五六七八九十</p><input type=\"search\"/>", WALL_NONE},
        {"<p>安全验证</p><p>一二三四五六七八九十</p><input name=\"name\"/><textarea/>", WALL_NONE},
        {"<header><input name=\"code\"/></header><p>安全验证</p><p>一二三四五六七八九十</p>",
         WALL_NONE},
        {"<p>安全验证</p><p>一二三四五六七八九十</p><div class=\"grecaptcha-badge\"><div "
         "class=\"grecaptcha-logo\"><iframe></iframe></div></div>",
         WALL_NONE},
        {"<h1>Unusual traffic in the bay</h1><p>On Sunday the ferry met four whales.</p>",
         WALL_NONE},
        {"<nav>menu</nav><p>安全验证</p>", WALL_NONE},
        {"<nav>menu</nav><p>安全验证</p><div class=\"geetest_box\"></div>", WALL_CHALLENGE},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *page = page_fixture_wire_page(cases[i].body);
        if (wall_of(FIXTURE_WIRE, page, page_url, page_url) != cases[i].wall)
            fail_msg("%s", cases[i].body);
        free(page);
    }
}

/* `count` letters after `front`. */
static char *page_with(const char *front, const char *letter, size_t count)
{
    struct buf html;
    buf_init(&html, MIB);
    buf_add_text(&html, front);
    for (size_t i = 0; i < count; i++)
        buf_add_text(&html, letter);
    return buf_take(&html);
}

static void amounts_of_text_have_their_bounds(void **state)
{
    (void)state;
    static const struct {
        const char *front;
        const char *letter;
        size_t most; /* letters that still make it a wall */
        enum wall wall;
    } cases[] = {
        {"<script src=a></script>", "x", 0, WALL_SHELL},
        {"<script src=a></script>", "文", 0, WALL_SHELL},
        {"<script src=a></script><p>", "x", 0, WALL_SHELL},
        {"<script src=a></script><a>", "x", 59, WALL_SHELL},
        {"<script src=a></script><div id=app><p>", "x", 0, WALL_SHELL},
        {"<script src=a></script><div id=app><div id=main></div><p>Loading</p></div>", "x", 52,
         WALL_SHELL},
        {"<script src=a></script><div id=app><div class=spinner>", "x", 59, WALL_SHELL},
        {"<script src=a></script><div id=app></div>", "문", 19, WALL_SHELL},
        {"<script src=a></script><div id=app></div><h1>", "x", 11, WALL_SHELL},
        {"<script>x</script><div id=app></div><footer>", "x", 399, WALL_SHELL},
        {"<script>x</script><footer>", "x", 59, WALL_SHELL},
        {"<script>x</script>please enable JavaScript", "x", 377, WALL_SHELL},
        {"<div class=h-captcha></div>", "x", 149, WALL_CHALLENGE},
        {"<div class=h-captcha></div><a href=a></a><p>", "x", 149, WALL_CHALLENGE},
        {"<nav>x</nav><div class=h-captcha></div><p>", "x", 11, WALL_CHALLENGE},
        {"<script src=//hcaptcha.com/1/api.js></script><p>", "x", 149, WALL_CHALLENGE},
        {"<script src=//hcaptcha.com/1/api.js></script><a href=a></a><p>", "x", 11, WALL_CHALLENGE},
        {"<script>x</script>verify you are human", "x", 99, WALL_CHALLENGE},
        {"<script>x</script>verify you are human<p>", "文", 33, WALL_CHALLENGE},
        {"<input type=checkbox>verify you are human", "x", 482, WALL_CHALLENGE},
        {"<div id=my-captcha></div>verify you are human", "x", 482, WALL_CHALLENGE},
        {"<div id=px-captcha></div>", "x", 1199, WALL_CHALLENGE},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        for (size_t over = 0; over <= 1; over++) {
            char *html = page_with(cases[i].front, cases[i].letter, cases[i].most + over);
            enum wall wall = wall_of(FIXTURE_WEB, html, page_url, page_url);
            if (wall != (over == 0 ? cases[i].wall : WALL_NONE))
                fail_msg("%s and %zu of %s: %s", cases[i].front, cases[i].most + over,
                         cases[i].letter, wall_name(wall));
            free(html);
        }
}

static void large_pages_are_none_whatever_they_hold(void **state)
{
    (void)state;
    struct buf html;
    buf_init(&html, 8 * MIB);
    buf_add_text(&html, "<title>Just a moment...</title>");
    for (size_t i = 0; i < 20000; i++)
        buf_printf(&html,
                   "<script src=/cdn-cgi/challenge-platform/h/%zu></script>"
                   "<div id=px-captcha-%zu class='cf-chl-x'>verify you are human</div>",
                   i, i);
    assert_int_equal(wall_of(FIXTURE_WEB, html.ptr, page_url, page_url), WALL_NONE);
    buf_finish(&html);
}

static void addresses_of_any_kind_do_no_harm(void **state)
{
    (void)state;
    static const char *const urls[] = {"",
                                       "x",
                                       "about:blank",
                                       "http://",
                                       "javascript:login",
                                       "https://e.com/login?%",
                                       "https://e.com/%00/login?=%2",
                                       "https://x.com/i/flow/login"};
    static const char html[] = "<h1>Title</h1><p>And some text that is the page.</p>";
    for (size_t a = 0; a < COUNT(urls); a++)
        for (size_t b = 0; b < COUNT(urls); b++) {
            bool login = b == COUNT(urls) - 1 && a != b;
            assert_int_equal(wall_of(FIXTURE_WEB, html, urls[a], urls[b]),
                             login ? WALL_LOGIN : WALL_NONE);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_walls_are_told_from_pages_that_look_like_them),
        cmocka_unit_test(walls_have_names),
        cmocka_unit_test(some_statuses_are_for_programs),
        cmocka_unit_test(a_live_page_is_no_shell_but_may_be_a_challenge),
        cmocka_unit_test(amounts_of_text_have_their_bounds),
        cmocka_unit_test(large_pages_are_none_whatever_they_hold),
        cmocka_unit_test(addresses_of_any_kind_do_no_harm),
    };
    return cmocka_run_group_tests_name("wall", tests, NULL, NULL);
}
