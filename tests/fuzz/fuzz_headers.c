/* What a server may say of its answer, a line for each: Content-Type, Content-Disposition, URL,
 * Retry-After, Referrer-Policy, a date. */
#include "base/limits.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "page/content.h"
#include "page/date.h"
#include "page/referrer.h"
#include "page/transfer.h"

#include <stdlib.h>

static void name_file(const char *disposition, const char *url, const struct media_type *type)
{
    struct error err = {0};
    char *name = NULL;
    bool ok = content_file_name(disposition, url, type, &name, &err);
    fuzz_check_error(ok, &err);
    FUZZ_CHECK(ok);
    size_t len = strlen(name);
    FUZZ_CHECK(len > 0 && len <= 200 && name[0] != '.' && utf8_valid(slice_of(name)));
    for (size_t i = 0; i < len; i++)
        FUZZ_CHECK((unsigned char)name[i] >= ' ' && name[i] != '/' && name[i] != '\\' &&
                   name[i] != 0x7F);
    free(name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_make(data, size);
    struct media_type type;
    enum referrer_policy policy = REFERRER_NONE;
    int64_t ms = 0;
    media_parse(fuzz_take_line(&rest), &type);
    char *disposition = fuzz_text(fuzz_take_line(&rest));
    char *url = fuzz_text(fuzz_take_line(&rest));
    char *after = fuzz_text(fuzz_take_line(&rest));
    name_file(disposition, url, &type);
    name_file(NULL, url, &type);
    ms = transfer_retry_after(after, 1795200000);
    FUZZ_CHECK(ms >= -1 && ms <= LIMIT_RETRY_AFTER_MS);
    if (referrer_policy_parse(fuzz_take_line(&rest), &policy))
        FUZZ_CHECK(policy <= REFERRER_WHOLE);
    if (date_parse(rest, &ms)) /* years of up to five digits */
        FUZZ_CHECK(ms > INT64_C(-62300000000000) && ms < INT64_C(3200000000000000));
    free(disposition);
    free(url);
    free(after);
    return 0;
}
