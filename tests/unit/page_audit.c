#include "page_audit.h"

#include "base/slice.h"

#include <gumbo.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct audit {
    char *why;
    size_t size;
    bool bad;
    unsigned marks;
};

static void blame(struct audit *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void blame(struct audit *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (!a->bad)
        vsnprintf(a->why, a->size, format, args);
    va_end(args);
    a->bad = true;
}

static bool word_in(const char *list, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = list; len > 0 && (at = strstr(at, word)) != NULL; at++)
        if (at > list && at[-1] == ' ' && at[len] == ' ')
            return true;
    return false;
}

/* ---- URLs ---- */

bool page_audit_is_ref(const char *url, const char *scheme)
{
    size_t head = strlen(scheme);
    if (strncmp(url, scheme, head) != 0 || strspn(url + head, "0123456789abcdef") < 32)
        return false;
    return url[head + 32] == '\0' || url[head + 32] == '#';
}

/* What is left when a URL parser has dropped what it drops, lower-cased. */
static void squeeze(const char *url, char *out, size_t size)
{
    size_t len = 0;
    while (*url != '\0' && (unsigned char)*url <= ' ')
        url++;
    for (; *url != '\0' && len + 1 < size; url++)
        if (*url != '\t' && *url != '\n' && *url != '\r')
            out[len++] = ascii_lower(*url);
    out[len] = '\0';
}

/* A data: URL of something that no browser runs, in whatever place. */
static bool harmless_data(const char *url)
{
    char text[128];
    squeeze(url, text, sizeof text);
    text[strcspn(text, ",;")] = '\0';
    return strncmp(text, "data:", 5) == 0 && strstr(text, "html") == NULL &&
           strstr(text, "script") == NULL && strstr(text, "css") == NULL &&
           (strstr(text, "xml") == NULL || strncmp(text, "data:image/", 11) == 0);
}

bool page_audit_loads_inside(const char *url)
{
    return url[0] == '\0' || page_audit_is_ref(url, "linksnap-asset:") || harmless_data(url);
}

static bool leads_safely(const char *url)
{
    static const char *const schemes[] = {"http:", "https:", "mailto:", "tel:", "ftp:"};
    char text[256];
    squeeze(url, text, sizeof text);
    if (text[0] == '#')
        return true;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strncmp(text, schemes[i], strlen(schemes[i])) == 0)
            return true;
    return false;
}

static void check_css(struct audit *a, const char *css, bool sheet)
{
    char why[128];
    if (!page_audit_css(css, sheet, why, sizeof why))
        blame(a, "%s", why);
}

/* ---- Attributes ---- */

struct name {
    char text[64];
};

static struct name fold(const char *text)
{
    struct name name = {{0}};
    for (size_t i = 0; text[i] != '\0' && i + 1 < sizeof name.text; i++)
        name.text[i] = ascii_lower(text[i]);
    return name;
}

static void check_candidates(struct audit *a, const char *srcset)
{
    char url[1024];
    while (*srcset != '\0') {
        srcset += strspn(srcset, " \t\n\r\f,");
        size_t len = strcspn(srcset, " \t\n\r\f");
        snprintf(url, sizeof url, "%.*s", (int)len, srcset);
        while (len > 0 && len < sizeof url && url[len - 1] == ',')
            url[--len] = '\0';
        if (!page_audit_loads_inside(url))
            blame(a, "srcset loads %s", url);
        srcset += strcspn(srcset, " \t\n\r\f");
        srcset += strcspn(srcset, ",");
    }
}

static bool text_attribute(const char *name)
{
    return word_in(" title alt value content placeholder label id class name summary abbr for list"
                   " pattern lang d datetime about property typeof vocab prefix resource itemid"
                   " itemprop itemtype media headers standby sizes usemap type ",
                   name) ||
           strncmp(name, "data-", 5) == 0 || strncmp(name, "aria-", 5) == 0;
}

static void check_href(struct audit *a, const char *element, const char *value)
{
    if (word_in(" a area ", element)) {
        if (!leads_safely(value))
            blame(a, "<%s> leads to %s", element, value);
    } else if (strcmp(element, "link") == 0) {
        if (!page_audit_loads_inside(value) && !leads_safely(value))
            blame(a, "<link> loads %s", value);
    } else if (word_in(" image feimage ", element)) {
        if (!page_audit_loads_inside(value) && value[0] != '#')
            blame(a, "<%s> loads %s", element, value);
    } else if (value[0] != '#' && !page_audit_is_ref(value, "linksnap-asset:")) {
        blame(a, "<%s> refers to %s", element, value);
    }
}

static void check_attribute(struct audit *a, const char *element, const GumboAttribute *attr)
{
    struct name folded = fold(attr->name);
    const char *name = folded.text;
    const char *value = attr->value;
    char squeezed[64];
    squeeze(value, squeezed, sizeof squeezed);
    if (strncmp(name, "on", 2) == 0)
        blame(a, "<%s %s>", element, name);
    if (word_in(" action formaction formmethod ping background-src manifest srcdoc-src data code"
                " codebase archive classid nonce integrity crossorigin autofocus autoplay"
                " http-equiv-src allow csp longdesc lowsrc dynsrc imagesrcset attributionsrc"
                " cite profile icon download referrerpolicy ",
                name))
        blame(a, "<%s %s>", element, name);
    if (strcmp(name, "base") == 0 && attr->attr_namespace != GUMBO_ATTR_NAMESPACE_NONE)
        blame(a, "xml:base");
    if (strcmp(name, "href") == 0 || strcmp(name, "xlink:href") == 0)
        check_href(a, element, value);
    else if (word_in(" src poster background ", name) && !page_audit_loads_inside(value))
        blame(a, "<%s %s=%s>", element, name, value);
    else if (strcmp(name, "srcset") == 0)
        check_candidates(a, value);
    else if (strcmp(name, "srcdoc") == 0 && !page_audit_is_ref(value, "linksnap-frame:"))
        blame(a, "srcdoc holds %s", value);
    else if (!text_attribute(name) &&
             (strncmp(squeezed, "javascript:", 11) == 0 || strncmp(squeezed, "vbscript:", 9) == 0 ||
              strncmp(squeezed, "data:text/html", 14) == 0))
        blame(a, "<%s %s=%s>", element, name, value);
    bool url = word_in(" href xlink:href src srcset poster background ", name);
    if (strcmp(name, "style") == 0 || (!url && !text_attribute(name) && strchr(value, '(') != NULL))
        check_css(a, value, false);
}

static const char *value_of(const GumboElement *element, const char *name)
{
    const GumboAttribute *attr = gumbo_get_attribute(&element->attributes, name);
    return attr != NULL ? attr->value : NULL;
}

/* ---- Elements ---- */

static void check_words(struct audit *a, const GumboElement *element, const char *name)
{
    const char *value;
    if (strcmp(name, "meta") == 0 && (value = value_of(element, "http-equiv")) != NULL &&
        strcmp(fold(value).text, "content-language") != 0 &&
        strcmp(fold(value).text, "default-style") != 0)
        blame(a, "<meta http-equiv=%s>", value);
    if (strcmp(name, "meta") == 0 && value_of(element, "charset") != NULL)
        blame(a, "<meta charset>");
    if (strcmp(name, "link") == 0) {
        value = value_of(element, "rel");
        if (value == NULL ||
            (!word_in(" stylesheet icon apple-touch-icon apple-touch-icon-precomposed mask-icon"
                      " canonical ",
                      value) &&
             strcmp(value, "alternate stylesheet") != 0))
            blame(a, "<link rel=%s>", value != NULL ? value : "");
        else if (strcmp(value, "canonical") != 0 &&
                 !page_audit_loads_inside(
                     value_of(element, "href") != NULL ? value_of(element, "href") : ""))
            blame(a, "<link> loads from elsewhere");
    }
    if (strcmp(name, "form") == 0 &&
        ((value = value_of(element, "method")) == NULL || strcmp(value, "dialog") != 0))
        blame(a, "<form> that is sent");
    if (strcmp(name, "iframe") == 0 &&
        ((value = value_of(element, "sandbox")) == NULL || strstr(value, "script") != NULL ||
         strstr(value, "same-origin") != NULL || strstr(value, "top-nav") != NULL))
        blame(a, "<iframe> without its sandbox");
    if (word_in(" animate animatetransform set ", name)) {
        struct name target = fold(
            value_of(element, "attributename") != NULL ? value_of(element, "attributename") : "");
        if (target.text[0] == '\0' || strstr(target.text, "href") != NULL ||
            strstr(target.text, "src") != NULL || strncmp(target.text, "on", 2) == 0 ||
            strstr(target.text, "style") != NULL)
            blame(a, "<%s attributeName=%s>", name, target.text);
    }
}

static void check_element(struct audit *a, const GumboElement *element)
{
    GumboStringPiece original = element->original_tag;
    struct name folded = fold(gumbo_normalized_tagname(element->tag));
    if (element->tag == GUMBO_TAG_UNKNOWN && original.data != NULL) {
        gumbo_tag_from_original_text(&original);
        snprintf(folded.text, sizeof folded.text, "%.*s", (int)original.length, original.data);
        folded = fold(folded.text);
    }
    const char *name = folded.text;
    if (word_in(" script base object-data embed frame frameset portal fencedframe noscript"
                " xmp plaintext noembed noframes param bgsound keygen isindex handler listener"
                " foreignscript annotation-xml mglyph malignmark tref cursor metadata discard"
                " basefont nextid webview-src ",
                name))
        blame(a, "<%s>", name);
    for (unsigned i = 0; i < element->attributes.length; i++)
        check_attribute(a, name, element->attributes.data[i]);
    check_words(a, element, name);
    if (element->tag == GUMBO_TAG_STYLE)
        for (unsigned i = 0; i < element->children.length; i++) {
            const GumboNode *child = element->children.data[i];
            if (child->type == GUMBO_NODE_ELEMENT || child->type == GUMBO_NODE_COMMENT)
                blame(a, "markup in <style>");
            else
                check_css(a, child->v.text.text, true);
        }
}

static void check_comment(struct audit *a, const GumboNode *node)
{
    const char *text = node->v.text.text;
    unsigned mark = strcmp(text, "linksnap-head") == 0  ? 1
                    : strcmp(text, "linksnap-end") == 0 ? 2
                                                        : 0;
    if (mark == 0 || (a->marks & mark) != 0)
        blame(a, "a comment: %s", text);
    a->marks |= mark;
    const GumboElement *parent = &node->parent->v.element;
    if (mark != 0 && parent->tag != (mark == 1 ? GUMBO_TAG_HEAD : GUMBO_TAG_BODY))
        blame(a, "the mark %s is out of place", text);
}

static void walk(struct audit *a, const GumboNode *root)
{
    const GumboNode *stack[2048];
    unsigned next[2048];
    size_t depth = 1;
    stack[0] = root;
    next[0] = 0;
    while (depth > 0) {
        const GumboNode *node = stack[depth - 1];
        if (next[depth - 1] == node->v.element.children.length) {
            depth--;
            continue;
        }
        const GumboNode *child = node->v.element.children.data[next[depth - 1]++];
        if (child->type == GUMBO_NODE_COMMENT)
            check_comment(a, child);
        if (child->type != GUMBO_NODE_ELEMENT && child->type != GUMBO_NODE_TEMPLATE)
            continue;
        check_element(a, &child->v.element);
        if (depth < sizeof stack / sizeof *stack) {
            stack[depth] = child;
            next[depth++] = 0;
        }
    }
}

/* Whatever state a parser is in: a `<` that it could take for markup is one of ours. */
static void check_text(struct audit *a, const char *html)
{
    for (const char *at = html; (at = strchr(at, '<')) != NULL; at++) {
        if (at[1] == '!') {
            bool known = strncmp(at, "<!DOCTYPE html", 14) == 0 ||
                         strncmp(at, "<!--linksnap-head-->", 20) == 0 ||
                         strncmp(at, "<!--linksnap-end-->", 19) == 0;
            if (!known || (at[2] == 'D' && at != html))
                blame(a, "markup in the text: %.20s", at);
        } else if (at[1] == '?' || (strncmp(at, "<script", 7) == 0 && strchr(" />", at[7]))) {
            blame(a, "markup in the text: %.20s", at);
        }
    }
}

bool page_audit(const char *html, char *why, size_t size)
{
    struct audit a = {.why = why, .size = size};
    GumboOutput *output = gumbo_parse(html);
    check_text(&a, html);
    check_element(&a, &output->root->v.element);
    walk(&a, output->root);
    if (!a.bad && a.marks != 3)
        blame(&a, "a mark is missing");
    gumbo_destroy_output(&kGumboDefaultOptions, output);
    return !a.bad;
}
