/* hello: who is there, and how the store does. */
#include "app/service.h"
#include "wire/fields.h"

struct hello_params {
    int64_t protocol;
    struct slice client;
    struct slice version;
};
static const struct field hello_fields[] = {
    FIELD(FIELD_INT, hello_params, protocol, .required = true, .max = INT32_MAX),
    FIELD(FIELD_TEXT, hello_params, client, .required = true, .max = 100),
    FIELD(FIELD_TEXT, hello_params, version, .required = true, .max = 100),
};

bool handle_hello(struct service *s, const cJSON *params, struct reply *reply, struct error *err)
{
    struct hello_params p = {0};
    if (!fields_read(params, hello_fields, sizeof hello_fields / sizeof *hello_fields, &p, err))
        return false;
    if (p.protocol != RPC_PROTOCOL)
        return error_set(err, ERR_PROTOCOL, "The host speaks protocol %d, not %lld", RPC_PROTOCOL,
                         (long long)p.protocol);
    s->greeted = true;
    struct error fault = {0};
    struct store_counts counts = {0};
    struct quota quota = {0};
    bool open = service_store(s, false, &fault) && store_count(s->store, &counts, &fault) &&
                quota_get(s->store, &quota, &fault);
    reply_int(reply, reply->root, "protocol", RPC_PROTOCOL);
    reply_text(reply, reply->root, "version", LINKSNAP_VERSION);
    cJSON *store = reply_object(reply, reply->root, "store");
    reply_text(reply, store, "state", !open ? "error" : s->read_only ? "readonly" : "ready");
    reply_text(reply, store, "path", s->store_path);
    reply_int(reply, store, "pages", counts.pages);
    reply_int(reply, store, "snapshots", counts.snapshots);
    reply_int(reply, store, "pending", counts.pending);
    reply_int(reply, store, "open", counts.open);
    reply_int(reply, store, "bytes", quota.used);
    reply_int(reply, store, "quota", quota.bytes);
    reply_bool(reply, store, "over", quota.over);
    if (!open || s->read_only)
        reply_error(reply, reply_object(reply, store, "error"), open ? &s->store_fault : &fault);
    return true;
}
