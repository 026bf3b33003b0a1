"""Who sent a request: what the limits per client count as one."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.types import Scope


def client_of(scope: Scope) -> str:
    """The client IP, which a trusted proxy may name; of IPv6, the network. Empty if the server does not know it."""
    return _network(scope["client"][0]) if scope.get("client") else ""


@lru_cache(10_000)
def _network(ip: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 network of an IPv6 address, which one client usually has whole."""
    try:
        parsed = ip_address(ip.partition("%")[0])
    except ValueError:
        return ip  # a proxy may forward anything
    if not isinstance(parsed, IPv6Address):
        return ip
    return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))
