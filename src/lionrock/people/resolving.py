"""Asking DNS which texts stand at a name: of the resolvers that are set, within bounds, and never led elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from dns.resolver import Resolver

SECONDS: Final = 5
"""How long the whole look may take, whatever the resolvers do."""
MOST_TEXTS: Final = 50
LONGEST_TEXT: Final = 500


def read_resolver(text: str) -> tuple[str, int]:
    """Read the address of a resolver, `192.0.2.53`, `192.0.2.53:5353` or `[2001:db8::53]:5353`; raises `ValueError`."""
    host, _, port = text.removeprefix("[").partition("]") if text.startswith("[") else text.partition(":")
    port = port.removeprefix(":") or "53"
    if not port.isdecimal() or not 0 < int(port) < 2**16:
        raise ValueError("a port of it is no number from 1 to 65535")
    return str(ip_address(host)), int(port)


class NoAnswer(Exception):
    """DNS could not be asked; the text is for our log."""


def texts_at(name: str, resolvers: Sequence[tuple[str, int]]) -> frozenset[str]:
    """Return the texts (TXT) that stand at exactly this name; without `resolvers` the machine's own are asked.

    An alias is not followed: what it leads to may be somebody else's. Raises `NoAnswer`.
    """
    import dns.exception  # noqa: PLC0415 - large, and few processes ever ask
    import dns.name  # noqa: PLC0415
    import dns.resolver  # noqa: PLC0415

    try:
        asked = dns.name.from_text(f"{name}.")
        answer = _resolver(resolvers).resolve(asked, "TXT", search=False, lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return frozenset()
    except (dns.exception.DNSException, OSError, ValueError) as failed:
        raise NoAnswer(f"{name}: {type(failed).__name__}: {failed}") from failed
    if answer.canonical_name != asked:
        return frozenset()
    texts = (b"".join(each.strings)[:LONGEST_TEXT].decode("ascii", "replace") for each in list(answer)[:MOST_TEXTS])
    return frozenset(texts)


def _resolver(resolvers: Sequence[tuple[str, int]]) -> Resolver:
    import dns.nameserver  # noqa: PLC0415
    import dns.resolver  # noqa: PLC0415

    made = dns.resolver.Resolver(configure=not resolvers)
    if resolvers:
        made.nameservers = [dns.nameserver.Do53Nameserver(address, port) for address, port in resolvers]
    made.timeout = SECONDS / 2
    return made
