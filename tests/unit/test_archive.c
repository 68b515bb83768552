/* page/archive: what other programs saved. */
#include "base/limits.h"
#include "page/archive.h"
#include "page_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

static void read_text(const char *text, struct archive *archive)
{
    struct error err = {0};
    if (!archive_read_mhtml(slice_of(text), archive, &err))
        fail_msg("%s", err.text);
}

static const struct archive_part *find(const struct archive *archive, const char *url)
{
    for (size_t i = 0; i < archive->count; i++)
        if (slice_equal(archive->parts[i].url, slice_of(url)))
            return &archive->parts[i];
    fail_msg("no %s", url);
    return NULL;
}

static void assert_slice(struct slice slice, const char *expected)
{
    if (!slice_equal(slice, slice_of(expected)))
        fail_msg("%.*s", (int)slice.len, slice.ptr);
}

static void assert_has(struct slice slice, const char *what)
{
    if (slice_find(slice, 0, slice_of(what)) == slice.len)
        fail_msg("no %s in %.*s", what, (int)slice.len, slice.ptr);
}

static void assert_chromiums(const char *text)
{
    struct archive archive;
    read_text(text, &archive);
    assert_string_equal(archive.url, "http://archive.example:8123/page");
    assert_true(archive.saved == 1795318220000);
    assert_slice(archive.page.url, "http://archive.example:8123/page");
    assert_string_equal(archive.page.type.essence, "text/html");
    assert_has(archive.page.bytes, "<title>存档 archive</title>");
    assert_has(archive.page.bytes, "<h1>你好，存档</h1><img src=\"http://archive.example:8123/img/"
                                   "p.png\" alt=\"dot\">");
    assert_int_equal(archive.count, 4);
    const struct archive_part *image = find(&archive, "http://archive.example:8123/img/p.png");
    assert_string_equal(image->type.essence, "image/png");
    assert_int_equal(image->bytes.len, 70);
    assert_memory_equal(image->bytes.ptr, "\x89PNG\r\n\x1A\n", 8);
    const struct archive_part *style = find(&archive, "http://archive.example:8123/css/s.css");
    assert_has(style->bytes, "h1 { color: rgb(18, 52, 86); }");
    const struct archive_part *frame = find(&archive, "http://archive.example:8123/frame");
    assert_has(frame->bytes, "<p>inside the frame</p></body></html>");
    const struct archive_part *same =
        find(&archive, "cid:frame-6A1E4EBD0DC9B3E4E16F998D894D320F@mhtml.blink");
    assert_ptr_equal(same->bytes.ptr, frame->bytes.ptr);
    archive_finish(&archive);
    archive_finish(&archive);
}

static void what_chromium_saves_is_read_whole(void **state)
{
    (void)state;
    char *text = page_fixture_read("tests/fixtures/content/chromium.mhtml");
    assert_chromiums(text);
    /* The same with the line ends of other systems. */
    size_t kept = 0;
    for (size_t i = 0; text[i] != '\0'; i++)
        if (text[i] != '\r')
            text[kept++] = text[i];
    text[kept] = '\0';
    assert_chromiums(text);
    free(text);
}

#define HEAD(boundary)                                                                             \
    "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=" boundary "\n\n"

static void the_root_is_the_one_that_is_named(void **state)
{
    (void)state;
    struct archive archive;
    read_text("MIME-Version: 1.0\nDate: Sun, 22 Nov 2026 11:00:00 +0800\n"
              "CONTENT-type:\n multipart/related;\n\tstart=\"<b@x>\"; boundary=\"a b\"\n\nnotes\n"
              "--a b\nContent-Type: text/html\nContent-ID: <a@x>\n\nA\n"
              "--a b \nContent-Type: text/html; charset=gbk\nContent-Location: http://e.com/d/b\n"
              "Content-ID: <b@x>\n\nB\n"
              "--a b\nContent-Location: c.png\nContent-Type: image/png\n\nC\n--a b--\nafter\n"
              "--a b\nContent-Location: d.png\n\nD\n",
              &archive);
    assert_slice(archive.page.bytes, "B");
    assert_string_equal(archive.page.type.charset, "gbk");
    assert_string_equal(archive.url, "http://e.com/d/b");
    assert_true(archive.saved == 1795316400000);
    assert_int_equal(archive.count, 2);
    assert_slice(find(&archive, "cid:a@x")->bytes, "A");
    assert_slice(find(&archive, "http://e.com/d/c.png")->bytes, "C");
    archive_finish(&archive);
}

static void a_root_that_is_missing_is_the_first_document(void **state)
{
    (void)state;
    struct archive archive;
    read_text("MIME-Version: 1.0\nContent-Type: multipart/related; start=\"<z@x>\"; boundary=b\n\n"
              "--b\nContent-Type: image/png\nContent-Location: http://e.com/i\n\nI\n"
              "--b\nContent-Type: text/html\n\nA\n--b\nContent-Type: text/html\n\nB\n--b--",
              &archive);
    assert_slice(archive.page.bytes, "A");
    assert_int_equal(archive.page.url.len, 0);
    assert_null(archive.url);
    assert_true(archive.saved == 0);
    assert_int_equal(archive.count, 1);
    archive_finish(&archive);
}

static void a_letter_with_alternatives_is_read_by_its_html(void **state)
{
    (void)state;
    struct archive archive;
    read_text("MIME-Version: 1.0\nContent-Type: multipart/related; boundary=out\n\n"
              "--out\nContent-Type: multipart/alternative; boundary=in\n\n"
              "--in\nContent-Type: text/plain\n\nplain\n"
              "--in\nContent-Type: text/html\n\n<img src=cid:i>\n--in--\n"
              "--out\nContent-Type: image/gif\nContent-ID: <i>\n\nGIF\n--out--\n",
              &archive);
    assert_slice(archive.page.bytes, "<img src=cid:i>");
    assert_slice(find(&archive, "cid:i")->bytes, "GIF");
    archive_finish(&archive);
    read_text("MIME-Version: 1.0\nContent-Type: text/html\nContent-Transfer-Encoding: "
              "quoted-printable\nContent-Location: https://e.com/\n\n<p>=E4=B8=AD",
              &archive);
    assert_slice(archive.page.bytes, "<p>中");
    assert_string_equal(archive.url, "https://e.com/");
    archive_finish(&archive);
}

static void encodings_are_read_as_they_are_written(void **state)
{
    (void)state;
    static const struct {
        const char *encoding, *in, *out;
    } cases[] = {
        {"quoted-printable", "a=3Db=\r\nc=  \nd=e4=", "a=bcd\xE4"},
        {"Quoted-Printable", "100=% =ZZ =4", "100=% =ZZ =4"},
        {"base64", "aGVs\r\nbG8=\r\n", "hello"},
        {"BASE64", "aGVsbG8", "hello"},
        {"base64", "a*G V\ns bG8===x", "hello"},
        {"base64", "", ""},
        {"8bit", "=41 \xE4", "=41 \xE4"},
        {"unknown", "x=", "x="},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf text;
        struct archive archive;
        buf_init(&text, 4 * KIB);
        buf_printf(&text,
                   HEAD("b") "--b\nContent-Type: text/html\nContent-Transfer-Encoding: %s\n\n%s"
                             "\r\n--b--\n",
                   cases[i].encoding, cases[i].in);
        read_text(text.ptr, &archive);
        assert_slice(archive.page.bytes, cases[i].out);
        archive_finish(&archive);
        buf_finish(&text);
    }
}

static void what_holds_no_page_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "\n",
        "MIME-Version: 1.0",
        "Content-Type: multipart/related\n\n--\nContent-Type: text/html\n\nx\n----",
        HEAD("b"),
        HEAD("b") "--b--\nContent-Type: text/html\n\nx\n",
        HEAD("b") "--b\nContent-Type: image/png\n\nx\n--b--",
        HEAD("b") "--bc\nContent-Type: text/html\n\nx\n--bc--",
        HEAD("b") " --b\nContent-Type: text/html\n\nx\n",
        "%PDF-1.4",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct archive archive = {0};
        struct error err = {0};
        if (archive_read_mhtml(slice_of(texts[i]), &archive, &err))
            fail_msg("%s is read", texts[i]);
        assert_int_equal(err.code, ERR_DOCUMENT);
        assert_true(err.text[0] != '\0');
    }
}

static void an_archive_that_is_cut_short_gives_what_came(void **state)
{
    (void)state;
    struct archive archive;
    char *text = page_fixture_read("tests/fixtures/content/chromium.mhtml");
    size_t len = strlen(text);
    for (size_t cut = 0; cut < len; cut += 3) {
        struct error err = {0};
        char *front = malloc(cut > 0 ? cut : 1); /* of its own, for what looks past its end */
        assert_non_null(front);
        memcpy(front, text, cut);
        if (archive_read_mhtml(slice_make(front, cut), &archive, &err))
            archive_finish(&archive);
        else
            assert_int_equal(err.code, ERR_DOCUMENT);
        free(front);
    }
    read_text(HEAD("b") "--b\nContent-Type: text/html\n\nhalf a p", &archive);
    assert_slice(archive.page.bytes, "half a p");
    archive_finish(&archive);
    free(text);
}

static void there_are_no_more_parts_than_a_capture_has(void **state)
{
    (void)state;
    struct buf text;
    struct archive archive;
    struct error err = {0};
    buf_init(&text, 8 * MIB);
    buf_add_text(&text, HEAD("b") "--b\nContent-Type: text/html\n\nx\n");
    for (size_t i = 0; i < LIMIT_CAPTURE_ITEMS + 10; i++)
        buf_printf(&text, "--b\nContent-Location: http://e.com/%zu\n\ny\n", i);
    assert_true(archive_read_mhtml(buf_slice(&text), &archive, &err));
    assert_int_equal(archive.count, LIMIT_CAPTURE_ITEMS - 1);
    archive_finish(&archive);
    buf_finish(&text);
}

static void hostile_archives_end_in_time(void **state)
{
    (void)state;
    static const struct {
        const char *front, *text;
    } cases[] = {
        {HEAD("b"), "--b\n"},
        {HEAD("b"), "--bx\n"},
        {HEAD("b"), "--b"},
        {HEAD("b"), "--b\nContent-Type: multipart/mixed; boundary=b\n\n"},
        {HEAD("--"), "--"},
        {"", "X: y\n"},
        {"X:", "\n "},
        {"", "Content-Type: multipart/related; boundary=b;"},
        {"Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n", "= "},
        {"Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n", "=\n"},
        {HEAD("b") "--b\nContent-Type: text/html\nContent-Location: http://e.com/", "%"},
    };
    time_t begun = time(NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf text;
        struct archive archive;
        struct error err = {0};
        buf_init(&text, 16 * MIB);
        buf_add_text(&text, cases[i].front);
        while (text.len < MIB)
            buf_add_text(&text, cases[i].text);
        if (archive_read_mhtml(buf_slice(&text), &archive, &err))
            archive_finish(&archive);
        buf_finish(&text);
    }
    assert_true(time(NULL) - begun < 60);
}

static void a_file_that_names_its_origin_is_known(void **state)
{
    (void)state;
    static const struct {
        const char *html, *url;
        int64_t saved;
    } cases[] = {
        {"<!DOCTYPE html> <html lang=en><!--\n Page saved with SingleFile \n url: "
         "https://example.com/a?b=c#d \n saved date: Sun Nov 22 2026 11:00:00 GMT+0800 (China "
         "Standard Time)\n--><meta charset=utf-8>",
         "https://example.com/a?b=c#d", 1795316400000},
        {"<!DOCTYPE html><!--\n Page saved with Linksnap\n url: https://example.com/a-%2Db\n saved "
         "date: 2026-11-22T03:00:00Z\n--><html>",
         "https://example.com/a-%2Db", 1795316400000},
        {"<!--\r\n Page saved with SingleFile \r\n url: http://e.com\r\n-->", "http://e.com/", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *url;
        int64_t saved = -1;
        assert_true(archive_origin(slice_of(cases[i].html), &url, &saved));
        assert_string_equal(url, cases[i].url);
        assert_true(saved == cases[i].saved);
        free(url);
    }
}

static void any_other_file_names_none(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "<!--",
        "<!-- x --><!--\n Page saved with SingleFile \n url: https://e.com\n-->",
        "<!--\n Page saved with SingleFile \n url: https://e.com",
        "<!--\n Page saved with SingleFile \n url: javascript:x\n-->",
        "<!--\n Page saved with SingleFile \n url: file:///etc/passwd\n-->",
        "<!--\n Page saved with SingleFile \n-->\n url: https://e.com\n",
        "<p>Page saved with SingleFile \n url: https://e.com</p>",
        "<!--\n I know: Page saved with SingleFile \n url: https://e.com\n-->",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *url = NULL;
        int64_t saved = -1;
        if (archive_origin(slice_of(texts[i]), &url, &saved))
            fail_msg("%s has an origin", texts[i]);
        assert_null(url);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_chromium_saves_is_read_whole),
        cmocka_unit_test(the_root_is_the_one_that_is_named),
        cmocka_unit_test(a_root_that_is_missing_is_the_first_document),
        cmocka_unit_test(a_letter_with_alternatives_is_read_by_its_html),
        cmocka_unit_test(encodings_are_read_as_they_are_written),
        cmocka_unit_test(what_holds_no_page_is_refused),
        cmocka_unit_test(an_archive_that_is_cut_short_gives_what_came),
        cmocka_unit_test(there_are_no_more_parts_than_a_capture_has),
        cmocka_unit_test(hostile_archives_end_in_time),
        cmocka_unit_test(a_file_that_names_its_origin_is_known),
        cmocka_unit_test(any_other_file_names_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
