/* The parts of collect_references (page/tree.h), for collect*.c alone. */
#ifndef PAGE_COLLECT_H
#define PAGE_COLLECT_H

#include "page/references.h"
#include "page/tree.h"

struct collector {
    struct document *doc;
    struct reference_scope scope;
    struct buf out;              /* scratch: a value being made */
    bool icon;                   /* the page names one itself */
    enum referrer_policy policy; /* of the document */
};

/* Rewrite one attribute's value, or remove the attribute when nothing may stand there. */
bool collect_asset(struct collector *c, xmlAttrPtr attr, enum asset_kind kind,
                   struct error *err) MUST_CHECK;
bool collect_link(struct collector *c, xmlAttrPtr attr, struct error *err) MUST_CHECK;

/* collect_links.c: <link>, and the icon of a page that names none. */
bool collect_link_element(struct collector *c, xmlNodePtr node, struct error *err) MUST_CHECK;
bool collect_default_icon(struct collector *c, struct error *err) MUST_CHECK;

/* collect_frames.c: <iframe>, <frame>, <object>, <embed>; any other element is left alone. What
 * shows a document becomes a frame with `linksnap-frame:REF` in srcdoc, what shows a picture an
 * <img>. */
bool collect_frame(struct collector *c, xmlNodePtr node, struct error *err) MUST_CHECK;

/* collect_media.c: of the sources of an <audio> or <video> leaves those up to the first that any
 * browser plays. */
void collect_media_choice(xmlNodePtr media);

/* lazy.c: gives an element whose real source waits in another attribute for a script ("data-src")
 * that source. For pages whose scripts never ran. False when out of memory. */
bool lazy_promote(xmlNodePtr node);

/* The same for a live page, in which the person did not come to a picture: only where nothing, or
 * no more than a data: URL, stands for it. */
bool lazy_promote_unloaded(xmlNodePtr node);

/* Whether a <noscript> holds only the picture that the element beside it has been given. */
bool lazy_is_twin(const xmlNode *noscript);

#endif
