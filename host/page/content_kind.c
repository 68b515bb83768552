/* What bytes are to be shown as. */
#include "page/content.h"

#include "base/limits.h"
#include "page/xml_tokens.h"

#include <stdlib.h>

enum { HEAD = 16384 }; /* bytes that show what XML or a letter is */

static bool is(const char *essence, const char *type)
{
    return strcmp(essence, type) == 0;
}

static bool is_top(const char *essence, const char *top)
{
    return strncmp(essence, top, strlen(top)) == 0;
}

static bool has_suffix(const char *essence, const char *suffix)
{
    size_t len = strlen(essence);
    size_t tail = strlen(suffix);
    return len > tail && strcmp(essence + len - tail, suffix) == 0;
}

/* `list` has each word between spaces. */
static bool listed(struct slice word, const char *list)
{
    char key[24];
    if (word.len == 0 || word.len + 3 > sizeof key)
        return false;
    key[0] = ' ';
    for (size_t i = 0; i < word.len; i++)
        key[i + 1] = ascii_lower(word.ptr[i]);
    key[word.len + 1] = ' ';
    key[word.len + 2] = '\0';
    return strstr(list, key) != NULL;
}

/* Of the path's last segment, without its dot. */
static struct slice extension_of(const char *url)
{
    struct slice path = slice_of(url);
    path = slice_sub(path, 0, slice_find_byte(path, 0, '#'));
    path = slice_sub(path, 0, slice_find_byte(path, 0, '?'));
    for (size_t i = path.len; i > 0 && path.ptr[i - 1] != '/'; i--)
        if (path.ptr[i - 1] == '.')
            return slice_sub(path, i, path.len);
    return slice_of("");
}

/* ---- By what they hold ---- */

/* Headers of a letter that holds a page (RFC 2557): a browser's, or one that was sent. */
static bool is_archive(struct slice bytes)
{
    struct slice head = slice_sub(bytes, 0, HEAD);
    size_t end = slice_find(head, 0, slice_of("\r\n\r\n"));
    size_t other = slice_find(head, 0, slice_of("\n\n"));
    head = slice_sub(head, 0, end < other ? end : other);
    bool letter = false;
    bool page = false;
    for (size_t at = 0; at < head.len; at = slice_find_byte(head, at, '\n') + 1) {
        struct slice line = slice_sub(head, at, head.len);
        letter |= slice_starts_nocase(line, "MIME-Version:");
        if (!slice_starts_nocase(line, "Content-Type:"))
            continue;
        struct slice type = slice_trim(slice_sub(line, strlen("Content-Type:"), line.len));
        page = slice_starts_nocase(type, "multipart/related") ||
               slice_starts_nocase(type, "multipart/alternative") ||
               slice_starts_nocase(type, "text/html");
    }
    return letter && page;
}

/* The name of the root element in `room`, and its namespace. */
static bool find_root(struct slice bytes, struct slice label, struct buf *room,
                      struct xml_token *root_out)
{
    struct error err = {0};
    if (!media_decode(slice_sub(bytes, 0, HEAD), MEDIA_HTML, label, NULL, room, &err))
        return false;
    struct xml_reader reader = {.text = buf_slice(room)};
    do
        xml_next(&reader, root_out);
    while (root_out->kind == XML_ASIDE ||
           (root_out->kind == XML_TEXT && slice_trim(root_out->text).len == 0));
    return root_out->kind == XML_START || root_out->kind == XML_EMPTY;
}

/* CONTENT_XML for a root that nothing is known of, or none. */
static enum content_kind kind_of_xml(struct slice bytes, const struct media_type *type)
{
    struct buf room;
    struct xml_token root;
    enum content_kind kind = CONTENT_XML;
    buf_init(&room, 3 * (size_t)HEAD);
    if (find_root(bytes, slice_of(type->charset), &room, &root)) {
        size_t colon = slice_find_byte(root.name, 0, ':');
        struct slice local =
            colon < root.name.len ? slice_sub(root.name, colon + 1, root.name.len) : root.name;
        struct slice all = root.attributes;
        if (slice_equal(local, slice_of("rss")) ||
            (slice_equal(local, slice_of("feed")) &&
             (slice_find(all, 0, slice_of("http://www.w3.org/2005/Atom")) < all.len ||
              slice_find(all, 0, slice_of("http://purl.org/atom/")) < all.len)) ||
            (slice_equal(local, slice_of("RDF")) &&
             (slice_find(all, 0, slice_of("http://purl.org/rss/1.0/")) < all.len ||
              slice_find(all, 0, slice_of("http://my.netscape.com/rdf/")) < all.len)))
            kind = CONTENT_FEED;
        else if (slice_equal_nocase(local, "html") || slice_equal(local, slice_of("svg")))
            kind = CONTENT_PAGE;
    }
    buf_finish(&room);
    return kind;
}

/* Slashes may be escaped. */
static enum content_kind kind_of_json(struct slice bytes)
{
    struct slice head = slice_sub(bytes, 0, HEAD);
    size_t mark = slice_find(head, 0, slice_of("jsonfeed.org"));
    struct slice near = slice_sub(head, mark, strlen("jsonfeed.org\\/version"));
    return slice_find(near, 0, slice_of("/version")) < near.len ? CONTENT_FEED : CONTENT_JSON;
}

/* A server that knows no better says that a script is a film. */
static bool is_text(struct slice bytes)
{
    struct media_type found;
    media_sniff(bytes, NULL, &found);
    return bytes.len > 0 && is_top(found.essence, "text/");
}

/* ---- By their type ---- */

static bool is_xml(const char *essence)
{
    return is(essence, "text/xml") || is(essence, "application/xml") || has_suffix(essence, "+xml");
}

static bool is_json(const char *essence)
{
    return is(essence, "application/json") || is(essence, "text/json") ||
           is(essence, "application/x-ndjson") || is(essence, "application/jsonl") ||
           is(essence, "application/x-json") || has_suffix(essence, "+json");
}

static bool is_textual(const char *essence)
{
    static const char *const types[] = {
        "application/javascript",  "application/x-javascript",  "application/ecmascript",
        "application/typescript",  "application/x-sh",          "application/x-shellscript",
        "application/sql",         "application/yaml",          "application/x-yaml",
        "application/toml",        "application/x-tex",         "application/x-latex",
        "application/x-perl",      "application/x-python",      "application/x-ruby",
        "application/x-php",       "application/x-httpd-php",   "application/xml-dtd",
        "application/x-subrip",    "application/mbox",          "application/vnd.apple.mpegurl",
        "application/x-mpegurl",   "application/pgp-signature", "message/rfc822",
        "application/x-troff-man", "application/graphql",       "application/x-csh",
        "application/x-tcl",       "application/x-bibtex",      "application/node",
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (is(essence, types[i]))
            return true;
    return is_top(essence, "text/");
}

/* The extension says more than "text/plain" does. */
static enum content_kind kind_of_text(struct slice bytes, const struct media_type *type,
                                      const char *url)
{
    struct slice extension = extension_of(url);
    bool vague = is(type->essence, "text/plain");
    if (vague && is_archive(bytes) && (extension.len == 0 || listed(extension, " mht mhtml eml ")))
        return CONTENT_ARCHIVE;
    if (is(type->essence, "text/markdown") || is(type->essence, "text/x-markdown") ||
        (vague && listed(extension, " md markdown mdown mkd mkdn mdwn ")))
        return CONTENT_MARKDOWN;
    if (vague && listed(extension, " json jsonl ndjson geojson webmanifest jsonld map "))
        return kind_of_json(bytes);
    if (vague && listed(extension, " xml rss atom rdf opml xsd xsl xslt kml gpx "))
        return kind_of_xml(bytes, type);
    return CONTENT_TEXT;
}

static enum content_kind kind_of_media(const char *essence, const char *url)
{
    struct slice extension = extension_of(url);
    if (is_top(essence, "image/"))
        return CONTENT_IMAGE;
    if (is_top(essence, "video/") || (is(essence, "application/ogg") && listed(extension, " ogv ")))
        return CONTENT_VIDEO;
    return CONTENT_AUDIO;
}

enum content_kind content_kind_of(struct slice bytes, const struct media_type *type,
                                  const char *url)
{
    const char *essence = type->essence;
    bool media = is_top(essence, "image/") || is_top(essence, "audio/") ||
                 is_top(essence, "video/") || is(essence, "application/ogg");
    if (is(essence, "text/html"))
        return kind_of_xml(bytes, type) == CONTENT_FEED ? CONTENT_FEED : CONTENT_PAGE;
    if (is(essence, "application/xhtml+xml") || is(essence, "image/svg+xml"))
        return CONTENT_PAGE;
    if (is_top(essence, "multipart/") || is_top(essence, "message/") ||
        is(essence, "application/x-mimearchive"))
        return is_archive(bytes) ? CONTENT_ARCHIVE : is_text(bytes) ? CONTENT_TEXT : CONTENT_FILE;
    if (is(essence, "application/pdf") || is(essence, "application/x-pdf"))
        return CONTENT_PDF;
    if (media)
        return is_text(bytes) ? kind_of_text(bytes, type, url) : kind_of_media(essence, url);
    if (is_xml(essence))
        return kind_of_xml(bytes, type);
    if (is_json(essence))
        return kind_of_json(bytes);
    return is_textual(essence) ? kind_of_text(bytes, type, url) : CONTENT_FILE;
}
