#include "page/url_host.h"

#include "base/utf8.h"
#include "page/percent.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <unicode/uidna.h>
#include <unicode/uscript.h>

enum {
    DOMAIN_SOURCE_MAX = 4096, /* before mapping; DNS allows 253, the standard sets no bound */
    DOMAIN_MAX = 8192         /* after it */
};

static bool bad_host(struct error *err)
{
    return error_set(err, ERR_URL, "The link's host name is not valid");
}

/* URL §3.2 */
static bool forbidden_host_byte(char c)
{
    return c == '\0' || strchr("\t\n\r #/:<>?@[\\]^|", c) != NULL;
}

static bool forbidden_domain_byte(char c)
{
    unsigned char byte = (unsigned char)c;
    return forbidden_host_byte(c) || byte < 0x20 || byte >= 0x7F || c == '%';
}

/* The IPv4 number parser: decimal, 0octal or 0xhex; values past 32 bits come out as 2^32. */
static bool ipv4_number(struct slice part, uint64_t *value_out)
{
    int base = 10;
    size_t at = 0;
    if (part.len >= 2 && part.ptr[0] == '0') {
        bool hex = ascii_lower(part.ptr[1]) == 'x';
        base = hex ? 16 : 8;
        at = hex ? 2 : 1;
    }
    if (part.len == 0)
        return false;
    uint64_t value = 0;
    for (; at < part.len; at++) {
        int digit = percent_digit(part.ptr[at]);
        if (digit < 0 || digit >= base)
            return false;
        value = value * (uint64_t)base + (uint64_t)digit;
        if (value > UINT32_MAX)
            value = (uint64_t)UINT32_MAX + 1;
    }
    *value_out = value;
    return true;
}

/* Without the one dot that may stand at the end. */
static struct slice without_last_dot(struct slice host)
{
    if (host.len > 0 && host.ptr[host.len - 1] == '.')
        host.len--;
    return host;
}

static struct slice last_label(struct slice host)
{
    struct slice rest = without_last_dot(host);
    size_t at = rest.len;
    while (at > 0 && rest.ptr[at - 1] != '.')
        at--;
    return slice_sub(rest, at, rest.len);
}

static bool ends_in_a_number(struct slice host)
{
    struct slice last = last_label(host);
    uint64_t value;
    size_t digits = 0;
    while (digits < last.len && last.ptr[digits] >= '0' && last.ptr[digits] <= '9')
        digits++;
    return (last.len > 0 && digits == last.len) || ipv4_number(last, &value);
}

static bool ipv4_parse(struct slice host, struct buf *out, struct error *err)
{
    struct slice rest = without_last_dot(host);
    uint64_t parts[4];
    size_t count = 0;
    for (size_t at = 0; at <= rest.len;) {
        size_t dot = slice_find_byte(rest, at, '.');
        if (count == 4 || !ipv4_number(slice_sub(rest, at, dot - at), &parts[count]))
            return bad_host(err);
        count++;
        at = dot + 1;
    }
    uint64_t address = parts[count - 1];
    if (address >= (uint64_t)1 << (8 * (5 - count)))
        return bad_host(err);
    for (size_t i = 0; i + 1 < count; i++) {
        if (parts[i] > 255)
            return bad_host(err);
        address += parts[i] << (8 * (3 - i));
    }
    return buf_printf(out, "%u.%u.%u.%u", (unsigned)(address >> 24),
                      (unsigned)(address >> 16 & 255), (unsigned)(address >> 8 & 255),
                      (unsigned)(address & 255)) ||
           buf_ok(out, "The URL", err);
}

/* First of the longest run of two or more zero pieces; 8 when there is none. */
static size_t longest_zeros(const unsigned pieces[8], size_t *len_out)
{
    size_t best = 8;
    size_t best_len = 1;
    for (size_t i = 0; i < 8; i++) {
        size_t len = 0;
        while (i + len < 8 && pieces[i + len] == 0)
            len++;
        if (len > best_len) {
            best = i;
            best_len = len;
        }
        i += len;
    }
    *len_out = best_len;
    return best;
}

static bool ipv6_parse(struct slice inner, struct buf *out, struct error *err)
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr address;
    if (inner.len >= sizeof text || memchr(inner.ptr, '\0', inner.len) != NULL)
        return bad_host(err);
    memcpy(text, inner.ptr, inner.len);
    text[inner.len] = '\0';
    if (inet_pton(AF_INET6, text, &address) != 1)
        return bad_host(err);
    unsigned pieces[8];
    for (size_t i = 0; i < 8; i++)
        pieces[i] = (unsigned)address.s6_addr[2 * i] << 8 | address.s6_addr[2 * i + 1];
    size_t zeros;
    size_t compressed = longest_zeros(pieces, &zeros);
    buf_add_char(out, '[');
    for (size_t i = 0; i < 8; i++) {
        if (i == compressed) {
            buf_add_text(out, i == 0 ? "::" : ":");
            i += zeros - 1;
            continue;
        }
        buf_printf(out, "%x%s", pieces[i], i < 7 ? ":" : "");
    }
    buf_add_char(out, ']');
    return buf_ok(out, "The URL", err);
}

static bool opaque_host_parse(struct slice text, struct buf *out, struct error *err)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        if (forbidden_host_byte(text.ptr[i]))
            return bad_host(err);
        if (byte < 0x20 || byte > 0x7E)
            buf_printf(out, "%%%02X", byte);
        else
            buf_add_char(out, text.ptr[i]);
    }
    return buf_ok(out, "The URL", err);
}

static bool needs_idna(struct slice domain)
{
    for (size_t i = 0; i < domain.len; i++)
        if ((unsigned char)domain.ptr[i] >= 0x80)
            return true;
    for (size_t at = 0; at <= domain.len;) {
        if (slice_starts_nocase(slice_sub(domain, at, domain.len), "xn--"))
            return true;
        at = slice_find_byte(domain, at, '.') + 1;
    }
    return false;
}

/* UTS #46 with the options of URL §3.3; `unicode` chooses the direction. */
static bool idna_convert(struct slice domain, bool unicode, struct buf *out, struct error *err)
{
    if (domain.len > DOMAIN_SOURCE_MAX)
        return bad_host(err);
    UErrorCode status = U_ZERO_ERROR;
    UIDNA *idna =
        uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII |
                            UIDNA_NONTRANSITIONAL_TO_UNICODE,
                        &status);
    if (U_FAILURE(status))
        return error_no_memory(err);
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    char mapped[DOMAIN_MAX];
    int32_t (*convert)(const UIDNA *, const char *, int32_t, char *, int32_t, UIDNAInfo *,
                       UErrorCode *) = unicode ? uidna_nameToUnicodeUTF8 : uidna_nameToASCII_UTF8;
    int32_t len = convert(idna, domain.ptr, (int32_t)domain.len, mapped, (int32_t)sizeof mapped,
                          &info, &status);
    uidna_close(idna);
    /* CheckHyphens and VerifyDnsLength are off in the URL standard. */
    const uint32_t allowed = UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG |
                             UIDNA_ERROR_DOMAIN_NAME_TOO_LONG | UIDNA_ERROR_LEADING_HYPHEN |
                             UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;
    if (U_FAILURE(status) || (info.errors & ~allowed) != 0 || len <= 0 ||
        (size_t)len > sizeof mapped)
        return bad_host(err);
    buf_add(out, mapped, (size_t)len);
    return buf_ok(out, "The URL", err);
}

static bool domain_to_ascii(struct slice domain, struct buf *out, struct error *err)
{
    if (needs_idna(domain))
        return idna_convert(domain, false, out, err);
    for (size_t i = 0; i < domain.len; i++)
        buf_add_char(out, ascii_lower(domain.ptr[i]));
    return buf_ok(out, "The URL", err);
}

static bool domain_parse(struct slice text, struct buf *out, struct error *err)
{
    bool ok = false;
    struct buf decoded;
    struct buf valid;
    struct buf domain;
    buf_init(&decoded, out->max);
    buf_init(&valid, out->max);
    buf_init(&domain, out->max);
    buf_add_slice(&decoded, text);
    percent_decode(&decoded);
    utf8_append_valid(&valid, buf_slice(&decoded));
    if (!buf_ok(&decoded, "The URL", err) || !buf_ok(&valid, "The URL", err) ||
        !domain_to_ascii(buf_slice(&valid), &domain, err))
        goto out;
    if (domain.len == 0) {
        bad_host(err);
        goto out;
    }
    for (size_t i = 0; i < domain.len; i++) {
        if (forbidden_domain_byte(domain.ptr[i])) {
            bad_host(err);
            goto out;
        }
    }
    if (ends_in_a_number(buf_slice(&domain))) {
        ok = ipv4_parse(buf_slice(&domain), out, err);
        goto out;
    }
    buf_add_slice(out, buf_slice(&domain));
    ok = buf_ok(out, "The URL", err);
out:
    buf_finish(&domain);
    buf_finish(&valid);
    buf_finish(&decoded);
    return ok;
}

bool url_host_parse(struct slice text, bool opaque, struct buf *out, struct error *err)
{
    if (text.len > 0 && text.ptr[0] == '[') {
        if (text.len < 2 || text.ptr[text.len - 1] != ']')
            return bad_host(err);
        return ipv6_parse(slice_sub(text, 1, text.len - 2), out, err);
    }
    return opaque ? opaque_host_parse(text, out, err) : domain_parse(text, out, err);
}

/* One script for all that is written together in East Asia. */
static UScriptCode script_group(UChar32 c)
{
    UErrorCode status = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(c, &status);
    if (U_FAILURE(status))
        return USCRIPT_UNKNOWN;
    if (script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA || script == USCRIPT_HANGUL ||
        script == USCRIPT_BOPOMOFO)
        return USCRIPT_HAN;
    return script;
}

/* The one script of a label, USCRIPT_COMMON when it has none, USCRIPT_UNKNOWN when it is mixed.
 * ASCII letters go with East Asian ones, and with Latin. */
static UScriptCode label_script(struct slice label)
{
    UScriptCode found = USCRIPT_COMMON;
    bool ascii_letters = false;
    for (size_t at = 0; at < label.len;) {
        uint32_t cp;
        at += utf8_decode(label, at, &cp);
        UScriptCode script = script_group((UChar32)cp);
        if (cp < 0x80) {
            ascii_letters |= script == USCRIPT_LATIN;
            continue;
        }
        if (script == USCRIPT_COMMON || script == USCRIPT_INHERITED)
            continue;
        if (found != USCRIPT_COMMON && found != script)
            return USCRIPT_UNKNOWN;
        found = script;
    }
    if (ascii_letters && found != USCRIPT_COMMON && found != USCRIPT_HAN && found != USCRIPT_LATIN)
        return USCRIPT_UNKNOWN;
    return found;
}

static bool may_show(UScriptCode script, UScriptCode top)
{
    switch (script) {
    case USCRIPT_UNKNOWN:
    case USCRIPT_COMMON: /* symbols only, such as emoji or invisible marks */
        return false;
    case USCRIPT_CYRILLIC:
    case USCRIPT_GREEK:
    case USCRIPT_ARMENIAN:
    case USCRIPT_CHEROKEE:
        return top == script;
    default:
        return true;
    }
}

bool url_host_display(struct slice host, struct buf *out, struct error *err)
{
    struct buf shown;
    buf_init(&shown, out->max);
    if (!needs_idna(host) || !idna_convert(host, true, &shown, err)) {
        buf_finish(&shown);
        buf_add_slice(out, host);
        return buf_ok(out, "The site", err);
    }
    struct slice wide = buf_slice(&shown);
    UScriptCode top = label_script(last_label(wide));
    /* Both forms have the same number of labels: UTS #46 never maps a dot away. */
    for (size_t a = 0, w = 0; a < host.len;) {
        size_t a_end = slice_find_byte(host, a, '.');
        size_t w_end = slice_find_byte(wide, w, '.');
        struct slice narrow_label = slice_sub(host, a, a_end - a);
        struct slice wide_label = slice_sub(wide, w, w_end - w);
        bool show = slice_starts(narrow_label, "xn--") && may_show(label_script(wide_label), top);
        buf_add_slice(out, show ? wide_label : narrow_label);
        if (a_end < host.len)
            buf_add_char(out, '.');
        a = a_end + 1;
        w = w_end + 1;
    }
    buf_finish(&shown);
    return buf_ok(out, "The site", err);
}

bool url_host_is_address(struct slice host)
{
    return host.len > 0 && (host.ptr[0] == '[' || ends_in_a_number(host));
}
