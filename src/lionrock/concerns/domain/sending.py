"""What becomes known of a sender: a secret code of their own, an hour, and nothing else."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Final

LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Thirty-two signs that are not taken for each other; five bits each."""
LENGTH: Final = 20
_GROUP: Final = 5


def secret_of(bits: bytes) -> str:
    """Return random bytes (at least `LENGTH`) as a code that can be written down: four groups of five signs."""
    signs = [LETTERS[byte % len(LETTERS)] for byte in bits[:LENGTH]]
    return "-".join("".join(signs[at : at + _GROUP]) for at in range(0, LENGTH, _GROUP))


def digest_of(secret: str) -> str:
    """Return what is kept of a secret: its SHA-256, whatever blanks, dashes and capitals it was typed with.

    A hundred bits are not guessed, so that no slow digest is needed.
    """
    plain = "".join(sign for sign in secret.upper() if sign in LETTERS)
    return hashlib.sha256(plain.encode()).hexdigest()


def fits(secret: str, digest: str) -> bool:
    """Tell whether a secret is the one of a digest, in the same time whether or not it is."""
    return hmac.compare_digest(digest_of(secret), digest)


def counted_as(source: str, key: str) -> str:
    """Return under what askings of a network address are counted; without `key` nobody tells which it was."""
    return hmac.new(key.encode(), source.encode(), hashlib.sha256).hexdigest()


def hour_of(now: datetime) -> datetime:
    """Return the hour in which something came in: all that is kept of the time of an anonymous concern."""
    return now.replace(minute=0, second=0, microsecond=0)
