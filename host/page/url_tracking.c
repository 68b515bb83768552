#include "page/url_tracking.h"

/* Only names that no site is known to need: a parameter dropped wrongly makes two pages one. Names
 * compare without regard to ASCII case. */
static const char *const prefixes[] = {
    "utm_",                    /* Google Analytics, and by now everybody */
    "hsa_",                    /* HubSpot ads */
    "mtm_",                    /* Matomo */
    "matomo_", "stm_", "itm_", /* internal campaigns */
    "bsft_",                   /* Blueshift */
};

static const char *const names[] = {
    /* Google */
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "gad_source",
    "gad_campaignid",
    "srsltid",
    "_ga",
    "_gl",
    "ga_source",
    "ga_medium",
    "ga_term",
    "ga_content",
    "ga_campaign",
    "ga_place",
    /* Meta, X, LinkedIn, TikTok, Pinterest, Snapchat, Reddit */
    "fbclid",
    "fb_action_ids",
    "fb_action_types",
    "fb_source",
    "fb_ref",
    "igshid",
    "igsh",
    "twclid",
    "ref_src",
    "ref_url",
    "li_fat_id",
    "ttclid",
    "epik",
    "sccid",
    "rdt_cid",
    "mibextid",
    "__twitter_impression",
    "qclid",
    /* Microsoft, Yahoo, Yandex, Adobe */
    "msclkid",
    "yclid",
    "ysclid",
    "_openstat",
    "yadclid",
    "yadordid",
    "guccounter",
    "guce_referrer",
    "guce_referrer_sig",
    "s_kwcid",
    "ef_id",
    /* mail and marketing */
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "_hsenc",
    "_hsmi",
    "__hssc",
    "__hstc",
    "__hsfp",
    "hsctatracking",
    "vero_id",
    "vero_conv",
    "oly_anon_id",
    "oly_enc_id",
    "_ke",
    "_kx",
    "ml_subscriber",
    "ml_subscriber_hash",
    "rb_clickid",
    "wickedid",
    "irclickid",
    "_bta_tid",
    "_bta_c",
    "trk_contact",
    "trk_msg",
    "trk_module",
    "trk_sid",
    "dm_i",
    "elqtrack",
    "elqtrackid",
    "elqcampaignid",
    "elqaid",
    "elqat",
    "elqak",
    "mc_tc",
    "ck_subscriber_id",
    "sms_click",
    "sms_source",
    "sms_uph",
    "ss_source",
    "ss_campaign_id",
    "ss_email_id",
    "nb_klid",
    "nr_email_referer",
    "hss_channel",
    "mindbox-click-id",
    "mindbox-message-key",
    "_branch_match_id",
    "_branch_referrer",
    /* affiliates and recommendations */
    "cjevent",
    "cjdata",
    "ranmid",
    "raneaid",
    "ransiteid",
    "tduid",
    "zanpid",
    "admitad_uid",
    "tblci",
    "dicbo",
    "oborigurl",
    "outbrainclickid",
    /* Wikipedia's share button; the viewers of AMP pages */
    "wprov",
    "usqp",
    "amp_js_v",
    "amp_gsa",
    "amp_ct",
    /* Piwik, Webtrekk, AT Internet */
    "pk_campaign",
    "pk_kwd",
    "pk_keyword",
    "pk_source",
    "pk_medium",
    "pk_content",
    "pk_cid",
    "wt_mc",
    "wt_zmc",
    "wt.mc_id",
    "wt.mc_ev",
    "xtor",
    "at_medium",
    "at_campaign",
    "at_custom1",
    "at_custom2",
    "at_custom3",
    "at_custom4",
    /* Alibaba */
    "spm",
    "spm_id_from",
    "scm_id",
    /* Bilibili */
    "vd_source",
    "share_source",
    "share_medium",
    "share_plat",
    "share_session_id",
    "share_tag",
    "share_times",
    "share_from",
    "from_spmid",
    "is_story_h5",
    /* WeChat, Zhihu, Toutiao, Weibo, Xiaohongshu and other share buttons */
    "share_token",
    "sharer_shareinfo",
    "sharer_shareinfo_first",
    "sharer_sharetime",
    "sharer_shareid",
    "nsukey",
    "isappinstalled",
    "mpshare",
    "wxshare_count",
    "ivk_sa",
    "utm_psn",
    "tt_from",
    "xhsshare",
    "weibo_id",
    /* Baidu, Tencent */
    "hmsr",
    "hmpl",
    "hmcu",
    "hmkw",
    "hmci",
    "bd_vid",
    "gdt_vid",
    "qz_gdt",
    "adtag",
    "aduin",
    "adsession",
    "adpubno",
    "pgv_ref",
    /* Sina */
    "sudaref",
};

/* Names that mean something else on other sites, with the values that share buttons give them, or
 * that ask for the AMP page. */
static const struct {
    const char *name;
    const char *value;
} pairs[] = {
    {"from", "singlemessage"},
    {"from", "groupmessage"},
    {"from", "timeline"},
    {"amp", ""},
    {"amp", "1"},
    {"amp", "true"},
    {"outputtype", "amp"},
};

/* Alibaba's "1007.13339.169490.0.0": elsewhere `scm` may well be a page's own parameter. */
static bool alibaba_scm(struct slice name, struct slice value)
{
    size_t dots = 0;
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        dots += c == '.';
        if (c != '.' && c != '-' && c != '_' && !(c >= '0' && c <= '9') &&
            !(ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'))
            return false;
    }
    return slice_equal_nocase(name, "scm") && dots >= 2;
}

bool url_tracking_parameter(struct slice host, struct slice parameter)
{
    size_t equals = slice_find_byte(parameter, 0, '=');
    struct slice name = slice_sub(parameter, 0, equals);
    struct slice value = slice_sub(parameter, equals + 1, parameter.len);
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (slice_starts_nocase(name, prefixes[i]))
            return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_equal_nocase(name, names[i]))
            return true;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (slice_equal_nocase(name, pairs[i].name) && slice_equal_nocase(value, pairs[i].value))
            return true;
    return alibaba_scm(name, value) || url_tracking_at_site(host, name);
}
