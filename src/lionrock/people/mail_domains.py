"""Mail domains of organisations: which can be claimed, which record proves one, and when a proof has lapsed."""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import Message, gettext_noop, message

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

RECORD_AT: Final = "_lionrock"
"""The name below a domain at which its record stands."""
LONGEST_NAME: Final = 253 - len(f"{RECORD_AT}.")
LOOKED_EVERY: Final = timedelta(days=1)
AGAIN_AFTER: Final = timedelta(hours=6)
"""How long after it was not there the record is looked for again."""
LAPSES_AFTER: Final = timedelta(days=3)
FAILURES_BEFORE_LAPSE: Final = 3
"""A proof lapses when so many looks in vain have passed, and that much time since the first."""
FRESH_FOR: Final = timedelta(days=2)
"""How long after the record was last seen an address lets somebody in: where nobody looks any more, nobody enters."""
PAUSE_BETWEEN_LOOKS: Final = timedelta(seconds=20)
MOST_DOMAINS: Final = 20
"""So many domains an organisation has at once, proven or not."""
_MIXED: Final = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})
"""Scripts whose letters look alike: no label has those of two."""

_NO_MAIL: Final = (".arpa", ".onion")
"""Parts of the tree that nobody has mail addresses in."""


class Standing(StrEnum):
    """What is known of a claim."""

    CLAIMED = "claimed"
    VERIFIED = "verified"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Seen:
    """What follows from a look: how the claim stands, since when and how often it fails, when to look again."""

    standing: Standing
    failing_since: datetime | None
    failures: int
    next_look_at: datetime | None


def after_look(
    standing: Standing, failing_since: datetime | None, failures: int, *, found: bool, now: datetime
) -> Seen:
    """Return what follows from a look that has found the record, or not; no answer counts as not found."""
    if found:
        return Seen(Standing.VERIFIED, None, 0, now + LOOKED_EVERY)
    if standing is not Standing.VERIFIED:
        return Seen(standing, None, 0, None)
    since, times = failing_since or now, failures + 1
    if times >= FAILURES_BEFORE_LAPSE and now - since >= LAPSES_AFTER:
        return Seen(Standing.LAPSED, since, times, None)
    return Seen(standing, since, times, now + AGAIN_AFTER)


def lets_in_now(
    standing: Standing, failing_since: datetime | None, seen_at: datetime | None, *, wished: bool, now: datetime
) -> bool:
    """Tell whether an address of a domain is enough to belong: wished for, proven, and seen lately without fail."""
    proven = standing is Standing.VERIFIED and failing_since is None and seen_at is not None
    return wished and proven and seen_at is not None and now - seen_at < FRESH_FOR


def record_of(name: str, proof: str) -> tuple[str, str]:
    """Return at which name the record stands that proves a domain, and what it says."""
    return f"{RECORD_AT}.{name}", f"lionrock-domain={proof}"


def domain_of(address: str) -> str:
    """Return the domain of an e-mail address as DNS writes it; empty where there is none."""
    import idna  # noqa: PLC0415 - its tables are large, and most commands need none of them

    try:
        return idna.encode(address.rpartition("@")[2].strip(), uts46=True, std3_rules=True).decode("ascii")
    except UnicodeError:
        return ""


def shown(name: str) -> str:
    """Return a domain as people read it, with DNS's own spelling beside it where the two differ."""
    import idna  # noqa: PLC0415

    try:
        readable = idna.decode(name)
    except UnicodeError:
        return name
    return name if readable == name else f"{readable} ({name})"


def read_domain(text: str) -> str:
    """Return a domain that an organisation can claim, as DNS writes it; raises `Invalid` for any other."""
    name = domain_of(text.strip().rstrip(".")) if "@" not in text else ""
    if not name or len(name) > LONGEST_NAME or _looks_like_another(name):
        said = gettext_noop("“{value}” is no mail domain. Write what stands behind the @, such as example.org.")
        raise _wrong("people.domain.name", message(said, value=text))
    if _suffixes().privatesuffix(name) is None or name.endswith(_NO_MAIL):
        said = gettext_noop(
            "“{value}” is no organisation's own: either names are given out below it to anybody, or the Internet does "
            "not know its last part. Write the domain of your addresses."
        )
        raise _wrong("people.domain.suffix", message(said, value=text))
    if name in shared_domains():
        said = gettext_noop(
            "At “{value}” anybody can have an address, so it proves nothing about an organisation. Invite colleagues."
        )
        raise _wrong("people.domain.shared", message(said, value=text))
    return name


def _wrong(code: str, said: Message) -> Invalid:
    return Invalid(code, said, faults=[Fault(code, said, field="domain", value=str(said.fields["value"]))])


def _looks_like_another(name: str) -> bool:
    """Tell whether a label mixes scripts whose letters look alike."""
    import idna  # noqa: PLC0415

    try:
        labels = idna.decode(name).split(".")
    except UnicodeError:
        return True
    scripts = ({unicodedata.name(sign, "").split(" ")[0] for sign in label} & _MIXED for label in labels)
    return any(len(each) > 1 for each in scripts)


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - reads ten thousand rules

    return PublicSuffixList(accept_unknown=False)


@lru_cache(maxsize=1)
def shared_domains() -> frozenset[str]:
    """Return the domains at which anybody can have an address."""
    text = resources.files("lionrock.people").joinpath("free_mail.csv").read_text(encoding="utf-8")
    return frozenset(row["domain"] for row in csv.DictReader(text.splitlines()))
