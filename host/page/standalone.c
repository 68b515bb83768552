#include "page/standalone.h"

#include "base/limits.h"
#include "page/document.h"
#include "page/sprite.h"
#include "page/standalone_levels.h"

#include <stdlib.h>

/* ---- Sprites ---- */

/* `#ls-REF-id` for `REF#id`. */
static bool point_into_sprite(struct level *level, const char *ref)
{
    if (level->at < level->source.len && level->source.ptr[level->at] == '#')
        level->at++;
    return buf_printf(level->out, "#%s%s-", SPRITE_PREFIX, ref);
}

/* The tree takes the bytes and has them written at its end. */
static bool add_sprite(struct writer *w, const char *ref, struct buf *bytes)
{
    struct scope *scope = level_scope(w);
    size_t index = scope->sprites.count;
    if (index == scope->cap) {
        size_t cap = scope->cap ? scope->cap * 2 : 8;
        struct buf *grown = realloc(scope->bytes, cap * sizeof *grown);
        if (grown == NULL)
            return error_no_memory(w->err);
        scope->bytes = grown;
        scope->cap = cap;
    }
    if (!ref_map_put(&scope->sprites, ref, index))
        return error_no_memory(w->err);
    w->work += bytes->len;
    scope->bytes[index] = *bytes;
    *bytes = (struct buf){0};
    return true;
}

/* At the end of a tree: one more sprite; false when all are there. */
static bool next_sprite(struct writer *w)
{
    struct scope *scope = level_scope(w);
    if (scope->written == scope->sprites.count)
        return false;
    size_t index = scope->written++;
    if (!level_push(w, "", ASSET_SPRITE, &scope->bytes[index]))
        w->left_out++;
    return true;
}

/* ---- References ---- */

/* An asset's bytes and what they are. */
struct found {
    bool there;
    struct buf bytes;
    enum asset_kind kind;
    struct media_type type;
};

/* False when the work must end; an asset that the snapshot lacks is no fault. The bytes must be
 * finished in any case. */
static bool load(struct writer *w, const char *ref, struct found *found_out)
{
    *found_out = (struct found){0};
    buf_init(&found_out->bytes, LIMIT_SELF_CONTAINED);
    w->err->code = ERR_NONE;
    found_out->there =
        w->asset(ref, &found_out->bytes, &found_out->kind, &found_out->type, w->arg, w->err);
    return found_out->there || w->err->code == ERR_NONE;
}

static bool is_shown(const char *essence)
{
    return (strncmp(essence, "image/", 6) == 0 && strcmp(essence, "image/svg+xml") != 0) ||
           strncmp(essence, "audio/", 6) == 0 || strncmp(essence, "video/", 6) == 0 ||
           strcmp(essence, "application/ogg") == 0;
}

/* Writes what the bytes are, or opens a level on them. */
static bool use_asset(struct writer *w, const char *ref, struct found *found)
{
    struct level *level = level_top(w);
    size_t from = level->out->len;
    bool fits = level_has_room(w, level, found->bytes.len);
    bool written;
    switch (found->kind) {
    case ASSET_STYLE:
        if (fits && level_push(w, ref, ASSET_STYLE, &found->bytes))
            return true;
        written = level_leave_out(w, level, false);
        break;
    case ASSET_SPRITE:
        if (fits)
            return add_sprite(w, ref, &found->bytes) && point_into_sprite(level, ref);
        written = level_leave_out(w, level, false);
        break;
    case ASSET_FRAME:
        return level_write_missing(level, false);
    case ASSET_FILE:
        /* It may be of any type: only what a picture or a player shows goes out. */
        if (!is_shown(found->type.essence))
            return level_write_missing(level, false);
        written = level_write_data(w, level, found->type.essence, buf_slice(&found->bytes));
        break;
    default:
        written = level_write_data(w, level, found->type.essence, buf_slice(&found->bytes));
        break;
    }
    return written && level_remember(w, level, ref, from, false);
}

static bool expand_asset(struct writer *w, const char *ref)
{
    struct level *level = level_top(w);
    size_t index;
    if (ref_map_get(&level->seen, ref, &index))
        return level_repeat(w, level, index, false);
    if (ref_map_get(&level_scope(w)->sprites, ref, &index))
        return point_into_sprite(level, ref);
    if (level_is_open(w, ref))
        return level_write_missing(level, false);
    if (!level_has_room(w, level, 1))
        return level_leave_out(w, level, false);
    struct found found;
    size_t from = level->out->len;
    bool ok = load(w, ref, &found);
    if (ok && found.there)
        ok = use_asset(w, ref, &found);
    else if (ok)
        ok = level_write_missing(level, false) && level_remember(w, level, ref, from, false);
    buf_finish(&found.bytes);
    return ok;
}

static bool expand_frame(struct writer *w, const char *ref)
{
    struct level *level = level_top(w);
    size_t index;
    if (ref_map_get(&level->seen, ref, &index))
        return level_repeat(w, level, index, true);
    if (level_is_open(w, ref))
        return level_write_missing(level, true);
    if (!level_has_room(w, level, 1))
        return level_leave_out(w, level, true);
    struct found found;
    bool ok = load(w, ref, &found);
    if (ok && found.there && found.kind == ASSET_FRAME) {
        bool fits = level_has_room(w, level, found.bytes.len);
        ok = fits && level_push(w, ref, ASSET_FRAME, &found.bytes)
                 ? level_open_document(w, NULL)
                 : level_leave_out(w, level, true);
    } else if (ok) {
        ok = level_write_missing(level, true);
    }
    buf_finish(&found.bytes);
    return ok;
}

/* ---- The text ---- */

static const size_t reference_len = sizeof ASSET_SCHEME - 1 + REF_SIZE - 1;

static bool take_ref(struct slice text, size_t at, const char *scheme, char ref_out[ASSET_REF_SIZE])
{
    size_t len = strlen(scheme);
    struct slice ref = slice_sub(text, at + len, REF_SIZE - 1);
    if (!slice_starts(slice_sub(text, at, len), scheme) || !ref_valid(ref))
        return false;
    memcpy(ref_out, ref.ptr, ref.len);
    ref_out[ref.len] = '\0';
    return true;
}

/* Whether a reference can stand at `at` of a stored text: never in an element's name, and a frame's
 * only as the whole value of srcdoc, whose quotes its document is escaped for. */
static bool stands_alone(struct slice text, size_t at, bool frame)
{
    static const char srcdoc[] = " " LEVEL_SRCDOC;
    size_t before = sizeof srcdoc - 1;
    if (!frame)
        return at == 0 || (text.ptr[at - 1] != '<' && text.ptr[at - 1] != '/');
    size_t after = at + strlen(FRAME_SCHEME) + REF_SIZE - 1;
    return at >= before && memcmp(text.ptr + at - before, srcdoc, before) == 0 &&
           after < text.len && text.ptr[after] == '"';
}

/* At a mark of the document. The end mark is come to again until all sprites stand before it. */
static bool pass_mark(struct writer *w, struct level *level, size_t mark)
{
    level_copy_to(w, level, mark);
    if (mark == level->head) {
        level->at += strlen(DOCUMENT_HEAD_MARK);
        return level_write_rules(level);
    }
    if (!next_sprite(w))
        level->at += strlen(DOCUMENT_END_MARK);
    return level->out->failed == ERR_NONE;
}

/* Keeps a place that was looked for at the level's own or behind it; at 0 nothing was yet. */
static void look_for(const struct level *level, size_t *place, const char *what)
{
    if (*place < level->at || level->at == 0)
        *place = slice_find(level->source, level->at, slice_of(what));
}

/* Before `to`: a template's tag, when one stands there. Its end is come to again until all sprites
 * stand before it. */
static bool pass_template(struct writer *w, struct level *level, size_t to, bool *passed_out)
{
    look_for(level, &level->opens, LEVEL_TEMPLATE_START);
    look_for(level, &level->closes, LEVEL_TEMPLATE_END);
    size_t tag = level->opens < level->closes ? level->opens : level->closes;
    *passed_out = tag < to;
    if (tag >= to)
        return true;
    level_copy_to(w, level, tag);
    if (tag == level->opens) {
        size_t behind = tag + strlen(LEVEL_TEMPLATE_START);
        bool template = behind < level->source.len && strchr(" >", level->source.ptr[behind]);
        return level_copy_to(w, level, behind) && (!template || level_open_scope(w, level));
    }
    if (level->scope_count > 1) {
        if (next_sprite(w))
            return level->out->failed == ERR_NONE;
        level_close_scope(level);
    }
    return level_copy_to(w, level, tag + strlen(LEVEL_TEMPLATE_END));
}

/* Copies up to the next place where something of ours stands, and deals with it. */
static bool step(struct writer *w)
{
    static const char word[] = "linksnap-"; /* in both marks and both schemes */
    struct level *level = level_top(w);
    struct slice text = level->source;
    char ref[ASSET_REF_SIZE];
    look_for(level, &level->word, word);
    size_t hit = level->word;
    bool passed = false;
    if (level->kind == ASSET_FRAME && !pass_template(w, level, hit, &passed))
        return false;
    if (passed)
        return true;
    if (hit == text.len) {
        level_copy_to(w, level, text.len);
        return level_pop(w);
    }
    size_t mark = hit - strlen("<!--");
    if (level->kind == ASSET_FRAME && hit > mark && (mark == level->head || mark == level->end))
        return pass_mark(w, level, mark);
    bool asset = take_ref(text, hit, ASSET_SCHEME, ref);
    bool frame = !asset && level->kind != ASSET_STYLE && take_ref(text, hit, FRAME_SCHEME, ref);
    if (!(asset || frame) || !stands_alone(text, hit, frame))
        return level_copy_to(w, level, hit + strlen(word));
    level_copy_to(w, level, asset ? hit : hit - strlen(LEVEL_SRCDOC));
    level->at = hit + reference_len;
    return asset ? expand_asset(w, ref) : expand_frame(w, ref);
}

bool standalone_write(struct slice stored_html, const struct standalone_source *source,
                      standalone_asset_fn asset, void *arg, struct buf *out, size_t *left_out_out,
                      struct error *err)
{
    struct writer *w = calloc(1, sizeof *w);
    if (w == NULL)
        return error_no_memory(err);
    w->asset = asset;
    w->arg = arg;
    w->err = err;
    struct buf none = {0};
    level_push(w, "", ASSET_FRAME, &none);
    level_top(w)->source = stored_html;
    level_top(w)->out = out;
    bool ok = level_open_document(w, source);
    while (ok && w->depth > 0)
        ok = step(w) && out->failed == ERR_NONE;
    for (size_t i = 0; i < w->depth; i++)
        level_finish(&w->levels[i]);
    if (out->failed != ERR_NONE)
        ok = buf_ok(out, "The snapshot", err);
    if (ok)
        *left_out_out = w->left_out;
    free(w);
    return ok;
}
