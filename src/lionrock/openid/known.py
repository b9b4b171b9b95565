"""What a provider says of itself, and its keys: kept for an hour, keys fetched again when one is missing."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from lionrock.openid.asking import fetch
from lionrock.openid.domain.providers import Provider, may_be_asked
from lionrock.openid.domain.tokens import PublicKey, Unbelievable, public_keys

KEPT_FOR: Final = timedelta(hours=1)
AGAIN_AFTER: Final = timedelta(minutes=1)
"""However many tokens name a key that nobody knows, the keys are asked for at most so often."""


@dataclass(frozen=True, slots=True)
class About:
    """What a provider says of itself, as far as we use it."""

    authorization: str
    token: str
    keys: str
    signed_by: Sequence[str]
    names_itself: bool
    """It says in each answer who it is."""
    basic: bool
    """Our secret goes into the header."""
    sign_out: str


@dataclass(slots=True)
class _Kept:
    about: About | None = None
    about_at: datetime | None = None
    keys: Sequence[PublicKey] = ()
    keys_at: datetime | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


_KEPT: dict[Provider, _Kept] = {}


def forget() -> None:
    """Forget all providers; the next who signs in makes us ask again."""
    _KEPT.clear()


def about(provider: Provider, now: datetime) -> About:
    """Return what the provider says of itself; raises `NoAnswer` or `Unbelievable`."""
    kept = _KEPT.setdefault(provider, _Kept())
    with kept.lock:
        if kept.about is None or kept.about_at is None or not kept.about_at <= now < kept.about_at + KEPT_FOR:
            address = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
            kept.about, kept.about_at = _about(provider, fetch(provider, address)), now
        return kept.about


def keys(provider: Provider, now: datetime, *, again: bool = False) -> Sequence[PublicKey]:
    """Return the keys by which the provider signs; `again` asks for them, but for once a minute."""
    address = about(provider, now).keys
    kept = _KEPT[provider]
    with kept.lock:
        age = AGAIN_AFTER if again else KEPT_FOR
        if kept.keys_at is None or not kept.keys_at <= now < kept.keys_at + age:
            kept.keys, kept.keys_at = public_keys(fetch(provider, address)), now
        return kept.keys


def _about(provider: Provider, document: Mapping[str, Any]) -> About:
    if document.get("issuer") != provider.issuer:
        raise Unbelievable(f"it says that it is {document.get('issuer')!r}, and not {provider.issuer!r}")
    asked = [document.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if not all(may_be_asked(address, plain_http=provider.plain_http) for address in asked):
        raise Unbelievable(f"one of its addresses is none that we ask: {asked!r}")
    leave = document.get("end_session_endpoint")
    methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    authorization, token, key_set = (str(address) for address in asked)
    return About(
        authorization=authorization,
        token=token,
        keys=key_set,
        signed_by=tuple(document.get("id_token_signing_alg_values_supported") or ("RS256",)),
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
        basic="client_secret_basic" in methods,
        sign_out=str(leave) if may_be_asked(leave, plain_http=provider.plain_http) else "",
    )
