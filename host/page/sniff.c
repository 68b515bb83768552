/* media_sniff(): MIME Sniffing §6 and §7, with the formats that pages use today added. */
#include "page/media.h"

enum {
    TEXT_LOOK = 1445,  /* MIME Sniffing §5.2: the resource header */
    MARKUP_LOOK = 4096 /* for the root element of an SVG file, behind comments and a doctype */
};

/* How far bytes at the start can be trusted to tell the type. */
enum certainty {
    NOTHING,
    WEAK, /* two or three bytes that text could start with too */
    SURE
};

struct magic {
    const char *bytes;
    const char *mask; /* NULL: all bytes count; else 'x' where one counts */
    size_t len;
    const char *type;
    enum certainty certainty;
};

static const struct magic magics[] = {
    {"\x89PNG\r\n\x1A\n", NULL, 8, "image/png", SURE},
    {"\xFF\xD8\xFF", NULL, 3, "image/jpeg", SURE},
    {"GIF87a", NULL, 6, "image/gif", SURE},
    {"GIF89a", NULL, 6, "image/gif", SURE},
    {"RIFF....WEBPVP", "xxxx    xxxxxx", 14, "image/webp", SURE},
    {"\0\0\0\x0CJXL \r\n\x87\n", NULL, 12, "image/jxl", SURE},
    {"\xFF\x0A", NULL, 2, "image/jxl", WEAK},
    {"II*\0", NULL, 4, "image/tiff", SURE},
    {"MM\0*", NULL, 4, "image/tiff", SURE},
    {"\0\0\x01\0", NULL, 4, "image/x-icon", WEAK},
    {"\0\0\x02\0", NULL, 4, "image/x-icon", WEAK},
    {"BM", NULL, 2, "image/bmp", WEAK},
    {"wOFF", NULL, 4, "font/woff", SURE},
    {"wOF2", NULL, 4, "font/woff2", SURE},
    {"OTTO", NULL, 4, "font/otf", SURE},
    {"ttcf", NULL, 4, "font/collection", SURE},
    {"true\0", NULL, 5, "font/ttf", SURE},
    {"\0\x01\0\0\0", NULL, 5, "font/ttf", SURE},
    {"OggS\0", NULL, 5, "application/ogg", SURE},
    {"fLaC", NULL, 4, "audio/flac", SURE},
    {"ID3", NULL, 3, "audio/mpeg", WEAK},
    /* "audio/wave" in the standard, which Chromium does not play from a data: URL. */
    {"RIFF....WAVE", "xxxx    xxxx", 12, "audio/wav", SURE},
    {"RIFF....AVI ", "xxxx    xxxx", 12, "video/avi", SURE},
    {"FORM....AIFF", "xxxx    xxxx", 12, "audio/aiff", SURE},
    {"MThd\0\0\0\x06", NULL, 8, "audio/midi", SURE},
    {"%PDF-", NULL, 5, "application/pdf", SURE},
};

/* Told only where the header says nothing: many document formats are one of these inside. */
static const struct magic archives[] = {
    {"\x1F\x8B\x08", NULL, 3, "application/gzip", SURE},
    {"PK\x03\x04", NULL, 4, "application/zip", SURE},
    {"Rar!\x1A\x07", NULL, 6, "application/x-rar-compressed", SURE},
    {"%!PS-Adobe-", NULL, 11, "application/postscript", SURE},
    {"\0asm", NULL, 4, "application/wasm", SURE},
};

static bool matches(struct slice bytes, const struct magic *magic)
{
    if (bytes.len < magic->len)
        return false;
    for (size_t i = 0; i < magic->len; i++)
        if ((magic->mask == NULL || magic->mask[i] == 'x') && bytes.ptr[i] != magic->bytes[i])
            return false;
    return true;
}

static bool brand_is(struct slice bytes, size_t at, const char *brand)
{
    return at + 4 <= bytes.len && memcmp(bytes.ptr + at, brand, 4) == 0;
}

/* ISO base media (MP4 and its kin, AVIF, HEIC): by the brands in the first box. */
static const char *iso_media(struct slice bytes)
{
    static const struct {
        const char *brand;
        const char *type;
    } brands[] = {
        {"avif", "image/avif"},      {"avis", "image/avif"}, {"heic", "image/heic"},
        {"heix", "image/heic"},      {"M4A ", "audio/mp4"},  {"M4B ", "audio/mp4"},
        {"qt  ", "video/quicktime"},
    };
    if (!brand_is(bytes, 4, "ftyp"))
        return NULL;
    size_t size = 0;
    for (size_t i = 0; i < 4; i++)
        size = size << 8 | (unsigned char)bytes.ptr[i];
    if (size < 16 || size % 4 != 0)
        return NULL;
    struct slice box = slice_sub(bytes, 0, size < 512 ? size : 512);
    /* The major brand first; "mif1" and the like leave it to the compatible ones. */
    bool image = brand_is(box, 8, "mif1") || brand_is(box, 8, "msf1");
    for (size_t at = 8; at + 4 <= box.len; at += at == 8 ? 8 : 4) {
        for (size_t i = 0; i < sizeof brands / sizeof *brands; i++)
            if (brand_is(box, at, brands[i].brand))
                return brands[i].type;
        if (!image)
            break;
    }
    return image ? "image/heif" : "video/mp4";
}

static const char *matroska(struct slice bytes)
{
    if (!slice_starts(bytes, "\x1A\x45\xDF\xA3"))
        return NULL;
    struct slice head = slice_sub(bytes, 0, 64);
    if (slice_find(head, 4, slice_of("webm")) < head.len)
        return "video/webm";
    return slice_find(head, 4, slice_of("matroska")) < head.len ? "video/x-matroska" : NULL;
}

/* The codec of an Ogg file's first packet. */
static const char *ogg(struct slice bytes)
{
    struct slice packet = slice_sub(bytes, 28, 8);
    if (slice_starts(packet, "\x01vorbis") || slice_starts(packet, "OpusHead") ||
        slice_starts(packet, "Speex") ||
        slice_starts(packet, "\x7F"
                             "FLAC"))
        return "audio/ogg";
    return slice_starts(packet, "\x80theora") ? "video/ogg" : "application/ogg";
}

/* An MPEG audio frame's or ADTS header: eleven bits set, then fields with forbidden values. */
static const char *mpeg_audio(struct slice bytes)
{
    if (bytes.len < 4 || (unsigned char)bytes.ptr[0] != 0xFF)
        return NULL;
    unsigned second = (unsigned char)bytes.ptr[1];
    unsigned third = (unsigned char)bytes.ptr[2];
    if ((second & 0xF6) == 0xF0)
        return (third >> 2 & 15) < 13 ? "audio/aac" : NULL;
    bool version = (second & 0x18) != 0x08;
    bool layer = (second & 0x06) != 0;
    bool rates = (third & 0xF0) != 0xF0 && (third & 0xF0) != 0 && (third & 0x0C) != 0x0C;
    return (second & 0xE0) == 0xE0 && version && layer && rates ? "audio/mpeg" : NULL;
}

/* Embedded OpenType: a version and the mark "LP" at byte 34. */
static const char *eot(struct slice bytes)
{
    if (bytes.len < 36 || bytes.ptr[34] != 'L' || bytes.ptr[35] != 'P' || bytes.ptr[8] > 2)
        return NULL;
    return bytes.ptr[9] == 0 || bytes.ptr[9] == 1 || bytes.ptr[9] == 2
               ? "application/vnd.ms-fontobject"
               : NULL;
}

static enum certainty find_media(struct slice bytes, const char **type_out)
{
    const char *found;
    if ((found = iso_media(bytes)) != NULL || (found = matroska(bytes)) != NULL) {
        *type_out = found;
        return SURE;
    }
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        if (matches(bytes, &magics[i])) {
            *type_out =
                strcmp(magics[i].type, "application/ogg") == 0 ? ogg(bytes) : magics[i].type;
            return magics[i].certainty;
        }
    }
    if ((found = mpeg_audio(bytes)) != NULL || (found = eot(bytes)) != NULL) {
        *type_out = found;
        return WEAK;
    }
    return NOTHING;
}

/* ---- text ---- */

/* MIME Sniffing §3: a binary data byte. */
static bool binary_byte(unsigned char byte)
{
    return byte <= 0x08 || byte == 0x0B || (byte >= 0x0E && byte <= 0x1A) ||
           (byte >= 0x1C && byte <= 0x1F);
}

static bool has_bom(struct slice bytes)
{
    return slice_starts(bytes, "\xEF\xBB\xBF") || slice_starts(bytes, "\xFE\xFF") ||
           slice_starts(bytes, "\xFF\xFE");
}

static bool is_binary(struct slice bytes)
{
    struct slice head = slice_sub(bytes, 0, TEXT_LOOK);
    for (size_t i = 0; !has_bom(bytes) && i < head.len; i++)
        if (binary_byte((unsigned char)head.ptr[i]))
            return true;
    return false;
}

static struct slice skip_spaces(struct slice s)
{
    while (s.len > 0 && ascii_space(s.ptr[0]))
        s = slice_sub(s, 1, s.len);
    return s;
}

/* Whether the first element is <svg>, behind an XML declaration, comments and a doctype. */
static bool is_svg(struct slice bytes)
{
    struct slice s = slice_sub(bytes, 0, MARKUP_LOOK);
    if (slice_starts(s, "\xEF\xBB\xBF"))
        s = slice_sub(s, 3, s.len);
    for (;;) {
        s = skip_spaces(s);
        const char *end = ">";
        if (slice_starts(s, "<!--"))
            end = "-->";
        else if (slice_starts(s, "<?"))
            end = "?>";
        else if (!slice_starts_nocase(s, "<!doctype svg"))
            break;
        struct slice mark = slice_of(end);
        struct slice doctype = slice_sub(s, 0, slice_find(s, 0, mark));
        /* An internal subset has '>' in it; it ends with "]>". */
        if (slice_starts_nocase(doctype, "<!d") && slice_find_byte(doctype, 0, '[') < doctype.len)
            mark = slice_of("]>");
        s = slice_sub(s, slice_find(s, 0, mark) + mark.len, s.len);
    }
    char after = s.len > 4 ? s.ptr[4] : 'x';
    return (slice_starts(s, "<svg") && (ascii_space(after) || after == '>' || after == '/')) ||
           slice_starts(s, "<svg:svg");
}

/* MIME Sniffing §7.1: the tags that make text HTML. */
static bool is_html(struct slice bytes)
{
    static const char *const tags[] = {
        "<!doctype html", "<html", "<head",  "<script", "<iframe", "<h1",   "<div", "<font",
        "<table",         "<a",    "<style", "<title",  "<b",      "<body", "<br",  "<p",
    };
    struct slice s = skip_spaces(slice_sub(bytes, 0, TEXT_LOOK));
    if (slice_starts(s, "<!--"))
        return true;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        size_t len = strlen(tags[i]);
        if (slice_starts_nocase(s, tags[i]) && s.len > len &&
            (s.ptr[len] == ' ' || s.ptr[len] == '>'))
            return true;
    }
    return false;
}

static const char *unknown_type(struct slice bytes)
{
    for (size_t i = 0; i < sizeof archives / sizeof *archives; i++)
        if (matches(bytes, &archives[i]))
            return archives[i].type;
    if (is_svg(bytes))
        return "image/svg+xml";
    if (is_html(bytes))
        return "text/html";
    if (slice_starts(skip_spaces(bytes), "<?xml"))
        return "text/xml";
    return is_binary(bytes) ? "application/octet-stream" : "text/plain";
}

/* ---- both together ---- */

static bool says_nothing(const char *essence)
{
    static const char *const types[] = {"",
                                        "application/octet-stream",
                                        "binary/octet-stream",
                                        "application/binary",
                                        "application/unknown",
                                        "unknown/unknown",
                                        "application/x-unknown-content-type",
                                        "application/force-download",
                                        "application/x-download",
                                        "*/*"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(essence, types[i]) == 0)
            return true;
    return false;
}

static bool starts(const char *essence, const char *prefix)
{
    return strncmp(essence, prefix, strlen(prefix)) == 0;
}

static bool is_media(const char *essence)
{
    return starts(essence, "image/") || starts(essence, "audio/") || starts(essence, "video/") ||
           starts(essence, "font/") || starts(essence, "application/font-") ||
           starts(essence, "application/x-font-");
}

/* Whether the header names the same container in its own way: MP4, Ogg and WebM hold sound alone,
 * or pictures with it, and the header knows better than the first bytes. */
static bool same_container(const char *header, const char *found)
{
    static const char *const families[][6] = {
        {"video/mp4", "audio/mp4", "video/quicktime", "audio/x-m4a", "video/x-m4v", "video/3gpp"},
        {"application/ogg", "audio/ogg", "video/ogg", "audio/opus", NULL, NULL},
        {"video/webm", "audio/webm", "video/x-matroska", "audio/x-matroska", NULL, NULL},
        {"image/heic", "image/heif", NULL, NULL, NULL, NULL},
    };
    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        bool has_header = false;
        bool has_found = false;
        for (size_t i = 0; i < 6 && families[f][i] != NULL; i++) {
            has_header |= strcmp(header, families[f][i]) == 0;
            has_found |= strcmp(found, families[f][i]) == 0;
        }
        if (has_header && has_found)
            return true;
    }
    return false;
}

static void set_type(struct media_type *type, const char *essence)
{
    *type = (struct media_type){0};
    memcpy(type->essence, essence, strlen(essence) + 1);
}

bool media_is_playlist(struct slice bytes)
{
    static const char mark[] = "\xEF\xBB\xBF";
    size_t at = slice_starts(bytes, mark) ? sizeof mark - 1 : 0;
    while (at < bytes.len && ascii_space(bytes.ptr[at]))
        at++;
    return slice_starts(slice_sub(bytes, at, 7), "#EXTM3U");
}

void media_sniff(struct slice bytes, const struct media_type *header, struct media_type *type_out)
{
    struct media_type given = header != NULL ? *header : (struct media_type){0};
    const char *found = NULL;
    enum certainty certainty = find_media(bytes, &found);
    bool nothing = says_nothing(given.essence);
    bool text = strcmp(given.essence, "text/plain") == 0;
    bool counts =
        certainty == SURE ||
        (certainty == WEAK && (nothing || is_media(given.essence) || (text && is_binary(bytes))));
    if (counts && !same_container(given.essence, found))
        set_type(type_out, found);
    else if (!counts && nothing)
        set_type(type_out, unknown_type(bytes));
    else if (!counts && text && is_svg(bytes))
        set_type(type_out, "image/svg+xml");
    else if (!counts && text && is_binary(bytes))
        set_type(type_out, "application/octet-stream");
    else
        *type_out = given;
}
