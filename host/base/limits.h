/* Every ceiling of the host, each with its reason. Sizes are bytes, times milliseconds. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#define KIB ((size_t)1024)
#define MIB (KIB * 1024)

/* Wire. A browser closes the port past 1 MiB from the host; parts to the host are small too, since
 * Firefox's cost for one big message grows faster than its size. The frame ceiling leaves room for
 * JSON escapes around a part of LIMIT_PART_TEXT. */
#define LIMIT_FRAME_IN     (8 * MIB)
#define LIMIT_FRAME_OUT    (1 * MIB)
#define LIMIT_PART_TEXT    (1 * MIB)   /* UTF-8 bytes of `data` in one capture.add */
#define LIMIT_READ_PART    (512 * KIB) /* `data` of one snapshots.read answer, as JSON escapes it */
#define LIMIT_JSON_NODES   ((size_t)20000) /* cJSON spends 64 bytes and more on each value */
#define LIMIT_JSON_DEPTH   ((size_t)64)
#define LIMIT_QUEUED       ((size_t)64) /* requests kept while one is at work */
#define LIMIT_QUEUED_BYTES (16 * MIB)   /* and their bytes: what comes later stays in the pipe */

/* Capture. The wire form of a document; DOM text of 100 MB is refused, not cut. */
#define LIMIT_DOCUMENT      (64 * MIB)
#define LIMIT_CAPTURE       (256 * MIB)    /* all items of one capture together */
#define LIMIT_CAPTURE_ITEMS ((size_t)4096) /* frames and resources of one capture */
#define LIMIT_CAPTURES_OPEN ((size_t)4)    /* captures being received on one port */
#define LIMIT_WANTED        ((size_t)500)  /* URLs that a browser is asked for at once */
#define LIMIT_WANTED_BYTES  (256 * KIB)    /* and their bytes: they share a frame */
#define LIMIT_FONT_NAMES    ((size_t)500)  /* faces that a browser found no text for */
#define LIMIT_FONT_NAME     ((size_t)512)  /* and bytes of each */
#define LIMIT_DEPTH         ((size_t)2000) /* elements inside each other */
#define LIMIT_ATTRIBUTES    ((size_t)1000) /* on one element; libxml2 is quadratic here */
#define LIMIT_HTML_DEPTH    ((size_t)512)  /* gumbo is quadratic in depth; browsers stop at 512 */
#define LIMIT_HTML_MEMORY   (1536 * MIB)   /* of the HTML parser: a page of 64 MB takes 1.4 GB */
#define LIMIT_HTML_MS       30000L         /* processor time of the HTML parser */
#define LIMIT_PDF_MEMORY    (1024 * MIB)   /* of pdftotext, the document itself included */
#define LIMIT_PDF_MS        30000L         /* and its time */
#define LIMIT_MARKDOWN      (8 * MIB)      /* longer ones are shown as text */
#define LIMIT_MARKDOWN_MS   10000L         /* md4c can take the square of a table's width */
#define LIMIT_FRAME_DEPTH   ((size_t)8)    /* documents inside each other */

/* Network. */
#define LIMIT_PAGE_BODY         (64 * MIB)     /* an HTML answer, decompressed */
#define LIMIT_ASSET_BODY        (50 * MIB)     /* one asset, decompressed */
#define LIMIT_MEDIA_BODY        (200 * MIB)    /* audio or video, when a person asks for so much */
#define LIMIT_ASSETS_BODY       (512 * MIB)    /* all assets of one snapshot */
#define LIMIT_ASSETS            ((size_t)5000) /* of one snapshot */
#define LIMIT_IMPORT_DEPTH      ((size_t)16)   /* @import inside @import */
#define LIMIT_STYLE_BODY        (32 * MIB)     /* one style sheet */
#define LIMIT_DATA_URL          (32 * MIB)
#define LIMIT_URL               (16 * KIB)
#define LIMIT_HEADERS           (256 * KIB) /* of one answer, interim ones counted in */
#define LIMIT_REDIRECTS         10L
#define LIMIT_REFRESHES         3L          /* <meta refresh> followed for one link */
#define LIMIT_REFRESH_S         10L         /* later ones are for people who stay on the page */
#define LIMIT_RETRY_AFTER_MS    3600000L    /* of what a server asks for */
#define LIMIT_FILE_BODY         (128 * MIB) /* a link to something that is no web page */
#define LIMIT_CONNECT_MS        10000L
#define LIMIT_ASSET_MS          30000L  /* one asset from first to last byte */
#define LIMIT_PAGE_MS           60000L  /* one page, from the first to the last byte */
#define LIMIT_CAPTURE_MS        120000L /* all assets of one capture */
#define LIMIT_STALL_MS          10000L  /* under 1 byte a second for so long ends a transfer */
#define LIMIT_HOST_CONNECTIONS  6L      /* what browsers open to one host */
#define LIMIT_TOTAL_CONNECTIONS 24L
#define LIMIT_STREAMS           64L /* requests at once over one HTTP/2 connection */

/* Of one host for one snapshot, whatever the port. Every asset once, and once more without a
 * Referer: who needs more sends us in circles, or at somebody else. Bodies count unpacked, also
 * those that were refused in the end. */
#define LIMIT_HOST_REQUESTS (2 * LIMIT_ASSETS + 100)
#define LIMIT_HOST_BODY     (1024 * MIB)
#define LIMIT_HOST_TIMEOUTS ((size_t)12) /* in a row: all connections, twice */

/* What a person types. */
#define LIMIT_TITLE     (4 * KIB)
#define LIMIT_NOTE      (64 * KIB)
#define LIMIT_TAG       ((size_t)100)   /* code points of one tag */
#define LIMIT_TAGS      ((size_t)100)   /* tags of one page */
#define LIMIT_TAG_NAMES ((size_t)20000) /* tags in one list of all */
#define LIMIT_QUERY     (4 * KIB)       /* what is searched of a query */
#define LIMIT_QUERY_TEXT                                                                           \
    (256 * KIB)                    /* of one that comes in; what is past LIMIT_QUERY is hinted at */
#define LIMIT_TERMS   ((size_t)64) /* leaves of one query */
#define LIMIT_RESULTS ((size_t)200) /* of one answer */
#define LIMIT_AGENT   ((size_t)512) /* User-Agent, Accept-Language */

/* Of a highlight. */
#define LIMIT_QUOTE          (16 * KIB)
#define LIMIT_AROUND         ((size_t)512) /* what stands before and after the quote, each */
#define LIMIT_HIGHLIGHT_NOTE (16 * KIB)
#define LIMIT_HIGHLIGHTS     ((size_t)2000) /* of one page */

/* Pictures that stand in lists: 24 of them in Base64 share a frame. */
#define LIMIT_THUMBNAIL  (24 * KIB)
#define LIMIT_THUMBNAILS ((size_t)24)

/* Links that come in together. */
#define LIMIT_LINKS       ((size_t)2000) /* found in one text, added to the queue at once */
#define LIMIT_LINKS_BYTES (512 * KIB)    /* and their bytes: they share a frame */
#define LIMIT_LINKS_TEXT  (4 * MIB)      /* the text that they are found in */

/* Store. */
#define LIMIT_TEXT           (16 * MIB)  /* searchable text of one page */
#define LIMIT_SELF_CONTAINED (512 * MIB) /* a snapshot as one HTML file */
#define LIMIT_BUSY_MS        10000       /* how long to wait for another process */

#endif
