/* page: media, sniff, charset, charset_guess, prescan. */
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

static void content_types_parse(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"text/html", "text/html", ""},
        {"Text/HTML; Charset=UTF-8", "text/html", "UTF-8"},
        {"  text/html  ;  charset=gbk  ", "text/html", "gbk"},
        {"text/html;charset=\"shift_jis\"", "text/html", "shift_jis"},
        {"text/html;charset=\"a\\\"b\";x=y", "text/html", "a\"b"},
        {"text/html;charset=\"open", "text/html", "open"},
        {"text/html;charset=\"gbk\"junk;x", "text/html", "gbk"},
        {"text/html;x=\"a;charset=b\";charset=c", "text/html", "c"},
        {"text/html;charset=one;charset=two", "text/html", "one"},
        {"text/html;charset=;charset=two", "text/html", "two"},
        {"text/html;charset", "text/html", ""},
        {"text/html;;;charset=x", "text/html", "x"},
        {"text/html;\tcharset=x", "text/html", "x"},
        {"text/html;charset =x", "text/html", ""},
        {"image/svg+xml", "image/svg+xml", ""},
        {"application/vnd.ms-excel; x", "application/vnd.ms-excel", ""},
        {"text/html, text/plain", "", ""},
        {"text", "", ""},
        {"text/", "", ""},
        {"/html", "", ""},
        {"te xt/html", "", ""},
        {"text/ht\x80ml", "", ""},
        {"text/html/x", "", ""},
        {"", "", ""},
        {";charset=x", "", ""},
        {"*/*", "*/*", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct media_type type;
        media_parse(slice_of(cases[i][0]), &type);
        assert_string_equal(type.essence, cases[i][1]);
        assert_string_equal(type.charset, cases[i][2]);
    }
}

static void overlong_content_types_are_none(void **state)
{
    (void)state;
    char text[300];
    struct media_type type;
    memset(text, 'a', sizeof text);
    text[4] = '/';
    media_parse(slice_make(text, MEDIA_TYPE_SIZE - 1), &type);
    assert_int_equal(strlen(type.essence), MEDIA_TYPE_SIZE - 1);
    media_parse(slice_make(text, MEDIA_TYPE_SIZE), &type);
    assert_string_equal(type.essence, "");
    memcpy(text, "a/b;charset=", 12);
    media_parse(slice_make(text, 12 + 63), &type);
    assert_int_equal(strlen(type.charset), 63);
    media_parse(slice_make(text, 12 + 64), &type);
    assert_string_equal(type.charset, "");
    text[12] = '"';
    media_parse(slice_make(text, sizeof text), &type);
    assert_string_equal(type.essence, "a/b");
    assert_string_equal(type.charset, "");
    media_parse(slice_make("text/html\0", 10), &type);
    assert_string_equal(type.essence, "");
}

struct sniff_case {
    struct slice bytes;
    const char *header;
    const char *want;
};

static void check_sniffs(const struct sniff_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct media_type header;
        struct media_type type;
        media_parse(slice_of(cases[i].header), &header);
        media_sniff(cases[i].bytes, &header, &type);
        if (strcmp(type.essence, cases[i].want) != 0)
            fail_msg("case %zu (header %s) gives %s, not %s", i, cases[i].header, type.essence,
                     cases[i].want);
    }
}

#define PNG  BYTES("\x89PNG\r\n\x1A\n\0\0\0\rIHDR")
#define JPEG BYTES("\xFF\xD8\xFF\xE0\0\x10JFIF")
#define WEBP BYTES("RIFF\x24\0\0\0WEBPVP8 ")
#define AVIF                                                                                       \
    BYTES("\0\0\0\x1C"                                                                             \
          "ftypavif\0\0\0\0avifmif1miaf")
#define MP4                                                                                        \
    BYTES("\0\0\0\x18"                                                                             \
          "ftypmp42\0\0\0\0mp42isom")
#define WEBM         BYTES("\x1A\x45\xDF\xA3\x01\0\0\0\0\0\0\x1F\x42\x86\x81\x01\x42\x82\x84webm")
#define OGG_(packet) BYTES("OggS\0\x02\0\0\0\0\0\0\0\0xxxx\0\0\0\0xxxx\x01\x1E" packet)

static void magic_bytes_are_known(void **state)
{
    (void)state;
    static const char eot[] = "\x10\0\0\0\x08\0\0\0\x01\0\x02\0................\x90\x01\0\0\0\0LP";
    const struct sniff_case cases[] = {
        {PNG, "", "image/png"},
        {JPEG, "", "image/jpeg"},
        {BYTES("GIF89a\x01\0"), "", "image/gif"},
        {BYTES("GIF87a\x01\0"), "", "image/gif"},
        {WEBP, "", "image/webp"},
        {AVIF, "", "image/avif"},
        {BYTES("\0\0\0\x1C"
               "ftypmif1\0\0\0\0avifmif1miaf"),
         "", "image/avif"},
        {BYTES("\0\0\0\x18"
               "ftypmif1\0\0\0\0mif1heic"),
         "", "image/heic"},
        {BYTES("\0\0\0\x14"
               "ftypmif1\0\0\0\0mif1"),
         "", "image/heif"},
        {BYTES("\0\0\0\x0CJXL \r\n\x87\n"), "", "image/jxl"},
        {BYTES("BM\x46\0\0\0"), "", "image/bmp"},
        {BYTES("\0\0\x01\0\x01\0"), "", "image/x-icon"},
        {BYTES("II*\0\x08\0"), "", "image/tiff"},
        {BYTES("wOFF\0\x01\0\0"), "", "font/woff"},
        {BYTES("wOF2\0\x01\0\0"), "", "font/woff2"},
        {BYTES("\0\x01\0\0\0\x0F"), "", "font/ttf"},
        {BYTES("OTTO\0\x0B"), "", "font/otf"},
        {BYTES("ttcf\0\x01"), "", "font/collection"},
        {slice_make(eot, sizeof eot - 1), "", "application/vnd.ms-fontobject"},
        {MP4, "", "video/mp4"},
        {BYTES("\0\0\0\x18"
               "ftypM4A \0\0\0\0M4A isom"),
         "", "audio/mp4"},
        {BYTES("\0\0\0\x14"
               "ftypqt  \0\0\0\0qt  "),
         "", "video/quicktime"},
        {WEBM, "", "video/webm"},
        {OGG_("\x01vorbis"), "", "audio/ogg"},
        {OGG_("OpusHead"), "", "audio/ogg"},
        {OGG_("\x80theora"), "", "video/ogg"},
        {OGG_("whatever"), "", "application/ogg"},
        {BYTES("ID3\x04\0\0\0\0\0\0"), "", "audio/mpeg"},
        {BYTES("\xFF\xFB\x90\x64\0\0"), "", "audio/mpeg"},
        {BYTES("\xFF\xF1\x50\x80\x02"), "", "audio/aac"},
        {BYTES("RIFF\x24\0\0\0WAVEfmt "), "", "audio/wave"},
        {BYTES("fLaC\0\0\0\x22"), "", "audio/flac"},
        {BYTES("%PDF-1.7"), "", "application/pdf"},
        {BYTES("PK\x03\x04\x14\0"), "", "application/zip"},
        {BYTES("\x1F\x8B\x08\0"), "", "application/gzip"},
    };
    check_sniffs(cases, COUNT(cases));
    for (size_t i = 0; i < COUNT(cases); i++) {
        /* Each prefix on memory of its own: reading past it is caught by the sanitizer. */
        for (size_t len = 0; len < cases[i].bytes.len; len++) {
            struct media_type type;
            char *copy = malloc(len > 0 ? len : 1);
            assert_non_null(copy);
            memcpy(copy, cases[i].bytes.ptr, len);
            media_sniff(slice_make(copy, len), NULL, &type);
            assert_true(type.essence[0] != '\0');
            free(copy);
        }
    }
}

static void headers_count_unless_the_bytes_speak(void **state)
{
    (void)state;
    const struct sniff_case cases[] = {
        {PNG, "image/png", "image/png"},
        {PNG, "image/jpeg", "image/png"},
        {JPEG, "image/jpg", "image/jpeg"},
        {PNG, "text/html", "image/png"},
        {PNG, "text/plain", "image/png"},
        {PNG, "application/octet-stream", "image/png"},
        {PNG, "binary/octet-stream", "image/png"},
        {PNG, "image/svg+xml", "image/png"},
        {BYTES("wOF2\0\x01"), "application/font-woff2", "font/woff2"},
        {BYTES("%PDF-1.4"), "text/html", "application/pdf"},
        {BYTES("BMW is a car"), "text/html", "text/html"},
        {BYTES("BMW is a car"), "text/plain", "text/plain"},
        {BYTES("BM\x01\0\0\0"), "text/plain", "image/bmp"},
        {BYTES("BM\x01\0\0\0"), "image/png", "image/bmp"},
        {BYTES("ID3 tags explained"), "text/css", "text/css"},
        {MP4, "audio/mp4", "audio/mp4"},
        {MP4, "video/x-m4v", "video/x-m4v"},
        {MP4, "image/png", "video/mp4"},
        {WEBM, "audio/webm", "audio/webm"},
        {OGG_("\x01vorbis"), "application/ogg", "application/ogg"},
        {BYTES("PK\x03\x04"), "application/epub+zip", "application/epub+zip"},
        {BYTES("PK\x03\x04"), "application/octet-stream", "application/zip"},
        {BYTES("body{}"), "text/css", "text/css"},
        {BYTES("body{}"), "", "text/plain"},
        {BYTES("<html>x"), "text/plain", "text/plain"},
        {BYTES("<html>x"), "application/octet-stream", "text/html"},
        {BYTES("  <!DOCTYPE html>x"), "", "text/html"},
        {BYTES("<!-- x --><p>"), "", "text/html"},
        {BYTES("<article>"), "", "text/plain"},
        {BYTES("<?xml version=\"1.0\"?><rss/>"), "", "text/xml"},
        {BYTES("a\0b"), "", "application/octet-stream"},
        {BYTES("a\0b"), "text/plain", "application/octet-stream"},
        {BYTES("\xFF\xFE"
               "a\0b\0"),
         "text/plain", "text/plain"},
        {BYTES("\xD6\xD0\xCE\xC4"), "text/plain", "text/plain"},
        {BYTES(""), "", "text/plain"},
        {BYTES(""), "image/png", "image/png"},
        {BYTES("<svg xmlns='x'/>"), "", "image/svg+xml"},
        {BYTES("<svg>"), "text/plain", "image/svg+xml"},
        {BYTES("\xEF\xBB\xBF\n<?xml version='1.0'?>\n<!-- a > b -->\n<svg\n>"), "",
         "image/svg+xml"},
        {BYTES("<!DOCTYPE svg PUBLIC '-//W3C' 'x'><svg>"), "", "image/svg+xml"},
        {BYTES("<!DOCTYPE svg [ <!ENTITY a 'b'> ]><svg>"), "", "image/svg+xml"},
        {BYTES("<svg:svg xmlns:svg='x'>"), "", "image/svg+xml"},
        {BYTES("<svgx>"), "", "text/plain"},
        {BYTES("<!-- never closed <svg>"), "", "text/html"},
        {BYTES("<svg>"), "text/html", "text/html"},
    };
    check_sniffs(cases, COUNT(cases));
    struct media_type header;
    struct media_type type;
    media_parse(slice_of("text/css; charset=gbk"), &header);
    media_sniff(slice_of("a{}"), &header, &type);
    assert_string_equal(type.charset, "gbk");
    media_sniff(PNG, &header, &type);
    assert_string_equal(type.charset, "");
}

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

#define ZHONGWEN "\xE4\xB8\xAD\xE6\x96\x87" /* 中文 in UTF-8 */
#define FFFD     "\xEF\xBF\xBD"

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

struct data_case {
    const char *url;
    const char *essence; /* NULL: ERR_URL */
    const char *charset;
    const char *body;
};

static void data_urls_decode(void **state)
{
    (void)state;
    static const struct data_case cases[] = {
        {"data:,x", "text/plain", "US-ASCII", "x"},
        {"data:,", "text/plain", "US-ASCII", ""},
        {"DATA:text/html,<b>", "text/html", "", "<b>"},
        {"data:text/html;charset=gbk,x", "text/html", "gbk", "x"},
        {"data:;charset=gbk,x", "text/plain", "gbk", "x"},
        {"data:nonsense,x", "text/plain", "US-ASCII", "x"},
        {"data:text/html%3Bcharset=gbk,x", "text/plain", "US-ASCII", "x"},
        {"data: image/png ,x", "image/png", "", "x"},
        {"data:text/plain,a%20b%zz%4", "text/plain", "", "a b%zz%4"},
        {"data:text/plain,%E4%B8%AD", "text/plain", "", "\xE4\xB8\xAD"},
        {"data:text/plain,\xE4\xB8\xAD", "text/plain", "", "\xE4\xB8\xAD"},
        {"data:text/plain,a,b", "text/plain", "", "a,b"},
        {"data:text/plain,a#b", "text/plain", "", "a"},
        {"data:text/plain,a%23b", "text/plain", "", "a#b"},
        {" data:text/plain,a\n\tb%0A \n", "text/plain", "", "ab\n"},
        {"data:text/pl\nain;base\n64,eA\n==", "text/plain", "", "x"},
        {"data:text/plain,%\n41", "text/plain", "", "A"},
        {"data:text/plain;base64,eHl6", "text/plain", "", "xyz"},
        {"data:text/plain;BASE64,eHk=", "text/plain", "", "xy"},
        {"data:text/plain;base64,eHk", "text/plain", "", "xy"},
        {"data:text/plain; base64,eA==", "text/plain", "", "x"},
        {"data:;base64,eA==", "text/plain", "US-ASCII", "x"},
        {"data:text/plain;charset=x;base64,e%41==", "text/plain", "x", "x"},
        {"data:text/plain;base64,eH%20l6%0A", "text/plain", "", "xyz"},
        {"data:text/plain;base64,", "text/plain", "", ""},
        {"data:text/plain;base64;x=y,eA==", "text/plain", "", "eA=="},
        {"data:text/plainbase64,eA==", "text/plainbase64", "", "eA=="},
        {"data:base64,eA==", "text/plain", "US-ASCII", "eA=="},
        {"data:text/plain;base64,e", NULL, NULL, NULL},
        {"data:text/plain;base64,eA=", NULL, NULL, NULL},
        {"data:text/plain;base64,=", NULL, NULL, NULL},
        {"data:text/plain;base64,====", NULL, NULL, NULL},
        {"data:text/plain;base64,e_-A", NULL, NULL, NULL},
        {"data:text/plain;base64,e=A=", NULL, NULL, NULL},
        {"data:text/plain", NULL, NULL, NULL},
        {"data:text/plain#,x", NULL, NULL, NULL},
        {"dat:,x", NULL, NULL, NULL},
        {"", NULL, NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct error err = {0};
        struct media_type type = {.essence = "untouched"};
        struct buf out;
        buf_init(&out, 1000);
        bool ok = media_decode_data_url(slice_of(cases[i].url), &type, &out, &err);
        if (ok != (cases[i].essence != NULL))
            fail_msg("%s: %s", cases[i].url, ok ? "decoded" : err.text);
        if (ok) {
            assert_string_equal(type.essence, cases[i].essence);
            assert_string_equal(type.charset, cases[i].charset);
            assert_true(slice_equal(buf_slice(&out), slice_of(cases[i].body)));
        } else {
            assert_int_equal(err.code, ERR_URL);
            assert_string_equal(type.essence, "untouched");
            assert_int_equal(out.len, 0);
        }
        buf_finish(&out);
    }
}

static void data_urls_have_a_ceiling(void **state)
{
    (void)state;
    struct error err = {0};
    struct media_type type;
    struct buf out;
    char *url = malloc(LIMIT_DATA_URL + 1);
    assert_non_null(url);
    memset(url, 'A', LIMIT_DATA_URL + 1);
    memcpy(url, "data:,", 6);
    buf_init(&out, LIMIT_DATA_URL);
    assert_true(media_decode_data_url(slice_make(url, LIMIT_DATA_URL), &type, &out, &err));
    assert_int_equal(out.len, LIMIT_DATA_URL - 6);
    buf_finish(&out);
    assert_false(media_decode_data_url(slice_make(url, LIMIT_DATA_URL + 1), &type, &out, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    memcpy(url, "data:;base64,", 13);
    assert_true(media_decode_data_url(slice_make(url, 13 + 4 * MIB), &type, &out, &err));
    assert_int_equal(out.len, 3 * MIB);
    buf_finish(&out);
    buf_init(&out, 4);
    assert_true(media_decode_data_url(slice_of("data:,%41%41%41%41"), &type, &out, &err));
    assert_false(media_decode_data_url(slice_of("data:,%41"), &type, &out, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    buf_finish(&out);
    free(url);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(content_types_parse),
        cmocka_unit_test(overlong_content_types_are_none),
        cmocka_unit_test(magic_bytes_are_known),
        cmocka_unit_test(headers_count_unless_the_bytes_speak),
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
        cmocka_unit_test(data_urls_decode),
        cmocka_unit_test(data_urls_have_a_ceiling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
