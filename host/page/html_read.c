/* The web form: HTML text or XML, parsed as browsers do without scripting. */
#include "base/limits.h"
#include "page/document_make.h"
#include "page/html_parse.h"
#include "page/html_scan.h"
#include "page/media.h"
#include "page/tree_edit.h"
#include "page/url.h"
#include "page/xml_plain.h"

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
    /* As if it were not there (HTML §4.2.3, "set the frozen base URL"). */
    bool refused = base != NULL && (slice_starts(slice_of(base), "data:") ||
                                    slice_starts(slice_of(base), "javascript:"));
    bool ok = document_set_origin(doc, url, slice_of(refused ? NULL : base), err);
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

/* ---- XML ---- */

static xmlNodePtr new_sheet(const struct document *doc, const struct xml_sheet *sheet)
{
    xmlNodePtr head = xmlDocGetRootElement(doc->tree)->children;
    xmlNodePtr link = xmlNewDocNode(doc->tree, head->ns, (const xmlChar *)"link", NULL);
    bool ok =
        link != NULL &&
        tree_set_attribute(link, "rel", sheet->alternate ? "alternate stylesheet" : "stylesheet") &&
        tree_set_attribute(link, "href", sheet->href) &&
        (sheet->media[0] == '\0' || tree_set_attribute(link, "media", sheet->media));
    if (ok)
        return link;
    xmlFreeNode(link);
    return NULL;
}

/* What stood before the root element stands first in the head. */
static bool add_sheets(const struct document *doc, const struct xml_plain *plain, struct error *err)
{
    xmlNodePtr head = xmlDocGetRootElement(doc->tree)->children;
    for (size_t i = plain->sheet_count; i > 0; i--) {
        xmlNodePtr link = new_sheet(doc, &plain->sheets[i - 1]);
        if (link == NULL)
            return error_no_memory(err);
        if (head->children != NULL)
            xmlAddPrevSibling(head->children, link);
        else
            xmlAddChild(head, link);
    }
    return true;
}

/* XML has no quirks mode. */
static bool settle_xml(struct document *doc, struct slice url, const struct xml_plain *plain,
                       struct error *err)
{
    const xmlNode *body = xmlDocGetRootElement(doc->tree)->last;
    if (doc->wrapped && !tree_is(body->children, NS_SVG, "svg"))
        return error_set(err, ERR_DOCUMENT, "The document is neither XHTML nor SVG");
    tree_strip_wire(doc);
    doc->web = true;
    doc->xml = true;
    return set_origin(doc, url, err) &&
           document_set_doctype(doc, slice_of("<!DOCTYPE html>"), err) &&
           add_sheets(doc, plain, err);
}

bool document_read_xml(struct slice text, struct slice url, struct document **doc_out,
                       struct error *err)
{
    struct xml_plain plain;
    struct document *doc = NULL;
    const struct document_origin origin = {.url = url};
    bool ok = xml_plain_make(slice_trim(text), &plain, err) &&
              document_read_wire(buf_slice(&plain.text), &origin, &doc, err) &&
              settle_xml(doc, url, &plain, err);
    xml_plain_finish(&plain);
    if (!ok) {
        document_destroy(doc);
        return false;
    }
    *doc_out = doc;
    return true;
}

/* ---- Both ---- */

bool document_is_xml(const char *essence)
{
    return strcmp(essence, "application/xhtml+xml") == 0 || strcmp(essence, "image/svg+xml") == 0;
}

static bool read_html(struct slice text, struct slice url, struct document **doc_out,
                      struct error *err)
{
    struct buf changed;
    struct slice html;
    buf_init(&changed, 4 * LIMIT_PAGE_BODY);
    bool ok = html_scan(text, &changed, &html, err) && parse(html, url, doc_out, err);
    buf_finish(&changed);
    return ok;
}

/* What is not well-formed shows an error in browsers; read as HTML it shows the page. */
static bool read_text(struct slice text, const struct document_origin *origin,
                      struct document **doc_out, struct error *err)
{
    struct error fault = {0};
    if (origin->xml && document_read_xml(text, origin->url, doc_out, &fault))
        return true;
    if (fault.code == ERR_NO_MEMORY)
        return error_no_memory(err);
    return read_html(text, origin->url, doc_out, err);
}

bool document_read_web(struct slice bytes, const struct document_origin *origin,
                       struct document **doc_out, struct error *err)
{
    struct buf text;
    if (bytes.len > LIMIT_PAGE_BODY)
        return error_set(err, ERR_LIMIT, "The page is larger than %zu bytes", LIMIT_PAGE_BODY);
    buf_init(&text, 3 * LIMIT_PAGE_BODY);
    bool ok = media_decode(bytes, MEDIA_HTML, origin->charset, NULL, &text, err) &&
              read_text(buf_slice(&text), origin, doc_out, err);
    if (ok)
        (*doc_out)->charset = media_charset(bytes, MEDIA_HTML, origin->charset, NULL);
    buf_finish(&text);
    return ok;
}
