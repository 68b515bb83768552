#define _DEFAULT_SOURCE /* realpath */
#include "app/paths.h"

#include "base/buf.h"
#include "base/log.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool joined(const char *folder, const char *rest, char **path_out, struct error *err)
{
    struct buf path;
    buf_init(&path, PATH_MAX);
    buf_printf(&path, "%s/%s", folder, rest);
    if (!buf_ok(&path, "The path", err)) {
        buf_finish(&path);
        return false;
    }
    *path_out = buf_take(&path);
    return true;
}

static bool copied(const char *text, char **out, struct error *err)
{
    char *copy = slice_dup(slice_of(text));
    if (copy == NULL)
        return error_no_memory(err);
    *out = copy;
    return true;
}

bool paths_home(char **home_out, struct error *err)
{
    const char *home = getenv("HOME");
    if (home == NULL || home[0] != '/') {
        const struct passwd *user = getpwuid(getuid());
        home = user ? user->pw_dir : NULL;
    }
    if (home == NULL || home[0] != '/')
        return error_set(err, ERR_IO, "There is no home folder: $HOME is not set");
    return copied(home, home_out, err);
}

bool paths_store(const char *explicit, char **path_out, struct error *err)
{
    const char *given = explicit ? explicit : getenv("LINKSNAP_DB");
    if (given != NULL && given[0] != '\0')
        return copied(given, path_out, err);
    const char *data = getenv("XDG_DATA_HOME");
    if (data != NULL && data[0] == '/')
        return joined(data, "linksnap/linksnap.db", path_out, err);
    char *home = NULL;
    if (!paths_home(&home, err))
        return false;
    bool ok = joined(home, ".local/share/linksnap/linksnap.db", path_out, err);
    free(home);
    return ok;
}

bool paths_make_parents(const char *file, struct error *err)
{
    char *path = slice_dup(slice_of(file));
    if (path == NULL)
        return error_no_memory(err);
    bool ok = true;
    for (char *slash = strchr(path + 1, '/'); ok && slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0700) != 0 && errno != EEXIST) {
            enum error_code code = ERR_IO;
            if (errno == EACCES || errno == EROFS || errno == EPERM)
                code = ERR_STORE_READONLY;
            else if (errno == ENOSPC || errno == EDQUOT)
                code = ERR_STORE_FULL;
            ok = error_set(err, code, "Cannot make the folder %s: %s", path, strerror(errno));
        }
        *slash = '/';
    }
    free(path);
    return ok;
}

bool paths_host_program(char **path_out, struct error *err)
{
    static const char *const places[] = {"linksnap-host", "../libexec/linksnap-host",
                                         "../lib/linksnap/linksnap-host"};
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    if (len <= 0)
        return error_set(err, ERR_IO, "Cannot tell where this program is: %s", strerror(errno));
    self[len] = '\0';
    *strrchr(self, '/') = '\0';
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char *candidate = NULL;
        if (!joined(self, places[i], &candidate, err))
            return false;
        char real[PATH_MAX];
        bool found = access(candidate, X_OK) == 0 && realpath(candidate, real) != NULL;
        free(candidate);
        if (found)
            return copied(real, path_out, err);
    }
    return error_set(err, ERR_NOT_FOUND, "linksnap-host is not beside this program, in %s", self);
}

void paths_set_log_level(void)
{
    static const struct {
        const char *name;
        enum log_level level;
    } levels[] = {
        {"quiet", LOG_QUIET}, {"warn", LOG_WARN}, {"info", LOG_INFO}, {"debug", LOG_DEBUG}};
    const char *wanted = getenv("LINKSNAP_LOG");
    for (size_t i = 0; wanted != NULL && i < sizeof levels / sizeof *levels; i++)
        if (strcmp(wanted, levels[i].name) == 0)
            log_set_level(levels[i].level);
}
