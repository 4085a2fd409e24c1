"""Which addresses of the network the server may be sent to by what somebody typed. Pure."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# Reachable from anywhere by the registries' lists, yet never another site: the platform's own services, and
# ranges of IPv6 that carry an address of IPv4 inside (NAT64, 6to4, Teredo, "IPv4-compatible").
_NEVER = [
    ip_network(text)
    for text in (
        "100.64.0.0/10",  # CGNAT (RFC 6598)
        "168.63.129.16/32",  # Azure's services for the machine itself
        "192.0.0.0/24",  # IETF protocol assignments; Oracle's metadata among them
        "192.88.99.0/24",  # relays of 6to4
        "198.18.0.0/15",  # benchmarks
        "240.0.0.0/4",
        "::/96",
        "::ffff:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
]


def is_public(address: str | IPv4Address | IPv6Address) -> bool:
    """Whether an IP address is one of the open internet.

    Private, loopback, link-local (metadata services), CGNAT, multicast and reserved ones are not, nor is anything
    of IPv6 that wraps an address of IPv4. A zone ("fe80::1%eth0") is looked through.
    """
    found = ip_address(str(address).partition("%")[0])
    if not found.is_global or found.is_multicast or found.is_reserved or found.is_unspecified:
        return False
    return not any(found in network for network in _NEVER if network.version == found.version)
