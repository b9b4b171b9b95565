"""Which addresses we call on somebody's behalf: public ones alone, over TLS, unless the operator allows others."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
LONGEST_URL = 500
_HTTPS, _HTTP = 443, 80


@dataclass(frozen=True, slots=True)
class Target:
    """Where a webhook goes: the parts of its address."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def named(self) -> str:
        """The host as HTTP names it, with its port where that is not the usual one."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return shown if self.port == (_HTTPS if self.secure else _HTTP) else f"{shown}:{self.port}"


def read_target(url: str, *, plain_http: bool = False) -> Target:
    """Read the address of a webhook; raises `Invalid` with what is wrong with it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _wrong(
            url, gettext_noop("“{value}” is no address. Write one such as https://example.org/hook.")
        ) from None
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise _wrong(url, gettext_noop("“{value}” is too long, or has signs that an address cannot have."))
    if parts.scheme != "https" and not (plain_http and parts.scheme == "http"):
        raise _wrong(url, gettext_noop("“{value}” does not begin with https://. Others could read what is sent there."))
    if not parts.hostname or parts.username or parts.password or parts.fragment:
        raise _wrong(url, gettext_noop("“{value}” names no host, or has a user, a password or a # in it."))
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure, parts.hostname, port or (_HTTPS if secure else _HTTP), path)


def _wrong(url: str, template: str) -> Invalid:
    said = message(template, value=url[:LONGEST_URL])
    return Invalid(
        "api.webhook.address", said, faults=[Fault("api.webhook.address", said, field="url", value=url[:200])]
    )


def read_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Read networks such as 10.20.0.0/16; raises `ValueError`."""
    return tuple(ip_network(text) for text in texts)


def may_be_called(address: Address, allowed: Collection[Network], *, public_too: bool = True) -> bool:
    """Tell whether an address is in a network that the operator allows, or with `public_too` is public.

    An IPv4 address dressed as IPv6 (mapped, 6to4, NAT64) is judged by the one within.
    """
    inner = _within(address)
    if any(each in network for network in allowed for each in {address, inner} if each.version == network.version):
        return True
    return public_too and all(each.is_global and not each.is_multicast for each in {address, inner})


_NAT64 = ip_network("64:ff9b::/96")


def _within(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def callable_addresses(found: Iterable[str], allowed: Collection[Network], *, public_too: bool) -> list[Address]:
    """Return the addresses of a host if all of them may be called; none as soon as one may not."""
    read = [ip_address(text.partition("%")[0]) for text in found]
    return read if all(may_be_called(each, allowed, public_too=public_too) for each in read) else []
