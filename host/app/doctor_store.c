/* The store, as the doctor sees it. */
#include "app/checkup.h"
#include "app/files.h"
#include "base/limits.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

/* A page is a few megabytes, and SQLite needs its room twice while it commits. */
#define SPACE_BAD  (16 * MIB)
#define SPACE_WARN (256 * MIB)

static void check_space(struct checkup *checkup)
{
    uint64_t bytes;
    if (!files_room(checkup->options->store, &bytes) || bytes >= SPACE_WARN)
        return;
    checkup_name(checkup, "disk_low");
    checkup_number(checkup, (int64_t)bytes);
    buf_printf(&checkup->text, "Only %llu MiB are free on its disk",
               (unsigned long long)(bytes / MIB));
    buf_add_text(&checkup->remedy, "Make room: what does not fit is not saved");
    checkup_tell(checkup, bytes < SPACE_BAD ? DOCTOR_BAD : DOCTOR_WARN, "Store");
}

/* Tells when others can read what is ours. */
static void check_private(struct checkup *checkup, const char *path, const struct stat *st)
{
    if ((st->st_mode & (S_IRWXG | S_IRWXO)) == 0)
        return;
    checkup_name(checkup, "store_open_to_others");
    checkup_value(checkup, path);
    buf_printf(&checkup->text, "Others on this machine may look into %s", path);
    buf_printf(&checkup->remedy, "chmod %s it", S_ISDIR(st->st_mode) ? "700" : "600");
    checkup_tell(checkup, DOCTOR_WARN, "Store");
}

static const char *store_remedy(enum error_code code)
{
    switch (code) {
    case ERR_STORE_FULL:
        return "Make room on its disk";
    case ERR_STORE_READONLY:
        return "Give yourself the right to write to the file and its folder: chmod u+rwX them";
    case ERR_STORE_BUSY:
        return "Another program holds it: end that, then try again";
    case ERR_STORE_CORRUPT:
        return "Keep the file as it is, and put back a copy that you made before";
    case ERR_STORE_NEWER:
        return "Install the version of Linksnap that wrote it, or a later one";
    default:
        return "LINKSNAP_LOG=debug linksnap doctor says more on stderr";
    }
}

/* The folder, where it is ours; the person may have put the store into one that is not. */
static void check_store_folder(struct checkup *checkup)
{
    char *folder = slice_dup(slice_of(checkup->options->store));
    char *slash = folder ? strrchr(folder, '/') : NULL;
    struct stat st;
    if (slash != NULL) {
        *slash = '\0';
        if (stat(folder, &st) == 0 && st.st_uid == checkup->options->euid)
            check_private(checkup, folder, &st);
    }
    free(folder);
}

/* A store that cannot be opened, or not written. */
static void tell_fault(struct checkup *checkup, const char *name, enum doctor_level level,
                       const struct error *fault)
{
    const char *store = checkup->options->store;
    checkup_name(checkup, name);
    checkup_value(checkup, store);
    checkup_value(checkup, error_name(fault->code));
    buf_printf(&checkup->text, "%s: %s", store, fault->text);
    buf_add_text(&checkup->remedy, store_remedy(fault->code));
    checkup_tell(checkup, level, "Store");
}

static void open_store(struct checkup *checkup)
{
    const struct doctor_options *options = checkup->options;
    struct error fault = {0};
    if (options->check_store != NULL && !options->check_store(options->store_ctx, &fault)) {
        tell_fault(checkup, "store_error", DOCTOR_BAD, &fault);
        return;
    }
    checkup_name(checkup, "store_opens");
    checkup_value(checkup, options->store);
    buf_printf(&checkup->text, "%s can be opened", options->store);
    checkup_tell(checkup, DOCTOR_OK, "Store");
}

void checkup_store(struct checkup *checkup)
{
    const char *store = checkup->options->store;
    struct stat st;
    check_space(checkup);
    check_store_folder(checkup);
    bool there = stat(store, &st) == 0;
    if (!there && errno == ENOENT) {
        checkup_name(checkup, "store_none");
        checkup_value(checkup, store);
        buf_printf(&checkup->text, "%s: there is none yet, the first page makes it", store);
        checkup_tell(checkup, DOCTOR_OK, "Store");
    } else if (!there) {
        checkup_name(checkup, "store_unreadable");
        checkup_value(checkup, store);
        buf_printf(&checkup->text, "%s: %s", store, strerror(errno));
        buf_add_text(&checkup->remedy, "Give yourself the right to look into its folder");
        checkup_tell(checkup, DOCTOR_BAD, "Store");
    } else if (!S_ISREG(st.st_mode)) {
        checkup_name(checkup, "store_no_file");
        checkup_value(checkup, store);
        buf_printf(&checkup->text, "%s is not a file", store);
        buf_add_text(&checkup->remedy, "Move away what is there");
        checkup_tell(checkup, DOCTOR_BAD, "Store");
    } else if (st.st_uid != checkup->options->euid) {
        checkup_name(checkup, "store_foreign");
        checkup_value(checkup, store);
        buf_printf(&checkup->text, "%s belongs to another user", store);
        buf_add_text(&checkup->remedy,
                     "Run this as yourself, without sudo; or give it back: chown it to yourself");
        checkup_tell(checkup, DOCTOR_BAD, "Store");
    } else {
        check_private(checkup, store, &st);
        open_store(checkup);
    }
}

void checkup_open_store(struct checkup *checkup, const struct doctor_self *self)
{
    struct stat st;
    check_space(checkup);
    check_store_folder(checkup);
    if (stat(checkup->options->store, &st) == 0)
        check_private(checkup, checkup->options->store, &st);
    if (self->fault != NULL) {
        tell_fault(checkup, self->opened ? "store_readonly" : "store_error",
                   self->opened ? DOCTOR_WARN : DOCTOR_BAD, self->fault);
    } else {
        checkup_name(checkup, "store_ready");
        checkup_value(checkup, checkup->options->store);
        checkup_number(checkup, self->counts.pages);
        buf_printf(&checkup->text, "%s holds %lld pages", checkup->options->store,
                   (long long)self->counts.pages);
        checkup_tell(checkup, DOCTOR_OK, "Store");
    }
}
