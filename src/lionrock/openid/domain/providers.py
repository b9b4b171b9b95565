"""An identity provider: whom it may speak for, and which addresses of it we would ask."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider of the installation; `code` stands in addresses, `issuer` is compared to the letter.

    It may speak for e-mail addresses of its `domains` alone. `email_trusted` says that all its addresses are
    proven, for one that never says so itself. `plain_http` lets it be asked without TLS, on this machine only.
    """

    code: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    domains: frozenset[str]
    name_zh_hant: str = ""
    name_zh_hans: str = ""
    email_trusted: bool = False
    plain_http: bool = False

    def __repr__(self) -> str:
        return f"Provider({self.code!r}, {self.issuer!r})"


def may_be_asked(address: object, *, plain_http: bool) -> bool:
    """Tell whether we would send a request to an address: over TLS, or in the clear to this very machine if allowed."""
    if not isinstance(address, str) or any(character.isspace() or character < " " for character in address):
        return False
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username or parts.password or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and plain_http and host in THIS_MACHINE)


def domain_of(address: str) -> str:
    """Return the domain of an e-mail address in small letters; nothing for what is none."""
    local, at, domain = address.rpartition("@")
    return domain.lower() if at and local else ""


def speaks_for(domains: Collection[str], address: str) -> bool:
    """Tell whether an address lies in one of the domains: in that very one, not in one below it."""
    return domain_of(address) in domains
