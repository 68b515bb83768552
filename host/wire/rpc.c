#include "wire/rpc.h"

#include "base/limits.h"
#include "base/utf8.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

/* What cJSON would accept and then mishandle: \u0000 ends a string silently, deep nesting and many
 * small values cost far more memory than text. One pass, without understanding the grammar. */
static bool guard(struct slice text, struct error *err)
{
    size_t nodes = 1;
    size_t depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\0')
            return error_set(err, ERR_PARSE, "A NUL in the message");
        if (in_string) {
            if (c == '"') {
                in_string = false;
            } else if (c == '\\') {
                if (slice_starts(slice_sub(text, i, 6), "\\u0000"))
                    return error_set(err, ERR_PARSE, "A NUL in a string");
                i++;
            } else if ((unsigned char)c < 0x20) {
                return error_set(err, ERR_PARSE, "A control character in a string");
            }
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > LIMIT_JSON_DEPTH)
                return error_set(err, ERR_LIMIT, "JSON deeper than %zu", LIMIT_JSON_DEPTH);
            nodes++;
        } else if ((c == '}' || c == ']') && depth > 0) {
            depth--;
        } else if (c == ',') {
            nodes++;
        }
    }
    if (nodes > LIMIT_JSON_NODES)
        return error_set(err, ERR_LIMIT, "More than %zu JSON values", LIMIT_JSON_NODES);
    return true;
}

bool rpc_parse(struct slice text, cJSON **json_out, struct error *err)
{
    if (!utf8_valid(text))
        return error_set(err, ERR_PARSE, "The message is not UTF-8");
    if (!guard(text, err))
        return false;
    const char *end = NULL;
    cJSON *json = cJSON_ParseWithLengthOpts(text.ptr, text.len, &end, 0);
    if (json == NULL)
        return error_set(err, ERR_PARSE, "The message is not JSON");
    struct slice rest = slice_sub(text, (size_t)(end - text.ptr), text.len);
    if (slice_trim(rest).len > 0 || text.ptr[0] == '\xEF') {
        cJSON_Delete(json);
        return error_set(err, ERR_PARSE, "The message is more than one JSON value");
    }
    *json_out = json;
    return true;
}

static bool valid_id(const cJSON *id)
{
    /* 1e999 is none that could be answered. */
    return cJSON_IsString(id) || (cJSON_IsNumber(id) && isfinite(id->valuedouble));
}

bool rpc_decode(struct slice text, struct rpc_message *message_out, struct error *err)
{
    *message_out = (struct rpc_message){0};
    if (!rpc_parse(text, &message_out->json, err))
        return false;
    const cJSON *json = message_out->json;
    if (!cJSON_IsObject(json))
        return error_set(err, ERR_REQUEST, "A message is one JSON object");
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(json, "id");
    const cJSON *method = cJSON_GetObjectItemCaseSensitive(json, "method");
    const cJSON *params = cJSON_GetObjectItemCaseSensitive(json, "params");
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(json, "jsonrpc");
    if (id != NULL && !valid_id(id) && !cJSON_IsNull(id))
        return error_set(err, ERR_REQUEST, "\"id\" is neither a number nor a string");
    message_out->id = valid_id(id) ? id : NULL;
    if (!cJSON_IsString(version) || strcmp(version->valuestring, "2.0") != 0)
        return error_set(err, ERR_REQUEST, "\"jsonrpc\" is not \"2.0\"");
    bool answer = cJSON_GetObjectItemCaseSensitive(json, "result") != NULL ||
                  cJSON_GetObjectItemCaseSensitive(json, "error") != NULL;
    if (method == NULL && answer)
        return true;
    if (!cJSON_IsString(method))
        return error_set(err, ERR_REQUEST, "\"method\" is not a string");
    if (params != NULL && !cJSON_IsObject(params))
        return error_set(err, ERR_REQUEST, "\"params\" is not an object");
    message_out->method = method->valuestring;
    message_out->params = params;
    return true;
}

void rpc_finish(struct rpc_message *message)
{
    cJSON_Delete(message->json);
    *message = (struct rpc_message){0};
}

/* Prints `json` and frees it; NULL stands for a tree that could not be built. */
static bool print(struct buf *out, cJSON *json, struct error *err)
{
    char *text = json ? cJSON_PrintUnformatted(json) : NULL;
    cJSON_Delete(json);
    if (text == NULL)
        return error_no_memory(err);
    buf_add_text(out, text);
    cJSON_free(text);
    return buf_ok(out, "The message", err);
}

/* A message with its version; NULL when out of memory. */
static cJSON *envelope(void)
{
    cJSON *json = cJSON_CreateObject();
    if (json != NULL && cJSON_AddStringToObject(json, "jsonrpc", "2.0") == NULL) {
        cJSON_Delete(json);
        return NULL;
    }
    return json;
}

/* Adds a copy of `id`, which cannot be huge, so that the caller keeps its own. */
static bool add_id(cJSON *json, const cJSON *id)
{
    cJSON *copy = id ? cJSON_Duplicate(id, 0) : cJSON_CreateNull();
    if (copy == NULL)
        return false;
    if (cJSON_AddItemToObject(json, "id", copy))
        return true;
    cJSON_Delete(copy);
    return false;
}

/* `value` stays the caller's: cJSON's references are only read. */
static bool add_borrowed(cJSON *json, const char *name, const cJSON *value)
{
    if (value == NULL)
        return cJSON_AddObjectToObject(json, name) != NULL;
    return cJSON_AddItemReferenceToObject(json, name, (cJSON *)(uintptr_t)value);
}

bool rpc_write_result(struct buf *out, const cJSON *id, const cJSON *result, struct error *err)
{
    cJSON *json = envelope();
    if (json != NULL && !(add_id(json, id) && add_borrowed(json, "result", result))) {
        cJSON_Delete(json);
        json = NULL;
    }
    return print(out, json, err);
}

static bool fill_error(cJSON *json, const cJSON *id, const struct error *fault)
{
    if (!add_id(json, id))
        return false;
    cJSON *error = cJSON_AddObjectToObject(json, "error");
    if (error == NULL || !cJSON_AddNumberToObject(error, "code", fault->code) ||
        !cJSON_AddStringToObject(error, "message", fault->text))
        return false;
    cJSON *data = cJSON_AddObjectToObject(error, "data");
    if (data == NULL || !cJSON_AddStringToObject(data, "name", error_name(fault->code)))
        return false;
    const char *field = fault->code == ERR_BROWSER ? "wall" : "field";
    if (fault->field[0] != '\0' && !cJSON_AddStringToObject(data, field, fault->field))
        return false;
    if (fault->status != 0 && !cJSON_AddNumberToObject(data, "status", (double)fault->status))
        return false;
    return fault->code != ERR_PROTOCOL ||
           cJSON_AddNumberToObject(data, "protocol", RPC_PROTOCOL) != NULL;
}

bool rpc_write_error(struct buf *out, const cJSON *id, const struct error *fault, struct error *err)
{
    cJSON *json = envelope();
    if (json != NULL && !fill_error(json, id, fault)) {
        cJSON_Delete(json);
        json = NULL;
    }
    return print(out, json, err);
}

bool rpc_write_notification(struct buf *out, const char *method, const cJSON *params,
                            struct error *err)
{
    cJSON *json = envelope();
    if (json != NULL && !(cJSON_AddStringToObject(json, "method", method) &&
                          add_borrowed(json, "params", params))) {
        cJSON_Delete(json);
        json = NULL;
    }
    return print(out, json, err);
}

bool rpc_same_id(const cJSON *a, const cJSON *b)
{
    if (cJSON_IsString(a) && cJSON_IsString(b))
        return strcmp(a->valuestring, b->valuestring) == 0;
    return cJSON_IsNumber(a) && cJSON_IsNumber(b) && a->valuedouble == b->valuedouble;
}
