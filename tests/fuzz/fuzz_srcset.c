/* page/srcset. */
#include "base/limits.h"
#include "fuzz.h"
#include "page/srcset.h"

static bool keep(struct slice url, struct buf *replacement_out, void *arg, struct error *err)
{
    (void)err;
    size_t *count = arg;
    FUZZ_CHECK(url.len > 0 && !ascii_space(url.ptr[0]) && url.ptr[url.len - 1] != ',');
    (*count)++;
    return buf_add_slice(replacement_out, url);
}

static bool shorten(struct slice url, struct buf *replacement_out, void *arg, struct error *err)
{
    (void)arg;
    (void)err;
    return buf_add_slice(replacement_out, slice_sub(url, 0, url.len % 8));
}

static void rewrite(struct slice srcset, srcset_url_fn fn, size_t *count, struct buf *out)
{
    struct error err = {0};
    buf_init(out, 16 * MIB);
    FUZZ_CHECK(srcset_rewrite(srcset, fn, count, out, &err));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice srcset = slice_make(data, size);
    struct slice chosen = srcset_choose(srcset);
    struct buf once;
    struct buf twice;
    struct buf less;
    size_t first = 0;
    size_t second = 0;
    FUZZ_CHECK(chosen.len == 0 ||
               (chosen.ptr >= srcset.ptr && chosen.ptr + chosen.len <= srcset.ptr + srcset.len));
    rewrite(srcset, keep, &first, &once);
    rewrite(buf_slice(&once), keep, &second, &twice);
    if (first != second || !slice_equal(buf_slice(&once), buf_slice(&twice)))
        fuzz_fault("not the same twice: %.*s, then %.*s", (int)once.len, once.ptr, (int)twice.len,
                   twice.ptr);
    rewrite(srcset, shorten, NULL, &less);
    buf_finish(&once);
    buf_finish(&twice);
    buf_finish(&less);
    return 0;
}
