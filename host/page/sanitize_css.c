#include "page/sanitize.h"

#include "page/css.h"
#include "page/css_harden.h"

/* ---- References: the last word over what page/collect has written ---- */

static bool check_url(struct slice url, enum css_use use, struct buf *replacement_out, void *arg,
                      struct error *err)
{
    (void)arg;
    (void)err;
    bool local = url.len > 0 && url.ptr[0] == '#';
    bool stays = use == CSS_USE_IMPORT ? sanitize_is_asset(url)
                                       : local || sanitize_is_asset(url) || sanitize_is_data(url);
    if (stays)
        buf_add_slice(replacement_out, url);
    return true;
}

bool sanitize_css(struct sanitizer *s, struct slice css, bool sheet, bool *changed_out)
{
    buf_reset(&s->css);
    struct buf checked;
    buf_init(&checked, s->css.max);
    bool ok =
        css_rewrite(css, sheet ? CSS_SHEET : CSS_DECLARATIONS, check_url, NULL, &checked, s->err);
    if (ok) {
        css_harden(buf_slice(&checked), sheet, &s->css);
        ok = buf_ok(&s->css, "A style sheet", s->err);
    }
    *changed_out = !slice_equal(css, buf_slice(&s->css));
    buf_finish(&checked);
    return ok;
}

bool sanitize_style(struct sanitizer *s, xmlNodePtr node)
{
    buf_reset(&s->text);
    for (const xmlNode *at = tree_next(node, node); at != NULL; at = tree_next(at, node))
        if (at->type == XML_TEXT_NODE)
            buf_add_text(&s->text, (const char *)at->content);
    bool changed;
    if (!buf_ok(&s->text, "A style sheet", s->err) ||
        !sanitize_css(s, buf_slice(&s->text), true, &changed))
        return false;
    bool single = node->children != NULL && node->children->next == NULL &&
                  node->children->type == XML_TEXT_NODE;
    if (!changed && (single || node->children == NULL))
        return true;
    tree_clear(node);
    if (s->css.len == 0)
        return true;
    xmlNodePtr text = tree_new_text(node->doc, buf_slice(&s->css));
    if (text == NULL)
        return error_no_memory(s->err);
    xmlAddChild(node, text);
    return true;
}
