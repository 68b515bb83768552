/* The entities that an XML document declares itself (XML 1.0 §2.8, §4.2). Used by page/xml_plain.c
 * alone. */
#ifndef PAGE_XML_SUBSET_H
#define PAGE_XML_SUBSET_H

#include "base/buf.h"

enum { XML_ENTITIES = 256 }; /* of one document; further ones are unknown */

struct xml_entity {
    struct slice name;
    struct slice value; /* what stands for it */
    char *own;          /* the value where it is no part of the document */
};

/* Zeroed: none. */
struct xml_subset {
    struct xml_entity *entities;
    size_t count;
};

/* Reads the `<!DOCTYPE ...>` that starts at *at and moves *at behind it. Internal general entities
 * are noted; external and parameter entities are not. Slices point into `xml`. */
bool xml_subset_read(struct slice xml, size_t *at, struct xml_subset *subset,
                     struct error *err) MUST_CHECK;
void xml_subset_finish(struct xml_subset *subset);

/* What stands for a name; NULL when it is not declared. */
const struct slice *xml_subset_find(const struct xml_subset *subset, struct slice name);

#endif
