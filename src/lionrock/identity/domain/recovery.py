"""Recovery codes: what somebody writes down for the day on which the telephone is gone."""

from __future__ import annotations

import secrets
from typing import Final

CODES: Final = 10
_LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without those that are taken for one another; 31 to the power of 24 codes are more than 118 bits: too many to try."""
_GROUPS: Final = 4
_GROUP_LENGTH: Final = 6


def new_codes() -> list[str]:
    """Return new codes, in groups that can be read aloud."""
    return ["-".join(_group() for _ in range(_GROUPS)) for _ in range(CODES)]


def _group() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LENGTH))


def as_typed(text: str) -> str:
    """Return what somebody typed as a code is kept: small letters, no blanks, no hyphens, of bounded length."""
    return "".join(each for each in text[:100].lower() if each.isalnum())
