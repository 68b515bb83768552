/* store: query_match, query_sql. */
#include "store/query.h"
#include "store/query_sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct folder *folder;

static int set_up(void **state)
{
    (void)state;
    struct error err;
    return folder_create(&folder, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    folder_destroy(folder);
    return 0;
}

/* match / where, with numbers of parameters as they come. */
static void assert_sql(const char *text, const char *match, const char *where)
{
    struct query query;
    struct query_sql sql;
    struct error err;
    assert_true(query_parse(&query, folder, slice_of(text), 0, &err));
    assert_true(query_sql_make(&sql, &query, &err));
    assert_string_equal(sql.match.ptr == NULL ? "" : sql.match.ptr, match);
    assert_string_equal(sql.where.ptr == NULL ? "" : sql.where.ptr, where);
    query_sql_finish(&sql);
    query_finish(&query);
}

static void what_the_index_can_answer_is_left_to_it(void **state)
{
    (void)state;
#define TEXT_IN "p.ord IN (SELECT rowid FROM search WHERE search MATCH ?11)"
#define TAG(n)                                                                                     \
    "p.id IN (SELECT pt.page FROM page_tags pt WHERE pt.tag IN (SELECT t.id FROM tags t WHERE"     \
    " t.folded = ?" n " OR (t.folded >= ?" n " || '/' AND t.folded < ?" n " || '0')))"
#define PENDING "p.snapshot IN (SELECT s.id FROM snapshots s WHERE s.state = 'pending')"
    assert_sql("", "", "");
    assert_sql("a ", "\"a\"", "");
    /* A short beginning is a term by itself. */
    assert_sql("a* b ",
               "(\"\x01"
               "a\" AND \"b\")",
               "");
    assert_sql("abc* ",
               "\"\x01"
               "abc\"",
               "");
    assert_sql("abcd* ", "\"abcd\" *", "");
    assert_sql("a.b* ", "\"a.b\" *", "");
    assert_sql("title:a -b ", "(({title } : \"a\") NOT (\"b\"))", "");
    assert_sql("a (b OR c -d) ", "(\"a\" AND (\"b\" OR ((\"c\") NOT (\"d\"))))", "");
    assert_sql("-a ", "", "NOT " TEXT_IN);
    assert_sql("-a -b ", "",
               "NOT " TEXT_IN " AND NOT p.ord IN (SELECT rowid FROM search WHERE search MATCH "
               "?12)");
    assert_sql("a is:pending -b ", "((\"a\") NOT (\"b\"))", PENDING);
    assert_sql("a OR is:pending ", "", "(" TEXT_IN " OR " PENDING ")");
    assert_sql("a (b OR is:pending) ", "(\"a\")", "(" TEXT_IN " OR " PENDING ")");
    assert_sql("a OR -b ", "",
               "(" TEXT_IN " OR NOT p.ord IN (SELECT rowid FROM search WHERE search "
               "MATCH ?12))");
    assert_sql("a OR tag:x ", "", "(" TEXT_IN " OR " TAG("12") ")");
    /* The name of a tag is looked for among the tags first, where its spelling is plain. */
    assert_sql("a tag:Work/x ", "((\"a\") AND {tags } : \"work/x\")", TAG("11"));
    assert_sql("a -b #c #读书 ",
               "(((\"a\") NOT (\"b\")) AND {tags } : \"c\" AND {tags } : \"读书\")",
               TAG("11") " AND " TAG("12"));
    assert_sql("a tag:\u00E9 ", "(\"a\")", TAG("11"));
    assert_sql("a tag:++ ", "(\"a\")", TAG("11"));
    assert_sql("a -tag:x ", "(\"a\")", "NOT " TAG("11"));
    assert_sql("tag:x ", "", TAG("11"));
    assert_sql("a tag:'\"x\" ", "(\"a\" AND \"x\")", TAG("11"));
    /* A quotation mark cannot end the string. */
    assert_sql("「a\" OR \"b」 ", "\"a\"\" OR \"\"b\"", "");
#undef TAG
#undef TEXT_IN
#undef PENDING
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_index_can_answer_is_left_to_it),
    };
    return cmocka_run_group_tests_name("query_sql", tests, set_up, tear_down);
}
