/* What a person types, as a tree. For store/ only.
 *
 *   快照 sqlite          both; an unquoted word with punctuation inside is a phrase: node.js
 *   "a phrase"           also “ ” 「 」 『 』
 *   a OR b   a | b       binds looser than side by side: `a b OR c` is (a and b) or c
 *   -a   NOT a           without
 *   ( ) （ ）            groups, up to QUERY_DEPTH deep
 *   pre*                 words that begin so; the last word, when nothing follows it and it has
 *                        three letters, is one such without the star: it is being typed
 *   title: note: url: text: tag: # site: lang: before: after: on: is:
 *                        followed at once by a word, a phrase or a group; full-width forms and
 *                        Chinese names (标题 备注 网址 正文 标签 网站 语言 早于 晚于 在 是) too
 *
 * `tag:work` finds `work/reading` too, `lang:zh` finds zh-TW. Times are 2026, 2026-11, 2026-11-21,
 * 2026年11月21日, or ages: 12h, 7d, 2w, 3m, 1y; they ask when a page was saved last, in the local
 * time zone. `after:` takes its day in, `before:` does not. `is:` knows tagged, untagged, noted
 * (has a note), highlighted, again (saved more than once), complete, incomplete, pending, trashed;
 * what the last check of the link found: broken (gone, or no answer), moved, changed; what the link
 * led to, where that is no web page: pdf, image, audio, video, text (Markdown, JSON, XML too),
 * feed, file; and Chinese words for them (有标签 无标签 有备注 有划线 多次 完整 不完整 进行中
 * 回收站, 失效 已迁移 有变化, 图片 音频 视频 文本 订阅 文件).
 */
#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include "base/limits.h"
#include "store/fold.h"

/* Nodes: 64 leaves, fewer parents of two or more, and of each up to QUERY_DEPTH / 2 negations that
 * were taken back. */
enum { QUERY_DEPTH = 8, QUERY_NODES = 1 + 2 * 64 * (1 + QUERY_DEPTH / 2) };

enum query_kind {
    QUERY_AND,
    QUERY_OR,
    QUERY_NOT,
    QUERY_WORDS,
    QUERY_TAG,
    QUERY_SITE,
    QUERY_LANG,
    QUERY_TIME,
    QUERY_UNTAGGED,
    QUERY_INCOMPLETE,
    QUERY_PENDING,
    QUERY_COMPLETE,
    QUERY_NOTED,
    QUERY_HIGHLIGHTED,
    QUERY_AGAIN,
    QUERY_BROKEN,
    QUERY_MOVED,
    QUERY_CHANGED,
    QUERY_PDF,
    QUERY_IMAGE,
    QUERY_AUDIO,
    QUERY_VIDEO,
    QUERY_TEXT,
    QUERY_FEED,
    QUERY_FILE
};

struct query_node {
    enum query_kind kind;
    size_t child; /* first, index of nodes; 0: none. For AND, OR and NOT */
    size_t next;  /* sibling; 0: none */
    size_t text;  /* WORDS as typed; TAG, SITE, LANG folded: where it stands in query.text */
    size_t len;
    unsigned columns; /* WORDS: bit 1 << enum fts_column, 0 for all */
    bool prefix;      /* WORDS, TAG, SITE: the last word is a beginning */
    bool beginning;   /* WORDS: and the only word, of BEGINNING_MAX characters at most */
    int64_t from;     /* TIME: from <= saved < to */
    int64_t to;
};

struct query {
    struct query_node nodes[QUERY_NODES]; /* 0 is not used */
    size_t node_count;
    size_t root; /* 0: everything */
    size_t leaves;
    bool trashed;   /* is:trashed stands somewhere: look in the trash, and only there */
    char hint[128]; /* "" or the first thing that was not understood */
    struct buf text;
};

/* `now` is ms UTC. Nothing in the text is an error: what goes past LIMIT_QUERY bytes or LIMIT_TERMS
 * leaves is left out, with a hint. The query is the caller's to finish, also after a failure. */
bool query_parse(struct query *query, struct folder *folder, struct slice text, int64_t now,
                 struct error *err) MUST_CHECK;
void query_finish(struct query *query);

static inline struct slice query_text(const struct query *query, const struct query_node *node)
{
    return slice_sub(buf_slice(&query->text), node->text, node->len);
}

#endif
