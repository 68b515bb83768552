#include "page/assets.h"

#include "base/digest.h"
#include "base/limits.h"
#include "page/assets_table.h"
#include "page/codepoints.h"
#include "page/font_faces.h"
#include "page/url.h"

#include <stdio.h>
#include <stdlib.h>

/* What is passed over is remembered up to here; past it only a second run over the same document
 * would show. */
enum { PASSED_MAX = 20000 };

static const char *const kind_names[ASSET_KIND_COUNT] = {"image", "icon",  "style",  "font",
                                                         "media", "frame", "sprite", "file"};

const char *asset_kind_name(enum asset_kind kind)
{
    return kind_names[kind];
}

bool asset_kind_parse(struct slice name, enum asset_kind *kind_out)
{
    for (size_t i = 0; i < ASSET_KIND_COUNT; i++) {
        if (slice_equal(name, slice_of(kind_names[i]))) {
            *kind_out = (enum asset_kind)i;
            return true;
        }
    }
    return false;
}

/* What is stored differs between these, whatever else an asset is used for. */
static const char *kind_class(enum asset_kind kind)
{
    switch (kind) {
    case ASSET_STYLE:
        return "style ";
    case ASSET_FRAME:
        return "frame ";
    case ASSET_SPRITE:
        return "sprite ";
    default:
        return "raw ";
    }
}

bool assets_create(const struct assets_options *options, struct assets **assets_out,
                   struct error *err)
{
    struct assets *assets = calloc(1, sizeof *assets);
    if (assets == NULL)
        return error_no_memory(err);
    struct slice url = slice_of(options->page_url);
    assets->page_url = slice_dup(slice_sub(url, 0, slice_find_byte(url, 0, '#')));
    assets->web = options->web;
    assets->no_fonts = options->no_fonts;
    assets->unused_fonts = options->unused_fonts;
    assets->unused_font_count = options->unused_font_count;
    int64_t media = options->media_limit ? *options->media_limit : (int64_t)LIMIT_ASSET_BODY;
    assets->media_limit = media < 0 ? 0 : (size_t)media;
    if (assets->media_limit > LIMIT_MEDIA_BODY)
        assets->media_limit = LIMIT_MEDIA_BODY;
    if (assets->page_url == NULL) {
        free(assets);
        return error_no_memory(err);
    }
    *assets_out = assets;
    return true;
}

void assets_destroy(struct assets *assets)
{
    if (assets == NULL)
        return;
    for (size_t i = 0; i < assets->count; i++) {
        free(assets->entries[i]->url);
        free(assets->entries[i]->final_url);
        free(assets->entries[i]->reason);
        free(assets->entries[i]);
    }
    for (size_t i = 0; i < assets->supply_count; i++) {
        free(assets->supplies[i].media_type);
        free(assets->supplies[i].base);
        free(assets->supplies[i].bytes);
    }
    for (size_t i = 0; i < assets->document_count; i++)
        free(assets->documents[i]);
    free(assets->documents);
    free(assets->entries);
    free(assets->supplies);
    free(assets->text);
    ref_map_finish(&assets->passed);
    ref_map_finish(&assets->settled);
    ref_map_finish(&assets->by_ref);
    ref_map_finish(&assets->by_url);
    free(assets->page_url);
    free(assets);
}

/* Room for one more element in an array that doubles. */
static bool make_room(void **array, size_t count, size_t *cap, size_t size)
{
    if (count < *cap)
        return true;
    size_t grown_cap = *cap ? *cap * 2 : 16;
    void *grown = realloc(*array, grown_cap * size);
    if (grown == NULL)
        return false;
    *array = grown;
    *cap = grown_cap;
    return true;
}

/* ---- Wanting ---- */

bool assets_refuse(struct entry *entry, enum error_code fault, long status, const char *reason,
                   struct error *err)
{
    free(entry->reason);
    entry->reason = slice_dup(slice_of(reason));
    entry->asset.state = ASSET_FAILED;
    entry->asset.fault = fault;
    entry->asset.status = status;
    entry->asset.reason = entry->reason;
    return entry->reason != NULL || error_no_memory(err);
}

bool assets_leave_out(const struct assets *assets, struct entry *entry, struct error *err)
{
    const char *reason = entry->asset.kind == ASSET_FONT ? "Fonts are left out"
                         : assets->media_limit == 0
                             ? "Audio and video are left out"
                             : "It is larger than the limit for audio and video";
    bool ok = assets_refuse(entry, ERR_TOO_LARGE, 0, reason, err);
    entry->asset.state = ASSET_LEFT_OUT;
    return ok;
}

static bool add_entry(struct assets *assets, struct entry *entry)
{
    void *entries = assets->entries;
    bool ok = make_room(&entries, assets->count, &assets->cap, sizeof(struct entry *));
    assets->entries = entries;
    if (!ok || !ref_map_put(&assets->by_ref, entry->asset.ref, assets->count))
        return false;
    assets->entries[assets->count++] = entry;
    return true;
}

/* Notes why an asset is refused before it is asked for, when that is so. */
static bool refuse_early(const struct assets *assets, struct entry *entry, struct error *err)
{
    const char *reason = NULL;
    if (assets->count >= LIMIT_ASSETS)
        reason = "The page has too many assets";
    else if (entry->imports > LIMIT_IMPORT_DEPTH)
        reason = "Too many style sheets import each other";
    else if (entry->frames > LIMIT_FRAME_DEPTH)
        reason = "Too many frames inside each other";
    return reason == NULL || assets_refuse(entry, ERR_LIMIT, 0, reason, err);
}

static bool note(struct assets *assets, struct slice url, enum asset_kind kind,
                 const char ref[ASSET_REF_SIZE], struct error *err)
{
    struct entry *entry = calloc(1, sizeof *entry);
    if (entry == NULL)
        return error_no_memory(err);
    const struct entry *parent = assets->parent;
    entry->url = slice_dup(url);
    entry->asset.url = entry->url;
    entry->asset.kind = kind;
    entry->asset.media_type = entry->media_type;
    entry->asset.reason = "";
    memcpy(entry->asset.ref, ref, ASSET_REF_SIZE);
    entry->parent = parent;
    entry->referrer = assets->referrer;
    entry->policy = assets->policy;
    entry->charset = assets->charset;
    entry->strict = assets->strict;
    entry->live = assets->live;
    if (parent != NULL) {
        entry->frames = parent->frames;
        if (kind == ASSET_STYLE && parent->asset.kind == ASSET_STYLE)
            entry->imports = parent->imports + 1;
    }
    entry->frames += kind == ASSET_FRAME;
    if (entry->url == NULL) {
        free(entry);
        return error_no_memory(err);
    }
    if (!refuse_early(assets, entry, err) || !add_entry(assets, entry)) {
        free(entry->reason);
        free(entry->url);
        free(entry);
        return error_no_memory(err);
    }
    return true;
}

bool assets_want(struct assets *assets, struct slice url, enum asset_kind kind,
                 char ref_out[ASSET_REF_SIZE], struct error *err)
{
    char ref[ASSET_REF_SIZE];
    size_t index;
    struct slice bare = slice_sub(url, 0, slice_find_byte(url, 0, '#'));
    if (!ref_make(slice_of(kind_class(kind)), bare, ref, err))
        return false;
    if (!ref_map_get(&assets->by_ref, ref, &index) && !ref_map_get(&assets->settled, ref, &index) &&
        assets->count < 2 * LIMIT_ASSETS && !note(assets, bare, kind, ref, err))
        return false;
    memcpy(ref_out, ref, sizeof ref);
    return true;
}

bool assets_pass_over(struct assets *assets, struct slice url, enum asset_kind kind,
                      char ref_out[ASSET_REF_SIZE], struct error *err)
{
    struct slice bare = slice_sub(url, 0, slice_find_byte(url, 0, '#'));
    if (!ref_make(slice_of(kind_class(kind)), bare, ref_out, err))
        return false;
    return assets->passed.count >= PASSED_MAX || ref_map_put(&assets->passed, ref_out, 0) ||
           error_no_memory(err);
}

bool assets_settle(struct assets *assets, struct slice ref, int64_t bytes, struct error *err)
{
    char key[REF_SIZE];
    size_t size = bytes > 0 ? (size_t)bytes : 0;
    size_t left = LIMIT_ASSETS_BODY - assets->bytes;
    if (!ref_valid(ref))
        return true;
    assets->bytes += size < left ? size : left;
    memcpy(key, ref.ptr, ref.len);
    key[ref.len] = '\0';
    return ref_map_put(&assets->settled, key, 0) || error_no_memory(err);
}

bool assets_enter(struct assets *assets, const char *url, struct error *err)
{
    assets_leave(assets);
    if (!url_is_http(slice_of(url)))
        return true;
    void *documents = assets->documents;
    bool ok = make_room(&documents, assets->document_count, &assets->document_cap, sizeof(char *));
    assets->documents = documents;
    char *copy = ok ? slice_dup(slice_of(url)) : NULL;
    if (copy == NULL)
        return error_no_memory(err);
    assets->documents[assets->document_count++] = copy;
    assets->referrer = copy;
    return true;
}

void assets_set_policy(struct assets *assets, enum referrer_policy policy)
{
    assets->policy = policy;
}

void assets_set_strict(struct assets *assets, bool strict)
{
    assets->strict = strict;
}

void assets_set_live(struct assets *assets, bool live)
{
    assets->live = live;
}

void assets_set_charset(struct assets *assets, const char *charset)
{
    assets->charset = charset != NULL && strcmp(charset, "UTF-8") != 0 ? charset : NULL;
}

void assets_leave(struct assets *assets)
{
    assets->referrer = NULL;
    assets->charset = NULL;
    assets->strict = false;
    assets->live = false;
    assets->policy = REFERRER_STRICT_CROSS;
}

bool assets_note_text(struct assets *assets, struct slice text, struct error *err)
{
    if (text.len == 0)
        return true;
    if (assets->text == NULL)
        assets->text = calloc(1, sizeof *assets->text);
    if (assets->text == NULL)
        return error_no_memory(err);
    codepoints_add(assets->text, text);
    return true;
}

void assets_font_use(const struct assets *assets, struct font_use *use_out)
{
    *use_out = (struct font_use){.text = assets->text,
                                 .unused = assets->unused_fonts,
                                 .unused_count = assets->live ? assets->unused_font_count : 0};
}

/* ---- Supplies ---- */

struct supply *assets_find_supply(const struct assets *assets, struct slice url)
{
    char key[REF_SIZE];
    size_t index;
    struct error err = {0};
    if (assets->supply_count == 0 || !ref_make(url, slice_of(""), key, &err) ||
        !ref_map_get(&assets->by_url, key, &index))
        return NULL;
    return &assets->supplies[index];
}

static bool add_supply(struct assets *assets, struct slice url, const struct supply *supply,
                       struct error *err)
{
    char key[REF_SIZE];
    size_t index;
    void *supplies = assets->supplies;
    bool ok = make_room(&supplies, assets->supply_count, &assets->supply_cap, sizeof *supply);
    assets->supplies = supplies;
    if (!ok)
        return error_no_memory(err);
    if (!ref_make(url, slice_of(""), key, err))
        return false;
    if (!ref_map_get(&assets->by_url, key, &index))
        index = assets->supply_count;
    if (!ref_map_put(&assets->by_url, key, index))
        return error_no_memory(err);
    if (index == assets->supply_count) {
        assets->supply_count++;
    } else {
        free(assets->supplies[index].media_type);
        free(assets->supplies[index].base);
        free(assets->supplies[index].bytes);
    }
    assets->supplies[index] = *supply;
    return true;
}

static bool supply(struct assets *assets, struct slice url, struct slice media_type,
                   struct slice base, struct slice bytes, bool prepared, struct error *err)
{
    struct supply copy = {
        .media_type = slice_dup(media_type),
        .base = slice_dup(base),
        .bytes = slice_dup(bytes),
        .len = bytes.len,
        .prepared = prepared,
    };
    if (copy.media_type == NULL || copy.base == NULL || copy.bytes == NULL)
        error_no_memory(err);
    else if (add_supply(assets, slice_sub(url, 0, slice_find_byte(url, 0, '#')), &copy, err))
        return true;
    free(copy.media_type);
    free(copy.base);
    free(copy.bytes);
    return false;
}

bool assets_supply(struct assets *assets, struct slice url, struct slice media_type,
                   struct slice bytes, struct error *err)
{
    return supply(assets, url, media_type, url, bytes, false, err);
}

bool assets_supply_take(struct assets *assets, struct slice url, struct slice media_type,
                        struct buf *bytes, struct error *err)
{
    struct supply taken = {
        .media_type = slice_dup(media_type),
        .base = slice_dup(url),
        .len = bytes->len,
    };
    struct slice bare = slice_sub(url, 0, slice_find_byte(url, 0, '#'));
    if (bytes->failed == ERR_NONE && taken.media_type != NULL && taken.base != NULL)
        taken.bytes = buf_take(bytes);
    if (taken.bytes == NULL)
        error_no_memory(err);
    else if (add_supply(assets, bare, &taken, err))
        return true;
    free(taken.media_type);
    free(taken.base);
    free(taken.bytes);
    return false;
}

bool assets_supply_from(struct assets *assets, struct slice url, struct slice final_url,
                        struct slice media_type, struct slice bytes, struct error *err)
{
    return supply(assets, url, media_type, final_url, bytes, false, err);
}

bool assets_supply_frame(struct assets *assets, size_t number, struct slice stored_html,
                         struct error *err)
{
    char url[64];
    snprintf(url, sizeof url, "linksnap:frame/%zu", number);
    return supply(assets, slice_of(url), slice_of("text/html"), slice_of(url), stored_html, true,
                  err);
}

/* Whether the asset needs its bytes still. */
static bool is_open(const struct assets *assets, const char ref[ASSET_REF_SIZE])
{
    size_t index;
    return !ref_map_get(&assets->by_ref, ref, &index) ||
           (assets->entries[index]->asset.state == ASSET_WANTED &&
            assets_find_supply(assets, slice_of(assets->entries[index]->url)) == NULL);
}

bool assets_want_data(struct assets *assets, struct slice data_url, enum asset_kind kind,
                      char ref_out[ASSET_REF_SIZE], struct error *err)
{
    char url[64] = "linksnap:data/";
    char ref[ASSET_REF_SIZE];
    if (data_url.len > LIMIT_DATA_URL)
        return error_set(err, ERR_URL, "A data: URL is too long");
    if (!ref_make(data_url, slice_of(""), url + strlen(url), err) ||
        !ref_make(slice_of(kind_class(kind)), slice_of(url), ref, err))
        return false;
    bool ok = true;
    if (is_open(assets, ref)) {
        struct media_type type;
        struct buf bytes;
        char label[MEDIA_TYPE_SIZE + 80];
        buf_init(&bytes, LIMIT_DATA_URL);
        ok = media_decode_data_url(data_url, &type, &bytes, err);
        /* "data:," says that there is no icon, or no picture yet. */
        if (ok && bytes.len == 0)
            ok = error_set(err, ERR_URL, "A data: URL is empty");
        if (ok) {
            snprintf(label, sizeof label, "%s%s%s", type.essence,
                     type.charset[0] ? ";charset=" : "", type.charset);
            ok = assets_supply(assets, slice_of(url), slice_of(label), buf_slice(&bytes), err);
        }
        buf_finish(&bytes);
    }
    return ok && assets_want(assets, slice_of(url), kind, ref_out, err);
}

bool assets_want_srcdoc(struct assets *assets, struct slice html, struct slice base,
                        char ref_out[ASSET_REF_SIZE], struct error *err)
{
    char url[64] = "linksnap:srcdoc/";
    char of_base[REF_SIZE];
    return ref_make(base, slice_of(" "), of_base, err) &&
           ref_make(slice_of(of_base), html, url + strlen(url), err) &&
           supply(assets, slice_of(url), slice_of("text/html;charset=utf-8"), base, html, false,
                  err) &&
           assets_want(assets, slice_of(url), ASSET_FRAME, ref_out, err);
}

/* ---- Questions ---- */

bool assets_knows(const struct assets *assets, struct slice ref)
{
    char key[REF_SIZE];
    size_t index;
    if (!ref_valid(ref))
        return false;
    memcpy(key, ref.ptr, ref.len);
    key[ref.len] = '\0';
    return ref_map_get(&assets->by_ref, key, &index) || ref_map_get(&assets->passed, key, &index) ||
           ref_map_get(&assets->settled, key, &index);
}

bool assets_has_supply(const struct assets *assets, struct slice url)
{
    return assets_find_supply(assets, slice_sub(url, 0, slice_find_byte(url, 0, '#'))) != NULL;
}

bool assets_follow_frames(const struct assets *assets)
{
    return assets->web;
}

bool assets_is_page(const struct assets *assets, const char *url)
{
    struct slice other = slice_of(url);
    return slice_equal(slice_of(assets->page_url),
                       slice_sub(other, 0, slice_find_byte(other, 0, '#')));
}

size_t assets_count(const struct assets *assets)
{
    return assets->count;
}

const struct asset *assets_at(const struct assets *assets, size_t index)
{
    return &assets->entries[index]->asset;
}
