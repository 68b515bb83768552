/* base: error, slice, buf, utf8, base64, digest, compress. */
#include "base/base64.h"
#include "base/compress.h"
#include "base/digest.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void errors_carry_a_code_and_a_sentence(void **state)
{
    (void)state;
    struct error err = {0};
    assert_false(error_set(&err, ERR_LIMIT, "%d is past %d", 3, 2));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_string_equal(err.text, "3 is past 2");
    assert_string_equal(error_name(ERR_STORE_FULL), "store_full");
    assert_string_equal(error_name((enum error_code)42), "unknown");
}

static void slices_do_not_end_at_a_nul(void **state)
{
    (void)state;
    struct slice s = slice_make("ab\0cd", 5);
    assert_int_equal(slice_find(s, 0, slice_of("cd")), 3);
    assert_int_equal(slice_find(s, 4, slice_of("cd")), 5);
    assert_int_equal(slice_find_byte(s, 0, '\0'), 2);
    assert_true(slice_equal(slice_sub(s, 3, 100), slice_of("cd")));
    assert_int_equal(slice_sub(s, 9, 1).len, 0);
    assert_true(slice_equal_nocase(slice_of("TeXt"), "text"));
    assert_false(slice_equal_nocase(slice_of("text/"), "text"));
    assert_true(slice_starts_nocase(slice_of("HTTP://x"), "http:"));
    assert_true(slice_equal(slice_trim(slice_of(" \n\ta b\f\r")), slice_of("a b")));
}

static void a_buffer_stops_at_its_ceiling(void **state)
{
    (void)state;
    struct buf b;
    struct error err = {0};
    buf_init(&b, 10);
    assert_true(buf_add_text(&b, "0123456789"));
    assert_false(buf_add_char(&b, 'x'));
    assert_int_equal(b.len, 10);
    assert_string_equal(b.ptr, "0123456789");
    assert_false(buf_ok(&b, "The thing", &err));
    assert_int_equal(err.code, ERR_LIMIT);
    buf_reset(&b);
    assert_true(buf_printf(&b, "%s-%d", "abc", 7));
    char *taken = buf_take(&b);
    assert_string_equal(taken, "abc-7");
    free(taken);
    taken = buf_take(&b);
    assert_string_equal(taken, "");
    free(taken);
    buf_finish(&b);
}

static void utf8_follows_the_standard(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        const char *out;
    } cases[] = {
        {"a\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80", "a\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80"},
        {"\xEF\xBF\xBD", "\xEF\xBF\xBD"},
        {"\xC0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD"},                 /* overlong */
        {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"}, /* surrogate */
        {"\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"\xE4\xB8", "\xEF\xBF\xBD"}, /* cut: one subpart */
        {"\xE4\xB8x", "\xEF\xBF\xBDx"},
        {"\xF0\x9F\x98", "\xEF\xBF\xBD"},
        {"\xFF", "\xEF\xBF\xBD"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b;
        buf_init(&b, 100);
        assert_true(utf8_append_valid(&b, slice_of(cases[i].in)));
        assert_string_equal(b.ptr, cases[i].out);
        assert_int_equal(utf8_valid(slice_of(cases[i].in)), strcmp(cases[i].in, cases[i].out) == 0);
        buf_finish(&b);
    }
    char out[4];
    assert_int_equal(utf8_encode(0xD800, out), 3);
    assert_memory_equal(out, "\xEF\xBF\xBD", 3);
    assert_int_equal(utf8_prefix(slice_of("\xE4\xB8\xAD\xE6\x96\x87"), 5).len, 3);
    assert_int_equal(utf8_count(slice_of("a\xE4\xB8\xAD")), 2);
}

static void base64_round_trips_and_refuses(void **state)
{
    (void)state;
    struct error err = {0};
    struct buf text;
    struct buf back;
    buf_init(&text, 32 << 20);
    buf_init(&back, 32 << 20);
    for (size_t len = 0; len < 5; len++) {
        buf_reset(&text);
        buf_reset(&back);
        assert_true(base64_append(&text, slice_make("\xFF\0ab", len)));
        assert_true(base64_decode(buf_slice(&text), &back, &err));
        assert_true(slice_equal(buf_slice(&back), slice_make("\xFF\0ab", len)));
    }
    size_t big = 7000001; /* several chunks and an odd end */
    char *bytes = malloc(big);
    assert_non_null(bytes);
    for (size_t i = 0; i < big; i++)
        bytes[i] = (char)(i * 31 + i / 251);
    buf_reset(&text);
    buf_reset(&back);
    assert_true(base64_append(&text, slice_make(bytes, big)));
    assert_true(base64_decode(buf_slice(&text), &back, &err));
    assert_true(slice_equal(buf_slice(&back), slice_make(bytes, big)));
    free(bytes);
    static const char *const bad[] = {"a", "ab", "abc", "ab c", "a=bc", "====", "ab\n=", "ab-_"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        buf_reset(&back);
        assert_false(base64_decode(slice_of(bad[i]), &back, &err));
        assert_int_equal(err.code, ERR_PARAMS);
        assert_int_equal(back.len, 0);
    }
    buf_finish(&text);
    buf_finish(&back);
}

static void digest_is_sha256(void **state)
{
    (void)state;
    struct error err = {0};
    uint8_t digest[DIGEST_SIZE];
    char hex[2 * DIGEST_SIZE + 1];
    assert_true(digest_bytes(slice_of("abc"), digest, &err));
    digest_hex(digest, sizeof digest, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_true(digest_bytes((struct slice){0}, digest, &err));
    digest_hex(digest, 4, hex);
    assert_string_equal(hex, "e3b0c442");
}

static void compress_round_trips_and_refuses(void **state)
{
    (void)state;
    struct error err = {0};
    struct buf packed;
    struct buf back;
    buf_init(&packed, 1 << 20);
    buf_init(&back, 1 << 20);
    char text[5000];
    memset(text, 'x', sizeof text);
    struct slice whole = slice_make(text, sizeof text);
    assert_true(compress_append(&packed, whole, &err));
    assert_true(packed.len < 100);
    assert_true(compress_unpack(&back, buf_slice(&packed), sizeof text, &err));
    assert_true(slice_equal(buf_slice(&back), whole));
    assert_false(compress_unpack(&back, buf_slice(&packed), sizeof text - 1, &err));
    assert_int_equal(err.code, ERR_STORE_CORRUPT);
    packed.ptr[packed.len / 2] ^= 0x55;
    buf_reset(&back);
    bool unpacked = compress_unpack(&back, buf_slice(&packed), sizeof text, &err);
    assert_true(!unpacked || !slice_equal(buf_slice(&back), whole));
    struct buf small;
    buf_init(&small, 10);
    packed.ptr[packed.len / 2] ^= 0x55;
    assert_false(compress_unpack(&small, buf_slice(&packed), sizeof text, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    buf_finish(&small);
    buf_finish(&packed);
    buf_finish(&back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_carry_a_code_and_a_sentence),
        cmocka_unit_test(slices_do_not_end_at_a_nul),
        cmocka_unit_test(a_buffer_stops_at_its_ceiling),
        cmocka_unit_test(utf8_follows_the_standard),
        cmocka_unit_test(base64_round_trips_and_refuses),
        cmocka_unit_test(digest_is_sha256),
        cmocka_unit_test(compress_round_trips_and_refuses),
    };
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
