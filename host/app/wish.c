#include "app/wish.h"

#include "base/limits.h"

/* The table of each use is a part of this one. */
static const struct field table[] = {
    FIELD(FIELD_INT, wish_params, job, .min = 1, .max = INT64_C(1) << 53),
    FIELD(FIELD_TEXT, wish_params, url, .required = true, .max = (int64_t)LIMIT_URL),
    FIELD(FIELD_TEXT, wish_params, title, .max = (int64_t)LIMIT_TITLE),
    FIELD(FIELD_TEXT, wish_params, note, .max = (int64_t)LIMIT_NOTE),
    FIELD(FIELD_TEXTS, wish_params, tags, .max = (int64_t)(LIMIT_TAG * 4), .max_items = LIMIT_TAGS),
    FIELD(FIELD_TEXT, wish_params, user_agent, .max = (int64_t)LIMIT_AGENT),
    FIELD(FIELD_TEXT, wish_params, language, .max = (int64_t)LIMIT_AGENT),
    FIELD(FIELD_INT, wish_params, media_limit, .max = (int64_t)LIMIT_MEDIA_BODY),
    FIELD(FIELD_BOOL, wish_params, fonts, .required = false),
    FIELD(FIELD_BOOL, wish_params, again, .required = false),
    FIELD(FIELD_FLAG, wish_params, private, .required = false),
    FIELD(FIELD_TEXTS, wish_params, urls, .max = WISH_LONG_URL, .max_items = LIMIT_LINKS),
    FIELD(FIELD_LIST, wish_params, links, .max_items = LIMIT_LINKS),
};

static const struct {
    size_t first;
    size_t count;
} parts[] = {
    [WISH_CAPTURE] = {0, 11},
    [WISH_LINK] = {1, 10},
    [WISH_LINKS] = {3, 10},
};

bool wish_read(const cJSON *params, enum wish_use use, struct wish_params *params_out,
               struct error *err)
{
    *params_out = (struct wish_params){.media_limit = -1, .fonts = true};
    return fields_read(params, table + parts[use].first, parts[use].count, params_out, err);
}

void wish_finish(struct wish_params *params)
{
    fields_finish(table, sizeof table / sizeof *table, params);
}

/* The text, or NULL when it was not given or is empty. */
static const char *optional(struct slice text)
{
    return text.len > 0 ? text.ptr : NULL;
}

enum capture_private wish_private(const cJSON *flag)
{
    return flag == NULL         ? CAPTURE_PRIVATE_NAMED
           : cJSON_IsTrue(flag) ? CAPTURE_PRIVATE_ALLOWED
                                : CAPTURE_PRIVATE_REFUSED;
}

struct capture_wish wish_of(const struct wish_params *params)
{
    return (struct capture_wish){
        .title = params->title,
        .note = params->note,
        .tags = params->tags.items,
        .tag_count = params->tags.count,
        .user_agent = optional(params->user_agent),
        .language = optional(params->language),
        .media_limit = params->media_limit >= 0 ? &params->media_limit : NULL,
        .private = wish_private(params->private),
        .no_fonts = !params->fonts,
        .again = params->again,
    };
}
