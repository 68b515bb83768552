/* <audio> and <video> offer a recording in several forms, of which a browser loads one. */
#include "page/collect.h"
#include "page/tree_edit.h"

/* Ends of file names for sources that have no type. */
static bool ends(struct slice url, const char *end)
{
    struct slice path = slice_sub(url, 0, slice_find_byte(url, 0, '#'));
    path = slice_sub(path, 0, slice_find_byte(path, 0, '?'));
    size_t len = strlen(end);
    return path.len > len && slice_equal_nocase(slice_sub(path, path.len - len, len), end);
}

/* What the browsers of today all play. */
static bool plays(const xmlNode *source)
{
    static const char *const types[] = {"video/mp4", "video/webm", "audio/mpeg", "audio/mp3",
                                        "audio/mp4", "audio/webm", "audio/wav",  "audio/x-wav",
                                        "audio/aac", "audio/flac", "audio/ogg"};
    static const char *const files[] = {".mp4", ".webm", ".mp3", ".m4a",
                                        ".m4v", ".wav",  ".aac", ".flac"};
    struct slice url = slice_trim(tree_value(tree_find_attribute(source, "src")));
    struct slice type = slice_trim(tree_value(tree_find_attribute(source, "type")));
    if (url.len == 0 || tree_find_attribute(source, "media") != NULL)
        return false;
    size_t end = slice_find_byte(type, 0, ';');
    struct slice codecs = slice_sub(type, end, type.len);
    bool rare = slice_find(codecs, 0, slice_of("hvc1")) < codecs.len ||
                slice_find(codecs, 0, slice_of("hev1")) < codecs.len ||
                slice_find(codecs, 0, slice_of("dvh1")) < codecs.len;
    struct slice essence = slice_trim(slice_sub(type, 0, end));
    for (size_t i = 0; !rare && i < sizeof types / sizeof *types; i++)
        if (slice_equal_nocase(essence, types[i]))
            return true;
    for (size_t i = 0; type.len == 0 && i < sizeof files / sizeof *files; i++)
        if (ends(url, files[i]))
            return true;
    return false;
}

void collect_media_choice(xmlNodePtr media)
{
    bool chosen = tree_find_attribute(media, "src") != NULL;
    if (!tree_is(media, NS_HTML, "audio") && !tree_is(media, NS_HTML, "video"))
        return;
    for (xmlNodePtr source = media->children; source != NULL; source = source->next) {
        if (!tree_is(source, NS_HTML, "source"))
            continue;
        xmlAttrPtr src = tree_find_attribute(source, "src");
        if (!chosen)
            chosen = plays(source);
        else if (src != NULL)
            tree_remove_attribute(src);
    }
}
