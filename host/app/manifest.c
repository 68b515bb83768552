#include "app/manifest.h"

#include "app/files.h"
#include "app/manifests_data.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "wire/rpc.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

/* Ours has 300 bytes; what is larger is none of ours. */
#define MANIFEST_MAX (64 * KIB)

static const char PLACE[] = "@HOST_PATH@";

/* Appends `template` with its one PLACE replaced. */
static void fill_template(const char *template, struct slice value, struct buf *out)
{
    struct slice text = slice_of(template);
    size_t at = slice_find(text, 0, slice_of(PLACE));
    buf_add_slice(out, slice_sub(text, 0, at));
    buf_add_slice(out, value);
    buf_add_slice(out, slice_sub(text, at + sizeof PLACE - 1, text.len));
}

static bool check_program(const char *program, struct error *err)
{
    if (program[0] != '/')
        return error_set(err, ERR_USAGE, "The path of linksnap-host is not absolute");
    if (!utf8_valid(slice_of(program)))
        return error_set(err, ERR_USAGE,
                         "The path of linksnap-host is not UTF-8, so no manifest can name it: "
                         "move the program to another folder");
    return true;
}

bool manifest_render(enum browser_family family, const char *program, struct buf *out,
                     struct error *err)
{
    if (!check_program(program, err))
        return false;
    cJSON *value = cJSON_CreateString(program);
    char *quoted = value ? cJSON_PrintUnformatted(value) : NULL;
    cJSON_Delete(value);
    if (quoted == NULL)
        return error_no_memory(err);
    /* The template has the quotes already. */
    struct slice inner = slice_sub(slice_of(quoted), 1, strlen(quoted) - 2);
    fill_template(family == BROWSER_FIREFOX ? manifests_firefox : manifests_chromium, inner, out);
    cJSON_free(quoted);
    return buf_ok(out, "The manifest", err);
}

bool manifest_render_script(const char *program, struct buf *out, struct error *err)
{
    if (!check_program(program, err))
        return false;
    struct buf word;
    buf_init(&word, 8 * PATH_MAX);
    buf_add_char(&word, '\'');
    for (const char *p = program; *p != '\0'; p++) {
        if (*p == '\'')
            buf_add_text(&word, "'\\''");
        else
            buf_add_char(&word, *p);
    }
    buf_add_char(&word, '\'');
    bool ok = buf_ok(&word, "The path of linksnap-host", err);
    if (ok) {
        fill_template(manifests_flatpak_host, buf_slice(&word), out);
        ok = buf_ok(out, "The script", err);
    }
    buf_finish(&word);
    return ok;
}

bool manifest_program(const struct browser *browser, const struct places *places,
                      const char *program, struct buf *out, struct error *err)
{
    if (browser->kind == BROWSER_FLATPAK)
        buf_printf(out, "%s/.var/app/%.*s/data/linksnap/linksnap-host", places->home,
                   (int)browser->app.len, browser->app.ptr);
    else
        buf_add_text(out, program);
    return buf_ok(out, "The path of linksnap-host", err);
}

/* The member `name`, or NULL when there is none or more than one: readers of JSON disagree on which
 * of two counts. */
static const cJSON *only_member(const cJSON *object, const char *name)
{
    const cJSON *found = NULL;
    const cJSON *member;
    cJSON_ArrayForEach(member, object)
    {
        if (member->string == NULL || strcmp(member->string, name) != 0)
            continue;
        if (found != NULL)
            return NULL;
        found = member;
    }
    return found;
}

static bool member_is(const cJSON *object, const char *name, const char *value)
{
    const cJSON *member = only_member(object, name);
    return cJSON_IsString(member) && strcmp(member->valuestring, value) == 0;
}

static bool list_has(const cJSON *list, const char *value)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        if (cJSON_IsString(item) && strcmp(item->valuestring, value) == 0)
            return true;
    }
    return false;
}

static void judge(const cJSON *json, enum browser_family family, struct manifest *manifest)
{
    if (!member_is(json, "name", MANIFEST_NAME)) {
        manifest->state = MANIFEST_FOREIGN;
        return;
    }
    manifest->state = MANIFEST_OURS;
    manifest->stdio = member_is(json, "type", "stdio");
    bool firefox = family == BROWSER_FIREFOX;
    const cJSON *list = only_member(json, firefox ? "allowed_extensions" : "allowed_origins");
    manifest->allows =
        cJSON_IsArray(list) && list_has(list, firefox ? MANIFEST_EXTENSION : MANIFEST_ORIGIN);
    const cJSON *path = only_member(json, "path");
    if (cJSON_IsString(path) && path->valuestring[0] == '/')
        buf_add_text(&manifest->path, path->valuestring);
}

bool manifest_open_to_others(const struct stat *st)
{
    return (st->st_mode & S_IWOTH) != 0 ||
           ((st->st_mode & S_IWGRP) != 0 && st->st_gid != getegid());
}

bool manifest_read(const char *file, enum browser_family family, struct manifest *manifest_out,
                   struct error *err)
{
    struct manifest manifest = {.state = MANIFEST_ABSENT};
    buf_init(&manifest.text, MANIFEST_MAX);
    buf_init(&manifest.path, MANIFEST_MAX);
    struct error fault = {0};
    cJSON *json = NULL;
    struct stat st;
    if (lstat(file, &st) != 0) {
        if (errno != ENOENT && errno != ENOTDIR) {
            manifest.state = MANIFEST_UNREADABLE;
            snprintf(manifest.reason, sizeof manifest.reason, "%s", strerror(errno));
        }
        goto done;
    }
    manifest.link = S_ISLNK(st.st_mode);
    manifest.others = !manifest.link && manifest_open_to_others(&st);
    if (!files_read(file, &manifest.text, &fault)) {
        /* A link that leads nowhere is as good as nothing. */
        if (fault.code != ERR_NOT_FOUND)
            manifest.state = MANIFEST_UNREADABLE;
    } else if (!rpc_parse(buf_slice(&manifest.text), &json, &fault)) {
        manifest.state = MANIFEST_NO_JSON;
    } else {
        judge(json, family, &manifest);
    }
    cJSON_Delete(json);
    snprintf(manifest.reason, sizeof manifest.reason, "%s", fault.text);
done:
    if (fault.code == ERR_NO_MEMORY || manifest.path.failed == ERR_NO_MEMORY) {
        manifest_finish(&manifest);
        return error_no_memory(err);
    }
    *manifest_out = manifest;
    return true;
}

void manifest_finish(struct manifest *manifest)
{
    buf_finish(&manifest->text);
    buf_finish(&manifest->path);
}
