#include "page/tree_edit.h"

bool tree_in(const xmlNs *ns, const char *url)
{
    if (ns == NULL || url == NULL)
        return ns == NULL && url == NULL;
    return strcmp((const char *)ns->href, url) == 0;
}

bool tree_is(const xmlNode *node, const char *ns, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0 &&
           tree_in(node->ns, ns);
}

xmlAttrPtr tree_find_attribute_ns(const xmlNode *node, const char *ns, const char *name)
{
    for (xmlAttrPtr attr = node->properties; attr != NULL; attr = attr->next)
        if (strcmp((const char *)attr->name, name) == 0 && tree_in(attr->ns, ns))
            return attr;
    return NULL;
}

xmlAttrPtr tree_find_attribute(const xmlNode *node, const char *name)
{
    return tree_find_attribute_ns(node, NULL, name);
}

struct slice tree_value(const xmlAttr *attr)
{
    if (attr == NULL || attr->children == NULL)
        return slice_of("");
    return slice_of((const char *)attr->children->content);
}

xmlNodePtr tree_new_text(xmlDocPtr tree, struct slice text)
{
    if (text.len > INT_MAX)
        return NULL;
    xmlNodePtr node = xmlNewDocTextLen(tree, (const xmlChar *)text.ptr, (int)text.len);
    if (node != NULL && node->content == NULL) {
        xmlFreeNode(node);
        return NULL;
    }
    return node;
}

bool tree_set_value(xmlAttrPtr attr, struct slice value)
{
    xmlNodePtr text = tree_new_text(attr->doc, value.ptr != NULL ? value : slice_of(""));
    if (text == NULL)
        return false;
    if (attr->children != NULL)
        xmlFreeNodeList(attr->children);
    text->parent = (xmlNodePtr)attr;
    attr->children = text;
    attr->last = text;
    return true;
}

bool tree_set_attribute(xmlNodePtr node, const char *name, const char *value)
{
    xmlAttrPtr attr = tree_find_attribute(node, name);
    if (attr == NULL) {
        attr = xmlNewNsProp(node, NULL, (const xmlChar *)name, NULL);
        if (attr != NULL && attr->name == NULL) {
            tree_remove_attribute(attr);
            return false;
        }
    }
    return attr != NULL && tree_set_value(attr, slice_of(value));
}

void tree_remove_attribute(xmlAttrPtr attr)
{
    if (attr->prev != NULL)
        attr->prev->next = attr->next;
    else
        attr->parent->properties = attr->next;
    if (attr->next != NULL)
        attr->next->prev = attr->prev;
    xmlFreeProp(attr);
}

void tree_strip_wire(const struct document *doc)
{
    const xmlNode *root = xmlDocGetRootElement(doc->tree);
    for (const xmlNode *node = root; node != NULL; node = tree_next(node, root))
        if (node->type == XML_ELEMENT_NODE)
            for (xmlAttrPtr attr = node->properties, next; attr != NULL; attr = next) {
                next = attr->next;
                if (tree_in(attr->ns, NS_WIRE))
                    tree_remove_attribute(attr);
            }
}

bool tree_rename(xmlNodePtr node, const char *name)
{
    const xmlChar *shared = xmlDictLookup(node->doc->dict, (const xmlChar *)name, -1);
    if (shared == NULL)
        return false;
    xmlNodeSetName(node, shared);
    return true;
}

bool tree_replace(xmlNodePtr node, const char *name)
{
    static const char word[] = " stand-in";
    struct slice words = tree_value(tree_find_attribute(node, "ls-is"));
    struct buf is;
    buf_init(&is, words.len + strlen((const char *)node->name) + sizeof word + 1);
    buf_add_slice(&is, words);
    if (words.len > 0)
        buf_add_char(&is, ' ');
    buf_add_text(&is, (const char *)node->name);
    buf_add_text(&is, word);
    bool ok = is.failed == ERR_NONE && tree_set_attribute(node, "ls-is", is.ptr) &&
              tree_rename(node, name);
    buf_finish(&is);
    return ok;
}

xmlNodePtr tree_after(const xmlNode *node, const xmlNode *root)
{
    while (node != root) {
        if (node->next != NULL)
            return node->next;
        node = node->parent;
    }
    return NULL;
}

xmlNodePtr tree_next(const xmlNode *node, const xmlNode *root)
{
    if (node->type == XML_ELEMENT_NODE && node->children != NULL)
        return node->children;
    return tree_after(node, root);
}

xmlNodePtr tree_remove(xmlNodePtr node, const xmlNode *root)
{
    xmlNodePtr next = tree_after(node, root);
    xmlUnlinkNode(node);
    xmlFreeNode(node);
    return next;
}

xmlNodePtr tree_unwrap(xmlNodePtr node, const xmlNode *root)
{
    xmlNodePtr first = node->children;
    if (first == NULL)
        return tree_remove(node, root);
    for (xmlNodePtr child = first; child != NULL; child = child->next)
        child->parent = node->parent;
    xmlNodePtr last = node->last;
    first->prev = node->prev;
    last->next = node->next;
    if (node->prev != NULL)
        node->prev->next = first;
    else
        node->parent->children = first;
    if (node->next != NULL)
        node->next->prev = last;
    else
        node->parent->last = last;
    node->children = NULL;
    node->last = NULL;
    node->parent = NULL;
    node->prev = NULL;
    node->next = NULL;
    xmlFreeNode(node);
    return first;
}

void tree_clear(xmlNodePtr node)
{
    xmlFreeNodeList(node->children);
    node->children = NULL;
    node->last = NULL;
}
