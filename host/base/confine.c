#include "base/confine_parts.h"

#include <sys/resource.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

static void limit(int resource, rlim_t value)
{
    struct rlimit limits;
    if (getrlimit(resource, &limits) != 0 || limits.rlim_max < value)
        return;
    limits = (struct rlimit){.rlim_cur = value, .rlim_max = value};
    setrlimit(resource, &limits);
}

void confine_self(const struct confine *confine, struct confine_state *state_out)
{
    struct confine_state state = {0};
    limit(RLIMIT_CORE, 0); /* what was read of a page, or of the store, stays in no file */
    if (confine->memory > 0 && !CONFINE_SANITIZED)
        limit(RLIMIT_AS, confine->memory);
#ifdef __linux__
    limit(RLIMIT_MEMLOCK, 0);
    limit(RLIMIT_MSGQUEUE, 0);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    state.landlock = confine_landlock(confine);
    state.filter = confine_filter(confine);
#endif
    *state_out = state;
}

void confine_work(void)
{
#ifdef __linux__
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    (void)confine_filter_work();
#endif
}
