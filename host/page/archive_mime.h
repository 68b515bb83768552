/* MIME as saved pages have it (RFC 2045, 2046, 2557): heads, multiparts, encodings. Every function
 * reads on where the one before has ended: the time is linear. Used by page/archive.c alone. */
#ifndef PAGE_ARCHIVE_MIME_H
#define PAGE_ARCHIVE_MIME_H

#include "page/media.h"

enum { MIME_ID_SIZE = 256, MIME_BOUNDARY_SIZE = 204 };

enum mime_encoding { MIME_PLAIN, MIME_BASE64, MIME_QUOTED };

struct mime_head {
    struct media_type type; /* text/plain when it does not say */
    enum mime_encoding encoding;
    char boundary[MIME_BOUNDARY_SIZE]; /* "--" and what a multipart's parts are divided by */
    char start[MIME_ID_SIZE];          /* of multipart/related */
    char id[MIME_ID_SIZE];             /* without brackets, as is `start` */
    char date[128];
    struct buf location;
    struct buf snapshot; /* Snapshot-Content-Location, as Chromium writes it */
};

void mime_head_init(struct mime_head *head);
void mime_head_finish(struct mime_head *head);

/* Reads the head of a message or of a part; the body is what follows its empty line. */
void mime_head_read(struct mime_head *head, struct slice text, struct slice *body_out);

struct mime_multipart {
    struct slice body;
    char boundary[MIME_BOUNDARY_SIZE];
    size_t at;
    bool begun;
};

/* False when the head is none of a multipart. */
bool mime_multipart(const struct mime_head *head, struct slice body,
                    struct mime_multipart *multipart_out);
/* The next part with its head; false when there is none. */
bool mime_next_part(struct mime_multipart *multipart, struct slice *part_out);

/* Appends what the body says. What is no base64 or quoted-printable is passed over. */
bool mime_decode(struct slice body, enum mime_encoding encoding, struct buf *out);

#endif
