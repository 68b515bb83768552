/* What a request says of where it comes from: referrer policies (Referrer Policy §3). */
#ifndef PAGE_REFERRER_H
#define PAGE_REFERRER_H

#include "base/error.h"
#include "base/slice.h"

enum referrer_policy {
    REFERRER_STRICT_CROSS, /* strict-origin-when-cross-origin: what counts when nothing is said */
    REFERRER_NONE,         /* no-referrer */
    REFERRER_SAME,         /* same-origin */
    REFERRER_ORIGIN,       /* origin */
    REFERRER_STRICT,       /* strict-origin */
    REFERRER_CROSS,        /* origin-when-cross-origin */
    REFERRER_SECURE,       /* no-referrer-when-downgrade */
    REFERRER_WHOLE         /* unsafe-url */
};

/* The policy of a `referrerpolicy` attribute or a <meta name=referrer>, whose old words count too.
 * False when the text names none: what was said before stays. */
bool referrer_policy_parse(struct slice text, enum referrer_policy *policy_out);

/* What to send as Referer with a request for `target` from the page or style sheet `referrer`;
 * NULL in *referer_out when nothing is to be sent. The caller frees. */
bool referrer_header(enum referrer_policy policy, const char *referrer, const char *target,
                     char **referer_out, struct error *err) MUST_CHECK;

#endif
