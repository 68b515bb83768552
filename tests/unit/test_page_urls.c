/* store: page_urls, and what a snapshot says of the way to it: hops, kind, file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "store_fixture.h"

static struct snapshot_ids save(struct fixture *f, const char *normalized,
                                const char *const *spellings, size_t count)
{
    struct snapshot_new new = fixture_snapshot(normalized, "T", "text");
    new.spellings = spellings;
    new.spelling_count = count;
    return fixture_begin(f, &new);
}

static int64_t find(struct fixture *f, const char *normalized)
{
    int64_t page = -1;
    assert_ok(pages_find(f->store, normalized, &page, &f->err));
    return page;
}

static void a_page_is_found_by_all_its_spellings(void **state)
{
    struct fixture *f = *state;
    static const char *const spellings[] = {"http://e.com/", "https://e.com/", "http://www.e.com/"};
    int64_t page = save(f, "https://e.com/", spellings, 3).page;
    assert_int_equal(find(f, "https://e.com/"), page);
    assert_int_equal(find(f, "http://e.com/"), page);
    assert_int_equal(find(f, "http://www.e.com/"), page);
    assert_int_equal(find(f, "https://www.e.com/"), 0);
    /* Its own key is no other spelling. */
    assert_int_equal(pragma(f, "SELECT count(*) FROM page_urls"), 2);
    assert_ok(pages_trash(f->store, page, &f->err));
    assert_int_equal(find(f, "http://e.com/"), page);
}

static void a_page_known_by_a_spelling_gets_the_version(void **state)
{
    struct fixture *f = *state;
    static const char *const spelling[] = {"http://e.com/"};
    struct snapshot_ids first = save(f, "http://e.com/", NULL, 0);
    struct snapshot_ids second = save(f, "https://e.com/", spelling, 1);
    assert_int_equal(second.page, first.page);
    assert_int_equal(second.version, 2);
    /* The new key is the page's own from now on, the old one leads to it. */
    assert_int_equal(find(f, "https://e.com/"), first.page);
    assert_int_equal(find(f, "http://e.com/"), first.page);
    assert_int_equal(save(f, "https://e.com/", NULL, 0).version, 3);
    assert_int_equal(pragma(f, "SELECT count(*) FROM pages"), 1);
}

static void keys_alone_say_which_page_a_version_belongs_to(void **state)
{
    struct fixture *f = *state;
    static const char *const both[] = {"https://a.com/", "https://b.com/"};
    int64_t a = save(f, "https://a.com/", NULL, 0).page;
    int64_t b = save(f, "https://b.com/", NULL, 0).page;
    assert_int_equal(save(f, "https://b.com/", both, 2).page, b);
    assert_int_equal(save(f, "https://c.com/", both, 2).page, a);
    assert_int_equal(find(f, "https://a.com/"), a);
    assert_int_equal(find(f, "https://b.com/"), b);
    assert_int_equal(find(f, "https://c.com/"), a);
}

/* A server says something else each day; nobody's page becomes another's by that. */
static void a_url_that_leads_elsewhere_now_takes_no_page_with_it(void **state)
{
    struct fixture *f = *state;
    static const char *const random[] = {"https://r.com/random"};
    int64_t foo = save(f, "https://r.com/foo", random, 1).page;
    assert_int_equal(find(f, "https://r.com/random"), foo);
    int64_t bar = save(f, "https://r.com/bar", random, 1).page;
    assert_int_not_equal(bar, foo);
    assert_int_equal(find(f, "https://r.com/random"), bar);
    int64_t own = save(f, "https://r.com/random", random, 1).page;
    assert_true(own != foo && own != bar);
    assert_int_equal(find(f, "https://r.com/random"), own);
    assert_int_equal(save(f, "https://r.com/foo", NULL, 0).version, 2);
}

static void spellings_and_hops_have_a_ceiling(void **state)
{
    struct fixture *f = *state;
    char *url = calloc(1, LIMIT_URL + 2);
    assert_non_null(url);
    memset(url, 'u', LIMIT_URL + 1);
    struct snapshot_ids ids;
    const char *spelling = url;
    struct hop_row hop = {"https://e.com/", "301"};
    struct snapshot_new new = fixture_snapshot("https://e.com/", "T", "text");
    new.spellings = &spelling;
    new.spelling_count = 1;
    new.hops = &hop;
    new.hop_count = 1;
    assert_error(snapshots_begin(f->store, &new, &ids, &f->err), ERR_LIMIT);
    spelling = "";
    assert_error(snapshots_begin(f->store, &new, &ids, &f->err), ERR_LIMIT);
    spelling = "https://f.com/";
    hop.url = url;
    assert_error(snapshots_begin(f->store, &new, &ids, &f->err), ERR_LIMIT);
    assert_int_equal(pragma(f, "SELECT count(*) FROM pages"), 0);
    url[LIMIT_URL] = '\0';
    spelling = url;
    assert_ok(snapshots_begin(f->store, &new, &ids, &f->err));
    assert_int_equal(find(f, url), ids.page);
    free(url);
}

static bool show_hop(const struct hop_row *row, void *arg)
{
    return buf_printf(arg, "%s %s;", row->how, row->url);
}

static bool one_hop(const struct hop_row *row, void *arg)
{
    (void)row;
    ++*(int *)arg;
    return false;
}

static void hops_are_kept_in_their_order(void **state)
{
    struct fixture *f = *state;
    static const struct hop_row hops[] = {
        {"http://z.com/", "301"}, {"https://a.com/", "refresh"}, {"http://z.com/", "302"}};
    struct snapshot_new new = fixture_snapshot("https://e.com/", "T", "text");
    new.hops = hops;
    new.hop_count = 3;
    int64_t snapshot = fixture_begin(f, &new).snapshot;
    int64_t none = save(f, "https://e.com/", NULL, 0).snapshot;
    struct buf out;
    int count = 0;
    buf_init(&out, 4096);
    assert_ok(snapshots_hops(f->store, none, show_hop, &out, &f->err));
    assert_int_equal(out.len, 0);
    assert_ok(snapshots_hops(f->store, snapshot, show_hop, &out, &f->err));
    assert_string_equal(out.ptr, "301 http://z.com/;refresh https://a.com/;302 http://z.com/;");
    assert_ok(snapshots_hops(f->store, snapshot, one_hop, &count, &f->err));
    assert_int_equal(count, 1);
    buf_finish(&out);
}

static bool show_kind(const struct snapshot_row *row, void *arg)
{
    return buf_printf(arg, "%s '%s';", row->kind, row->file_name);
}

static bool show_page_kind(const struct page_row *row, void *arg)
{
    return buf_add_text(arg, row->kind);
}

static void a_snapshot_says_what_the_link_led_to(void **state)
{
    struct fixture *f = *state;
    struct snapshot_new new = fixture_snapshot("https://e.com/", "T", "text");
    struct buf out;
    buf_init(&out, 4096);
    int64_t page = fixture_begin(f, &new).page;
    assert_ok(pages_get(f->store, page, show_page_kind, &out, &f->err));
    assert_string_equal(out.ptr, "page");
    buf_reset(&out);
    new.kind = "pdf";
    new.file_name = "论文 \xFF.pdf";
    fixture_begin(f, &new);
    assert_ok(snapshots_list(f->store, page, show_kind, &out, &f->err));
    assert_string_equal(out.ptr, "pdf '论文 \xEF\xBF\xBD.pdf';page '';");
    buf_reset(&out);
    assert_ok(pages_get(f->store, page, show_page_kind, &out, &f->err));
    assert_string_equal(out.ptr, "pdf");
    buf_finish(&out);
}

int main(void)
{
#define with_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        with_store(a_page_is_found_by_all_its_spellings),
        with_store(a_page_known_by_a_spelling_gets_the_version),
        with_store(keys_alone_say_which_page_a_version_belongs_to),
        with_store(a_url_that_leads_elsewhere_now_takes_no_page_with_it),
        with_store(spellings_and_hops_have_a_ceiling),
        with_store(hops_are_kept_in_their_order),
        with_store(a_snapshot_says_what_the_link_led_to),
    };
#undef with_store
    return cmocka_run_group_tests_name("page_urls", tests, NULL, NULL);
}
