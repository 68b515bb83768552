#include "page/charset.h"

#include "base/utf8.h"
#include "page/charset_tables.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/utf16.h>

enum {
    REPLACEMENT = 0xFFFD,
    WIDE_MAX = 4096 /* UTF-16 units converted at a time */
};

/* ---- labels ---- */

static bool has_label(const struct charset *charset, struct slice label)
{
    struct slice labels = slice_of(charset->labels);
    for (size_t at = 0; at < labels.len;) {
        size_t end = slice_find_byte(labels, at, ' ');
        struct slice one = slice_sub(labels, at, end - at);
        if (one.len == label.len) {
            size_t i = 0;
            while (i < one.len && ascii_lower(label.ptr[i]) == one.ptr[i])
                i++;
            if (i == one.len)
                return true;
        }
        at = end + 1;
    }
    return false;
}

const struct charset *charset_find(struct slice label)
{
    struct slice trimmed = slice_trim(label);
    for (size_t i = 0; trimmed.len > 0 && i < charset_count; i++)
        if (has_label(&charset_table[i], trimmed))
            return &charset_table[i];
    return NULL;
}

const char *charset_name(const struct charset *charset)
{
    return charset->name;
}

bool charset_is_utf16(const struct charset *charset)
{
    return charset->kind == CHARSET_UTF16LE || charset->kind == CHARSET_UTF16BE;
}

const struct charset *charset_of_bom(struct slice bytes, size_t *len_out)
{
    static const struct {
        const char *bom;
        const char *label;
    } boms[] = {{"\xEF\xBB\xBF", "utf-8"}, {"\xFE\xFF", "utf-16be"}, {"\xFF\xFE", "utf-16le"}};
    for (size_t i = 0; i < sizeof boms / sizeof *boms; i++) {
        if (slice_starts(bytes, boms[i].bom)) {
            *len_out = strlen(boms[i].bom);
            return charset_find(slice_of(boms[i].label));
        }
    }
    return NULL;
}

/* ---- corrections of ICU ---- */

/* 0 when there is none. */
static UChar32 find_patch(const struct charset_patches *patches, uint32_t key)
{
    for (size_t i = 0; i < patches->count && patches->at[i].key <= key; i++)
        if (patches->at[i].key == key)
            return patches->at[i].code_point;
    return 0;
}

static UChar32 corrected(const struct charset *charset, UChar32 cp)
{
    if (cp < 0xE000 || cp > 0xF8FF)
        return cp;
    UChar32 patched = find_patch(&charset->private, (uint32_t)cp);
    if (patched != 0)
        return patched;
    return charset->private_used ? cp : REPLACEMENT;
}

/* What ICU calls for bytes that it cannot convert. Its own substitute would be U+001A for single
 * bytes. An ASCII byte after a lead byte is no part of the fault (Encoding §4.3 and on). */
static void replace_bytes(const void *context, UConverterToUnicodeArgs *args, const char *units,
                          int32_t len, UConverterCallbackReason reason, UErrorCode *status)
{
    const struct charset *charset = context;
    if (reason > UCNV_IRREGULAR)
        return;
    uint32_t key = 0;
    for (int32_t i = 0; i < len && i < 2; i++)
        key = key << 8 | (unsigned char)units[i];
    UChar32 patched = len <= 2 ? find_patch(&charset->bytes, key) : 0;
    UChar out[2] = {(UChar)(patched != 0 ? patched : REPLACEMENT), 0};
    int32_t count = 1;
    if (patched == 0 && len == 2 && (unsigned char)units[1] < 0x80)
        out[count++] = (UChar)units[1];
    *status = U_ZERO_ERROR;
    ucnv_cbToUWriteUChars(args, out, count, 0, status);
}

/* ---- decoding ---- */

static bool open_converter(const struct charset *charset, UConverter **converter_out,
                           struct error *err)
{
    UErrorCode status = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(charset->icu, &status);
    if (status == U_MEMORY_ALLOCATION_ERROR)
        return error_no_memory(err);
    if (U_SUCCESS(status))
        ucnv_setToUCallBack(converter, replace_bytes, charset, NULL, NULL, &status);
    if (U_FAILURE(status)) {
        ucnv_close(converter);
        return error_set(err, ERR_INTERNAL, "ICU has no converter for %s", charset->name);
    }
    *converter_out = converter;
    return true;
}

static void add_code_point(struct buf *out, UChar32 cp)
{
    char bytes[4];
    buf_add(out, bytes, utf8_encode((uint32_t)cp, bytes));
}

static void add_corrected(const struct charset *charset, UChar32 cp, struct buf *out)
{
    add_code_point(out, corrected(charset, cp));
    UChar32 mark = find_patch(&charset->marks, (uint32_t)cp);
    if (mark != 0)
        add_code_point(out, mark);
}

/* Appends UTF-16; a lead surrogate at the end is kept in *lead for the next call. */
static void add_wide(const struct charset *charset, const UChar *wide, size_t len, UChar *lead,
                     struct buf *out)
{
    for (size_t i = 0; i < len; i++) {
        UChar unit = wide[i];
        if (*lead != 0 && U16_IS_TRAIL(unit)) {
            add_corrected(charset, U16_GET_SUPPLEMENTARY(*lead, unit), out);
            *lead = 0;
            continue;
        }
        if (*lead != 0)
            add_code_point(out, REPLACEMENT);
        *lead = U16_IS_LEAD(unit) ? unit : 0;
        if (*lead == 0)
            add_corrected(charset, unit, out); /* a lone trail becomes U+FFFD */
    }
}

static bool decode_multi(const struct charset *charset, struct slice bytes, struct buf *out,
                         struct error *err)
{
    UConverter *converter;
    if (!open_converter(charset, &converter, err))
        return false;
    const char *from = bytes.ptr;
    UChar wide[WIDE_MAX];
    UChar lead = 0;
    UErrorCode status;
    do {
        UChar *to = wide;
        status = U_ZERO_ERROR;
        ucnv_toUnicode(converter, &to, wide + WIDE_MAX, &from, bytes.ptr + bytes.len, NULL, true,
                       &status);
        add_wide(charset, wide, (size_t)(to - wide), &lead, out);
    } while (status == U_BUFFER_OVERFLOW_ERROR && out->failed == ERR_NONE);
    if (lead != 0)
        add_code_point(out, REPLACEMENT);
    ucnv_close(converter);
    if (U_FAILURE(status) && status != U_BUFFER_OVERFLOW_ERROR)
        return error_set(err, ERR_INTERNAL, "ICU failed on %s", charset->name);
    return buf_ok(out, "The text", err);
}

/* The code points of bytes 0x80 to 0xFF. */
static bool upper_half(const struct charset *charset, UChar32 table[128], struct error *err)
{
    UConverter *converter;
    if (!open_converter(charset, &converter, err))
        return false;
    for (size_t i = 0; i < 128; i++) {
        char byte = (char)(unsigned char)(i + 0x80);
        UErrorCode status = U_ZERO_ERROR;
        const char *from = &byte;
        UChar32 cp = ucnv_getNextUChar(converter, &from, &byte + 1, &status);
        UChar32 patched = find_patch(&charset->bytes, (uint32_t)i + 0x80);
        if (patched != 0)
            cp = patched;
        table[i] = U_SUCCESS(status) ? corrected(charset, cp) : REPLACEMENT;
    }
    ucnv_close(converter);
    return true;
}

static bool decode_single(const struct charset *charset, struct slice bytes, struct buf *out,
                          struct error *err)
{
    UChar32 table[128];
    if (!upper_half(charset, table, err))
        return false;
    size_t plain = 0; /* start of a run of ASCII */
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.ptr[i];
        if (byte < 0x80)
            continue;
        buf_add(out, bytes.ptr + plain, i - plain);
        add_code_point(out, table[byte - 0x80]);
        plain = i + 1;
    }
    if (plain < bytes.len)
        buf_add(out, bytes.ptr + plain, bytes.len - plain);
    return buf_ok(out, "The text", err);
}

static bool decode_utf16(const struct charset *charset, struct slice bytes, struct buf *out,
                         struct error *err)
{
    bool big = charset->kind == CHARSET_UTF16BE;
    UChar lead = 0;
    for (size_t i = 0; i + 1 < bytes.len; i += 2) {
        unsigned first = (unsigned char)bytes.ptr[i];
        unsigned second = (unsigned char)bytes.ptr[i + 1];
        UChar unit = (UChar)(big ? first << 8 | second : second << 8 | first);
        if (lead != 0 && U16_IS_TRAIL(unit)) {
            add_code_point(out, U16_GET_SUPPLEMENTARY(lead, unit));
            lead = 0;
            continue;
        }
        if (lead != 0)
            add_code_point(out, REPLACEMENT);
        lead = U16_IS_LEAD(unit) ? unit : 0;
        if (lead == 0)
            add_code_point(out, unit);
    }
    if (lead != 0 || bytes.len % 2 != 0)
        add_code_point(out, REPLACEMENT);
    return buf_ok(out, "The text", err);
}

static bool decode_user_defined(struct slice bytes, struct buf *out, struct error *err)
{
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.ptr[i];
        add_code_point(out, byte < 0x80 ? byte : 0xF780 + byte - 0x80);
    }
    return buf_ok(out, "The text", err);
}

bool charset_decode(const struct charset *charset, struct slice bytes, struct buf *out,
                    struct error *err)
{
    if (bytes.len == 0)
        return true;
    switch (charset->kind) {
    case CHARSET_UTF8:
        utf8_append_valid(out, bytes);
        return buf_ok(out, "The text", err);
    case CHARSET_UTF16LE:
    case CHARSET_UTF16BE:
        return decode_utf16(charset, bytes, out, err);
    case CHARSET_SINGLE:
        return decode_single(charset, bytes, out, err);
    case CHARSET_MULTI:
        return decode_multi(charset, bytes, out, err);
    case CHARSET_USER_DEFINED:
        return decode_user_defined(bytes, out, err);
    case CHARSET_REPLACEMENT:
        add_code_point(out, REPLACEMENT); /* encodings that attacks are written in */
        return buf_ok(out, "The text", err);
    }
    return error_set(err, ERR_INTERNAL, "No such encoding");
}
