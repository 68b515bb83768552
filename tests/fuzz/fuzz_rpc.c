/* wire/rpc and wire/fields: one message, its params by a table with every type in it, its answer.
 */
#include "base/limits.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "wire/fields.h"

#include <math.h>

struct params {
    struct slice text;
    struct slice must;
    int64_t number;
    bool yes;
    const cJSON *flag;
    struct field_texts texts;
    struct field_ints ints;
    const cJSON *id;
};

static const struct field table[] = {
    FIELD(FIELD_TEXT, params, text, .max = 16),
    FIELD(FIELD_TEXT, params, must, .max = 1000, .required = true),
    FIELD(FIELD_INT, params, number, .min = -5, .max = INT64_C(1) << 53),
    FIELD(FIELD_BOOL, params, yes, .required = false),
    FIELD(FIELD_FLAG, params, flag, .required = false),
    FIELD(FIELD_TEXTS, params, texts, .max = 8, .max_items = 4),
    FIELD(FIELD_INTS, params, ints, .min = 1, .max = 1000, .max_items = 4),
    FIELD(FIELD_ID, params, id, .required = false),
};
enum { FIELDS = sizeof table / sizeof *table };

static void read_fields(const cJSON *from)
{
    struct params params = {0};
    struct error err = {0};
    bool ok = fields_read(from, table, FIELDS, &params, &err);
    fuzz_check_error(ok, &err);
    FUZZ_CHECK(ok || err.code == ERR_PARAMS || err.code == ERR_LIMIT);
    if (ok) {
        FUZZ_CHECK(params.must.ptr != NULL && params.must.len <= 1000);
        FUZZ_CHECK(params.text.len <= 16 && utf8_valid(params.text));
        FUZZ_CHECK(params.number >= -5 && params.number <= INT64_C(1) << 53);
        FUZZ_CHECK(params.texts.count <= 4 && params.ints.count <= 4);
        for (size_t i = 0; i < params.texts.count; i++)
            FUZZ_CHECK(strlen(params.texts.items[i]) <= 8);
        for (size_t i = 0; i < params.ints.count; i++)
            FUZZ_CHECK(params.ints.items[i] >= 1 && params.ints.items[i] <= 1000);
    }
    fields_finish(table, FIELDS, &params);
}

/* cJSON writes other numbers with an error of one in 2^52. */
static bool is_exact(const cJSON *id)
{
    const double most = (double)(INT64_C(1) << 52);
    return cJSON_IsString(id) ||
           (cJSON_IsNumber(id) && id->valuedouble < most && id->valuedouble > -most &&
            floor(id->valuedouble) == id->valuedouble);
}

/* What is written can be read, and means the same. */
static void answer(const struct rpc_message *message)
{
    struct buf out;
    struct error err = {0};
    cJSON *read = NULL;
    buf_init(&out, 4 * MIB);
    bool ok = rpc_write_result(&out, message->id, message->params, &err);
    fuzz_check_error(ok, &err);
    ok = ok && rpc_parse(buf_slice(&out), &read, &err);
    FUZZ_CHECK(ok || err.code == ERR_LIMIT); /* one more node, or one level deeper */
    if (ok) {
        const cJSON *result = cJSON_GetObjectItemCaseSensitive(read, "result");
        FUZZ_CHECK(!is_exact(message->id) ||
                   rpc_same_id(message->id, cJSON_GetObjectItemCaseSensitive(read, "id")));
        FUZZ_CHECK(message->params == NULL || result != NULL);
    }
    cJSON_Delete(read);
    buf_reset(&out);
    const struct error fault = {.code = ERR_PARAMS, .text = "x", .field = "y"};
    FUZZ_CHECK(rpc_write_error(&out, message->id, &fault, &err));
    buf_finish(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rpc_message message;
    struct error err = {0};
    struct slice text = slice_make(data, size);
    bool ok = rpc_decode(text, &message, &err);
    fuzz_check_error(ok, &err);
    FUZZ_CHECK(!ok || utf8_valid(text));
    if (ok) {
        FUZZ_CHECK(message.json != NULL);
        read_fields(message.params);
    }
    answer(&message);
    rpc_finish(&message);
    return 0;
}
