/* store: pinyin; completion of tags and titles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/pinyin.h"
#include "tagging_fixture.h"

static enum typed_place find(struct fixture *f, const char *part, const char *name)
{
    struct typed typed;
    if (!typed_read(&typed, f->store->folder, slice_of(part)))
        return TYPED_NOWHERE;
    return typed_find(&typed, f->store->folder, slice_of(name));
}

static void assert_place(struct fixture *f, const char *part, const char *name,
                         enum typed_place expected)
{
    enum typed_place place = find(f, part, name);
    if (place != expected)
        fail_msg("<%s> in <%s>: %d, not %d", part, name, (int)place, (int)expected);
}

static void whole_syllables_initials_and_beginnings_meet(void **state)
{
    struct fixture *f = *state;
    static const char *const guangming[] = {
        "g",         "gu",         "guang",      "gm",        "guangm", "guangmi", "gming",
        "guangming", "guang ming", "guang'ming", "GuangMing", "光",     "光明",    "光m",
        "g明",       "guang明",    "ｇｍ",       " gm ",      "g m"};
    static const char *const not_guangming[] = {"guangmingx", "uang", "guanming", "gum",     "mg",
                                                "gan",        "光x",  "明光",     "gmm",     "gmg",
                                                "gu ang",     "",     " ",        "guangmng"};
    for (size_t i = 0; i < sizeof guangming / sizeof *guangming; i++)
        assert_place(f, guangming[i], "光明", TYPED_AT_START);
    for (size_t i = 0; i < sizeof not_guangming / sizeof *not_guangming; i++)
        assert_place(f, not_guangming[i], "光明", TYPED_NOWHERE);
    assert_place(f, "lj", "链接", TYPED_AT_START);
    assert_place(f, "lianj", "鏈接", TYPED_AT_START);
    assert_place(f, "zgr", "中国人", TYPED_AT_START);
    assert_place(f, "zhgr", "中国人", TYPED_AT_START);
    assert_place(f, "zhonggr", "中国人", TYPED_AT_START);
    assert_place(f, "zhogr", "中国人", TYPED_NOWHERE);
    assert_place(f, "nv", "女", TYPED_AT_START);
    assert_place(f, "nu", "女", TYPED_AT_START);
    assert_place(f, "nü", "女", TYPED_AT_START);
    assert_place(f, "lue", "策略", TYPED_INSIDE);
    assert_place(f, "lve", "策略", TYPED_INSIDE);
    assert_place(f, "xian", "西安", TYPED_AT_START);
    assert_place(f, "xi'an", "西安", TYPED_AT_START);
    assert_place(f, "xian", "先", TYPED_AT_START);
    assert_place(f, "xi'an", "先", TYPED_NOWHERE);
}

static void characters_are_read_in_each_way_they_have(void **state)
{
    struct fixture *f = *state;
    static const char *const words[][2] = {
        {"重庆", "chongqing"},   {"重要", "zhongyao"},  {"重复", "chongfu"},
        {"长沙", "changsha"},    {"校长", "xiaozhang"}, {"成长", "chengzhang"},
        {"音乐", "yinyue"},      {"快乐", "kuaile"},    {"银行", "yinhang"},
        {"行走", "xingzou"},     {"行业", "hangye"},    {"自行车", "zixingche"},
        {"会议", "huiyi"},       {"会计", "kuaiji"},    {"角色", "juese"},
        {"角落", "jiaoluo"},     {"了解", "liaojie"},   {"都市", "dushi"},
        {"首都", "shoudu"},      {"还是", "haishi"},    {"归还", "guihuan"},
        {"调查", "diaocha"},     {"空调", "kongtiao"},  {"传统", "chuantong"},
        {"自传", "zizhuan"},     {"率领", "shuailing"}, {"效率", "xiaolv"},
        {"厦门", "xiamen"},      {"大厦", "dasha"},     {"西藏", "xizang"},
        {"收藏", "shoucang"},    {"人参", "renshen"},   {"参加", "canjia"},
        {"曾经", "cengjing"},    {"数据", "shuju"},     {"便宜", "pianyi"},
        {"方便", "fangbian"},    {"睡觉", "shuijiao"},  {"觉得", "juede"},
        {"处理", "chuli"},       {"下载", "xiazai"},    {"记载", "jizai"},
        {"模型", "moxing"},      {"模样", "muyang"},    {"什么", "shenme"},
        {"得到", "dedao"},       {"目的", "mudi"},      {"弹性", "tanxing"},
        {"子弹", "zidan"},       {"薄荷", "bohe"},      {"朝阳", "chaoyang"},
        {"单于", "chanyu"},      {"单位", "danwei"},    {"宁波", "ningbo"},
        {"台州", "taizhou"},     {"番禺", "panyu"},     {"蚌埠", "bengbu"},
        {"咖啡", "kafei"},       {"对称", "duichen"},   {"肖像", "xiaoxiang"},
        {"绿色", "lvse"},        {"绿色", "luse"},      {"旅行", "lvxing"},
        {"量子", "liangzi"},     {"着急", "zhaoji"},    {"臺灣", "taiwan"},
        {"圖書館", "tushuguan"}, {"網頁", "wangye"},    {"乾隆", "qianlong"},
        {"螞蟻", "mayi"},        {"𬭚", "chun"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_place(f, words[i][1], words[i][0], TYPED_AT_START);
    assert_place(f, "tan", "光明", TYPED_NOWHERE);
}

static void words_are_found_where_they_begin(void **state)
{
    struct fixture *f = *state;
    assert_place(f, "read", "Reading list", TYPED_AT_START);
    assert_place(f, "list", "Reading list", TYPED_INSIDE);
    assert_place(f, "ading", "Reading list", TYPED_NOWHERE);
    assert_place(f, "reading l", "Reading list", TYPED_AT_START);
    assert_place(f, "rea list", "Reading list", TYPED_NOWHERE);
    assert_place(f, "reading", "work/reading", TYPED_INSIDE);
    assert_place(f, "work/r", "work/reading", TYPED_AT_START);
    assert_place(f, "gz/ds", "工作/读书", TYPED_AT_START);
    assert_place(f, "gzds", "工作/读书", TYPED_NOWHERE);
    assert_place(f, "reading", "work／Reading", TYPED_INSIDE);
    assert_place(f, "cunchu", "SQLite存储引擎", TYPED_INSIDE);
    assert_place(f, "sqlitecc", "SQLite存储引擎", TYPED_AT_START);
    assert_place(f, "sqlite存", "SQLite存储引擎", TYPED_AT_START);
    assert_place(f, "s快照", "收快照", TYPED_AT_START);
    assert_place(f, "yq", "SQLite存储引擎", TYPED_INSIDE);
    assert_place(f, "擎", "SQLite存储引擎", TYPED_INSIDE);
    assert_place(f, "gm", "「光明」", TYPED_AT_START);
    assert_place(f, "gm", "光 明", TYPED_AT_START);
    assert_place(f, "cafe", "café", TYPED_AT_START);
    assert_place(f, "2", "html2", TYPED_INSIDE);
    assert_place(f, "\U0001F600", "x \U0001F600", TYPED_INSIDE);
    assert_place(f, "데이", "한국 데이터", TYPED_INSIDE);
    assert_place(f, "ﾃﾞｰ", "データ", TYPED_AT_START);
}

static void what_is_typed_has_a_ceiling_and_may_be_anything(void **state)
{
    struct fixture *f = *state;
    struct typed typed;
    char long_part[TYPED_MAX + 2];
    memset(long_part, 'a', sizeof long_part);
    assert_true(typed_read(&typed, f->store->folder, slice_make(long_part, TYPED_MAX)));
    assert_int_equal(typed_find(&typed, f->store->folder, slice_make(long_part, TYPED_MAX + 1)),
                     TYPED_AT_START);
    assert_int_equal(typed_find(&typed, f->store->folder, slice_make(long_part, TYPED_MAX - 1)),
                     TYPED_NOWHERE);
    assert_false(typed_read(&typed, f->store->folder, slice_make(long_part, TYPED_MAX + 1)));
    /* The last place may be between words, and be followed by one more. */
    long_part[TYPED_MAX - 2] = ' ';
    assert_true(typed_read(&typed, f->store->folder, slice_make(long_part, TYPED_MAX)));
    long_part[TYPED_MAX - 1] = ' ';
    assert_false(typed_read(&typed, f->store->folder, slice_make(long_part, TYPED_MAX + 2)));
    static const char *const nothing[] = {"", " ", "\t\n", "\u200B", "%", "\u3000", "--"};
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
        assert_false(typed_read(&typed, f->store->folder, slice_of(nothing[i])));
    static const char bytes[] = "\xFF\xC3\0\x01光\xE5\x85 明";
    assert_true(typed_read(&typed, f->store->folder, slice_make(bytes, sizeof bytes - 1)));
    assert_true(typed_read(&typed, f->store->folder, slice_of("ming")));
    assert_int_equal(typed_find(&typed, f->store->folder, slice_make(bytes, sizeof bytes - 1)),
                     TYPED_INSIDE);
    assert_int_equal(typed_find(&typed, f->store->folder, (struct slice){0}), TYPED_NOWHERE);
    uint32_t seed = 7;
    for (int i = 0; i < 20000; i++) {
        char part[8];
        char name[24];
        for (size_t k = 0; k < sizeof part; k++)
            part[k] = (char)next_random(&seed);
        for (size_t k = 0; k < sizeof name; k++)
            name[k] = (char)next_random(&seed);
        if (typed_read(&typed, f->store->folder, slice_make(part, 1 + (size_t)i % sizeof part)))
            typed_find(&typed, f->store->folder, slice_make(name, sizeof name));
    }
}

static bool add_title(int64_t page, const char *title, const char *site, void *arg)
{
    assert_string_equal(site, "example.com");
    return buf_printf(arg, "%lld=%s ", (long long)page, title);
}

static void assert_titles(struct fixture *f, const char *part, size_t limit, const char *expected)
{
    struct buf out;
    buf_init(&out, 1 << 16);
    assert_ok(tagging_titles(f->store, slice_of(part), limit, add_title, &out, &f->err));
    if (strcmp(out.ptr == NULL ? "" : out.ptr, expected) != 0)
        fail_msg("<%s> proposes <%s>, not <%s>", part, out.ptr, expected);
    buf_finish(&out);
}

static bool stop(int64_t page, const char *title, const char *site, void *arg)
{
    (void)page;
    (void)title;
    (void)site;
    ++*(int *)arg;
    return false;
}

static void titles_are_completed_the_latest_first(void **state)
{
    struct fixture *f = *state;
    static const char *const titles[] = {"光明日报", "Guangdong news", "新光明顶", "100%_pure's",
                                         "光明"};
    for (int i = 0; i < 5; i++) {
        char url[64];
        snprintf(url, sizeof url, "https://example.com/%d", i);
        fixture_save(f, url, titles[i], "text");
    }
    assert_titles(f, "gm", 10, "5=光明 3=新光明顶 1=光明日报 ");
    assert_titles(f, "guang", 10, "5=光明 3=新光明顶 2=Guangdong news 1=光明日报 ");
    assert_titles(f, "guang", 2, "5=光明 3=新光明顶 ");
    assert_titles(f, "明", 10, "5=光明 3=新光明顶 1=光明日报 ");
    assert_titles(f, "news", 10, "2=Guangdong news ");
    assert_titles(f, "ews", 10, "");
    assert_titles(f, "", 10, "");
    assert_titles(f, "'; DROP TABLE pages; --", 10, "");
    assert_titles(f, "100%_pure", 10, "4=100%_pure's ");
    assert_ok(pages_trash(f->store, 5, &f->err));
    assert_titles(f, "gmd", 10, "3=新光明顶 ");
    assert_titles(f, "gm", 10, "3=新光明顶 1=光明日报 ");
    int calls = 0;
    assert_ok(tagging_titles(f->store, slice_of("g"), 10, stop, &calls, &f->err));
    assert_int_equal(calls, 1);
    char part[LIMIT_QUERY + 1];
    memset(part, 'a', sizeof part);
    assert_ok(tagging_titles(f->store, slice_make(part, LIMIT_QUERY), 1, stop, &calls, &f->err));
    assert_error(
        tagging_titles(f->store, slice_make(part, LIMIT_QUERY + 1), 1, stop, &calls, &f->err),
        ERR_LIMIT);
    assert_error(tagging_titles(f->store, slice_of("g"), 0, stop, &calls, &f->err), ERR_LIMIT);
    assert_ok(tagging_titles(f->store, slice_of("g"), LIMIT_RESULTS, stop, &calls, &f->err));
    assert_error(tagging_titles(f->store, slice_of("g"), LIMIT_RESULTS + 1, stop, &calls, &f->err),
                 ERR_LIMIT);
}

int main(void)
{
#define with_store(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        with_store(whole_syllables_initials_and_beginnings_meet),
        with_store(characters_are_read_in_each_way_they_have),
        with_store(words_are_found_where_they_begin),
        with_store(what_is_typed_has_a_ceiling_and_may_be_anything),
        with_store(titles_are_completed_the_latest_first),
    };
#undef with_store
    return cmocka_run_group_tests_name("pinyin", tests, NULL, NULL);
}
