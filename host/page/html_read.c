/* The web form: HTML text, parsed as browsers do without scripting. */
#include "base/limits.h"
#include "page/document_make.h"
#include "page/html_parse.h"
#include "page/html_scan.h"
#include "page/media.h"
#include "page/tree_edit.h"
#include "page/url.h"

#include <stdlib.h>

/* As it stood, for browsers to choose the mode by; one that they find broken means quirks mode, as
 * none at all does. */
static bool set_doctype(struct document *doc, const struct html_doctype *from, struct error *err)
{
    const struct buf *public_id = &from->public_id;
    const struct buf *system_id = &from->system_id;
    if (!from->given || (from->quirks && public_id->len == 0 && system_id->len == 0))
        return document_set_doctype(doc, slice_of(""), err);
    struct buf text;
    buf_init(&text, 4 * KIB);
    buf_add_text(&text, "<!DOCTYPE html");
    if (public_id->len > 0)
        buf_printf(&text, " PUBLIC \"%s\"", public_id->ptr);
    else if (system_id->len > 0)
        buf_add_text(&text, " SYSTEM");
    if (system_id->len > 0)
        buf_printf(&text, " \"%s\"", system_id->ptr);
    buf_add_char(&text, '>');
    bool ok = buf_ok(&text, "The doctype", err) && document_set_doctype(doc, buf_slice(&text), err);
    if (ok && from->quirks && strcmp(doc->doctype, "<!DOCTYPE html>") == 0)
        ok = document_set_doctype(doc, slice_of(""), err);
    buf_finish(&text);
    return ok;
}

/* The first <base href> counts (HTML §4.2.3), wherever it stands. */
static bool set_origin(struct document *doc, struct slice url, struct error *err)
{
    xmlNodePtr root = xmlDocGetRootElement(doc->tree);
    xmlAttrPtr href = NULL;
    for (xmlNodePtr node = root; node != NULL && href == NULL; node = tree_next(node, root))
        if (tree_is(node, NS_HTML, "base"))
            href = tree_find_attribute(node, "href");
    char *base = NULL;
    struct error unused;
    if (href != NULL && !url_join(url, slice_trim(tree_value(href)), &base, &unused))
        base = NULL;
    bool ok = document_set_origin(doc, url, slice_of(base), err);
    free(base);
    return ok;
}

static bool parse(struct slice html, struct slice url, struct document **doc_out, struct error *err)
{
    struct tree_builder tree;
    struct html_doctype doctype;
    struct document *doc = NULL;
    html_doctype_init(&doctype);
    bool ok = tree_builder_init(&tree, NULL, err) && html_parse(html, &tree, &doctype, err) &&
              tree_builder_take(&tree, &doc, err) && set_origin(doc, url, err) &&
              set_doctype(doc, &doctype, err);
    tree_builder_finish(&tree);
    html_doctype_finish(&doctype);
    if (!ok) {
        document_destroy(doc);
        return false;
    }
    doc->web = true;
    *doc_out = doc;
    return true;
}

bool document_read_web(struct slice bytes, const struct document_origin *origin,
                       struct document **doc_out, struct error *err)
{
    struct buf text;
    struct buf changed;
    struct slice html;
    if (bytes.len > LIMIT_PAGE_BODY)
        return error_set(err, ERR_LIMIT, "The page is larger than %zu bytes", LIMIT_PAGE_BODY);
    buf_init(&text, 3 * LIMIT_PAGE_BODY);
    buf_init(&changed, 4 * LIMIT_PAGE_BODY);
    bool ok = media_decode(bytes, MEDIA_HTML, origin->charset, NULL, &text, err) &&
              html_scan(buf_slice(&text), &changed, &html, err) &&
              parse(html, origin->url, doc_out, err);
    buf_finish(&text);
    buf_finish(&changed);
    return ok;
}
