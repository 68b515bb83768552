/* All layers: the n-th allocation fails, for every n of a capture, a search, an export.
 *
 * malloc() and its kin are this program's own here, in front of glibc's, so that what libxml2,
 * SQLite, libcurl and the others ask for fails, too. For each n a child does one stage with that
 * one allocation missing. Then the stage has failed with an error that says so, or it has done all
 * of its work; the store is whole; nothing of what was allocated is left; and the same process does
 * the stage without a fault.
 *
 * All n take minutes: `make no-memory`. Otherwise a part is walked, another one at each start of
 * the program. LINKSNAP_NO_MEMORY is "all" or one n, behind "2:" for the third stage alone.
 */

#include <errno.h>
#include <libxml/xmlerror.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "no_memory_work.h"

/* ---- malloc() ---- */

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1 /* as gcc says it */
#endif
#endif
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
#define OWN_MALLOC 1
#else
#define OWN_MALLOC 0
#endif

static struct {
    bool armed;
    size_t count; /* allocations since it was armed */
    size_t fails; /* which of them fails; 0: none */
    long live;    /* blocks that are not freed yet */
    bool ours;    /* the one that failed was asked for by a function of ours */
} heap;

#if OWN_MALLOC
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void __libc_free(void *block);

/* What the linker puts around our own code. */
extern const char __executable_start;
extern const char etext;

static bool refuse(const char *caller)
{
    if (!heap.armed || ++heap.count != heap.fails)
        return false;
    heap.ours = caller >= &__executable_start && caller < &etext;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    void *block = refuse(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
    heap.live += block != NULL;
    return block;
}

void *calloc(size_t count, size_t size)
{
    void *block = refuse(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
    heap.live += block != NULL;
    return block;
}

void *realloc(void *old, size_t size)
{
    if (refuse(__builtin_return_address(0)))
        return NULL;
    void *block = __libc_realloc(old, size);
    heap.live += (old == NULL && block != NULL) - (old != NULL && size == 0);
    return block;
}

void free(void *block)
{
    heap.live -= block != NULL;
    __libc_free(block);
}
#endif

static void arm(size_t n)
{
    heap.count = 0;
    heap.fails = n;
    heap.armed = true;
}

/* ---- What is in the store then ---- */

static bool add_asset(const struct asset_row *row, void *arg)
{
    struct buf *out = arg;
    return buf_printf(out, "  %s %s %s %lld %s\n", row->url, row->kind, row->state,
                      (long long)row->size, row->ref);
}

struct listing {
    struct store *store;
    struct buf *out;
    size_t half; /* snapshots that were not ended */
    bool ok;
};

static bool add_snapshot(const struct snapshot_row *row, void *arg)
{
    struct listing *l = arg;
    struct error err;
    struct buf document;
    struct buf text;
    buf_init(&document, LIMIT_CAPTURE);
    buf_init(&text, LIMIT_TEXT);
    l->half += strcmp(row->state, "pending") == 0;
    buf_printf(l->out, " %lld %s %s %s\n", (long long)row->version, row->state, row->kind,
               row->title);
    l->ok = l->ok && snapshots_document(l->store, row->id, &document, &err) && document.len > 0 &&
            snapshots_text(l->store, row->id, &text, &err) &&
            snapshots_assets(l->store, row->id, NULL, add_asset, l->out, &err);
    buf_add_slice(l->out, buf_slice(&document));
    buf_add_slice(l->out, buf_slice(&text));
    buf_finish(&document);
    buf_finish(&text);
    return l->ok;
}

static bool add_page(const struct search_hit *hit, void *arg)
{
    struct listing *l = arg;
    struct error err;
    buf_printf(l->out, "%s %s %s\n", hit->page->url, hit->page->title, hit->page->note);
    return snapshots_list(l->store, hit->page->id, add_snapshot, l, &err);
}

/* False when something in it cannot be read. */
static bool list(struct store *store, struct buf *out, size_t *half_out)
{
    const struct search_request request = {.sort = SEARCH_OLDEST, .limit = 50};
    struct listing l = {.store = store, .out = out, .ok = true};
    struct search_end end;
    struct error err;
    bool ok = search_pages(store, &request, add_page, &l, &end, &err);
    *half_out = l.half;
    return ok && l.ok && out->failed == ERR_NONE;
}

static bool is_whole(const char *path)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *check = NULL;
    bool ok =
        sqlite3_open(path, &db) == SQLITE_OK &&
        sqlite3_prepare_v2(db,
                           "SELECT (SELECT count(*) FROM pragma_foreign_key_check) = 0 AND"
                           " (SELECT group_concat(quick_check) FROM pragma_quick_check) = 'ok'",
                           -1, &check, NULL) == SQLITE_OK &&
        sqlite3_step(check) == SQLITE_ROW && sqlite3_column_int(check, 0) == 1;
    sqlite3_finalize(check);
    sqlite3_close(db);
    return ok;
}

/* ---- One n ---- */

struct stage {
    const char *name;
    bool (*work)(struct run *run, struct error *err);
    bool opens; /* the store is its own to open */
};

static const struct stage stages[] = {
    {"making a store", open_store, true},
    {"saving a tab", save_tab, false},
    {"saving HTML", save_html, false},
    {"saving Markdown", save_markdown, false},
    {"searching", search, false},
    {"exporting", take_out, false},
    {"counting", count_all, false},
    {"marking", mark, false},
    {"editing", edit, false},
};
enum { STAGES = sizeof stages / sizeof *stages };

/* What is known before a stage is tried. */
static struct trial {
    const struct stage *stage;
    struct buf file;   /* the store it begins with; empty: none */
    struct buf before; /* what is in it */
    struct buf after;
    struct buf answer;
    size_t count; /* allocations */
} trial;

enum { MESSAGE = 480 };

static void complain(char *message, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void complain(char *message, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (message[0] == '\0')
        vsnprintf(message, MESSAGE, format, args);
    va_end(args);
}

static bool same(const struct buf *a, const struct buf *b)
{
    return slice_equal(buf_slice(a), buf_slice(b));
}

static void check_store(struct run *run, bool ok, char *message)
{
    struct buf found;
    size_t half = 0;
    buf_init(&found, LIMIT_CAPTURE);
    if (!list(run->f.store, &found, &half))
        complain(message, "the store cannot be read");
    else if (ok && !same(&found, &trial.after))
        complain(message, "said to be done, and is not:\n%.*s", (int)found.len, found.ptr);
    /* Between the two there is only what is known to be unfinished. */
    else if (!ok && half == 0 && !same(&found, &trial.before) && !same(&found, &trial.after))
        complain(message, "left something:\n%.*s", (int)found.len, found.ptr);
    buf_finish(&found);
}

/* In the child, with allocation n missing. */
static void try(size_t n, char *message)
{
    struct run run;
    struct error err = {0};
    fixture_folder(&run.f);
    buf_init(&run.out, LIMIT_CAPTURE);
    if (trial.file.len > 0)
        write_file(run.f.path, trial.file.ptr, trial.file.len);
    xmlResetLastError(); /* libxml2 makes room for it, and keeps that */
    long live = heap.live;
    if (!trial.stage->opens && !store_open(run.f.path, STORE_EXISTING, &run.f.store, &err))
        complain(message, "no store: %s", err.text);
    buf_reserve(&run.out, 256 * KIB);
    arm(n);
    bool ok = message[0] == '\0' && trial.stage->work(&run, &err);
    heap.armed = false;
    if (!ok && (err.code != ERR_NO_MEMORY || err.text[0] == '\0'))
        complain(message, "fails with %s: %s", error_name(err.code), err.text);
    if (ok && !same(&run.out, &trial.answer))
        complain(message, "answers:\n%.*s", (int)run.out.len, run.out.ptr);
    fixture_close(&run.f);
    buf_finish(&run.out);
    xmlResetLastError();
    /* libxml2 2.9 and libcurl 7.88 lose blocks of their own where one of theirs fails. */
    enum { LOST = 3 };
    if (heap.live < live || heap.live > live + (heap.ours ? 0 : LOST))
        complain(message, "%ld blocks leaked (%s: %s)", heap.live - live, error_name(err.code),
                 err.text);
    if (!store_open(run.f.path, STORE_CREATE, &run.f.store, &err)) {
        complain(message, "cannot be opened any more: %s", err.text);
    } else {
        check_store(&run, ok, message);
        buf_init(&run.out, LIMIT_CAPTURE);
        if (!trial.stage->opens && !trial.stage->work(&run, &err))
            complain(message, "does not work again: %s", err.text);
        buf_finish(&run.out);
    }
    fixture_close(&run.f);
    if (!is_whole(run.f.path))
        complain(message, "the store is damaged");
    fixture_remove(&run.f);
}

/* Fills the message when it does not go well. */
static void try_apart(size_t n, char message[MESSAGE])
{
    int ends[2];
    int status = 0;
    message[0] = '\0';
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        alarm(60);
        try(n, message);
        ssize_t written = write(ends[1], message, MESSAGE);
        _exit(written == MESSAGE ? 0 : 1);
    }
    assert_true(child > 0);
    close(ends[1]);
    if (read(ends[0], message, MESSAGE) != MESSAGE)
        message[0] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status))
        complain(message, "ended by signal %d", WTERMSIG(status));
    else if (WEXITSTATUS(status) != 0)
        complain(message, "ended with %d", WEXITSTATUS(status));
}

/* ---- All of them ---- */

/* Does the stage without a fault: what it comes to is what every other run is held against. */
static void prepare(const struct stage *stage, struct run *run)
{
    size_t half;
    trial.stage = stage;
    trial.count = 0;
    buf_init(&trial.file, 64 * MIB);
    buf_init(&trial.before, LIMIT_CAPTURE);
    buf_init(&trial.after, LIMIT_CAPTURE);
    buf_init(&trial.answer, LIMIT_CAPTURE);
    struct fixture *f = &run->f;
    if (!stage->opens) {
        trial.file = read_file(f->path);
        fixture_open(f, STORE_EXISTING);
        assert_true(list(f->store, &trial.before, &half));
    }
    buf_init(&run->out, LIMIT_CAPTURE);
    buf_reserve(&run->out, 256 * KIB);
    arm(0);
    bool ok = stage->work(run, &f->err);
    heap.armed = false;
    trial.count = heap.count;
    assert_ok(ok);
    trial.answer = run->out;
    assert_true(list(f->store, &trial.after, &half));
    fixture_close(f);
}

static void forget(void)
{
    buf_finish(&trial.file);
    buf_finish(&trial.before);
    buf_finish(&trial.after);
    buf_finish(&trial.answer);
}

/* Which n are tried. */
struct plan {
    size_t stage; /* STAGES: all */
    size_t only;  /* 0: not one alone */
    bool all;
};

static struct plan read_plan(const char *wish)
{
    struct plan plan = {.stage = STAGES};
    const char *colon = wish != NULL ? strchr(wish, ':') : NULL;
    if (wish == NULL)
        return plan;
    if (colon != NULL)
        plan.stage = strtoul(wish, NULL, 10) - 1;
    wish = colon != NULL ? colon + 1 : wish;
    plan.all = strcmp(wish, "all") == 0;
    plan.only = strtoul(wish, NULL, 10);
    return plan;
}

/* How many went wrong. */
static size_t walk(const struct plan *plan)
{
    enum { PART = 60 };
    char message[MESSAGE];
    size_t tried = 0;
    size_t failed = 0;
    size_t stride = plan->all || trial.count < PART ? 1 : trial.count / PART;
    size_t first = plan->only > 0 ? plan->only : 1 + (size_t)time(NULL) % stride;
    size_t last = plan->only > 0 ? plan->only : trial.count;
    for (size_t n = first; n <= last; n += stride) {
        try_apart(n, message);
        tried++;
        failed += message[0] != '\0';
        if (message[0] != '\0')
            print_error("%s, allocation %zu of %zu: %s\n", trial.stage->name, n, trial.count,
                        message);
    }
    print_message("%s: %zu allocations, %zu made to fail (number %zu and then each %zuth), "
                  "%zu went wrong\n",
                  trial.stage->name, trial.count, tried, first, stride, failed);
    return failed;
}

static void a_failed_allocation_is_an_error_and_nothing_else(void **state)
{
    (void)state;
    if (!OWN_MALLOC) {
        print_message(
            "# SKIP: malloc() is not ours to fail here: the plain build does it, with glibc\n");
        skip();
    }
    const struct plan plan = read_plan(getenv("LINKSNAP_NO_MEMORY"));
    size_t failed = 0;
    struct run run;
    fixture_folder(&run.f);
    for (size_t i = 0; i < STAGES; i++) {
        prepare(&stages[i], &run);
        if (plan.stage == STAGES || plan.stage == i)
            failed += walk(&plan);
        forget();
    }
    fixture_remove(&run.f);
    assert_int_equal(failed, 0);
}

int main(void)
{
    /* Hundreds of stores are written: no disk needs to wait for them. */
    if (access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 0);
    /* Without one, glibc makes a block of its own anew for each date. */
    setenv("TZ", "UTC", 0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_allocation_is_an_error_and_nothing_else),
    };
    return cmocka_run_group_tests_name("no_memory", tests, NULL, NULL);
}
