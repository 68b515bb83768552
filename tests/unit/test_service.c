/* app/service and app/intake: the table of methods, captures in parts. */
#include "app/service.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void the_protocol_page_names_the_same_methods(void **state)
{
    (void)state;
    static char page[256 * 1024];
    FILE *file = fopen("host/PROTOCOL.md", "rb");
    assert_non_null(file);
    size_t len = fread(page, 1, sizeof page - 1, file);
    fclose(file);
    page[len] = '\0';
    char *begin = strstr(page, "## Methods");
    assert_non_null(begin);
    char *end = strstr(begin, "\n## Notifications");
    assert_non_null(end);
    *end = '\0';
    size_t documented = 0;
    size_t known = 0;
    for (char *at = begin; (at = strstr(at, "\n### ")) != NULL; at += 5)
        for (char *c = at + 5; *c != '\n'; c++)
            documented += c[0] == ',' || c[1] == '\n';
    for (const struct service_method *m = service_methods; m->name != NULL; m++) {
        char heading[64];
        known++;
        snprintf(heading, sizeof heading, " %s", m->name);
        bool found = false;
        for (char *at = begin; !found && (at = strstr(at, heading)) != NULL; at++) {
            char after = at[strlen(heading)];
            char *line = at;
            while (*line != '\n')
                line--;
            found = strncmp(line, "\n### ", 5) == 0 && (after == '\n' || after == ',');
        }
        if (!found)
            fail_msg("host/PROTOCOL.md does not document %s", m->name);
    }
    assert_int_equal(documented, known);
}

static struct intake_part part(size_t item, size_t seq, const char *data, bool last)
{
    struct intake_part p = {.item = item, .seq = seq, .data = slice_of(data), .last = last};
    if (seq == 0) {
        p.kind = slice_of("document");
        p.url = slice_of("http://a/");
    }
    return p;
}

static void parts_come_in_their_order(void **state)
{
    (void)state;
    struct intake intake = {0};
    struct intake_capture *c = NULL;
    struct error err = {0};
    assert_true(intake_begin(&intake, &c, &err));
    struct intake_part p = part(0, 1, "x", false);
    assert_false(intake_add(c, &p, &err));
    assert_int_equal(err.code, ERR_ORDER);
    p = part(0, 0, "ab", false);
    assert_true(intake_add(c, &p, &err));
    assert_false(intake_add(c, &p, &err)); /* the same again */
    assert_int_equal(err.code, ERR_ORDER);
    struct intake_part other = part(3, 0, "frame", true);
    assert_true(intake_add(c, &other, &err));
    p = part(0, 1, "cd", true);
    p.url = slice_of("http://b/");
    assert_false(intake_add(c, &p, &err)); /* only the first part says what it is */
    assert_int_equal(err.code, ERR_PARAMS);
    struct capture_item *items = NULL;
    assert_false(intake_items(c, &items, &err)); /* item 0 has no last part */
    assert_int_equal(err.code, ERR_ORDER);
    p = part(0, 1, "cd", true);
    assert_true(intake_add(c, &p, &err));
    p = part(0, 2, "ef", true);
    assert_false(intake_add(c, &p, &err)); /* after the last */
    assert_int_equal(c->received, 9);
    assert_true(intake_items(c, &items, &err));
    assert_true(slice_equal(buf_slice(items[0].bytes), slice_of("abcd")));
    assert_int_equal(items[1].number, 3);
    free(items);
    intake_finish(&intake);
}

static void a_part_that_is_refused_leaves_nothing_behind(void **state)
{
    (void)state;
    struct intake intake = {0};
    struct intake_capture *c = NULL;
    struct error err = {0};
    assert_true(intake_begin(&intake, &c, &err));
    struct intake_part p = part(1, 0, "no base64!", true);
    p.kind = slice_of("resource");
    assert_false(intake_add(c, &p, &err)); /* no media type */
    p.media_type = slice_of("image/png");
    assert_false(intake_add(c, &p, &err));
    assert_int_equal(err.code, ERR_PARAMS);
    assert_int_equal(c->item_count, 0);
    p.data = slice_of("AAAA");
    assert_true(intake_add(c, &p, &err));
    assert_int_equal(c->received, 3);
    p.item = 0;
    assert_false(intake_add(c, &p, &err)); /* item 0 is the document */
    intake_finish(&intake);
}

static void items_and_bytes_of_a_capture_are_bounded(void **state)
{
    (void)state;
    struct intake intake = {0};
    struct intake_capture *c = NULL;
    struct error err = {0};
    assert_true(intake_begin(&intake, &c, &err));
    for (size_t i = 0; i < LIMIT_CAPTURE_ITEMS; i++) {
        struct intake_part p = part(i, 0, "x", true);
        assert_true(intake_add(c, &p, &err));
    }
    struct intake_part p = part(LIMIT_CAPTURE_ITEMS, 0, "x", true);
    assert_false(intake_add(c, &p, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    c->received = LIMIT_CAPTURE - 1;
    c->items[5].complete = false;
    p = part(5, 1, "xy", true);
    p.seq = 1;
    assert_false(intake_add(c, &p, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    p.data = slice_of("x");
    assert_true(intake_add(c, &p, &err));
    intake_finish(&intake);
}

static void captures_are_told_apart(void **state)
{
    (void)state;
    struct intake intake = {0};
    struct intake_capture *c = NULL;
    struct intake_capture *found = NULL;
    struct error err = {0};
    for (size_t i = 0; i < LIMIT_CAPTURES_OPEN; i++)
        assert_true(intake_begin(&intake, &c, &err));
    assert_false(intake_begin(&intake, &c, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_true(intake_find(&intake, slice_of("2"), &found, &err));
    assert_int_equal(found->id, 2);
    intake_capture_finish(found);
    assert_false(intake_find(&intake, slice_of("2"), &found, &err));
    assert_int_equal(err.code, ERR_ORDER);
    assert_false(intake_find(&intake, slice_of("0"), &found, &err));
    assert_false(intake_find(&intake, slice_of(""), &found, &err));
    assert_true(intake_begin(&intake, &c, &err));
    assert_int_equal(c->id, LIMIT_CAPTURES_OPEN + 1);
    intake_finish(&intake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_protocol_page_names_the_same_methods),
        cmocka_unit_test(parts_come_in_their_order),
        cmocka_unit_test(a_part_that_is_refused_leaves_nothing_behind),
        cmocka_unit_test(items_and_bytes_of_a_capture_are_bounded),
        cmocka_unit_test(captures_are_told_apart),
    };
    return cmocka_run_group_tests_name("service", tests, NULL, NULL);
}
