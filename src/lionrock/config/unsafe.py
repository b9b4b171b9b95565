"""Settings with which Lionrock does not start: each is right on a laptop, and a hole in front of the world.

An installation is in front of the world once LIONROCK_INSECURE_HTTP is false.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from lionrock.config.environment import Environment
from lionrock.config.mail import MailServer, Security
from lionrock.database.connection import parsed
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import Message, gettext_noop, message

_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1", ""})
_TLS: Final = frozenset({"require", "verify-ca", "verify-full"})
_NETWORK_OF_ALL: Final = frozenset({"0.0.0.0/0", "::/0"})
_FEW: Final = 12
"""Different characters that a key has at the least; one that somebody typed has fewer."""

Unsafe = tuple[str, Message]
"""A variable, and what is wrong with it and what to do."""


def require_safe(given: Environment) -> None:
    """Raise `Invalid` with a fault for each variable that is unsafe; on a laptop nothing is."""
    if given.insecure_http:
        return
    faults = [
        Fault("config.unsafe", said, field=f"LIONROCK_{name.upper()}")
        for find in _FINDERS
        for name, said in find(given)
    ]
    if faults:
        raise Invalid("config.unsafe", faults[0].message, faults=faults)


def _debug(given: Environment) -> Iterator[Unsafe]:
    if given.debug:
        yield "debug", message(gettext_noop("LIONROCK_DEBUG shows visitors the inside of Lionrock. Unset it."))


def _secret_key(given: Environment) -> Iterator[Unsafe]:
    if given.secret_key is not None and (len(set(given.secret_key)) < _FEW or "django-insecure" in given.secret_key):
        said = gettext_noop("LIONROCK_SECRET_KEY can be guessed. Unset it, and one is made and kept in the home.")
        yield "secret_key", message(said)


def _hosts(given: Environment) -> Iterator[Unsafe]:
    if any(host.startswith("*") for host in given.allowed_hosts):
        said = gettext_noop(
            "LIONROCK_ALLOWED_HOSTS takes every name, so that links in our mail could lead elsewhere. Name your own."
        )
        yield "allowed_hosts", message(said)


def _portal(given: Environment) -> Iterator[Unsafe]:
    portal = urlsplit(given.portal_url)
    if portal.scheme != "https":
        said = gettext_noop("LIONROCK_PORTAL_URL begins with http://, and links in our mail do so too. Write https://.")
        yield "portal_url", message(said)
    elif portal.hostname not in given.allowed_hosts and not _is_below(portal.hostname or "", given.allowed_hosts):
        said = gettext_noop(
            "LIONROCK_PORTAL_URL names {host}, which LIONROCK_ALLOWED_HOSTS does not take. Add it there."
        )
        yield "portal_url", message(said, host=portal.hostname)


def _is_below(host: str, allowed: list[str]) -> bool:
    return any(each.startswith(".") and f".{host}".endswith(each) for each in allowed)


def _mail(given: Environment) -> Iterator[Unsafe]:
    server = MailServer.parse(given.mail_url) if given.mail_url else None
    if server is not None and server.security is Security.NONE and server.host not in _THIS_MACHINE:
        said = gettext_noop("LIONROCK_MAIL_URL sends mail in the clear to {host}. Use smtps:// or smtp+starttls://.")
        yield "mail_url", message(said, host=server.host)


def _database(given: Environment) -> Iterator[Unsafe]:
    if given.database_url is None:
        return
    parts = parsed(given.database_url)
    host = str(parts.get("host", ""))
    if host.startswith("/") or host in _THIS_MACHINE or parts.get("sslmode") in _TLS:
        return
    said = gettext_noop("LIONROCK_DATABASE_URL crosses the network to {host} without TLS. Add ?sslmode=verify-full.")
    yield "database_url", message(said, host=host)


def _metrics(given: Environment) -> Iterator[Unsafe]:
    if _NETWORK_OF_ALL & set(given.metrics_networks):
        said = gettext_noop("LIONROCK_METRICS_NETWORKS lets everybody read the figures. Name networks of your own.")
        yield "metrics_networks", message(said)


def _home(given: Environment) -> Iterator[Unsafe]:
    for path in (given.home / "secret-key", given.home / "attachments", given.home / "backups"):
        if _is_open(path):
            said = gettext_noop("Everybody on this machine may read {path}. Run: chmod -R o-rwx {path}")
            yield "home", message(said, path=path)


def _is_open(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & stat.S_IROTH) and not _is_shut_above(path)


def _is_shut_above(path: Path) -> bool:
    """Tell whether a folder on the way lets no stranger through."""
    return any(not parent.stat().st_mode & stat.S_IXOTH for parent in path.resolve().parents)


_FINDERS: Final[tuple[Callable[[Environment], Iterator[Unsafe]], ...]] = (
    _debug,
    _secret_key,
    _hosts,
    _portal,
    _mail,
    _database,
    _metrics,
    _home,
)
