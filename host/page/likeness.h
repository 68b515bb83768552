/* How much of one text is in another, for telling a page from the notice that it is gone. */
#ifndef PAGE_LIKENESS_H
#define PAGE_LIKENESS_H

#include "base/buf.h"

/* The share of `old` (0 to 1000 thousandths) that `now` still has, by runs of five letters or three
 * Han, kana or hangul characters, punctuation and white space left out. 1000 when `old` has none.
 * Linear in time and memory; looks at the first MiB of each. */
bool likeness(struct slice old, struct slice now, int *thousandths_out,
              struct error *err) MUST_CHECK;

/* Whether title or text say, in English, Chinese or Japanese, that there is nothing: "404", "Page
 * not found", "页面不存在", "内容已删除", "ページが見つかりません". Long texts say it of something
 * else. */
bool likeness_says_gone(struct slice title, struct slice text);

#endif
