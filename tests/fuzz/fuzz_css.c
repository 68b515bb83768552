/* page/css and its kin: a sheet and a style attribute, rewritten, and rewritten again. */
#include "../unit/page_audit.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "page/codepoints.h"
#include "page/css.h"
#include "page/css_scope.h"
#include "page/css_states.h"
#include "page/font_faces.h"

#include <stdlib.h>

#define REF "linksnap-asset:00112233445566778899aabbccddeeff"

static bool to_ref(struct slice url, enum css_use use, struct buf *replacement_out, void *arg,
                   struct error *err)
{
    (void)arg;
    (void)err;
    FUZZ_CHECK(utf8_valid(url));
    if (url.len > 0 && url.ptr[0] == '#' && use != CSS_USE_IMPORT)
        return buf_add_slice(replacement_out, url);
    return slice_starts(url, "data:") || buf_add_text(replacement_out, REF);
}

/* Of what went through before: there is nothing left but what to_ref() gave. */
static bool keep(struct slice url, enum css_use use, struct buf *replacement_out, void *arg,
                 struct error *err)
{
    (void)arg;
    (void)err;
    (void)use;
    if (url.len > 0 && url.ptr[0] != '#' && !slice_equal(url, slice_of(REF)))
        fuzz_fault("a URL that was not there: %.*s", (int)url.len, url.ptr);
    return buf_add_slice(replacement_out, url);
}

static void rewrite(struct slice css, enum css_syntax syntax)
{
    struct buf once;
    struct buf twice;
    struct error err = {0};
    char why[256];
    buf_init(&once, 8 * MIB);
    buf_init(&twice, 16 * MIB);
    bool ok = css_rewrite(css, syntax, to_ref, NULL, &once, &err);
    fuzz_check_error(ok, &err);
    if (ok) {
        struct slice out = buf_slice(&once);
        FUZZ_CHECK(utf8_valid(out));
        FUZZ_CHECK(css_rewrite(out, syntax, keep, NULL, &twice, &err));
        if (!slice_equal(out, buf_slice(&twice)))
            fuzz_fault("not the same twice:\n%.*s\n---\n%.*s", (int)once.len, once.ptr,
                       (int)twice.len, twice.ptr);
        for (size_t at = 0; at < out.len; at = slice_find_byte(out, at + 1, '<'))
            FUZZ_CHECK(!slice_starts_nocase(slice_sub(out, at, 8), "</style"));
        char *text = fuzz_text(out);
        if (!page_audit_css(text, syntax == CSS_SHEET, why, sizeof why))
            fuzz_fault("%s\n%s", why, text);
        free(text);
    }
    buf_finish(&once);
    buf_finish(&twice);
}

static void scope(struct slice css)
{
    struct buf out;
    struct error err = {0};
    buf_init(&out, 16 * MIB);
    bool ok = css_scope(css, "ls-x-", &out, &err);
    fuzz_check_error(ok, &err);
    FUZZ_CHECK(!ok || utf8_valid(buf_slice(&out)));
    buf_finish(&out);
}

static void states(struct slice css)
{
    struct buf once;
    struct buf twice;
    buf_init(&once, 16 * MIB);
    buf_init(&twice, 32 * MIB);
    css_states_rewrite(css, &once);
    FUZZ_CHECK(once.failed == ERR_NONE && utf8_valid(buf_slice(&once)));
    css_states_rewrite(buf_slice(&once), &twice);
    if (!slice_equal(buf_slice(&once), buf_slice(&twice)))
        fuzz_fault("states not the same twice:\n%.*s\n---\n%.*s", (int)once.len, once.ptr,
                   (int)twice.len, twice.ptr);
    buf_finish(&once);
    buf_finish(&twice);
}

static void faces(struct slice css)
{
    static const char *const unused[] = {"inter|400|normal"};
    const struct font_use use = {.unused = unused, .unused_count = 1};
    struct font_faces found = {0};
    struct error err = {0};
    bool ok = font_faces_scan(css, &use, &found, &err);
    fuzz_check_error(ok, &err);
    for (size_t i = 0; ok && i < found.count; i++) {
        FUZZ_CHECK(found.unneeded[i] <= css.len);
        FUZZ_CHECK(i == 0 || found.unneeded[i - 1] < found.unneeded[i]);
    }
    font_faces_finish(&found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf css;
    buf_init(&css, 4 * MIB);
    FUZZ_CHECK(utf8_append_valid(&css, slice_make(data, size)));
    rewrite(buf_slice(&css), CSS_SHEET);
    rewrite(buf_slice(&css), CSS_DECLARATIONS);
    scope(buf_slice(&css));
    states(buf_slice(&css));
    faces(buf_slice(&css));
    buf_finish(&css);
    return 0;
}
