/* Bytes to UTF-8: a label in the first line, the bytes in the rest. Sniffing too. */
#include "base/limits.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "page/charset_guess.h"
#include "page/media.h"

static void check_type(const struct media_type *type)
{
    FUZZ_CHECK(strlen(type->essence) < MEDIA_TYPE_SIZE);
    for (const char *at = type->essence; *at != '\0'; at++)
        FUZZ_CHECK(*at > ' ' && *at < 0x7F && !(*at >= 'A' && *at <= 'Z'));
}

static void sniff(struct slice bytes, struct slice header)
{
    struct media_type given;
    struct media_type found;
    media_parse(header, &given);
    check_type(&given);
    media_sniff(bytes, &given, &found);
    check_type(&found);
    media_sniff(bytes, NULL, &found);
    check_type(&found);
}

static void decode(struct slice bytes, enum media_syntax syntax, struct slice label)
{
    struct buf out;
    struct error err = {0};
    buf_init(&out, 4 * MIB);
    bool ok = media_decode(bytes, syntax, label, NULL, &out, &err);
    fuzz_check_error(ok, &err);
    FUZZ_CHECK(ok && utf8_valid(buf_slice(&out)));
    const char *name = media_charset(bytes, syntax, label, NULL);
    FUZZ_CHECK(name != NULL && media_charset_name(slice_of(name)) == name);
    bool marked = slice_starts(bytes, "\xEF\xBB\xBF");
    if (strcmp(name, "UTF-8") == 0 && utf8_valid(bytes))
        FUZZ_CHECK(slice_equal(buf_slice(&out), slice_sub(bytes, marked ? 3 : 0, bytes.len)));
    buf_finish(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice bytes = slice_make(data, size);
    struct slice label = fuzz_take_line(&bytes);
    for (int syntax = MEDIA_HTML; syntax <= MEDIA_TEXT; syntax++)
        decode(bytes, (enum media_syntax)syntax, label);
    sniff(bytes, label);
    charset_guess(bytes);
    FUZZ_CHECK(!utf8_valid(bytes) || charset_looks_utf8(bytes));
    return 0;
}
