"""What a row comes to as bytes, and how each is tied to all before it: no clock, no database.

`docs/explanation/audit.md` describes the form for whoever checks it without us.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

BEGINNING: Final = bytes(32)
"""What the first seal is tied to."""
ERASED: Final = "erased"
"""What stands where something personal was."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a model says of itself to have its rows sealed.

    `parts` are tables whose rows belong to one row, with the column that says to which. `apart` are
    columns that may hold what is personal: only digests of them, with a key of each row's own, are part
    of the seal, so that they can be erased. Of an object each key stands for itself.
    """

    parts: tuple[tuple[str, str], ...] = ()
    apart: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left of what was erased: for each field its digest, for every other its key."""

    digests: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Mapping[str, Any] | None) -> Kept:
        """Return what stands in a seal."""
        return cls(**data) if data else cls()

    def data(self) -> dict[str, dict[str, str]]:
        """Return it as plain values."""
        return {"digests": dict(self.digests), "keys": dict(self.keys)}


def canonical(value: object) -> bytes:
    """Return a JSON value as bytes, always the same: keys sorted, no space, UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def exact(text: str) -> Any:
    """Read JSON losing no digit: a number with a fraction becomes {"decimal": its digits}."""
    return json.loads(text, parse_float=lambda digits: {"decimal": digits})


def split(row: Mapping[str, Any], apart: frozenset[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a row's open fields and those that stand apart, by name; what is empty is left out of both.

    What is empty is left out so that a column that is added later leaves the seals of old rows as they are.
    """
    filled = {name: value for name, value in row.items() if value not in (None, "", [], {})}
    opened = {name: value for name, value in filled.items() if name not in apart}
    closed: dict[str, Any] = {}
    for name in apart & filled.keys():
        value = filled[name]
        if isinstance(value, dict):
            closed |= {f"{name}.{key}": each for key, each in value.items()}
        else:
            closed[name] = value
    return opened, closed


def key_of(salt: bytes, name: str) -> bytes:
    """Return the key of one field of a row, from which neither the row's nor another's can be found."""
    return hmac.digest(salt, name.encode(), "sha256")


def digest_apart(key: bytes, value: object) -> str:
    """Return what is sealed of a field that stands apart."""
    return hmac.digest(key, canonical(value), "sha256").hex()


def content(kind: str, row: Mapping[str, Any], sealed: Sealed, salt: bytes, kept: Kept) -> dict[str, Any]:
    """Return what is sealed of a row: its open fields, and digests of the others."""
    opened, closed = split(row, sealed.apart)
    found = {"kind": kind, "fields": opened}
    if sealed.apart:
        found["apart"] = {name: _apart(name, value, salt, kept) for name, value in closed.items()}
    return found


def _apart(name: str, value: object, salt: bytes, kept: Kept) -> str:
    if name in kept.digests and value == ERASED:
        return kept.digests[name]
    key = bytes.fromhex(kept.keys[name]) if name in kept.keys else key_of(salt, name)
    return digest_apart(key, value)


def digest_of(content: Mapping[str, Any]) -> bytes:
    """Return the digest of what is sealed of a row."""
    return hashlib.sha256(canonical(content)).digest()


def tie(before: bytes, digest: bytes) -> bytes:
    """Return the value of the chain at a row: it stands for the row and for all before it."""
    return hashlib.sha256(before + digest).digest()


def erase_apart(row: Mapping[str, Any], sealed: Sealed, salt: bytes, kept: Kept, names: frozenset[str]) -> Kept:
    """Return what is left when these fields of a row are erased; the salt goes with them."""
    _, closed = split(row, sealed.apart)
    left = {name: _key(name, salt, kept) for name in closed if name not in names and name not in kept.digests}
    gone = {name: _apart(name, value, salt, kept) for name, value in closed.items() if name in names}
    return Kept({**kept.digests, **gone}, left)


def _key(name: str, salt: bytes, kept: Kept) -> str:
    return kept.keys.get(name) or key_of(salt, name).hex()
