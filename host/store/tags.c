#include "store/tags.h"

#include "base/limits.h"
#include "base/utf8.h"

/* Appends the name with white space tidied; true also when nothing is left. */
static void append_tidy(struct buf *out, struct slice name)
{
    bool space = false;
    size_t start = out->len;
    for (size_t at = 0; at < name.len;) {
        uint32_t cp;
        size_t len = utf8_decode(name, at, &cp);
        bool blank = cp == 0x3000 || cp == 0xA0 || (len == 1 && ascii_space((char)cp));
        if (!blank) {
            if (space && out->len > start)
                buf_add_char(out, ' ');
            buf_add(out, name.ptr + at, len);
        }
        space = blank;
        at += len;
    }
}

static bool has_control(struct slice text)
{
    for (size_t at = 0; at < text.len;) {
        uint32_t cp;
        at += utf8_decode(text, at, &cp);
        if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
            return true;
    }
    return false;
}

bool tags_fold(struct store *store, struct slice name, struct buf *out, struct error *err)
{
    struct buf tidy;
    buf_init(&tidy, LIMIT_QUERY);
    append_tidy(&tidy, name);
    bool ok = buf_ok(&tidy, "A tag", err) && fold_name(store->folder, buf_slice(&tidy), out, err);
    buf_finish(&tidy);
    return ok;
}

static bool check_name(struct slice name, struct slice folded, struct error *err)
{
    if (name.len == 0 || folded.len == 0)
        return error_set(err, ERR_PARAMS, "A tag is empty");
    if (has_control(name))
        return error_set(err, ERR_PARAMS, "A tag has a control character");
    if (utf8_count(name) > LIMIT_TAG)
        return error_set(err, ERR_LIMIT, "A tag has more than %zu characters", LIMIT_TAG);
    return true;
}

bool tags_check(struct store *store, const char *tag, struct buf *name, struct buf *folded,
                struct error *err)
{
    size_t name_start = name->len;
    size_t folded_start = folded->len;
    append_tidy(name, slice_of(tag));
    struct slice tidy = slice_sub(buf_slice(name), name_start, name->len);
    return buf_ok(name, "A tag", err) && fold_name(store->folder, tidy, folded, err) &&
           check_name(tidy, slice_sub(buf_slice(folded), folded_start, folded->len), err);
}

static bool add_one(struct store *store, int64_t page, const char *tag, struct error *err)
{
    struct buf name;
    struct buf folded;
    int64_t id;
    bool made;
    buf_init(&name, LIMIT_QUERY);
    buf_init(&folded, LIMIT_QUERY);
    bool ok = tags_check(store, tag, &name, &folded, err) &&
              tags_make(store, buf_slice(&name), buf_slice(&folded), &id, &made, err) &&
              tags_put(store, page, id, err);
    buf_finish(&name);
    buf_finish(&folded);
    return ok;
}

bool tags_add(struct store *store, int64_t page, const char *const *tags, size_t count,
              struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (!add_one(store, page, tags[i], err))
            return false;
    }
    return count == 0 || tags_check_count(store, page, err);
}

bool tags_set(struct store *store, int64_t page, const char *const *tags, size_t count,
              struct error *err)
{
    return db_run_with_int(store, "DELETE FROM page_tags WHERE page = ?1", page, err) &&
           tags_add(store, page, tags, count, err);
}
