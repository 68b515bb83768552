/* Names that mean something on other sites. A parameter stands here only when it never chooses what
 * the page shows; what opens a page (gift links, friend links) stays in its URL. */
#include "page/url_tracking.h"

static const struct {
    const char *sites; /* "x.com": it and all below; "x.*": in every country */
    const char *names; /* "x*": all that begin so */
} rows[] = {
    /* video and music */
    {"youtube.com youtu.be youtube-nocookie.com", "si pp feature ab_channel embeds_referring_euri "
                                                  "embeds_referring_origin source_ve_path"},
    {"spotify.com", "si nd dl_branch"},
    {"tiktok.com", "_r _t _d is_from_webapp sender_device sender_web_id u_code preview_pb "
                   "share_app_id share_item_id share_link_id share_author_id checksum timestamp "
                   "ugbiz_name social_share_type sec_user_id web_id is_copy_url"},
    {"twitch.tv", "tt_medium tt_content"},
    {"soundcloud.com", "si ref"},
    {"apple.com", "itsct itscg ls at ct"},
    {"steampowered.com steamcommunity.com", "snr curator_clanid"},
    /* networks */
    {"x.com twitter.com", "s t cxt cn ref_url"},
    {"facebook.com", "__tn__ __cft__* __xts__* refsrc ref rdid _rdc _rdr "
                     "paipv eav fref hc_ref hc_location __eep__ notif_id notif_t acontext"},
    {"threads.net threads.com", "xmt slof"},
    {"linkedin.com", "trk trackingid refid lipi licu midtoken midsig trkemail rcm "
                     "original_referer origin eid"},
    {"reddit.com", "share_id ref_source ref rdt correlation_id ref_campaign"},
    {"pinterest.*", "invite_code sender sfo mt nic_v3"},
    {"quora.com", "ch oid share srid target_type"},
    {"medium.com", "source gi referrer"},
    {"substack.com", "r triedredirect showwelcomeonshare isfreemail"},
    {"tumblr.com", "source"},
    {"t.me telegram.me", "rhash"},
    /* search: what was asked for stays */
    {"google.*", "ved ei gs_lcp gs_lcrp gs_lp gs_l gs_ssp sclient sca_esv sca_upv sxsrf uact rlz "
                 "iflsig biw bih oq aqs sourceid gws_rd"},
    {"bing.com", "form cvid pq qs sk ghsh ghacc ghpl redig towww"},
    {"duckduckgo.com", "t atb ia_src"},
    {"baidu.com", "rsv_* inputt oq eqid srcqid ssl_sample sugid wfr for fr frommodule lemmafrom "
                  "_wkts_ bdqid querylist sfc client_type client_version"},
    {"sogou.com", "sut sst0 lkt _asf _ast oq"},
    {"so.com", "srcg ls eci nlpv"},
    {"yahoo.com yahoo.co.jp", ".tsrc soc_src soc_trk fr"},
    {"msn.com msn.cn", "ocid cvid ei pc"},
    /* shops */
    {"amazon.*",
     "tag ref ref_ pf_rd_* pd_rd_* qid sr crid sprefix dib dib_tag _encoding linkcode "
     "linkid ascsubtag creative creativeasin camp content-id smid social_share cm_sw_r"},
    {"imdb.com", "ref_ pf_rd_*"},
    {"ebay.*", "mkcid mkrid mkevt campid toolid customid _trkparms _trksid amdata ssspo sssrc "
               "ssuid widget_ver media"},
    {"etsy.com", "click_key click_sum ref frs sts organic_search_click external ga_*"},
    {"aliexpress.*", "algo_* pdp_npi pdp_ext_f btsid ws_ab_test gps-id scm-url pvid curpageloguid "
                     "utparam-url utparam aff_* terminal_id sk tt gatewayadapt"},
    {"taobao.com tmall.com 1688.com tmall.hk",
     "ali_refid ali_trackid pvid abbucket ns mi_id xxc pricetid utparam umpchannel bxsign cpp "
     "shareurl short_name un suid sp_tk ut_sk tk share_crt_v sourcetype _u sm initiative_id "
     "stats_click ttid union_lens eurl rn_src"},
    {"jd.com jd.hk", "cu abt ptag ad_od gx gxd extension_id pcdk shareactivityid sharetype"},
    {"pinduoduo.com yangkeduo.com", "refer_page_* refer_page refer_share_* _x_* _oak_* uin "
                                    "share_uin share_uid"},
    {"booking.com", "label sid aid srpvid ucfs"},
    /* newspapers */
    {"nytimes.com",
     "smid smtyp referringsource emc campaign_id instance_id segment_id user_id regi_id pgtype"},
    {"theguardian.com", "cmp intcmp"},
    {"bbc.com bbc.co.uk", "at_* ns_* ocid"},
    {"washingtonpost.com", "itid wpisrc wpmm"},
    {"wsj.com", "mod reflink"},
    {"ft.com", "sharetype segmentid"},
    {"bloomberg.com", "srnd sref leadsource cmpid in_source"},
    {"economist.com", "fsrc"},
    {"wired.com newyorker.com vogue.com", "mbid"},
    {"cnbc.com", "__source"},
    {"nature.com springer.com", "error code tracking_referrer proof"},
    /* China */
    {"bilibili.com b23.tv",
     "from seid unique_k buvid plat_id timestamp bbid ts up_id trackid bsource msource refer_from "
     "broadcast_type is_room_feed live_from launch_id visit_id hotrank from_source session_id "
     "-arouter"},
    {"mp.weixin.qq.com",
     "scene chksm srcid key ascene uin devicetype version nettype abtest_cookie lang exportkey "
     "pass_ticket wx_header clicktime enterid subscene sessionid from winzoom fontscale poc_token "
     "acctmode countrycode session_us rd2werd realreporttime flutter_pos biz_enter_id "
     "ranksessionid search_click_id exptype expsessionid click_id req_id"},
    {"qq.com", "_wv _wwv pgv_ref shareto qimei devid"},
    {"weibo.com weibo.cn",
     "from wvr sudaref display refer_flag luicode lfid featurecode wm jumpfrom sourcetype"},
    {"zhihu.com", "share_code hb_wx_block s_r s_s_i from_voters_page"},
    {"xiaohongshu.com",
     "xsec_source xsec_token appuid apptime app_platform app_version share_from_user_hidden "
     "author_share shareredid share_id exsource ignoreengage wechatwid wechatorigin"},
    {"douyin.com iesdouyin.com",
     "previous_page enter_from region mid u_code did iid with_sec_did titletype share_sign "
     "share_version ts from_aid from_ssr timestamp schema_type from"},
    {"toutiao.com", "app timestamp use_new_style req_id req_id_new category_new module_name "
                    "share_did share_uid upstream_biz source log_from traffic_source in_ogs in_tfs "
                    "original_source entrance_gid wid"},
    {"kuaishou.com", "cc followrefer sharemethod fid shareobjectid shareid sharetoken "
                     "shareresourcetype appversion timestamp"},
    {"163.com", "spss spsnuid spsdevid spsvid spsshare spsts spstoken spsw spsf clickfrom uct uct2 "
                "fx-wechatnew dlt app_version"},
    {"music.163.com", "userid"},
    {"sina.com.cn sina.cn", "cre rfunc tj tr wm sudaref sinawapsharesource vt"},
    {"sohu.com", "_trans_ edtsign edtcode _f"},
    {"ifeng.com", "_cpb_xinxiliu_xgtj _zbs_baidu_bk"},
    {"douban.com", "_i _dtcc dt_dapp dt_platform _spm_id from icn dcs dcm"},
    {"csdn.net", "ops_request_misc request_id biz_id ydreferer depth_1-* sharetype shareid "
                 "sharerefer sharesource sharefrom"},
    {"juejin.cn juejin.im", "searchid from"},
    {"segmentfault.com", "_ea"},
    {"36kr.com", "f"},
    {"smzdm.com", "send_by invite_code from zdm_ss"},
};

/* The next word of a list, which is cut off it. */
static struct slice next_word(struct slice *list)
{
    size_t end = slice_find_byte(*list, 0, ' ');
    struct slice word = slice_sub(*list, 0, end);
    *list = slice_sub(*list, end + 1, list->len);
    return word;
}

static bool same_nocase(struct slice a, struct slice b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (ascii_lower(a.ptr[i]) != ascii_lower(b.ptr[i]))
            return false;
    return true;
}

/* "www.amazon.co.uk" of "amazon": the name, then one label or two, the first of them short. */
static bool in_every_country(struct slice host, struct slice name)
{
    for (size_t at = 0; at < host.len;) {
        size_t dot = slice_find_byte(host, at, '.');
        if (slice_equal(slice_sub(host, at, dot - at), name) && dot < host.len) {
            struct slice rest = slice_sub(host, dot + 1, host.len);
            size_t first = slice_find_byte(rest, 0, '.');
            return first == rest.len ||
                   (first <= 3 && slice_find_byte(rest, first + 1, '.') == rest.len);
        }
        at = dot + 1;
    }
    return false;
}

static bool at_site(struct slice host, struct slice site)
{
    if (site.ptr[site.len - 1] == '*')
        return in_every_country(host, slice_sub(site, 0, site.len - 2));
    if (host.len < site.len)
        return false;
    size_t from = host.len - site.len;
    return slice_equal(slice_sub(host, from, site.len), site) &&
           (from == 0 || host.ptr[from - 1] == '.');
}

static bool listed(struct slice names, struct slice name)
{
    while (names.len > 0) {
        struct slice known = next_word(&names);
        if (known.ptr[known.len - 1] == '*'
                ? same_nocase(slice_sub(name, 0, known.len - 1), slice_sub(known, 0, known.len - 1))
                : same_nocase(name, known))
            return true;
    }
    return false;
}

bool url_tracking_at_site(struct slice host, struct slice name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slice sites = slice_of(rows[i].sites);
        while (sites.len > 0)
            if (at_site(host, next_word(&sites)) && listed(slice_of(rows[i].names), name))
                return true;
    }
    return false;
}
