/* Which network addresses a public page must not make this program talk to. */
#ifndef PAGE_ADDRESS_H
#define PAGE_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* Private, loopback, link-local, shared, benchmark, multicast, reserved and unspecified addresses
 * (the IANA special-purpose registries, RFC 6890), and every IPv6 form that carries such an IPv4
 * address or could: mapped, compatible, NAT64, 6to4, Teredo. A family that is neither IPv4 nor IPv6
 * counts as private. `len` is the size of the address in bytes. */
bool address_is_private(const struct sockaddr *address, socklen_t len);

/* The same for an address as text, an IPv6 one without brackets. What is no address is private. */
bool address_text_is_private(const char *text);

#endif
