/* What a link to anything leads to, from its bytes to the page that is stored, for the tests of
 * page/content.h. */
#ifndef TESTS_CONTENT_FIXTURE_H
#define TESTS_CONTENT_FIXTURE_H

#include "page/assets.h"
#include "page/content.h"
#include "page/document.h"

struct content_fixture {
    enum content_kind kind;
    enum content_gap gap;
    char *name;
    struct buf html;   /* of content_write() */
    struct buf stored; /* of document_write(), prepared */
    struct document_text text;
    struct assets *assets; /* what it wants */
};

/* The bytes as a server sent them from `url` with this Content-Type. Fails the test when any of it
 * fails, or when what is stored is not inert. */
void content_fixture_make(struct content_fixture *fixture, struct slice bytes, const char *type,
                          const char *url);
/* The same up to content_write(): for what is too large to be parsed by every test. */
void content_fixture_write(struct content_fixture *fixture, struct slice bytes, const char *type,
                           const char *url);
void content_fixture_finish(struct content_fixture *fixture);

/* Fail the test unless the text occurs, or with the second unless it does not. */
void content_fixture_has(const struct buf *text, const char *what);
void content_fixture_lacks(const struct buf *text, const char *what);

/* The kind's name, by the Content-Type and what is sniffed. */
const char *content_fixture_kind(struct slice bytes, const char *type, const char *url);

#endif
