#include "page/references.h"

#include "base/limits.h"
#include "page/css_states.h"
#include "page/font_faces.h"
#include "page/ref_map.h"
#include "page/url.h"

#include <stdlib.h>

/* A data: image of so few bytes is smaller as it stands than as an asset. */
enum { INLINE_MAX = 512 };

static struct slice without_fragment(struct slice url)
{
    return slice_sub(url, 0, slice_find_byte(url, 0, '#'));
}

/* Appends "#..." in characters that mean nothing to HTML, CSS or srcset. */
static void write_fragment(struct buf *out, struct slice url)
{
    struct slice fragment = slice_sub(url, without_fragment(url).len, url.len);
    for (size_t i = 0; i < fragment.len; i++) {
        unsigned char c = (unsigned char)fragment.ptr[i];
        bool plain = c > ' ' && c < 0x7F && memchr("\"'()<>\\,;`", c, 10) == NULL;
        if (plain)
            buf_add_char(out, (char)c);
        else
            buf_printf(out, "%%%02X", c);
    }
}

static void write_reference(struct buf *out, const char ref[ASSET_REF_SIZE], struct slice url)
{
    buf_add_text(out, ASSET_SCHEME);
    buf_add_text(out, ref);
    write_fragment(out, url);
}

/* Whether this is a reference that an earlier run wrote. */
static bool is_ours(const struct reference_scope *scope, struct slice text)
{
    size_t scheme = sizeof ASSET_SCHEME - 1;
    return slice_starts(text, ASSET_SCHEME) &&
           assets_knows(scope->assets, slice_sub(text, scheme, REF_SIZE - 1)) &&
           (text.len == scheme + REF_SIZE - 1 || text.ptr[scheme + REF_SIZE - 1] == '#');
}

/* Resolves; *url_out stays NULL when the text is no URL. */
static bool join(const struct reference_scope *scope, struct slice text, char **url_out,
                 struct error *err)
{
    struct error fault = {0};
    if (url_join(scope->base, text, url_out, &fault))
        return true;
    if (fault.code != ERR_NO_MEMORY)
        return true;
    *err = fault;
    return false;
}

/* What stands where a picture is to come: browsers show nothing for it, and nothing is missing. */
static bool is_no_picture(struct slice url)
{
    return slice_equal_nocase(url, "data:,") || slice_equal_nocase(url, "data:text/plain,");
}

static bool rewrite_data(const struct reference_scope *scope, struct slice url,
                         enum asset_kind kind, struct buf *out, struct error *err)
{
    char ref[ASSET_REF_SIZE];
    struct error fault = {0};
    bool picture = kind == ASSET_IMAGE || kind == ASSET_ICON;
    if (kind == ASSET_SPRITE)
        return true;
    if (picture && is_no_picture(url)) {
        buf_add_slice(out, url);
        return true;
    }
    if (picture && url.len < INLINE_MAX && slice_starts_nocase(url, "data:image/") &&
        slice_find(url, 0, slice_of("linksnap-")) == url.len) {
        buf_add_slice(out, url);
        return true;
    }
    if (assets_want_data(scope->assets, without_fragment(url), kind, ref, &fault)) {
        write_reference(out, ref, url);
        return true;
    }
    if (fault.code == ERR_NO_MEMORY)
        return error_no_memory(err);
    return true;
}

/* What the browser hands in with a live page, if perhaps only after its document. A blob: that
 * plays is a stream nobody can hand in. */
static bool may_be_handed_in(const struct reference_scope *scope, struct slice url,
                             enum asset_kind kind)
{
    if (assets_has_supply(scope->assets, url))
        return true;
    return !assets_follow_frames(scope->assets) && kind != ASSET_MEDIA && kind != ASSET_FRAME &&
           (slice_starts(url, "blob:") || slice_starts(url, "linksnap:canvas/"));
}

static bool rewrite_absolute(const struct reference_scope *scope, struct slice url,
                             enum asset_kind kind, struct buf *out, struct error *err)
{
    char ref[ASSET_REF_SIZE];
    if (slice_starts_nocase(url, "data:"))
        return rewrite_data(scope, url, kind, out, err);
    bool loads = url_is_http(url) && url.len <= LIMIT_URL;
    if (!loads && !may_be_handed_in(scope, url, kind))
        return true;
    if (kind == ASSET_FRAME && assets_is_page(scope->assets, url.ptr))
        return true; /* a page inside itself */
    if (!assets_want(scope->assets, url, kind, ref, err))
        return false;
    write_reference(out, ref, url);
    return true;
}

bool reference_rewrite(const struct reference_scope *scope, struct slice text, enum asset_kind kind,
                       struct buf *out, struct error *err)
{
    char *url = NULL;
    struct slice trimmed = slice_trim(text);
    if (trimmed.len == 0)
        return true;
    if (is_ours(scope, trimmed)) {
        buf_add_slice(out, trimmed);
        return true;
    }
    if (!join(scope, trimmed, &url, err))
        return false;
    struct slice absolute = slice_of(url);
    /* A document is no picture of itself, but for the one that stands for a picture. */
    bool self = scope->self.len > 0 &&
                slice_equal(without_fragment(absolute), without_fragment(scope->self)) &&
                !assets_has_supply(scope->assets, without_fragment(absolute));
    bool ok = url == NULL || self || rewrite_absolute(scope, absolute, kind, out, err);
    free(url);
    return ok;
}

/* Embedded OpenType and SVG fonts: old sheets name them in each rule, no browser of today loads
 * them. */
static bool dead_font(struct slice url)
{
    struct slice path = without_fragment(url);
    path = slice_sub(path, 0, slice_find_byte(path, 0, '?'));
    struct slice end = slice_sub(path, path.len < 4 ? 0 : path.len - 4, 4);
    return !slice_starts_nocase(url, "data:") &&
           (slice_equal_nocase(end, ".eot") || slice_equal_nocase(end, ".svg"));
}

/* Whether the URL stands in a declaration that browsers of today do not know: what Internet
 * Explorer and old Firefox loaded for it is asked for by nobody. */
static bool dead_property(struct slice css, struct slice url)
{
    static const char *const names[] = {"behavior", "-moz-binding", "-ms-behavior"};
    if (url.ptr < css.ptr || url.ptr > css.ptr + css.len)
        return false;
    size_t colon = (size_t)(url.ptr - css.ptr);
    size_t last = colon > 32 ? colon - 32 : 0;
    while (colon > last && css.ptr[colon - 1] != ':')
        if (memchr(";{}", css.ptr[--colon], 3) != NULL)
            return false;
    if (colon <= last)
        return false;
    struct slice before = slice_trim(slice_sub(css, last, colon - 1 - last));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t len = strlen(names[i]);
        size_t from = before.len - len;
        if (before.len >= len && slice_equal_nocase(slice_sub(before, from, len), names[i]) &&
            (from == 0 || ascii_space(before.ptr[from - 1]) ||
             memchr(";{*_/", before.ptr[from - 1], 5) != NULL))
            return true;
    }
    return false;
}

/* One run of css_rewrite. */
struct css_references {
    const struct reference_scope *scope;
    struct slice css;
    struct font_faces faces;
};

/* Names a font file without wanting it; an empty *out when it is to be treated as any other. */
static bool pass_over(struct css_references *r, struct slice url, struct buf *out,
                      struct error *err)
{
    char ref[ASSET_REF_SIZE];
    char *absolute = NULL;
    bool inside = url.ptr >= r->css.ptr && url.ptr < r->css.ptr + r->css.len;
    if (!inside || !font_faces_unneeded(&r->faces, (size_t)(url.ptr - r->css.ptr)))
        return true;
    if (!join(r->scope, url, &absolute, err))
        return false;
    struct slice whole = slice_of(absolute);
    bool ok = true;
    if (url_is_http(whole) && whole.len <= LIMIT_URL) {
        ok = assets_pass_over(r->scope->assets, whole, ASSET_FONT, ref, err);
        if (ok)
            write_reference(out, ref, whole);
    }
    free(absolute);
    return ok;
}

static bool rewrite_url(struct slice url, enum css_use use, struct buf *replacement_out, void *arg,
                        struct error *err)
{
    struct css_references *r = arg;
    struct slice trimmed = slice_trim(url);
    if (slice_starts(trimmed, "#")) {
        buf_add_slice(replacement_out, trimmed);
        return true;
    }
    if (use == CSS_USE_IMAGE && dead_property(r->css, url))
        return true;
    if (use != CSS_USE_FONT) {
        enum asset_kind kind = use == CSS_USE_IMPORT ? ASSET_STYLE : ASSET_IMAGE;
        return reference_rewrite(r->scope, trimmed, kind, replacement_out, err);
    }
    if (dead_font(trimmed))
        return true;
    if (!pass_over(r, url, replacement_out, err))
        return false;
    return replacement_out->len > 0 ||
           reference_rewrite(r->scope, trimmed, ASSET_FONT, replacement_out, err);
}

static bool rewrite_sheet(const struct reference_scope *scope, struct slice css, struct buf *out,
                          struct error *err)
{
    struct css_references r = {.scope = scope, .css = css};
    struct font_use use;
    assets_font_use(scope->assets, &use);
    bool ok = font_faces_scan(css, &use, &r.faces, err) &&
              css_rewrite(css, CSS_SHEET, rewrite_url, &r, out, err);
    font_faces_finish(&r.faces);
    return ok;
}

bool reference_rewrite_css(const struct reference_scope *scope, struct slice css,
                           enum css_syntax syntax, struct buf *out, struct error *err)
{
    struct css_references r = {.scope = scope, .css = css};
    if (syntax != CSS_SHEET)
        return css_rewrite(css, syntax, rewrite_url, &r, out, err);
    if (!css_states_named(css))
        return rewrite_sheet(scope, css, out, err);
    /* A sheet of nothing but such selectors would grow tenfold. It stays as it is then. */
    struct buf told;
    buf_init(&told, 2 * css.len + 64 * KIB);
    css_states_rewrite(css, &told);
    bool fits = told.failed != ERR_LIMIT;
    bool ok = (!fits || buf_ok(&told, "A style sheet", err)) &&
              rewrite_sheet(scope, fits ? buf_slice(&told) : css, out, err);
    buf_finish(&told);
    return ok;
}

bool reference_link(const struct reference_scope *scope, struct slice text, struct buf *out,
                    struct error *err)
{
    char *url = NULL;
    if (!join(scope, text, &url, err))
        return false;
    struct slice absolute = slice_of(url);
    struct slice bare = without_fragment(absolute);
    if (bare.len < absolute.len && slice_equal(bare, without_fragment(scope->self)))
        absolute = slice_sub(absolute, bare.len, absolute.len);
    buf_add_slice(out, absolute);
    free(url);
    return true;
}
