#include "page/links_scan.h"

/* What stands for a site when nothing else says so; of the others most are not met in a lifetime.
 */
static const char known[] =
    " ac ad ae af ag ai al am ar art asia at au az ba bd be bg biz blog br by ca cat center ch "
    "chat "
    "city cl cloud club cn co codes com cool cr cu cx cy cz de design dev digital dk do ec edu ee "
    "eg "
    "email es eu express fan fi fm fo fr fun fyi ge gg gl global gov gr group guru gt hk host hr "
    "hu "
    "ie il im in info ink inc int io iq ir is it je jp ke kg kh kim kr kw kz la land law lb li "
    "life "
    "link live lk lol lt ltd lu lv ly ma mc md media mk mn mo mobi mt museum mx my net network "
    "news "
    "ng ninja nl no np nz one online onl org page pe ph photo photos pics pink pk plus pm press "
    "pro "
    "ps pt pub pw qa red ren ro rocks rs ru run sa science se sg shop si site sk social software "
    "solutions space store studio su sv sx systems team tech th tk tl tm tn to today tools top tr "
    "travel tv tw ua uk university us uy uz va ve video vip vn wang wiki win work works world ws "
    "wtf "
    "xin xyz za zone app bank cafe cc id me mil mov name pl py sh so st xxx zip ";

/* "main.rs", "setup.py", "user.id", "this.name". */
static const char need_path[] =
    " cat cc do fo id int is mk md mov name no pl pm ps py rs run sh so st sv th tm to zip ";

static bool listed(const char *list, struct slice word)
{
    size_t len;
    for (const char *at = list + 1; *at != '\0'; at += len + 1) {
        len = strcspn(at, " ");
        bool same = len == word.len;
        for (size_t i = 0; i < len && same; i++)
            same = ascii_lower(word.ptr[i]) == at[i];
        if (same)
            return true;
    }
    return false;
}

bool links_known_tld(struct slice label, bool path)
{
    return listed(known, label) && (path || !listed(need_path, label));
}
