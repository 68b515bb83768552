/* <link> and <meta>: what they are allowed to say. */
#include "page/sanitize.h"

static bool has_word(struct slice list, const char *word)
{
    for (size_t at = 0; at < list.len;) {
        while (at < list.len && ascii_space(list.ptr[at]))
            at++;
        size_t from = at;
        while (at < list.len && !ascii_space(list.ptr[at]))
            at++;
        if (slice_equal_nocase(slice_sub(list, from, at - from), word))
            return true;
    }
    return false;
}

static const char *const icons[] = {"icon", "apple-touch-icon", "apple-touch-icon-precomposed",
                                    "mask-icon"};

/* The kinds that stay, by their words. Others (preload, preconnect, manifest, ...) only load. */
static const char *kept_rel(struct slice rel, struct slice href)
{
    if (has_word(rel, "stylesheet"))
        return has_word(rel, "alternate") ? "alternate stylesheet" : "stylesheet";
    for (size_t i = 0; i < sizeof icons / sizeof *icons; i++)
        if (has_word(rel, icons[i]))
            return icons[i];
    if (has_word(rel, "canonical") && sanitize_is_link(href))
        return "canonical";
    return NULL;
}

bool sanitize_link_stays(xmlNodePtr node)
{
    struct slice href = tree_value(tree_find_attribute(node, "href"));
    struct slice rel = tree_value(tree_find_attribute(node, "rel"));
    const char *kept = kept_rel(rel, href);
    if (kept == NULL)
        return false;
    bool canonical = strcmp(kept, "canonical") == 0;
    bool icon = strstr(kept, "icon") != NULL;
    if (!canonical && !sanitize_is_asset(href) && !(icon && sanitize_is_data(href)))
        return false;
    if (slice_equal(rel, slice_of(kept)))
        return true;
    return tree_set_attribute(node, "rel", kept);
}

bool sanitize_meta_stays(const xmlNode *node)
{
    static const char *const refused[] = {"referrer", "apple-itunes-app", "google-play-app",
                                          "monetization", "accept-ch"};
    xmlAttrPtr name = tree_find_attribute(node, "name");
    xmlAttrPtr equivalent = tree_find_attribute(node, "http-equiv");
    if (equivalent != NULL) {
        struct slice says = slice_trim(tree_value(equivalent));
        return slice_equal_nocase(says, "content-language") ||
               slice_equal_nocase(says, "default-style");
    }
    if (name == NULL)
        return tree_find_attribute(node, "property") != NULL ||
               tree_find_attribute(node, "itemprop") != NULL;
    struct slice says = slice_trim(tree_value(name));
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (slice_equal_nocase(says, refused[i]))
            return false;
    /* Tiles, tasks and where to read more of them. */
    return !slice_starts_nocase(says, "msapplication-");
}
