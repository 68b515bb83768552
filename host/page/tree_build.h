/* Builds a document's tree node by node, for the two readers.
 *
 * Every node's namespace is one of a few that belong to the document itself, never to an element,
 * so that any element may be removed or renamed later without leaving a stale one behind.
 */
#ifndef PAGE_TREE_BUILD_H
#define PAGE_TREE_BUILD_H

#include "page/tree.h"

enum tree_ns {
    TREE_NONE,
    TREE_HTML,
    TREE_SVG,
    TREE_MATHML,
    TREE_XLINK,
    TREE_XML,
    TREE_WIRE,
    TREE_NS_COUNT
};

/* The namespace's URL; NULL for TREE_NONE. */
const char *tree_ns_url(enum tree_ns ns);

/* Starts libxml2, once for the process; before anything of it is used. */
void tree_library_start(void);

struct tree_builder {
    struct document *doc;
    xmlNsPtr ns[TREE_NS_COUNT];
    xmlNodePtr open;        /* the innermost open element; NULL before the first */
    xmlAttrPtr last;        /* the newest attribute of the element just opened */
    size_t depth;           /* elements that are open */
    struct buf text;        /* characters not yet put into a node */
    struct buf scratch;     /* a name or value with a NUL at its end */
    enum error_code failed; /* ERR_NONE, ERR_NO_MEMORY or ERR_LIMIT: sticky */
};

/* `names`: a dictionary that names may be shared with; NULL makes one. The builder must be finished
 * whatever this returns. */
bool tree_builder_init(struct tree_builder *b, xmlDictPtr names, struct error *err) MUST_CHECK;
void tree_builder_finish(struct tree_builder *b);

/* Each returns false once something has failed. Control characters that HTML text cannot hold come
 * out as U+FFFD. tree_open refuses to go deeper than LIMIT_DEPTH. */
bool tree_open(struct tree_builder *b, enum tree_ns ns, struct slice name);
bool tree_attribute(struct tree_builder *b, enum tree_ns ns, struct slice name, struct slice value);
bool tree_text(struct tree_builder *b, struct slice text);
void tree_close(struct tree_builder *b);

/* Hands over the document, its root brought into form: <html> with one <head>, then one <body> or
 * <frameset>, what stood elsewhere moved into the body. ERR_DOCUMENT when there is no element. */
bool tree_builder_take(struct tree_builder *b, struct document **doc_out,
                       struct error *err) MUST_CHECK;

#endif
