"""Which addresses belong to the public internet: what somebody types in must not lead to servers of the house."""

import ipaddress
from itertools import chain

# What is not for everybody to reach but counts as global in some versions of `ipaddress`, or leads on to another
# address that it carries inside.
_NOT_PUBLIC = [
    ipaddress.ip_network(each)
    for each in (
        *("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4"),
        *("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16"),
        *("3fff::/20", "5f00::/16", "fec0::/10"),
        "168.63.129.16/32",  # Azure's own services, public only by number
    )
]


def is_public(address: str) -> bool:
    """Whether an IP address is one that anybody on the internet may reach."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.scope_id:
            return False
        ip = ip.ipv4_mapped or ip
    refused = (ip in network for network in _NOT_PUBLIC)
    return not any(chain((not ip.is_global, ip.is_multicast, ip.is_reserved, ip.is_unspecified), refused))
