#include "page/document_make.h"

#include "base/limits.h"

#include <stdlib.h>

void document_destroy(struct document *doc)
{
    if (doc == NULL)
        return;
    xmlFreeDoc(doc->tree);
    free(doc->url);
    free(doc->base);
    free(doc->doctype);
    free(doc);
}

static bool replace(char **field, struct slice text, struct error *err)
{
    char *copy = slice_dup(text);
    if (copy == NULL)
        return error_no_memory(err);
    free(*field);
    *field = copy;
    return true;
}

bool document_set_origin(struct document *doc, struct slice url, struct slice base,
                         struct error *err)
{
    return replace(&doc->url, url, err) && replace(&doc->base, base.len > 0 ? base : url, err);
}

/* A quoted identifier at the start of *rest, which is moved past it. */
static bool take_quoted(struct slice *rest, struct slice *text_out)
{
    struct slice s = slice_trim(*rest);
    if (s.len == 0 || (s.ptr[0] != '"' && s.ptr[0] != '\''))
        return false;
    size_t end = slice_find_byte(s, 1, s.ptr[0]);
    if (end == s.len)
        return false;
    struct slice text = slice_sub(s, 1, end - 1);
    if (slice_find_byte(text, 0, '"') < text.len || slice_find_byte(text, 0, '<') < text.len ||
        slice_find_byte(text, 0, '>') < text.len ||
        slice_find(text, 0, slice_of("linksnap-")) < text.len)
        return false;
    *text_out = text;
    *rest = slice_sub(s, end + 1, s.len);
    return true;
}

static bool take_word(struct slice *rest, const char *word)
{
    struct slice s = slice_trim(*rest);
    size_t len = strlen(word);
    if (!slice_starts_nocase(s, word))
        return false;
    if (s.len > len && !ascii_space(s.ptr[len]) && memchr(">\"'", s.ptr[len], 3) == NULL)
        return false;
    *rest = slice_sub(s, len, s.len);
    return true;
}

static void write_doctype(struct buf *out, struct slice text)
{
    struct slice rest = slice_trim(text);
    struct slice id;
    if (!take_word(&rest, "<!DOCTYPE") || !take_word(&rest, "html"))
        return;
    buf_add_text(out, "<!DOCTYPE html");
    bool is_public = take_word(&rest, "PUBLIC");
    if ((is_public || take_word(&rest, "SYSTEM")) && take_quoted(&rest, &id) && id.len > 0) {
        buf_printf(out, " %s \"%.*s\"", is_public ? "PUBLIC" : "SYSTEM", (int)id.len, id.ptr);
        if (is_public && take_quoted(&rest, &id))
            buf_printf(out, " \"%.*s\"", (int)id.len, id.ptr);
    }
    buf_add_char(out, '>');
}

bool document_set_doctype(struct document *doc, struct slice doctype, struct error *err)
{
    struct buf out;
    buf_init(&out, 4 * KIB);
    write_doctype(&out, slice_sub(doctype, 0, 2 * KIB));
    bool ok = buf_ok(&out, "The doctype", err) && replace(&doc->doctype, buf_slice(&out), err);
    buf_finish(&out);
    return ok;
}

/* From the web form no script has drawn anything: there a canvas shows what it holds. */
bool document_prepare(struct document *doc, struct assets *assets, struct error *err)
{
    return (doc->web || document_settle_canvases(doc, err)) && document_settle_picture(doc, err) &&
           collect_references(doc, assets, err) && sanitize_document(doc, err);
}
