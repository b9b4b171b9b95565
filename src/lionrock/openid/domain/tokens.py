"""What a provider has signed about somebody: believed only when every part of it is as it must be."""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from numbers import Real
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from lionrock.openid.domain.providers import Provider

PublicKey = RSAKey | ECKey | OKPKey
SIGNED_BY: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Asymmetric kinds alone: with a shared secret anybody who has our client secret could be anybody."""
LEEWAY: Final = timedelta(seconds=90)
"""How far the clocks of provider and portal may lie apart."""
YOUNG: Final = timedelta(minutes=15)
"""How long ago a token may have been made that we have just fetched."""
LONGEST: Final = 255
_HASHES: Final = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}
_KINDS: Final[Mapping[object, Any]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
SMALLEST_RSA: Final = 2048
_BITS_OF_A_LETTER: Final = 6


class Unbelievable(Exception):
    """A token, or an answer, is not what it must be; the text is for our log, and names no secret."""


class UnknownKey(Unbelievable):
    """It is signed by a key that we do not know: the provider may have changed its keys."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is to a provider. Only `issuer` and `subject` say it; the rest may change."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    name: str


def public_keys(document: Mapping[str, object]) -> list[PublicKey]:
    """Return the keys of a provider that may sign; what is secret, weak or for another use is passed over."""
    rows = document.get("keys")
    if not isinstance(rows, list):
        raise Unbelievable("the key set has no list of keys")
    return [key for row in rows if isinstance(row, dict) for key in _key(row)]


def _key(row: dict[str, Any]) -> Sequence[PublicKey]:
    kind = _KINDS.get(row.get("kty"))
    weak = kind is RSAKey and len(str(row.get("n"))) * _BITS_OF_A_LETTER < SMALLEST_RSA
    if kind is None or weak or "d" in row or row.get("use", "sig") != "sig":
        return []
    try:
        return [kind.import_key(row)]
    except (JoseError, ValueError, TypeError, KeyError):
        return []


def identity_of(
    token: str,
    keys: Sequence[PublicKey],
    provider: Provider,
    *,
    nonce: str,
    access_token: str | None,
    kinds: Sequence[str],
    now: datetime,
) -> Identity:
    """Return who signs in, from an ID token.

    `kinds` are the signatures that the provider says it makes. Raises `UnknownKey` when none of the keys is the one
    that the token names, `Unbelievable` for everything else that is not as it must be.
    """
    allowed = [kind for kind in SIGNED_BY if kind in kinds]
    header = _header(token)
    if header.get("alg") not in allowed:
        raise Unbelievable(f"signed by {header.get('alg')!r}, which is not accepted")
    if str(header.get("typ", "JWT")).upper() != "JWT":
        raise Unbelievable(f"a token of type {header.get('typ')!r} is no ID token")
    try:
        claims = jwt.decode(token, _named(keys, header), algorithms=allowed).claims
    except (JoseError, ValueError, TypeError) as wrong:
        raise Unbelievable(f"the signature does not hold: {type(wrong).__name__}") from wrong
    _check_claims(claims, provider, nonce, now)
    _check_hash(claims, str(header["alg"]), access_token)
    return _identity(claims, provider)


def _header(token: str) -> Mapping[str, object]:
    try:
        return dict(jws.extract_compact(token.encode("ascii")).headers())
    except (JoseError, ValueError, TypeError) as wrong:
        raise Unbelievable(f"no token: {type(wrong).__name__}") from wrong


def _named(keys: Sequence[PublicKey], header: Mapping[str, object]) -> PublicKey:
    """Return the key that the header names; where it names none, the only one there is."""
    kid = header.get("kid")
    found = [key for key in keys if kid is None or key.kid == kid]
    fitting = [key for key in found if key.alg in (None, header["alg"])]
    if len(fitting) != 1:
        raise UnknownKey(f"{len(fitting)} keys fit the name {kid!r}")
    return fitting[0]


def _check_claims(claims: Mapping[str, object], provider: Provider, nonce: str, now: datetime) -> None:
    named = claims.get("aud")
    audience = named if isinstance(named, list) else [named]
    if claims.get("iss") != provider.issuer:
        raise Unbelievable("made by another issuer")
    if provider.client_id not in audience:
        raise Unbelievable("made for another client")
    if claims.get("azp", provider.client_id) != provider.client_id or (len(audience) > 1 and "azp" not in claims):
        raise Unbelievable("handed to another client")
    said = claims.get("nonce")
    if not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
        raise Unbelievable("not the answer to what was asked: another nonce")
    _check_times(claims, math.floor(now.timestamp()))


def _check_times(claims: Mapping[str, object], now: int) -> None:
    leeway = LEEWAY // timedelta(seconds=1)
    ends, made, begins = (_instant(claims, name) for name in ("exp", "iat", "nbf"))
    if ends is None or made is None:
        raise Unbelievable("it does not say when it was made and until when it counts")
    if ends <= now - leeway:
        raise Unbelievable("expired")
    if made > now + leeway or (begins is not None and begins > now + leeway):
        raise Unbelievable("from the future")
    if made < now - YOUNG // timedelta(seconds=1) - leeway:
        raise Unbelievable("made too long ago")


def _instant(claims: Mapping[str, object], name: str) -> int | None:
    """Return the whole seconds of a claim; JSON may say it with parts of a second."""
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Real):
        raise Unbelievable(f"{name} is no instant")
    try:
        return int(Decimal(str(value)))
    except (OverflowError, ValueError):
        raise Unbelievable(f"{name} is no instant") from None


def _check_hash(claims: Mapping[str, object], kind: str, access_token: str | None) -> None:
    """Hold the access token against `at_hash`, where the token has one."""
    said = claims.get("at_hash")
    if said is None:
        return
    made = _HASHES["512" if kind in {"EdDSA", "Ed25519"} else kind[2:]]((access_token or "").encode()).digest()
    half = base64.urlsafe_b64encode(made[: len(made) // 2]).rstrip(b"=").decode()
    if access_token is None or not hmac.compare_digest(half.encode(), str(said).encode()):
        raise Unbelievable("the access token is not the one that belongs to it")


def _identity(claims: Mapping[str, object], provider: Provider) -> Identity:
    subject, email, name = (claims.get(key) for key in ("sub", "email", "name"))
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST or "\0" in subject:
        raise Unbelievable("it does not say who")
    verified = claims.get("email_verified", provider.email_trusted) is True
    return Identity(
        issuer=provider.issuer,
        subject=subject,
        email=email if isinstance(email, str) and len(email) <= LONGEST else "",
        email_verified=verified and isinstance(email, str),
        name=name if isinstance(name, str) else "",
    )
