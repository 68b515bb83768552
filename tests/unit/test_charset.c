/* page: media_decode: charset, charset_guess, prescan. */
#include "base/limits.h"
#include "page/media.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* A literal as a slice, NULs and all. */
#define BYTES(literal) slice_make("" literal, sizeof(literal) - 1)

#define ZHONGWEN "\xE4\xB8\xAD\xE6\x96\x87" /* 中文 in UTF-8 */
#define FFFD     "\xEF\xBF\xBD"

struct decode_case {
    struct slice bytes;
    const char *label;
    const char *want;
};

static void check_decodes(const struct decode_case *cases, size_t count, enum media_syntax syntax,
                          const char *fallback)
{
    for (size_t i = 0; i < count; i++) {
        struct error err = {0};
        struct buf out;
        buf_init(&out, 10000);
        assert_true(
            media_decode(cases[i].bytes, syntax, slice_of(cases[i].label), fallback, &out, &err));
        const char *got = out.ptr != NULL ? out.ptr : "";
        if (strcmp(got, cases[i].want) != 0)
            fail_msg("case %zu (%s) gives \"%s\", not \"%s\"", i, cases[i].label, got,
                     cases[i].want);
        buf_finish(&out);
    }
}

static void every_encoding_decodes(void **state)
{
    (void)state;
    const struct decode_case cases[] = {
        {BYTES("\xD6\xD0\xCE\xC4"), "gbk", ZHONGWEN},
        {BYTES("\xD6\xD0\xCE\xC4"), " GB2312 ", ZHONGWEN},
        {BYTES("\xD6\xD0\x80\x81\x30\x81\x30\x90\x30\x81\x30"), "gb18030",
         "\xE4\xB8\xAD\xE2\x82\xAC\xC2\x80\xF0\x90\x80\x80"},
        {BYTES("\xFE\x59\xA6\xD9"), "gbk", "\xE9\xBE\xB4\xEF\xB8\x90"},
        {BYTES("\xA4\xA4\xA4\xE5"), "big5", ZHONGWEN},
        {BYTES("\x87\x40\x88\x62\xA3\xE1\x87\xA4\xA3\xC0"), "big5-hkscs",
         "\xE4\x8F\xB0\xC3\x8A\xCC\x84\xE2\x82\xAC\xE9\xBE\x97\xE2\x90\x80"},
        {BYTES("\x92\x86\x95\xB6\\~\xB1"), "Shift_JIS", ZHONGWEN "\\~\xEF\xBD\xB1"},
        {BYTES("\xC3\xE6\xCA\xB8\x8E\xB1\x8F\xB0\xA1"), "euc-jp",
         ZHONGWEN "\xEF\xBD\xB1\xE4\xB8\x82"},
        {BYTES("\x1B$BCfJ8\x1B(B!"), "iso-2022-jp", ZHONGWEN "!"},
        {BYTES("\xC7\xD1\xB1\xDB\x81\x41"), "euc-kr", "\xED\x95\x9C\xEA\xB8\x80\xEA\xB0\x82"},
        {BYTES("\xC7\xD1"), "ks_c_5601-1987", "\xED\x95\x9C"},
        {BYTES("a\xE9\x80\x93\x81"), "iso-8859-1", "a\xC3\xA9\xE2\x82\xAC\xE2\x80\x9C\xC2\x81"},
        {BYTES("\xE9"), "us-ascii", "\xC3\xA9"},
        {BYTES("\xE9"), "latin1", "\xC3\xA9"},
        {BYTES("\xFD"), "iso-8859-9", "\xC4\xB1"},
        {BYTES("\xA1\xFE"), "iso-8859-16", "\xC4\x84\xC8\x9B"},
        {BYTES("\xCF\xF0\xE8"), "windows-1251", "\xD0\x9F\xD1\x80\xD0\xB8"},
        {BYTES("\xF0\xD2\xC9"), "koi8-r", "\xD0\x9F\xD1\x80\xD0\xB8"},
        {BYTES("\xAE"), "koi8-u", "\xD1\x9E"},
        {BYTES("\xAF\x1A\x7F"), "ibm866", "\xD0\xBF\x1A\x7F"},
        {BYTES("\xDB\xA1"), "tis-620", FFFD "\xE0\xB8\x81"},
        {BYTES("\xAA\xCA"), "windows-1253", FFFD "\xCE\x9A"},
        {BYTES("\xF0\x8E"), "macintosh", "\xEF\xA3\xBF\xC3\xA9"},
        {BYTES("\xE0"), "iso-8859-8-i", "\xD7\x90"},
        {BYTES("\x2D\x4E\x87\x65"), "utf-16", ZHONGWEN},
        {BYTES("\x4E\x2D\x65\x87"), "utf-16be", ZHONGWEN},
        {BYTES("\x3D\xD8\x00\xDE"), "utf-16le", "\xF0\x9F\x98\x80"},
        {BYTES("a\x80\xFF"), "x-user-defined", "a\xEF\x9E\x80\xEF\x9F\xBF"},
        {BYTES("~{VPND~}"), "hz-gb-2312", FFFD},
        {BYTES("\xE4\xB8\xAD"), "utf8", "\xE4\xB8\xAD"},
        {BYTES("\xE4\xB8\xAD"), "UTF-8", "\xE4\xB8\xAD"},
    };
    check_decodes(cases, COUNT(cases), MEDIA_TEXT, NULL);
}

static void ill_formed_bytes_become_replacement_characters(void **state)
{
    (void)state;
    const struct decode_case cases[] = {
        {BYTES("a\xE4\xB8z\xFF"), "utf-8", "a" FFFD "z" FFFD},
        {BYTES("\xD6<b>\xD6\xD0"), "gbk", FFFD "<b>\xE4\xB8\xAD"},
        {BYTES("\xD6\xD0\xD6"), "gbk", "\xE4\xB8\xAD" FFFD},
        {BYTES("\xFF\xD6\xD0"), "gbk", FFFD "\xE4\xB8\xAD"},
        {BYTES("\xA4<\xA4\xA4"), "big5", FFFD "<\xE4\xB8\xAD"},
        {BYTES("\x92\"x"), "shift_jis", FFFD "\"x"},
        {BYTES("\xC7>\xC7\xD1"), "euc-kr", FFFD ">\xED\x95\x9C"},
        {BYTES("\xC9\xA1"), "euc-kr", FFFD}, /* ICU has a private character here */
        {BYTES("\xC3&"), "euc-jp", FFFD "&"},
        {BYTES("\x00\xD8x\0\x00\xDC"), "utf-16le", FFFD "x" FFFD},
        {BYTES("x\0y"), "utf-16le", "x" FFFD},
        {BYTES("\x00\xD8"), "utf-16le", FFFD},
    };
    check_decodes(cases, COUNT(cases), MEDIA_TEXT, NULL);
}

static void a_bom_outranks_all_and_goes(void **state)
{
    (void)state;
    const struct decode_case cases[] = {
        {BYTES("\xEF\xBB\xBF\xE4\xB8\xAD"), "gbk", "\xE4\xB8\xAD"},
        {BYTES("\xFE\xFF\x4E\x2D"), "utf-8", "\xE4\xB8\xAD"},
        {BYTES("\xFF\xFE\x2D\x4E"), "gbk", "\xE4\xB8\xAD"},
        {BYTES("\xEF\xBB\xBF\xEF\xBB\xBFx"), "", "\xEF\xBB\xBFx"},
        {BYTES("\xEF\xBB\xBF"), "", ""},
        {BYTES(""), "gbk", ""},
    };
    check_decodes(cases, COUNT(cases), MEDIA_HTML, NULL);
}

static void html_declares_its_encoding(void **state)
{
    (void)state;
    /* Each ends in the GBK bytes of 中, which are "ÖÐ" in windows-1252. */
    static const struct {
        const char *head;
        bool gbk;
    } cases[] = {
        {"<meta charset=gbk>", true},
        {"<META CHARSET = 'GB2312' />", true},
        {"<meta/charset=\"gbk\"/>", true},
        {"<meta name=x charset=gbk>", true},
        {"<meta http-equiv=content-type content='text/html; charset=gbk'>", true},
        {"<meta content='text/html; charset=gbk' http-equiv=Content-Type>", true},
        {"<meta content=\"text/html;charset = 'gbk'\" http-equiv=Content-Type>", true},
        {"<meta content='charset charset=gbk;x' http-equiv=Content-Type>", true},
        {"<meta content='text/html; charset=gbk'>", false},
        {"<meta http-equiv=refresh content='charset=gbk'>", false},
        {"<meta charset=nothing><meta charset=gbk>", true},
        {"<meta charset=nothing content='charset=gbk' http-equiv=content-type>", false},
        {"<meta charset=gbk charset=utf-8>", true},
        {"<metacharset=gbk>", false},
        {"<!-- <meta charset=utf-8> --><meta charset=gbk>", true},
        {"<!--><meta charset=gbk>-->", true},
        {"<!-- <meta charset=gbk>", false},
        {"<a title='<meta charset=utf-8>'><meta charset=gbk>", true},
        {"</a title='<meta charset=utf-8>'><meta charset=gbk>", true},
        {"<!doctype html><meta charset=gbk>", true},
        {"<?php x ?><meta charset=gbk>", true},
        {"< meta charset=gbk>", false},
        {"<script>'<meta charset=gbk>'</script>", true},
        {"<title>x</title><meta charset=\"gbk", false},
        {"<?xml version='1.0' encoding=\"gbk\"?>", true},
        {"<?xml version='1.0' encoding = 'gbk' ?>", true},
        {"<?xml version='1.0' encoding=gbk?>", false},
        {"x<?xml version='1.0' encoding='gbk'?>", false},
        {"<?xml encoding='utf-8'?><meta charset=gbk>", true},
        {"", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[300];
        int len = snprintf(text, sizeof text, "%s\xD6\xD0", cases[i].head);
        char want[310];
        snprintf(want, sizeof want, "%s%s", cases[i].head,
                 cases[i].gbk ? "\xE4\xB8\xAD" : "\xC3\x96\xC3\x90");
        const struct decode_case one = {slice_make(text, (size_t)len), "", want};
        check_decodes(&one, 1, MEDIA_HTML, "windows-1252");
    }
}

static void odd_declarations_are_mended(void **state)
{
    (void)state;
    const struct decode_case cases[] = {
        {BYTES("<meta charset=utf-16>\xE4\xB8\xAD"), "", "<meta charset=utf-16>\xE4\xB8\xAD"},
        {BYTES("<meta charset=x-user-defined>\x80"), "",
         "<meta charset=x-user-defined>\xE2\x82\xAC"},
        {BYTES("<meta charset=utf-8>\xD6\xD0"), "gbk", "<meta charset=utf-8>\xE4\xB8\xAD"},
        {BYTES("<meta charset=gbk>\xD6\xD0"), "no such label", "<meta charset=gbk>\xE4\xB8\xAD"},
        {BYTES("<\0?\0x\0m\0l\0"), "", "<?xml"},
        {BYTES("\0<\0?\0x\0m\0l"), "", "<?xml"},
    };
    check_decodes(cases, COUNT(cases), MEDIA_HTML, "windows-1252");
    check_decodes(&cases[2], 1, MEDIA_TEXT, "windows-1252");
    const struct decode_case text = {BYTES("<meta charset=gbk>\xD6\xD0"), "",
                                     "<meta charset=gbk>\xC3\x96\xC3\x90"};
    check_decodes(&text, 1, MEDIA_TEXT, "windows-1252");
}

static void the_prescan_reads_1024_bytes(void **state)
{
    (void)state;
    for (size_t end = 1024; end <= 1025; end++) {
        static const char meta[] = "<meta charset=gbk>";
        char text[1100];
        memset(text, ' ', sizeof text);
        memcpy(text + end - strlen(meta), meta, strlen(meta));
        memcpy(text + 1090, "\xD6\xD0", 2);
        struct error err = {0};
        struct buf out;
        buf_init(&out, 10000);
        assert_true(media_decode(slice_make(text, 1092), MEDIA_HTML, slice_of(""), "windows-1252",
                                 &out, &err));
        assert_string_equal(out.ptr + 1090, end == 1024 ? "\xE4\xB8\xAD" : "\xC3\x96\xC3\x90");
        buf_finish(&out);
    }
}

static void style_sheets_declare_their_encoding(void **state)
{
    (void)state;
    const struct decode_case cases[] = {
        {BYTES("@charset \"gbk\";\xD6\xD0"), "", "@charset \"gbk\";\xE4\xB8\xAD"},
        {BYTES("@charset \"utf-16\";\xE4\xB8\xAD"), "", "@charset \"utf-16\";\xE4\xB8\xAD"},
        {BYTES("@charset 'gbk';\xD6\xD0"), "", "@charset 'gbk';\xC3\x96\xC3\x90"},
        {BYTES("@CHARSET \"gbk\";\xD6\xD0"), "", "@CHARSET \"gbk\";\xC3\x96\xC3\x90"},
        {BYTES(" @charset \"gbk\";\xD6\xD0"), "", " @charset \"gbk\";\xC3\x96\xC3\x90"},
        {BYTES("@charset \"gbk\" ;\xD6\xD0"), "", "@charset \"gbk\" ;\xC3\x96\xC3\x90"},
        {BYTES("@charset \"gbk"), "", "@charset \"gbk"},
        {BYTES("@charset \"gbk\";\xE4\xB8\xAD"), "utf-8", "@charset \"gbk\";\xE4\xB8\xAD"},
        {BYTES("<meta charset=gbk>\xD6\xD0"), "", "<meta charset=gbk>\xC3\x96\xC3\x90"},
    };
    check_decodes(cases, COUNT(cases), MEDIA_CSS, "windows-1252");
    const struct decode_case fallback = {BYTES("\xD6\xD0"), "", "\xE4\xB8\xAD"};
    check_decodes(&fallback, 1, MEDIA_CSS, "gbk");
}

static void text_that_says_nothing_is_guessed(void **state)
{
    (void)state;
    const struct decode_case cases[] = {
        {BYTES("plain"), "", "plain"},
        {BYTES(ZHONGWEN), "", ZHONGWEN},
        {BYTES("\xBB\xB6\xD3\xAD\xB9\xE2\xC1\xD9\xCE\xD2\xB5\xC4\xCD\xF8\xD5\xBE"), "",
         "\xE6\xAC\xA2\xE8\xBF\x8E\xE5\x85\x89\xE4\xB8\xB4\xE6\x88\x91\xE7\x9A\x84\xE7\xBD\x91"
         "\xE7\xAB\x99"}, /* 欢迎光临我的网站, GBK */
        {BYTES("\xC5\x77\xAA\xEF\xA5\xFA\xC1\x7B\xA7\xDA\xAA\xBA\xBA\xF4\xAF\xB8"), "",
         "\xE6\xAD\xA1\xE8\xBF\x8E\xE5\x85\x89\xE8\x87\xA8\xE6\x88\x91\xE7\x9A\x84\xE7\xB6\xB2"
         "\xE7\xAB\x99"}, /* 歡迎光臨我的網站, Big5 */
        {BYTES("\x82\xB1\x82\xF1\x82\xC9\x82\xBF\x82\xCD\x90\xA2\x8A\x45"), "",
         "\xE3\x81\x93\xE3\x82\x93\xE3\x81\xAB\xE3\x81\xA1\xE3\x81\xAF\xE4\xB8\x96\xE7\x95"
         "\x8C"}, /* こんにちは世界, Shift_JIS */
        {BYTES("\xA4\xB3\xA4\xF3\xA4\xCB\xA4\xC1\xA4\xCF\xC0\xA4\xB3\xA6"), "",
         "\xE3\x81\x93\xE3\x82\x93\xE3\x81\xAB\xE3\x81\xA1\xE3\x81\xAF\xE4\xB8\x96\xE7\x95"
         "\x8C"}, /* the same, EUC-JP */
        {BYTES("\xBE\xC8\xB3\xE7\xC7\xCF\xBC\xBC\xBF\xE4 \xBF\xEC\xB8\xAE \xC8\xA8\xC6\xE4\xC0\xCC"
               "\xC1\xF6\xC0\xD4\xB4\xCF\xB4\xD9"),
         "",
         "\xEC\x95\x88\xEB\x85\x95\xED\x95\x98\xEC\x84\xB8\xEC\x9A\x94 \xEC\x9A\xB0\xEB\xA6\xAC "
         "\xED\x99\x88\xED\x8E\x98\xEC\x9D\xB4\xEC\xA7\x80\xEC\x9E\x85\xEB\x8B\x88\xEB\x8B"
         "\xA4"}, /* 안녕하세요 우리 홈페이지입니다, EUC-KR */
        {BYTES("d\xE9j\xE0 vu, na\xEFve fa\xE7"
               "ade"),
         "",
         "d\xC3\xA9j\xC3\xA0 vu, na\xC3\xAFve fa\xC3\xA7"
         "ade"},
        {BYTES("\x93quoted\x94"), "", "\xE2\x80\x9Cquoted\xE2\x80\x9D"},
        {BYTES("\xCF\xF0\xE8\xE2\xE5\xF2"), "", "\xC3\x8F\xC3\xB0\xC3\xA8\xC3\xA2\xC3\xA5\xC3\xB2"},
    };
    check_decodes(cases, COUNT(cases), MEDIA_HTML, NULL);
    const struct decode_case told = {BYTES("\xCF\xF0\xE8"), "", "\xD0\x9F\xD1\x80\xD0\xB8"};
    check_decodes(&told, 1, MEDIA_HTML, "windows-1251");
    const struct decode_case bad = {BYTES("\xE9t\xE9"), "", "\xC3\xA9t\xC3\xA9"};
    check_decodes(&bad, 1, MEDIA_HTML, "no such label");
}

static void utf8_with_a_wrong_byte_stays_utf8(void **state)
{
    (void)state;
    for (size_t good = 19; good <= 20; good++) {
        struct error err = {0};
        struct buf text;
        struct buf out;
        buf_init(&text, 1000);
        buf_init(&out, 1000);
        for (size_t i = 0; i < good; i++)
            buf_add_text(&text, "\xC3\xA9 ");
        buf_add_text(&text, "\xE4\xB8");
        assert_true(
            media_decode(buf_slice(&text), MEDIA_HTML, slice_of(""), "windows-1252", &out, &err));
        if (good == 20)
            assert_memory_equal(out.ptr, "\xC3\xA9 ", 3);
        else
            assert_memory_equal(out.ptr, "\xC3\x83\xC2\xA9 ", 5);
        buf_finish(&out);
        buf_finish(&text);
    }
}

static void long_text_survives_the_conversion(void **state)
{
    (void)state;
    struct error err = {0};
    struct buf text;
    struct buf out;
    buf_init(&text, MIB);
    buf_init(&out, 2 * MIB);
    /* Pairs that cross every border of the converter's blocks; U+10000 is four bytes in both. */
    buf_add_char(&text, 'x');
    for (size_t i = 0; i < 20000; i++)
        buf_add_text(&text, "\x90\x30\x81\x30\xD6\xD0");
    assert_true(media_decode(buf_slice(&text), MEDIA_TEXT, slice_of("gb18030"), NULL, &out, &err));
    assert_int_equal(out.len, 1 + 20000 * 7);
    for (size_t i = 0; i < 20000; i++)
        assert_memory_equal(out.ptr + 1 + i * 7, "\xF0\x90\x80\x80\xE4\xB8\xAD", 7);
    buf_finish(&out);
    buf_init(&out, 1 + 20000 * 7 - 1);
    assert_false(media_decode(buf_slice(&text), MEDIA_TEXT, slice_of("gb18030"), NULL, &out, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    buf_finish(&out);
    buf_finish(&text);
}

/* Any bytes in any encoding give well-formed UTF-8 and no report of the sanitizers. */
static void random_bytes_decode_to_something(void **state)
{
    (void)state;
    static const char *const labels[] = {"utf-8",      "gb18030",     "big5",     "shift_jis",
                                         "euc-jp",     "euc-kr",      "utf-16",   "iso-2022-jp",
                                         "iso-8859-3", "windows-874", "",         "x-user-defined",
                                         "koi8-u",     "hz-gb-2312",  "utf-16be", "windows-1255"};
    uint32_t seed = 7;
    for (int round = 0; round < 3000; round++) {
        char bytes[64];
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 1664525 + 1013904223;
            bytes[i] = (char)(seed >> 24);
        }
        struct error err = {0};
        struct buf out;
        buf_init(&out, 1000);
        size_t len = (seed >> 8) % (sizeof bytes + 1);
        enum media_syntax syntax = (enum media_syntax)(round % 3);
        assert_true(media_decode(slice_make(bytes, len), syntax,
                                 slice_of(labels[(size_t)round % COUNT(labels)]), NULL, &out,
                                 &err));
        buf_finish(&out);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_encoding_decodes),
        cmocka_unit_test(ill_formed_bytes_become_replacement_characters),
        cmocka_unit_test(a_bom_outranks_all_and_goes),
        cmocka_unit_test(html_declares_its_encoding),
        cmocka_unit_test(odd_declarations_are_mended),
        cmocka_unit_test(the_prescan_reads_1024_bytes),
        cmocka_unit_test(style_sheets_declare_their_encoding),
        cmocka_unit_test(text_that_says_nothing_is_guessed),
        cmocka_unit_test(utf8_with_a_wrong_byte_stays_utf8),
        cmocka_unit_test(long_text_survives_the_conversion),
        cmocka_unit_test(random_bytes_decode_to_something),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
