/* The parts of sanitize_document (page/tree.h), for its own files only. */
#ifndef PAGE_SANITIZE_H
#define PAGE_SANITIZE_H

#include "page/tree_edit.h"

struct sanitizer {
    struct document *doc;
    xmlNodePtr root; /* <html>, its <head> and its <body> */
    xmlNodePtr head;
    xmlNodePtr body;
    struct buf text; /* scratch, for the one function that is at work */
    struct buf css;
    int frame_border; /* of the frameset around, in pixels */
    bool leads_away;  /* the element whose attributes are at work is a link to elsewhere */
    struct error *err;
};

/* Checks every attribute of an element that stays. */
bool sanitize_attributes(struct sanitizer *s, xmlNodePtr node);

/* `linksnap-asset:REF`, with or without a fragment. */
bool sanitize_is_asset(struct slice value);

/* A data: URL that a browser decodes and never runs. */
bool sanitize_is_data(struct slice value);

/* Whether the scheme of a link lets it lead there; the value may hold what URL parsers drop. */
bool sanitize_is_link(struct slice value);

/* Writes the CSS into s->css with every URL taken out that is no asset of ours. True too when
 * nothing had to change; *changed_out says which. */
bool sanitize_css(struct sanitizer *s, struct slice css, bool sheet, bool *changed_out);

/* The text of a <style>, its children made one text. */
bool sanitize_style(struct sanitizer *s, xmlNodePtr node);

/* <frameset> becomes <body> or <div> and lays out what it holds; a <frame> becomes an <iframe>.
 * Their attributes are still to be checked. */
bool sanitize_frameset(struct sanitizer *s, xmlNodePtr node);
bool sanitize_frame(struct sanitizer *s, xmlNodePtr node);

/* Brings an element or a text into a place that HTML text can say: it or an ancestor may get
 * elements without a box around it. Its own attributes are still to be checked. Called for each
 * node that stays, parents before children. */
bool nesting_settle(struct sanitizer *s, xmlNodePtr node);
bool nesting_settle_text(struct sanitizer *s, xmlNodePtr node);

/* True for a host's first shadow root, the only one a parser takes. */
bool nesting_host_shadow(xmlNodePtr host);

/* What <link> and <meta> are allowed to be; false when it must go. */
bool sanitize_link_stays(xmlNodePtr node);
bool sanitize_meta_stays(const xmlNode *node);

#endif
