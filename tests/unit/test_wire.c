/* wire: frame, rpc, fields. */
#include "base/limits.h"
#include "wire/fields.h"
#include "wire/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* A pipe that a child fills with `bytes` and closes. */
static int feed(const void *bytes, size_t len, pid_t *child_out)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    *child_out = fork();
    assert_true(*child_out >= 0);
    if (*child_out == 0) {
        close(ends[0]);
        for (size_t at = 0; at < len;) {
            ssize_t n = write(ends[1], (const char *)bytes + at, len - at);
            if (n <= 0)
                _exit(0); /* the reader had enough */
            at += (size_t)n;
        }
        _exit(0);
    }
    close(ends[1]);
    return ends[0];
}

static void done_feeding(int fd, pid_t child)
{
    close(fd);
    waitpid(child, NULL, 0);
}

static enum error_code read_one(const void *bytes, size_t len, size_t max, struct buf *out,
                                enum frame_end *end)
{
    pid_t child;
    struct error err = {0};
    int fd = feed(bytes, len, &child);
    bool ok = frame_read(fd, max, out, end, &err);
    done_feeding(fd, child);
    return ok ? ERR_NONE : err.code;
}

static void frames_are_read_whole(void **state)
{
    (void)state;
    struct buf out;
    enum frame_end end = FRAME_CLOSED;
    buf_init(&out, LIMIT_FRAME_IN);
    assert_int_equal(read_one("\2\0\0\0{}", 6, 100, &out, &end), ERR_NONE);
    assert_int_equal(end, FRAME_READ);
    assert_string_equal(out.ptr, "{}");
    size_t big = 3 * MIB + 17;
    char *bytes = malloc(big + 4);
    assert_non_null(bytes);
    uint32_t len = (uint32_t)big;
    memcpy(bytes, &len, 4);
    memset(bytes + 4, 'x', big);
    assert_int_equal(read_one(bytes, big + 4, big, &out, &end), ERR_NONE);
    assert_int_equal(out.len, big);
    assert_int_equal(read_one(bytes, big + 4, big - 1, &out, &end), ERR_FRAME);
    assert_int_equal(read_one(bytes, big + 3, big, &out, &end), ERR_FRAME);
    free(bytes);
    buf_finish(&out);
}

static void frames_that_cannot_be_read_are_errors(void **state)
{
    (void)state;
    struct buf out;
    enum frame_end end = FRAME_READ;
    buf_init(&out, LIMIT_FRAME_IN);
    assert_int_equal(read_one("", 0, 100, &out, &end), ERR_NONE);
    assert_int_equal(end, FRAME_CLOSED);
    assert_int_equal(read_one("\2\0", 2, 100, &out, &end), ERR_FRAME);
    assert_int_equal(read_one("\0\0\0\0", 4, 100, &out, &end), ERR_FRAME);
    assert_int_equal(read_one("\377\377\377\377{}", 6, LIMIT_FRAME_IN, &out, &end), ERR_FRAME);
    assert_int_equal(read_one("\5\0\0\0{}", 6, 100, &out, &end), ERR_FRAME);
    buf_finish(&out);
}

static void frames_are_written_up_to_their_ceiling(void **state)
{
    (void)state;
    int ends[2];
    struct error err = {0};
    assert_int_equal(pipe(ends), 0);
    assert_true(frame_write(ends[1], 5, slice_of("12345"), &err));
    assert_false(frame_write(ends[1], 5, slice_of("123456"), &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_false(frame_write(ends[1], 5, slice_of(""), &err));
    char got[16];
    assert_int_equal(read(ends[0], got, sizeof got), 9);
    assert_memory_equal(got,
                        "\5\0\0\0"
                        "12345",
                        9);
    close(ends[0]);
    close(ends[1]);
    assert_false(frame_write(ends[1], 5, slice_of("1"), &err));
    assert_int_equal(err.code, ERR_IO);
}

static enum error_code parse(struct slice text)
{
    cJSON *json = NULL;
    struct error err = {0};
    bool ok = rpc_parse(text, &json, &err);
    cJSON_Delete(json);
    assert_true(ok || json == NULL);
    return ok ? ERR_NONE : err.code;
}

static void json_from_outside_is_guarded(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum error_code code;
    } cases[] = {
        {"{}", ERR_NONE},
        {" [1, 2] \n", ERR_NONE},
        {"\"\\\\u0000\"", ERR_NONE}, /* a backslash, then letters */
        {"\"\\u0000\"", ERR_PARSE},
        {"\"a\\\\\\u0000\"", ERR_PARSE},
        {"{} {}", ERR_PARSE},
        {"{}x", ERR_PARSE},
        {"", ERR_PARSE},
        {"{", ERR_PARSE},
        {"\"\\ud800\"", ERR_PARSE},
        {"\"\xC0\x80\"", ERR_PARSE},
        {"\"\xED\xA0\x80\"", ERR_PARSE},
        {"\xEF\xBB\xBF{}", ERR_PARSE},
        {"\"a\nb\"", ERR_PARSE},
        {"nul", ERR_PARSE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(parse(slice_of(cases[i].text)), cases[i].code);
    assert_int_equal(parse(slice_make("{\0}", 3)), ERR_PARSE);
}

/* `count` times `part`, between `open` and `close`. */
static enum error_code parse_repeated(const char *open, const char *part, size_t count,
                                      const char *close)
{
    struct buf text;
    buf_init(&text, 16 * MIB);
    buf_add_text(&text, open);
    for (size_t i = 0; i < count; i++)
        buf_add_text(&text, part);
    buf_add_text(&text, close);
    enum error_code code = parse(buf_slice(&text));
    buf_finish(&text);
    return code;
}

static void json_is_bounded_in_depth_and_number(void **state)
{
    (void)state;
    struct buf nested;
    buf_init(&nested, MIB);
    for (size_t depth = LIMIT_JSON_DEPTH; depth <= LIMIT_JSON_DEPTH + 1; depth++) {
        buf_reset(&nested);
        for (size_t i = 0; i < depth; i++)
            buf_add_char(&nested, '[');
        for (size_t i = 0; i < depth; i++)
            buf_add_char(&nested, ']');
        assert_int_equal(parse(buf_slice(&nested)),
                         depth == LIMIT_JSON_DEPTH ? ERR_NONE : ERR_LIMIT);
    }
    buf_finish(&nested);
    /* The array and its values are one node more than the commas and brackets. */
    assert_int_equal(parse_repeated("[0", ",0", LIMIT_JSON_NODES - 2, "]"), ERR_NONE);
    assert_int_equal(parse_repeated("[0", ",0", LIMIT_JSON_NODES - 1, "]"), ERR_LIMIT);
    assert_int_equal(parse_repeated("\"", ",[{", LIMIT_JSON_NODES, "\""), ERR_NONE);
    assert_int_equal(parse_repeated("", "[", 1000000, ""), ERR_LIMIT);
}

static void messages_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum error_code code;
        bool id;
        bool method;
    } cases[] = {
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\"}", ERR_NONE, true, true},
        {"{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"a\",\"params\":{}}", ERR_NONE, true, true},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"a\"}", ERR_NONE, false, true},
        {"{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"a\"}", ERR_NONE, false, true},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", ERR_NONE, true, false},
        {"{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"a\"}", ERR_REQUEST, true, false},
        {"{\"id\":1,\"method\":\"a\"}", ERR_REQUEST, true, false},
        {"{\"jsonrpc\":\"2.0\",\"id\":1}", ERR_REQUEST, true, false},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}", ERR_REQUEST, true, false},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":[]}", ERR_REQUEST, true, false},
        {"{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"a\"}", ERR_REQUEST, false, false},
        {"{\"JSONRPC\":\"2.0\",\"id\":1,\"method\":\"a\"}", ERR_REQUEST, true, false},
        {"[]", ERR_REQUEST, false, false},
        {"{", ERR_PARSE, false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rpc_message m;
        struct error err = {0};
        bool ok = rpc_decode(slice_of(cases[i].text), &m, &err);
        assert_int_equal(ok ? ERR_NONE : err.code, cases[i].code);
        assert_int_equal(m.id != NULL, cases[i].id);
        assert_int_equal(m.method != NULL, cases[i].method);
        rpc_finish(&m);
    }
}

static void answers_are_json_rpc(void **state)
{
    (void)state;
    struct error err = {0};
    struct error fault = {0};
    struct buf out;
    cJSON *id = cJSON_CreateNumber(7);
    buf_init(&out, 1000);
    assert_true(rpc_write_result(&out, id, NULL, &err));
    assert_string_equal(out.ptr, "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}");
    buf_reset(&out);
    error_set_field(&fault, ERR_PARAMS, "page", "No \"page\"");
    assert_true(rpc_write_error(&out, NULL, &fault, &err));
    assert_string_equal(out.ptr, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32602,"
                                 "\"message\":\"No \\\"page\\\"\",\"data\":{\"name\":\"params\","
                                 "\"field\":\"page\"}}}");
    buf_reset(&out);
    assert_true(rpc_write_notification(&out, "progress", id, &err));
    assert_string_equal(out.ptr, "{\"jsonrpc\":\"2.0\",\"method\":\"progress\",\"params\":7}");
    struct buf small;
    buf_init(&small, 10);
    assert_false(rpc_write_result(&small, id, NULL, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    buf_finish(&small);
    buf_finish(&out);
    cJSON_Delete(id);
}

struct params {
    struct slice name;
    int64_t count;
    bool loud;
    struct field_texts tags;
    struct field_ints ids;
    const cJSON *list;
};
static const struct field table[] = {
    FIELD(FIELD_TEXT, params, name, .required = true, .max = 4),
    FIELD(FIELD_INT, params, count, .min = 1, .max = 9),
    FIELD(FIELD_BOOL, params, loud, .required = false),
    FIELD(FIELD_TEXTS, params, tags, .max = 3, .max_items = 2),
    FIELD(FIELD_INTS, params, ids, .min = 1, .max = 9, .max_items = 3),
    FIELD(FIELD_LIST, params, list, .max_items = 2),
};
enum { FIELDS = sizeof table / sizeof *table };

static enum error_code read_params(const char *text, struct params *p, struct error *err)
{
    cJSON *json = cJSON_Parse(text);
    *p = (struct params){.count = 5};
    *err = (struct error){0};
    bool ok = fields_read(json, table, FIELDS, p, err);
    if (ok && p->name.len > 0)
        assert_int_equal(p->name.ptr[p->name.len], '\0');
    fields_finish(table, FIELDS, p);
    cJSON_Delete(json);
    return ok ? ERR_NONE : err->code;
}

static void params_are_checked_by_their_table(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum error_code code;
        const char *field;
    } cases[] = {
        {"{\"name\":\"abcd\",\"count\":9,\"loud\":true,\"tags\":[\"abc\",\"\"]}", ERR_NONE, ""},
        {"{\"name\":\"\"}", ERR_NONE, ""},
        {"{}", ERR_PARAMS, "name"},
        {"{\"name\":1}", ERR_PARAMS, "name"},
        {"{\"name\":\"abcde\"}", ERR_LIMIT, "name"},
        {"{\"name\":\"a\",\"name\":\"b\"}", ERR_PARAMS, "name"},
        {"{\"name\":\"a\",\"Count\":1}", ERR_PARAMS, "Count"},
        {"{\"name\":\"a\",\"count\":0}", ERR_PARAMS, "count"},
        {"{\"name\":\"a\",\"count\":10}", ERR_PARAMS, "count"},
        {"{\"name\":\"a\",\"count\":1.5}", ERR_PARAMS, "count"},
        {"{\"name\":\"a\",\"count\":1e999}", ERR_PARAMS, "count"},
        {"{\"name\":\"a\",\"count\":\"1\"}", ERR_PARAMS, "count"},
        {"{\"name\":\"a\",\"loud\":1}", ERR_PARAMS, "loud"},
        {"{\"name\":\"a\",\"tags\":\"x\"}", ERR_PARAMS, "tags"},
        {"{\"name\":\"a\",\"tags\":[1]}", ERR_PARAMS, "tags"},
        {"{\"name\":\"a\",\"tags\":[\"a\",\"b\",\"c\"]}", ERR_LIMIT, "tags"},
        {"{\"name\":\"a\",\"tags\":[\"abcd\"]}", ERR_LIMIT, "tags"},
        {"{\"name\":\"a\",\"ids\":[1,9,1]}", ERR_NONE, ""},
        {"{\"name\":\"a\",\"ids\":[]}", ERR_NONE, ""},
        {"{\"name\":\"a\",\"ids\":1}", ERR_PARAMS, "ids"},
        {"{\"name\":\"a\",\"ids\":[1,0]}", ERR_PARAMS, "ids"},
        {"{\"name\":\"a\",\"ids\":[10]}", ERR_PARAMS, "ids"},
        {"{\"name\":\"a\",\"ids\":[\"1\"]}", ERR_PARAMS, "ids"},
        {"{\"name\":\"a\",\"ids\":[1,2,3,4]}", ERR_LIMIT, "ids"},
        {"{\"name\":\"a\",\"list\":[{},{\"x\":1}]}", ERR_NONE, ""},
        {"{\"name\":\"a\",\"list\":[]}", ERR_NONE, ""},
        {"{\"name\":\"a\",\"list\":{}}", ERR_PARAMS, "list"},
        {"{\"name\":\"a\",\"list\":[{},\"x\"]}", ERR_PARAMS, "list"},
        {"{\"name\":\"a\",\"list\":[{},{},{}]}", ERR_LIMIT, "list"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct params p;
        struct error err;
        assert_int_equal(read_params(cases[i].text, &p, &err), cases[i].code);
        assert_string_equal(err.field, cases[i].field);
    }
}

static void lists_are_given_whole(void **state)
{
    (void)state;
    cJSON *json = cJSON_Parse("{\"name\":\"a\",\"tags\":[\"b\",\"c\"],\"ids\":[3,9]}");
    struct params p = {0};
    struct error err;
    assert_true(fields_read(json, table, FIELDS, &p, &err));
    assert_true(p.tags.given && p.ids.given);
    assert_int_equal(p.tags.count, 2);
    assert_string_equal(p.tags.items[1], "c");
    assert_int_equal(p.ids.count, 2);
    assert_int_equal(p.ids.items[0], 3);
    assert_int_equal(p.ids.items[1], 9);
    fields_finish(table, FIELDS, &p);
    assert_null(p.ids.items);
    cJSON_Delete(json);
}

static void a_long_unknown_name_is_cut_between_characters(void **state)
{
    (void)state;
    struct params p;
    struct error err;
    const char *text = "{\"\u540d\u540d\u540d\u540d\u540d\u540d\u540d\u540d\u540d\u540d\u540d\":1}";
    assert_int_equal(read_params(text, &p, &err), ERR_PARAMS);
    assert_int_equal(strlen(err.field), 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_are_read_whole),
        cmocka_unit_test(frames_that_cannot_be_read_are_errors),
        cmocka_unit_test(frames_are_written_up_to_their_ceiling),
        cmocka_unit_test(json_from_outside_is_guarded),
        cmocka_unit_test(json_is_bounded_in_depth_and_number),
        cmocka_unit_test(messages_are_told_apart),
        cmocka_unit_test(answers_are_json_rpc),
        cmocka_unit_test(params_are_checked_by_their_table),
        cmocka_unit_test(lists_are_given_whole),
        cmocka_unit_test(a_long_unknown_name_is_cut_between_characters),
    };
    return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
