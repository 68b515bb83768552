#include "page/likeness.h"

#include "base/limits.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

enum {
    LETTERS = 5, /* in a run */
    WIDE = 3,    /* and Han, kana, hangul */
    LOOK = 1024 * 1024,
    /* Code points: longer texts say it of something else, and titles are mostly true. */
    GONE_TEXT = 400,
    GONE_TITLED = 2000,
    GONE_TITLE = 80
};

static bool wide(uint32_t cp)
{
    return (cp >= 0x3041 && cp <= 0x30FF && cp != 0x30FB) || (cp >= 0x3400 && cp <= 0x9FFF) ||
           (cp >= 0xAC00 && cp <= 0xD7A3) || (cp >= 0xF900 && cp <= 0xFAFF) ||
           (cp >= 0x20000 && cp <= 0x3FFFF);
}

/* Punctuation, white space, pictures of an icon font. */
static bool left_out(uint32_t cp)
{
    if (cp < 0x80)
        return !((cp >= '0' && cp <= '9') || ((cp | 0x20) >= 'a' && (cp | 0x20) <= 'z'));
    return cp < 0xAA || (cp >= 0xAB && cp <= 0xBF && cp != 0xB5 && cp != 0xBA) ||
           (cp >= 0x2000 && cp <= 0x2BFF) || (cp >= 0x3000 && cp <= 0x3004) ||
           (cp >= 0x3008 && cp <= 0x3020) || cp == 0x30FB || (cp >= 0xE000 && cp <= 0xF8FF) ||
           (cp >= 0xFE10 && cp <= 0xFE6F) || (cp >= 0xFF01 && cp <= 0xFF0F) ||
           (cp >= 0xFF1A && cp <= 0xFF20) || (cp >= 0xFF5B && cp <= 0xFF65) || cp >= 0xFFF0;
}

/* ---- Runs ---- */

/* The last letters, and a number for the run that they make. */
struct runs {
    uint32_t last[LETTERS];
    size_t count; /* letters of the same kind in a row, at most LETTERS */
    bool wide;
};

static uint64_t mix(uint64_t hash)
{
    hash ^= hash >> 33;
    hash *= UINT64_C(0xFF51AFD7ED558CCD);
    hash ^= hash >> 33;
    hash *= UINT64_C(0xC4CEB9FE1A85EC53);
    return hash ^ (hash >> 33);
}

/* True when the letter completes a run. A change between scripts begins anew. */
static bool runs_add(struct runs *runs, uint32_t cp, uint64_t *run_out)
{
    bool is_wide = wide(cp);
    if (is_wide != runs->wide)
        runs->count = 0;
    runs->wide = is_wide;
    memmove(runs->last, runs->last + 1, sizeof runs->last - sizeof *runs->last);
    runs->last[LETTERS - 1] = cp;
    size_t length = is_wide ? WIDE : LETTERS;
    runs->count += runs->count < LETTERS;
    if (runs->count < length)
        return false;
    uint64_t hash = 0;
    for (size_t i = LETTERS - length; i < LETTERS; i++)
        hash = mix(hash ^ runs->last[i]) + length;
    *run_out = hash != 0 ? hash : 1;
    return true;
}

static uint32_t fold(uint32_t cp)
{
    return cp < 0x80 ? (uint32_t)(unsigned char)ascii_lower((char)cp) : cp;
}

/* ---- Sets of runs ---- */

/* Open addressing; 0 is an empty place. The seed keeps pages from choosing where their runs go. */
struct set {
    uint64_t *runs;
    uint64_t seed;
    size_t room;
    size_t count;
};

/* Room for one run of each of `most` code points. */
static bool set_init(struct set *set, size_t most, struct error *err)
{
    size_t room = 64;
    while (room < 2 * most)
        room *= 2;
    *set = (struct set){.runs = calloc(room, sizeof *set->runs), .room = room};
    if (getrandom(&set->seed, sizeof set->seed, GRND_NONBLOCK) < 0)
        set->seed = (uintptr_t)set->runs;
    return set->runs != NULL || error_no_memory(err);
}

static void set_finish(struct set *set)
{
    free(set->runs);
}

static uint64_t *set_place(const struct set *set, uint64_t run)
{
    size_t at = (size_t)mix(run ^ set->seed) & (set->room - 1);
    while (set->runs[at] != 0 && set->runs[at] != run)
        at = (at + 1) & (set->room - 1);
    return &set->runs[at];
}

/* Adds the runs of `text`; those that `within` lacks only when it is NULL. A text shorter than any
 * run is one run of its own. */
static void set_read(struct set *set, struct slice text, const struct set *within)
{
    struct runs runs = {0};
    uint64_t whole = 0;
    bool any = false;
    for (size_t at = 0; at < text.len;) {
        uint32_t cp;
        uint64_t run;
        at += utf8_decode(text, at, &cp);
        if (left_out(cp))
            continue;
        whole = mix(whole ^ fold(cp)) + 1;
        bool full = runs_add(&runs, fold(cp), &run);
        any |= full;
        if (!full || (within != NULL && *set_place(within, run) == 0))
            continue;
        uint64_t *place = set_place(set, run);
        set->count += *place == 0;
        *place = run;
    }
    if (any || whole == 0 || (within != NULL && *set_place(within, whole) == 0))
        return;
    *set_place(set, whole) = whole;
    set->count = 1;
}

bool likeness(struct slice old, struct slice now, int *thousandths_out, struct error *err)
{
    struct set before = {0};
    struct set kept = {0};
    old = utf8_prefix(old, LOOK);
    now = utf8_prefix(now, LOOK);
    bool ok = set_init(&before, old.len, err);
    if (ok)
        set_read(&before, old, NULL);
    ok = ok && set_init(&kept, before.count, err);
    if (ok) {
        set_read(&kept, now, &before);
        *thousandths_out = before.count > 0 ? (int)(kept.count * 1000 / before.count) : 1000;
    }
    set_finish(&kept);
    set_finish(&before);
    return ok;
}

/* ---- Notices ---- */

/* In lower case, without white space around and more than one inside. */
static void lower(struct slice text, size_t max, struct buf *out)
{
    buf_init(out, max);
    text = utf8_prefix(slice_trim(text), max);
    for (size_t i = 0; i < text.len; i++) {
        bool space = ascii_space(text.ptr[i]);
        if (!space || (out->len > 0 && out->ptr[out->len - 1] != ' '))
            buf_add_char(out, space ? ' ' : ascii_lower(text.ptr[i]));
    }
}

static bool says_any(const struct buf *text, const char *const *notices)
{
    for (; text->len > 0 && *notices != NULL; notices++)
        if (slice_find(buf_slice(text), 0, slice_of(*notices)) < text->len)
            return true;
    return false;
}

static bool ends_with(struct slice text, const char *suffix)
{
    size_t len = strlen(suffix);
    return text.len >= len && slice_equal(slice_sub(text, text.len - len, len), slice_of(suffix));
}

/* Whether the status at `at` is named as such: "404", "404 Not Found", "Error 404", "Site - 404".
 * Other numbers than 404 begin sentences, too. */
static bool names_status_at(struct slice text, size_t at, bool begins)
{
    static const char between[] = "-_|:!,";
    struct slice before = slice_sub(text, 0, at);
    struct slice after = slice_sub(text, at + 3, text.len);
    if (ends_with(before, "http ") || ends_with(before, "error "))
        return true;
    before = slice_trim(before);
    if (before.len == 0)
        return after.len == 0 || (begins && after.ptr[0] == ' ') ||
               memchr(between, after.ptr[0], sizeof between - 1) != NULL ||
               slice_starts(after, " gone") || slice_starts(after, " - ");
    return after.len == 0 &&
           memchr(between, before.ptr[before.len - 1], sizeof between - 1) != NULL;
}

static bool names_status(const struct buf *from)
{
    struct slice text = buf_slice(from);
    for (size_t at = 0; at + 3 <= text.len; at++) {
        bool not_found = memcmp(text.ptr + at, "404", 3) == 0;
        if ((not_found || memcmp(text.ptr + at, "410", 3) == 0) &&
            names_status_at(text, at, not_found))
            return true;
    }
    return false;
}

static const char *const notices[] = {"page not found",

                                      "page cannot be found",
                                      "page can't be found",
                                      "page can’t be found",
                                      "page couldn't be found",
                                      "page couldn’t be found",
                                      "no longer available",
                                      "no longer exists",
                                      "doesn't exist",
                                      "doesn’t exist",
                                      "does not exist",
                                      "has been removed",
                                      "has been deleted",

                                      "isn't available",
                                      "isn’t available",
                                      "page is gone",
                                      "page unavailable",
                                      "content unavailable",
                                      "nothing was found",

                                      "looking for could not be found",
                                      "looking for might have been removed",
                                      "页面不存在",
                                      "网页不存在",
                                      "文章不存在",
                                      "内容不存在",
                                      "帖子不存在",
                                      "该页不存在",
                                      "页面没有找到",
                                      "页面未找到",
                                      "找不到页面",
                                      "找不到该页",
                                      "找不到网页",
                                      "无法找到该页",
                                      "无法找到页面",
                                      "未找到页面",
                                      "您访问的页面",
                                      "你访问的页面",
                                      "您要找的页面",
                                      "页面走丢",
                                      "页面丢失",
                                      "页面找不到",
                                      "已被删除",
                                      "已经被删除",
                                      "内容已删除",

                                      "已失效",
                                      "已下架",
                                      "已下线",
                                      "此内容因违规无法查看",
                                      "该内容已被发布者删除",
                                      "内容无法查看",
                                      "视频不见了",
                                      "不存在或已删除",
                                      "不存在或者已",
                                      "頁面不存在",
                                      "網頁不存在",
                                      "文章不存在",
                                      "找不到頁面",
                                      "找不到網頁",
                                      "已被刪除",

                                      "ページが見つかりません",
                                      "ページは見つかりません",
                                      "見つかりませんでした",
                                      "お探しのページ",
                                      "ページは存在しません",
                                      "存在しないページ",
                                      "ページは削除",
                                      "削除されました",
                                      "削除された可能性",
                                      "公開を終了",
                                      "掲載を終了",
                                      "페이지를 찾을 수 없",
                                      "존재하지 않는 페이지",
                                      "삭제된 게시물",
                                      NULL};

/* What only a title says of the whole page. */
static const char *const title_notices[] = {"not found", "nothing here", "已删除", "已刪除",
                                            "已移除",    "已失效",       NULL};

bool likeness_says_gone(struct slice title, struct slice text)
{
    struct buf name;
    struct buf said;
    lower(title, LIMIT_TITLE, &name);
    lower(text, 16 * KIB, &said);
    size_t amount = text.len <= 16 * KIB ? utf8_count(buf_slice(&said)) : GONE_TITLED + 1;
    bool titled =
        utf8_count(buf_slice(&name)) <= GONE_TITLE &&
        (names_status(&name) || says_any(&name, notices) || says_any(&name, title_notices));
    bool gone = (titled && amount <= GONE_TITLED) ||
                (amount <= GONE_TEXT && (names_status(&said) || says_any(&said, notices)));
    buf_finish(&said);
    buf_finish(&name);
    return gone;
}
