/* Small questions and changes to a document's tree. Nothing here recurses. */
#ifndef PAGE_TREE_EDIT_H
#define PAGE_TREE_EDIT_H

#include "page/tree.h"

/* An element of this namespace and name. */
bool tree_is(const xmlNode *node, const char *ns, const char *name);

/* Whether node or attribute stands in the namespace; NULL asks for none at all. */
bool tree_in(const xmlNs *ns, const char *url);

/* The attribute without namespace, or NULL. */
xmlAttrPtr tree_find_attribute(const xmlNode *node, const char *name);
xmlAttrPtr tree_find_attribute_ns(const xmlNode *node, const char *ns, const char *name);

/* The value; empty when `attr` is NULL. Valid until the attribute changes. */
struct slice tree_value(const xmlAttr *attr);

/* A text node that stands nowhere yet; NULL when out of memory. libxml2's own functions give one
 * without text then. */
xmlNodePtr tree_new_text(xmlDocPtr tree, struct slice text);

/* Sets an attribute's value, or that of the attribute without namespace called `name`. `value` may
 * not point into the attribute's own old value. False when out of memory. */
bool tree_set_value(xmlAttrPtr attr, struct slice value);
bool tree_set_attribute(xmlNodePtr node, const char *name, const char *value);

/* Takes the attribute away; xmlRemoveProp would look for it first. */
void tree_remove_attribute(xmlAttrPtr attr);

/* Takes all attributes away that the page walker alone may write. */
void tree_strip_wire(const struct document *doc);

/* Another name; the namespace stays. False when out of memory. */
bool tree_rename(xmlNodePtr node, const char *name);

/* The same for an element that another one stands for from here on: its old name goes into `ls-is`,
 * where selectors find it (page/css_states). */
bool tree_replace(xmlNodePtr node, const char *name);

/* The next node in document order below `root`, without (`tree_after`) or with (`tree_next`) what
 * is inside of `node`; NULL at the end. */
xmlNodePtr tree_next(const xmlNode *node, const xmlNode *root);
xmlNodePtr tree_after(const xmlNode *node, const xmlNode *root);

/* Takes the node away with all it holds, or leaves its children in its place. Both return the node
 * to look at next, as tree_after or the first of those children. */
xmlNodePtr tree_remove(xmlNodePtr node, const xmlNode *root);
xmlNodePtr tree_unwrap(xmlNodePtr node, const xmlNode *root);

/* Frees the node's children. */
void tree_clear(xmlNodePtr node);

#endif
