/* statistics: everything counted. */
#include "app/reply_statistics.h"
#include "app/service.h"
#include "wire/fields.h"

static void tell_counting(int64_t done, int64_t total, void *arg)
{
    service_progress(arg, "statistics", done, total);
}

bool handle_statistics(struct service *s, const cJSON *params, struct reply *reply,
                       struct error *err)
{
    const struct statistics_watch watch = {
        .progress = tell_counting, .interrupted = service_interrupted, .arg = s};
    return fields_read(params, NULL, 0, NULL, err) && service_store(s, false, err) &&
           reply_statistics(s->store, &watch, reply, err);
}
