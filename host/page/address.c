#include "page/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct prefix4 {
    uint32_t network;
    unsigned bits;
};

struct prefix6 {
    uint8_t network[16];
    unsigned bits;
};

static const struct prefix4 private4[] = {
    {0x00000000, 8},  /* 0.0.0.0/8: "this" network; Linux connects it to itself */
    {0x0A000000, 8},  /* 10.0.0.0/8 */
    {0x64400000, 10}, /* 100.64.0.0/10: carrier-grade NAT, used by VPNs */
    {0x7F000000, 8},  /* 127.0.0.0/8: loopback */
    {0xA9FE0000, 16}, /* 169.254.0.0/16: link-local, cloud metadata */
    {0xAC100000, 12}, /* 172.16.0.0/12 */
    {0xC0000000, 24}, /* 192.0.0.0/24: protocol assignments */
    {0xC0000200, 24}, /* 192.0.2.0/24: documentation */
    {0xC0586300, 24}, /* 192.88.99.0/24: 6to4 relays */
    {0xC0A80000, 16}, /* 192.168.0.0/16 */
    {0xC6120000, 15}, /* 198.18.0.0/15: benchmarks */
    {0xC6336400, 24}, /* 198.51.100.0/24: documentation */
    {0xCB007100, 24}, /* 203.0.113.0/24: documentation */
    {0xE0000000, 3},  /* 224.0.0.0/3: multicast, reserved, broadcast */
};

/* Global unicast is 2000::/3; these are the parts of it that are not what they seem. All other
 * space (loopback, unique local, link-local, site-local, multicast, local NAT64, ...) is private.
 */
static const struct prefix6 global6 = {{0x20}, 3};
static const struct prefix6 private6[] = {
    {{0x20, 0x01, 0x00}, 23},       /* 2001::/23: Teredo, ORCHID, benchmarks */
    {{0x20, 0x01, 0x0D, 0xB8}, 32}, /* 2001:db8::/32: documentation */
    {{0x20, 0x02}, 16},             /* 2002::/16: 6to4 */
    {{0x3F, 0xFF, 0x00}, 20},       /* 3fff::/20: documentation */
};

/* Prefixes of 96 bits whose last 32 are an IPv4 address. */
static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
static const uint8_t nat64[12] = {0x00, 0x64, 0xFF, 0x9B};

static bool is_private4(uint32_t address)
{
    for (size_t i = 0; i < sizeof private4 / sizeof *private4; i++) {
        uint32_t mask = UINT32_MAX << (32 - private4[i].bits);
        if ((address & mask) == private4[i].network)
            return true;
    }
    return false;
}

static bool has_prefix(const uint8_t address[16], const struct prefix6 *prefix)
{
    size_t whole = prefix->bits / 8;
    unsigned rest = prefix->bits % 8;
    uint8_t mask = (uint8_t)(0xFF00u >> rest);
    return memcmp(address, prefix->network, whole) == 0 &&
           (rest == 0 || (address[whole] & mask) == prefix->network[whole]);
}

static bool is_private6(const uint8_t address[16])
{
    if (memcmp(address, mapped, sizeof mapped) == 0 || memcmp(address, nat64, sizeof nat64) == 0)
        return is_private4((uint32_t)address[12] << 24 | (uint32_t)address[13] << 16 |
                           (uint32_t)address[14] << 8 | address[15]);
    if (!has_prefix(address, &global6))
        return true;
    for (size_t i = 0; i < sizeof private6 / sizeof *private6; i++)
        if (has_prefix(address, &private6[i]))
            return true;
    return false;
}

bool address_is_private(const struct sockaddr *address, socklen_t len)
{
    if (address->sa_family == AF_INET && len >= sizeof(struct sockaddr_in)) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        return is_private4(ntohl(in.sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6 && len >= sizeof(struct sockaddr_in6)) {
        struct sockaddr_in6 in6;
        memcpy(&in6, address, sizeof in6);
        return is_private6(in6.sin6_addr.s6_addr);
    }
    return true;
}

bool address_text_is_private(const char *text)
{
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
        return address_is_private((const struct sockaddr *)&in, sizeof in);
    if (inet_pton(AF_INET6, text, &in6.sin6_addr) == 1)
        return address_is_private((const struct sockaddr *)&in6, sizeof in6);
    return true;
}
