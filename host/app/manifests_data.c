#include "app/manifests_data.h"

/* The assembler looks for the file from the folder that the compiler runs in, the top of the tree.
 * No -MMD sees such a file: the Makefile names it. */
#define EMBED(symbol, file)                                                                        \
    __asm__(".pushsection .rodata\n"                                                               \
            ".globl " #symbol "\n"                                                                 \
            ".type " #symbol ", %object\n" #symbol ":\n"                                           \
            ".incbin \"manifests/" file "\"\n"                                                     \
            ".byte 0\n"                                                                            \
            ".size " #symbol ", . - " #symbol "\n"                                                 \
            ".popsection\n")

EMBED(manifests_browsers, "browsers.tsv");
EMBED(manifests_chromium, "org.linksnap.host.chromium.json.in");
EMBED(manifests_firefox, "org.linksnap.host.firefox.json.in");
EMBED(manifests_flatpak_host, "flatpak-host.sh.in");
