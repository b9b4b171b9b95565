"""Where a request comes from, as far as we can know: the network address that limits are counted by."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest


def source_of(request: HttpRequest) -> str:
    """Return the network address that asks: the peer's, or what our own proxy on this machine says of it.

    Only a peer on this machine is believed, and of what it forwards only the last address, which is
    the one that it has seen itself. An IPv6 address counts as its network of 64 bits: a household has that many.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if _address(peer) is None or ipaddress.ip_address(peer).is_loopback:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        peer = forwarded if _address(forwarded) is not None else peer
    found = _address(peer)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found or "unknown")


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
