/* page: links. */
#include "base/limits.h"
#include "base/utf8.h"
#include "page/links.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* What was found, with a space between, refused ones in "<>". */
struct found {
    struct buf list;
    size_t count;
    size_t most; /* end after so many; 0: never */
    struct error fault;
};

static bool note(const char *url, const struct error *fault, void *arg)
{
    struct found *found = arg;
    bool refused = fault != NULL;
    buf_printf(&found->list, found->list.len > 0 ? " " : "");
    buf_printf(&found->list, refused ? "<%s>" : "%s", url);
    if (refused) {
        assert_true(fault->text[0] != '\0');
        assert_true(utf8_valid(slice_of(url)));
        found->fault = *fault;
    }
    return ++found->count != found->most;
}

static void assert_links(const char *text, const char *want)
{
    struct error err = {0};
    struct found found = {0};
    buf_init(&found.list, 8 * MIB);
    if (!links_find(slice_of(text), note, &found, &err))
        fail_msg("%s: %s", text, err.text);
    const char *got = found.list.ptr != NULL ? found.list.ptr : "";
    if (strcmp(got, want) != 0)
        fail_msg("%s\ngives \"%s\"\nnot   \"%s\"", text, got, want);
    buf_finish(&found.list);
}

static void check(const char *const (*cases)[2], size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_links(cases[i][0], cases[i][1]);
}

static void links_are_found_between_words(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", ""},
        {"   \n ", ""},
        {"no links here", ""},
        {"see https://e.com/a and http://e.org/b?c=d#e too",
         "https://e.com/a http://e.org/b?c=d#e"},
        {"see HTTPS://E.com/A.", "https://e.com/A"},
        {"(https://e.com/a)", "https://e.com/a"},
        {"x (see https://e.com/a, or https://e.com/b).", "https://e.com/a https://e.com/b"},
        {"at https://e.com/a? Or https://e.com/b! Or https://e.com/c: yes; https://e.com/d;",
         "https://e.com/a https://e.com/b https://e.com/c https://e.com/d"},
        {"a https://e.com/x_(y) b", "https://e.com/x_(y)"},
        {"a (https://e.com/x_(y)) b", "https://e.com/x_(y)"},
        {"a https://e.com/x_(y b", "https://e.com/x_(y"},
        {"a https://e.com/x( b", "https://e.com/x"},
        {"a https://e.com/a,b;c=d:e!f'g*h$i b", "https://e.com/a,b;c=d:e!f'g*h$i"},
        {"'https://e.com/a' b", "https://e.com/a"},
        {"\"https://e.com/a\" b", "https://e.com/a"},
        {"`https://e.com/a` b", "https://e.com/a"},
        {"a <https://e.com/a>", "https://e.com/a"},
        {"a https://e.com\tb", "https://e.com/"},
        {"a https://e.com:8443/a b", "https://e.com:8443/a"},
        {"a http://[2001:db8::1]:80/x b", "http://[2001:db8::1]/x"},
        {"a [http://[::1]/x] b", "http://[::1]/x"},
        {"a http://10.0.0.1:8080/x b", "http://10.0.0.1:8080/x"},
        {"a http://localhost:3000 b", "http://localhost:3000/"},
        {"xhttps://e.com/a b", "https://e.com/a"},
        {"a https:// b http:// c", ""},
        {"a //www.e.com/x b", "https://www.e.com/x"},
        {"a www.e.com b", "https://www.e.com/"},
        {"awww.cute.com/x is it", "https://awww.cute.com/x"},
        {"a www. b www.x c", ""},
        {"https://web.archive.org/web/2020/https://e.com/a x",
         "https://web.archive.org/web/2020/https://e.com/a"},
        {"https://r.com/?u=https://e.com/a x", "https://r.com/?u=https://e.com/a"},
        {"https://e.com/ahttps://e.com/b x", "https://e.com/a https://e.com/b"},
        {"https://e.com/a https://e.com/a#b https://e.com/a?utm_source=x https://E.com/a",
         "https://e.com/a"},
        {"a https://e.com\\n b", "https://e.com/"},
    };
    check(cases, COUNT(cases));
}

static void links_are_found_in_markup_and_lists(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"[a](http://e.com/x_(y)) b", "http://e.com/x_(y)"},
        {"[a](http://e.com/x \"title\")", "http://e.com/x"},
        {"[http://e.com/x](http://e.com/x)", "http://e.com/x"},
        {"[1]: http://e.com/x", "http://e.com/x"},
        {"**http://e.com/x** and *http://e.com/y*", "http://e.com/x http://e.com/y"},
        {"<a href=\"https://e.com/?a=1&amp;b=2\">t</a>", "https://e.com/?a=1&b=2"},
        {"<a href='https://e.com/?a=1&#38;b=2'>t</a>", "https://e.com/?a=1&b=2"},
        {"<a href=https://e.com/a>https://e.com/b</a>", "https://e.com/a https://e.com/b"},
        {"&lt;a href=&quot;https://e.com/a&quot;&gt;", "https://e.com/a"},
        {"https://e.com&quot; x", "https://e.com/"},
        {"https://e.com/?a&copy=1 x", "https://e.com/?a&copy=1"},
        {"https://e.com/a,https://e.com/b, https://e.com/c;www.e.com/d",
         "https://e.com/a https://e.com/b https://e.com/c https://www.e.com/d"},
        {"\"https://e.com/a,b\",\"x\"\n\"https://e.com/c\",1", "https://e.com/a,b https://e.com/c"},
        {"| https://e.com/a|https://e.com/b |", "https://e.com/a https://e.com/b"},
        {"https://e.com/a\nhttps://e.com/b\r\n\r\nhttps://e.com/c\n",
         "https://e.com/a https://e.com/b https://e.com/c"},
        {"{\"url\":\"https://e.com/a\",\"n\":[https://e.com/b]}",
         "https://e.com/a https://e.com/b"},
        {"{https://e.com/{id}} x", "https://e.com/%7Bid%7D"},
    };
    check(cases, COUNT(cases));
}

static void chinese_text_needs_no_spaces(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"看https://e.com/文章，然后", "https://e.com/%E6%96%87%E7%AB%A0"},
        {"看https://e.com/a。然后", "https://e.com/a"},
        {"看https://e.com。然后", "https://e.com/"},
        {"看https://e.com，然后", "https://e.com/"},
        {"看https://e.com看看", "https://e.com/"},
        {"看www.e.com/a、www.e.com/b；", "https://www.e.com/a https://www.e.com/b"},
        {"看e.com/a，还有e.cn。", "https://e.com/a https://e.cn/"},
        {"（https://e.com/a）《https://e.com/b》「https://e.com/c」“https://e.com/d”",
         "https://e.com/a https://e.com/b https://e.com/c https://e.com/d"},
        {"链接：https://e.com/a！好", "https://e.com/a"},
        {"網址:e.tw/x　全", "https://e.tw/x"},
        {"看 http：／／例子。中国／路，好", "http://xn--fsqu00a.xn--fiqs8s/%E8%B7%AF"},
        {"看 ｈｔｔｐｓ：／／e．com／a 好", "https://e.com/a"},
        {"看 https：//e.com。好", "https://e.com/"},
        {"看 https：//e.com。 好", "https://e.com/"},
        {"https://例子.中国/路 好", "https://xn--fsqu00a.xn--fiqs8s/%E8%B7%AF"},
        {"複製https://v.e.com/abc/ 打開", "https://v.e.com/abc/"},
        {"https://ko.e.org/위키 보기", "https://ko.e.org/%EC%9C%84%ED%82%A4"},
    };
    check(cases, COUNT(cases));
}

static void names_without_a_scheme_are_taken_when_people_know_them(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"see e.com, e.org/x and e.co.uk.", "https://e.com/ https://e.org/x https://e.co.uk/"},
        {"see EXAMPLE.COM or e.com:8443/a or e.com: yes",
         "https://example.com/ https://e.com:8443/a https://e.com/"},
        {"url=e.com/a (e.net) [e.io/b]", "https://e.com/a https://e.net/ https://e.io/b"},
        {"see m\xC3\xBCnchen.de now", "https://xn--mnchen-3ya.de/"},
        {"main.c README.md a.py lib.rs run.sh a.zip b.mov x.js index.html user.id obj.name", ""},
        {"docs.rs/gumbo and a.md/x, not /src/main.rs/x", "https://docs.rs/gumbo https://a.md/x"},
        {"3.14 1.2.3 v1.0 192.168.1.1 e.g. i.e. and/or Node.js foo.bar a..com", ""},
        {"the end.In the beginning.It was", ""},
        {"mail me@e.com or a.com@b.com or mailto:x@e.com", ""},
        {"a/e.com ./e.com -e.com _e.com #e.com $e.com ~e.com %e.com", ""},
        {"e.com(x) e.com_x e.com=x", ""},
        {"console.info(x) System.out.println", ""},
        {"e.com@x", ""},
        {"e.com?a=1 e.org#b", "https://e.com/?a=1 https://e.org/#b"},
    };
    check(cases, COUNT(cases));
}

static void a_text_that_is_one_url_is_taken_whole(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {" https://en.wikipedia.org/wiki/Washington,_D.C. \n",
         "https://en.wikipedia.org/wiki/Washington,_D.C."},
        {"https://e.com/a)", "https://e.com/a)"},
        {"https://e.com/《红》", "https://e.com/%E3%80%8A%E7%BA%A2%E3%80%8B"},
        {"https://e.com/?u=https://o.com/", "https://e.com/?u=https://o.com/"},
        {"https://e.com/a,https://e.com/b", "https://e.com/a https://e.com/b"},
        {"https://e.com/a，好", "https://e.com/a"},
        {"<https://e.com/a>", "https://e.com/a"},
        {"e.com", "https://e.com/"},
        {"localhost", "http://localhost/"},
        {"localhost:3000/x", "http://localhost:3000/x"},
        {"10.0.0.1", "http://10.0.0.1/"},
        {"10.0.0.1:80/x", "http://10.0.0.1/x"},
        {"wiki.corp/x", "https://wiki.corp/x"},
        {"wiki.corp:8080", "https://wiki.corp:8080/"},
        {"wiki.corp", ""},
        {"main.c", ""},
        {"README.md", ""},
        {"3.14", ""},
        {"12:30", ""},
        {"hello", ""},
        {"hello/world", ""},
        {"me@e.com", ""},
        {"https://", ""},
    };
    check(cases, COUNT(cases));
}

static void what_cannot_be_saved_is_refused_with_a_reason(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"javascript:alert(1)", "<javascript:alert(1)>"},
        {"run javascript:void(0) now", "<javascript:void(0)>"},
        {"data:text/html,x data:,y", "<data:text/html,x> <data:,y>"},
        {"file:///etc/passwd", "<file:///etc/passwd>"},
        {"see ftp://e.com/x, chrome://flags about:config",
         "<ftp://e.com/x,> <chrome://flags> <about:config>"},
        {"moz-extension://1/x view-source:https://e.com/",
         "<moz-extension://1/x> <view-source:https://e.com/>"},
        {"<a href=\"javascript:x()\">", "<javascript:x()>"},
        {"the javascript: way, data: 42, data:42, about: me, file:x, myjavascript:x", ""},
        {"mailto:a@e.com tel:123", ""},
        {"https://user:secret@e.com/x y", "<https://user:secret@e.com/x>"},
        {"https://user@e.com/x", "<https://user@e.com/x>"},
        {"see http://e..com/ y", "<http://e..com/>"},
        {"see http://e.com:99999/ y", "<http://e.com:99999/>"},
        {"javascript:x javascript:x https://e.com/a", "<javascript:x> https://e.com/a"},
    };
    check(cases, COUNT(cases));
    struct error err = {0};
    struct found found = {0};
    buf_init(&found.list, KIB);
    assert_true(links_find(slice_of("https://u:p@e.com/"), note, &found, &err));
    assert_int_equal(found.fault.code, ERR_URL);
    assert_non_null(strstr(found.fault.text, "password"));
    buf_finish(&found.list);
}

static void a_link_may_be_as_long_as_an_url_and_no_longer(void **state)
{
    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        struct error err = {0};
        struct found found = {0};
        struct buf text;
        buf_init(&text, MIB);
        buf_init(&found.list, MIB);
        buf_add_text(&text, "x https://e.com/");
        while (text.len < LIMIT_URL + 2 + over)
            buf_add_char(&text, 'a');
        buf_add_text(&text, " https://e.com/b");
        assert_true(links_find(buf_slice(&text), note, &found, &err));
        assert_int_equal(found.count, 2);
        assert_int_equal(found.fault.code, over == 0 ? ERR_NONE : ERR_LIMIT);
        if (over == 1)
            assert_int_equal(slice_find_byte(buf_slice(&found.list), 0, ' '), 2048 + 2);
        buf_finish(&found.list);
        buf_finish(&text);
    }
}

static void a_text_may_be_so_long_and_no_longer(void **state)
{
    (void)state;
    struct error err = {0};
    struct found found = {0};
    char *text = malloc(LIMIT_LINKS_TEXT + 1);
    assert_non_null(text);
    memset(text, '.', LIMIT_LINKS_TEXT + 1);
    assert_true(links_find(slice_make(text, LIMIT_LINKS_TEXT), note, &found, &err));
    assert_false(links_find(slice_make(text, LIMIT_LINKS_TEXT + 1), note, &found, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_int_equal(found.count, 0);
    free(text);
}

static void a_callback_may_end_it(void **state)
{
    (void)state;
    struct error err = {0};
    struct found found = {.most = 2};
    buf_init(&found.list, KIB);
    assert_true(links_find(slice_of("https://e.com/1 x:// https://e.com/2 https://e.com/3"), note,
                           &found, &err));
    assert_string_equal(found.list.ptr, "https://e.com/1 https://e.com/2");
    buf_finish(&found.list);
}

static bool count(const char *url, const struct error *fault, void *arg)
{
    (void)url;
    (void)fault;
    ++*(size_t *)arg;
    return true;
}

static void many_links_are_each_found_once(void **state)
{
    (void)state;
    struct error err = {0};
    struct buf text;
    size_t n = 0;
    buf_init(&text, LIMIT_LINKS_TEXT);
    for (size_t i = 0; i < 20000; i++)
        buf_printf(&text, "https://e.com/%zu\nhttps://e.com/%zu,", i, i / 2);
    assert_true(links_find(buf_slice(&text), count, &n, &err));
    assert_int_equal(n, 20000);
    buf_finish(&text);
}

/* Four MiB of what a scan that looks back or far ahead would be quadratic in. */
static void hostile_texts_take_linear_time(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "a",     "a.",          "a.com",    "www.", "(",  "http://", "https://a(", "http",   "h",
        "&amp;", "javascript:", "data:a/",  "，",   "看", "\xFF",    "http：／／", "e.com/", "[",
        "@",     "http://[",    ",http://", "'",
    };
    for (size_t i = 0; i < COUNT(pieces); i++) {
        struct error err = {0};
        struct buf text;
        size_t n = 0;
        buf_init(&text, LIMIT_LINKS_TEXT);
        buf_add_text(&text, " ");
        while (buf_add_text(&text, pieces[i]) && text.len < MIB)
            continue;
        buf_add_char(&text, '\0');
        assert_true(links_find(buf_slice(&text), count, &n, &err));
        buf_finish(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_are_found_between_words),
        cmocka_unit_test(links_are_found_in_markup_and_lists),
        cmocka_unit_test(chinese_text_needs_no_spaces),
        cmocka_unit_test(names_without_a_scheme_are_taken_when_people_know_them),
        cmocka_unit_test(a_text_that_is_one_url_is_taken_whole),
        cmocka_unit_test(what_cannot_be_saved_is_refused_with_a_reason),
        cmocka_unit_test(a_link_may_be_as_long_as_an_url_and_no_longer),
        cmocka_unit_test(a_text_may_be_so_long_and_no_longer),
        cmocka_unit_test(a_callback_may_end_it),
        cmocka_unit_test(many_links_are_each_found_once),
        cmocka_unit_test(hostile_texts_take_linear_time),
    };
    return cmocka_run_group_tests_name("links", tests, NULL, NULL);
}
