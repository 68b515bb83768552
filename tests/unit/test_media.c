/* page: media, sniff. */
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
        {BYTES("RIFF\x24\0\0\0WAVEfmt "), "", "audio/wav"},
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

struct data_case {
    const char *url;
    const char *essence; /* NULL: ERR_URL */
    const char *charset;
    const char *body;
};

static void lists_of_streams_are_known_by_their_first_word(void **state)
{
    (void)state;
    assert_true(media_is_playlist(BYTES("#EXTM3U")));
    assert_true(media_is_playlist(BYTES("\xEF\xBB\xBF \r\n#EXTM3U\n#EXTINF:5,\na.ts")));
    assert_false(media_is_playlist(BYTES("#EXTM3")));
    assert_false(media_is_playlist(BYTES("a #EXTM3U")));
    assert_false(media_is_playlist(BYTES("\xEF\xBB#EXTM3U")));
    assert_false(media_is_playlist(BYTES("")));
}

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
        cmocka_unit_test(lists_of_streams_are_known_by_their_first_word),
        cmocka_unit_test(data_urls_decode),
        cmocka_unit_test(data_urls_have_a_ceiling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
