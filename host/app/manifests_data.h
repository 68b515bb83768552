/* The files of manifests/, compiled in: NUL-terminated, as they stand. */
#ifndef APP_MANIFESTS_DATA_H
#define APP_MANIFESTS_DATA_H

extern const char manifests_browsers[];     /* browsers.tsv */
extern const char manifests_chromium[];     /* org.linksnap.host.chromium.json.in */
extern const char manifests_firefox[];      /* org.linksnap.host.firefox.json.in */
extern const char manifests_flatpak_host[]; /* flatpak-host.sh.in */

#endif
