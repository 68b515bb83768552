/* What a person says of pages to be saved, as members of a message. */
#ifndef APP_WISH_H
#define APP_WISH_H

#include "app/capture.h"
#include "wire/fields.h"

/* An address that is too long is refused by itself, not with all that came along. */
#define WISH_LONG_URL ((int64_t)(8 * LIMIT_URL))

struct wish_params {
    int64_t job; /* 0: none */
    struct slice url;
    struct slice title;
    struct slice note;
    struct field_texts tags;
    struct slice user_agent;
    struct slice language;
    int64_t media_limit; /* -1: not given */
    bool fonts;
    bool again;
    const cJSON *private; /* NULL: not given */
    struct field_texts urls;
    const cJSON *links; /* in their place; NULL: not given */
};

/* Which of them a method has. */
enum wish_use { WISH_CAPTURE, WISH_LINK, WISH_LINKS };

/* As fields_read; `params_out` is to be finished after failure too. */
bool wish_read(const cJSON *params, enum wish_use use, struct wish_params *params_out,
               struct error *err) MUST_CHECK;
void wish_finish(struct wish_params *params);

/* What `private` of a message says: true, false, or NULL for nothing. */
enum capture_private wish_private(const cJSON *flag);

/* The wish; everything in it is borrowed from the params. */
struct capture_wish wish_of(const struct wish_params *params);

#endif
