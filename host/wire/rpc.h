/* JSON-RPC 2.0 messages over cJSON, with the guards that cJSON leaves to its caller. */
#ifndef WIRE_RPC_H
#define WIRE_RPC_H

#include "base/buf.h"

#include <cjson/cJSON.h>

/* The number of host/PROTOCOL.md; extension and host must agree on it. */
enum { RPC_PROTOCOL = 4 };

/* Parses JSON that came from outside. ERR_PARSE: not UTF-8, a NUL (raw or as \u0000), more than one
 * value, or not JSON (RFC 8259). ERR_LIMIT: past LIMIT_JSON_NODES or LIMIT_JSON_DEPTH. The caller
 * frees with cJSON_Delete. */
bool rpc_parse(struct slice text, cJSON **json_out, struct error *err) MUST_CHECK;

struct rpc_message {
    cJSON *json;         /* owns all that follows */
    const char *method;  /* NULL when it is no request: an answer to something */
    const cJSON *id;     /* number or string; NULL for a notification */
    const cJSON *params; /* an object, or NULL when absent */
};

/* ERR_PARSE, ERR_LIMIT as rpc_parse; ERR_REQUEST for JSON that is no JSON-RPC 2.0 message (id may
 * be known then: *message_out is always set and must be finished). */
bool rpc_decode(struct slice text, struct rpc_message *message_out, struct error *err) MUST_CHECK;
void rpc_finish(struct rpc_message *message);

/* Appends one message as JSON text. `id` NULL is written as null; `result` and `params` stay the
 * caller's. ERR_NO_MEMORY, or ERR_LIMIT by out's ceiling. */
bool rpc_write_result(struct buf *out, const cJSON *id, const cJSON *result,
                      struct error *err) MUST_CHECK;
bool rpc_write_error(struct buf *out, const cJSON *id, const struct error *fault,
                     struct error *err) MUST_CHECK;
bool rpc_write_notification(struct buf *out, const char *method, const cJSON *params,
                            struct error *err) MUST_CHECK;

/* The same number, or the same string. */
bool rpc_same_id(const cJSON *a, const cJSON *b);

#endif
