"""How somebody proved who they are, what that suffices for, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any, Final


class Strength(IntEnum):
    """How much a proof is worth: one secret that can be told to others, or something that one has besides."""

    ONE = 1
    TWO = 2


class Method(StrEnum):
    """What was shown at a sign-in or a confirmation."""

    PASSWORD = "password"  # noqa: S105 - the kind of a secret, and none
    CODE = "code"
    """A password, and the code of an authenticator app."""
    RECOVERY = "recovery"
    """A password, and a recovery code."""
    PASSKEY = "passkey"
    ELSEWHERE = "elsewhere"
    """Single sign-on: one's organisation has asked."""

    @property
    def strength(self) -> Strength:
        """What it is worth; what was asked elsewhere we have not seen, and count as one."""
        return Strength.TWO if self in _TWO else Strength.ONE


_TWO: Final = frozenset({Method.CODE, Method.RECOVERY, Method.PASSKEY})


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things count: a sign-in at most, without use, and a proof for what needs a fresh one."""

    absolute: timedelta
    idle: timedelta
    proof: timedelta


SEEN_EVERY: Final = timedelta(minutes=5)
"""How exactly it is kept when somebody was last here, so that not every page is a write."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody showed this, then."""

    at: datetime
    strength: Strength


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in in one browser: its public name, how and when, when last seen, and the latest proof."""

    handle: str
    method: Method
    at: datetime
    seen: datetime
    proof: Proof
    browser: str = ""

    def plain(self) -> dict[str, Any]:
        """Return it as a session keeps it."""
        whole = asdict(self) | {"at": self.at.isoformat(), "seen": self.seen.isoformat()}
        return whole | {"proof": {"at": self.proof.at.isoformat(), "strength": int(self.proof.strength)}}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> SignIn:
        """Return what `plain` has made."""
        proof = Proof(datetime.fromisoformat(kept["proof"]["at"]), Strength(kept["proof"]["strength"]))
        times = {name: datetime.fromisoformat(kept[name]) for name in ("at", "seen")}
        return cls(kept["handle"], Method(kept["method"]), proof=proof, browser=kept["browser"], **times)

    def proved(self, method: Method, now: datetime) -> SignIn:
        """Return it with a new proof: the browser has shown this now."""
        return replace(self, seen=now, proof=Proof(now, method.strength))


def ends(signed_in: SignIn, limits: Limits, now: datetime) -> bool:
    """Tell whether a sign-in is over: too old, or too long without use."""
    return now - signed_in.at >= limits.absolute or now - signed_in.seen >= limits.idle


def is_seen_anew(signed_in: SignIn, now: datetime) -> bool:
    """Tell whether it is time to note again that somebody is here."""
    return now - signed_in.seen >= SEEN_EVERY


def suffices(proof: Proof, needed: Strength, limits: Limits, now: datetime) -> bool:
    """Tell whether a proof is fresh and strong enough for a decision, a payment or a release.

    We have written the instant down ourselves: where it is to come, our clock was set back, and it counts.
    """
    return proof.strength >= needed and now - proof.at < limits.proof
