/* An answer as it comes in: its headers, and its body up to the ceiling. */
#include "page/origins.h"
#include "page/transfer.h"

#include <time.h>

/* Bodies under way may hold so much together; past it all but the oldest transfer wait. */
static const size_t held_max = 128 * MIB;
/* What libcurl unpacks while a transfer waits it keeps itself, up to 64 MiB for each: a few hundred
 * bytes can be so much. A packed body never waits; past so much of its own it has to go. */
static const size_t coded_max = 4 * MIB;
/* A redirect's body is read only so that the connection can be used again. */
static const size_t skipped_max = 64 * KIB;

size_t transfer_on_header(char *bytes, size_t size, size_t count, void *arg)
{
    (void)bytes;
    struct transfer *t = arg;
    size_t len = size * count;
    t->header_bytes += len;
    t->origin->host->bytes += len;
    if (t->header_bytes > LIMIT_HEADERS) {
        t->fault = ERR_SERVER;
        t->fault_text = "The server's headers are too long";
        return 0;
    }
    return len;
}

long transfer_status(const struct transfer *t)
{
    long status = 0;
    if (t->easy != NULL)
        curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

const char *transfer_header(const struct transfer *t, const char *name)
{
    struct curl_header *header;
    if (curl_easy_header(t->easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
        return NULL;
    /* Of "Name:" with nothing behind it, libcurl 7.88 gives the line end as the value. */
    return slice_trim(slice_of(header->value)).len > 0 ? header->value : NULL;
}

bool transfer_is_redirect(const struct transfer *t)
{
    long status = transfer_status(t);
    const char *location = transfer_header(t, "Location");
    return (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) &&
           location != NULL;
}

/* ---- Retry-After ---- */

/* -1 when it is no number; no more than a bit above the limit. */
static int64_t seconds_of(struct slice text)
{
    int64_t seconds = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return -1;
        if (seconds < LIMIT_RETRY_AFTER_MS)
            seconds = seconds * 10 + (text.ptr[i] - '0');
    }
    return seconds;
}

/* An HTTP-date begins with the name of a day; curl_getdate() would make dates of numbers too. */
static int64_t seconds_until(const char *value, int64_t now)
{
    char first = ascii_lower(value[0]);
    time_t date = first >= 'a' && first <= 'z' ? curl_getdate(value, NULL) : -1;
    if (date == -1)
        return -1;
    return date > now ? date - now : 0;
}

int64_t transfer_retry_after(const char *value, int64_t now)
{
    struct slice text = slice_trim(slice_of(value));
    if (text.len == 0)
        return -1;
    int64_t seconds = seconds_of(text);
    if (seconds < 0)
        seconds = seconds_until(text.ptr, now);
    if (seconds < 0)
        return -1;
    return seconds < LIMIT_RETRY_AFTER_MS / 1000 ? seconds * 1000 : LIMIT_RETRY_AFTER_MS;
}

/* ---- the body ---- */

static void too_large(struct transfer *t)
{
    t->fault = ERR_TOO_LARGE;
    t->fault_text = "The answer is too large";
}

static void ask_ceiling(struct transfer *t)
{
    if (t->ceiling == NULL)
        return;
    const char *type = transfer_header(t, "Content-Type");
    size_t bytes = t->ceiling(type != NULL ? type : "", t->arg);
    if (bytes < t->body_max)
        t->body_max = bytes;
}

/* Whether the headers already tell that the body will pass the ceiling. What they say counts
 * compressed bytes, so it means nothing when there is an encoding. */
static bool announced_too_large(const struct transfer *t)
{
    curl_off_t len = -1;
    curl_easy_getinfo(t->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &len);
    return len > 0 && (uint64_t)len > t->body_max &&
           transfer_header(t, "Content-Encoding") == NULL && transfer_status(t) < 400;
}

/* Whether libcurl unpacks the body: it does so for both headers, and for each of their lines. */
static bool is_coded(const struct transfer *t)
{
    struct curl_header *header;
    if (curl_easy_header(t->easy, "Content-Encoding", 0, CURLH_HEADER, -1, &header) == CURLHE_OK)
        return true;
    if (curl_easy_header(t->easy, "Transfer-Encoding", 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
        return false;
    return header->amount > 1 || !slice_equal_nocase(slice_of(header->value), "chunked");
}

/* At the first byte of the body; false when nobody wants it. */
static bool begin_body(struct transfer *t)
{
    t->begun = true;
    t->redirecting = transfer_is_redirect(t);
    if (t->redirecting)
        return true;
    t->coded = is_coded(t);
    ask_ceiling(t);
    if (announced_too_large(t))
        too_large(t);
    return t->fault == ERR_NONE;
}

/* Whether the body has to wait until others have freed theirs, or the fault that takes its place.
 */
static bool must_wait(struct transfer *t, size_t len)
{
    if (t->first || t->common->held + len <= held_max)
        return false;
    if (t->coded && t->body.len + len > coded_max) {
        t->fault = ERR_NO_MEMORY;
        t->fault_text = "Too much came in at once";
    }
    return !t->coded;
}

size_t transfer_on_body(char *bytes, size_t size, size_t count, void *arg)
{
    struct transfer *t = arg;
    size_t len = size * count;
    if (!t->begun && !begin_body(t))
        return 0;
    /* What is held back comes again. */
    if (!origins_has_room(t, len))
        return 0;
    if (t->redirecting) {
        t->origin->host->bytes += len;
        t->skipped += len;
        return t->skipped <= skipped_max ? len : 0;
    }
    size_t room = t->body_max - t->body.len;
    if (len <= room && must_wait(t, len)) {
        t->paused = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    if (t->fault != ERR_NONE)
        return 0;
    /* Of a body that is too large, an error answer keeps what fits. */
    t->origin->host->bytes += len;
    size_t kept = len <= room ? len : room;
    if (!buf_add(&t->body, bytes, kept)) {
        t->fault = ERR_NO_MEMORY;
        t->fault_text = "Out of memory";
        return 0;
    }
    t->common->held += kept;
    if (kept < len)
        too_large(t);
    return kept;
}
