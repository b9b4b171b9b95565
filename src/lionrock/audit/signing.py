"""The installation's signature under where the chain stands: who holds the database alone cannot make it."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from typing import Final

from django.conf import settings
from django.utils.encoding import force_bytes

from lionrock.audit.domain import canonical

_PURPOSE: Final = b"lionrock.audit.head"


def signature(number: int, chain: bytes, at: datetime) -> bytes:
    """Return what is written under a head of the chain (HMAC-SHA-256)."""
    return _signed(settings.SECRET_KEY, number, chain, at)


def is_signed(number: int, chain: bytes, at: datetime, given: bytes) -> bool:
    """Tell whether the key of this installation, or one that it had before, made a signature."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(hmac.compare_digest(_signed(key, number, chain, at), given) for key in keys)


def _signed(key: str | bytes, number: int, chain: bytes, at: datetime) -> bytes:
    said = canonical({"number": number, "chain": chain.hex(), "at": written(at)})
    return hmac.digest(hashlib.sha256(_PURPOSE + force_bytes(key)).digest(), said, "sha256")


def written(at: datetime) -> str:
    """Return an instant as it is signed."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
