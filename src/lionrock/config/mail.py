"""Where e-mail goes out, read from one address such as smtps://user:password@mail.example.org:465."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import SplitResult, unquote, urlsplit


class Security(StrEnum):
    """How the connection is kept from being read; the scheme of the address."""

    NONE = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"


_PORTS = MappingProxyType({Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465})
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_ADDRESS = r"[^@\s<>,;:]+@[^@\s<>,;:]+"
_SENDER = re.compile(rf"{_ADDRESS}|[^<>\x00-\x1f\x7f]* <{_ADDRESS}>")


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes mail from us."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = ""

    @classmethod
    def parse(cls, url: str) -> MailServer:
        """Read an address; raises `ValueError` saying what is wrong with it, without repeating it."""
        parts, port = _split(url)
        if parts.scheme not in list(Security):
            raise ValueError("it does not begin with smtp://, smtp+starttls:// or smtps://")
        if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError("it is not of the form smtps://user:password@host:port")
        security = Security(parts.scheme)
        if parts.password and security is Security.NONE and parts.hostname not in _THIS_MACHINE:
            raise ValueError("a password would cross the network in the clear; use smtps:// or smtp+starttls://")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname, port or _PORTS[security], security, user, password)


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError:
        raise ValueError("its host or port cannot be read") from None


def check_sender(sender: str) -> str:
    """Return "Name <address>" or an address alone; raises `ValueError` for anything else."""
    if not _SENDER.fullmatch(sender):
        raise ValueError("it is no sender such as Lionrock <portal@example.org>")
    return sender


def check_portal(url: str) -> str:
    """Return the address of the portal without a slash at its end; raises `ValueError` for what is none."""
    parts, _port = _split(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("it is no address such as https://compute.example.org")
    return url.rstrip("/")
