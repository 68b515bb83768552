/* Starting linksnap-host as a browser does, and asking it one question. */
#ifndef APP_PROBE_H
#define APP_PROBE_H

#include "base/error.h"

#include <stdint.h>

struct probe_answer {
    char version[32]; /* what the host says it is; cut when longer */
    int64_t ms;       /* from its start to its answer */
};

/* Runs `program`, sends `hello`, reads the answer and ends it; never takes longer than `timeout_ms`
 * and half a second. ERR_IO: it cannot be started. ERR_TIMEOUT: no answer in time. ERR_FRAME: it
 * ended, or wrote something that is no frame; the error quotes its last words. ERR_PARSE,
 * ERR_REQUEST: a frame that is no answer to hello. ERR_PROTOCOL: it speaks another protocol. Any
 * other code is the host's own. */
bool probe_hello(const char *program, const char *version, int timeout_ms,
                 struct probe_answer *answer_out, struct error *err) MUST_CHECK;

#endif
