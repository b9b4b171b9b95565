"""Codes of authenticator apps: TOTP of RFC 6238 with its usual numbers, over the HOTP of RFC 4226."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

STEP_SECONDS: Final = 30
DIGITS: Final = 6
_DRIFT: Final = 1
"""Steps that a clock may go before or behind ours."""


def code_at(secret: bytes, step: int) -> str:
    """Return the code of a step: the number of half minutes since 1970 (RFC 4226, section 5.3)."""
    digest = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_step(secret: bytes, typed: str, now: datetime, after: int) -> int | None:
    """Return the step that a typed code belongs to; None for a wrong one, or one of a step not after `after`.

    The present step counts, and one on either side. All are compared, each in constant time.
    """
    code, here = "".join(typed.split()), int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in range(here - _DRIFT, here + _DRIFT + 1):
        same = hmac.compare_digest(code_at(secret, step).encode(), code.encode())
        if same and step > after:
            found = step
    return found


def readable(secret: bytes) -> str:
    """Return a secret as one types it into an app: letters and digits in groups of four."""
    plain = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def provisioning(secret: bytes, address: str, issuer: str) -> str:
    """Return what the QR code says: the otpauth address that every authenticator app reads."""
    asked = urlencode(
        {"secret": readable(secret).replace(" ", ""), "issuer": issuer, "digits": DIGITS, "period": STEP_SECONDS},
        quote_via=quote,
    )
    return f"otpauth://totp/{quote(f'{issuer}:{address}')}?{asked}"
