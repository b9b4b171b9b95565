"""The way to a provider and back: what is sent, what is kept in the visitor's session, and what is compared."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

import structlog
from django.conf import settings
from django.urls import reverse

from lionrock.kernel.errors import Conflict, LionrockError, NotAllowed, NotFound, Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.openid.asking import NoAnswer, post
from lionrock.openid.domain.providers import Provider
from lionrock.openid.domain.tokens import Identity, Unbelievable, UnknownKey, identity_of
from lionrock.openid.known import about, keys

_BEGUN: Final = "openid_begun"
MOST_BEGUN: Final = 5
"""So many tabs of one browser may be on their way at once."""
COMES_BACK_WITHIN: Final = timedelta(minutes=10)
_ERROR: Final = re.compile(r"[a-z_]{1,40}")
_log = structlog.get_logger(__name__)


def providers() -> Mapping[str, Provider]:
    """Return the providers of the installation by their codes, in the order of its file."""
    found: Mapping[str, Provider] = settings.LIONROCK_PROVIDERS
    return found


def provider_of(code: str) -> Provider:
    """Return one of them; raises `NotFound`."""
    found = providers().get(code)
    if found is None:
        said = gettext_noop("There is no way to sign in with {code} here. Choose one on the page of signing in.")
        raise NotFound("openid.provider.unknown", message(said, code=code))
    return found


def address_back(provider: Provider) -> str:
    """Return where the provider sends visitors back to; made of our own settings, never of a request."""
    return f"{settings.LIONROCK_PORTAL_URL}{reverse('openid:back', args=[provider.code])}"


def begin(provider: Provider, session: MutableMapping[str, Any], onward: str, now: datetime) -> str:
    """Return the address to send the visitor to, and keep in the session what the answer is held against.

    Raises `Unavailable` when the provider does not answer, `NotAllowed` when it cannot be relied on.
    """
    try:
        place = about(provider, now).authorization
    except (NoAnswer, Unbelievable) as wrong:
        raise _told(provider, wrong) from wrong
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    kept = {"provider": provider.code, "nonce": nonce, "verifier": verifier, "onward": onward, "at": now.timestamp()}
    before = list(session.get(_BEGUN, {}).items())[1 - MOST_BEGUN :]
    session[_BEGUN] = {**dict(before), state: kept}
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": address_back(provider),
        "scope": "openid email profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": _unpadded(hashlib.sha256(verifier.encode()).digest()),
        "code_challenge_method": "S256",
    }
    return f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}"


def _unpadded(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def finish(
    provider: Provider, session: MutableMapping[str, Any], answer: Mapping[str, str], now: datetime
) -> tuple[Identity, str]:
    """Return who the provider says it is, and where the visitor wanted to go; what was begun is over with it.

    Raises `Conflict` when nothing was begun that this answers, `NotAllowed` when the provider declines or cannot
    be relied on, `Unavailable` when it does not answer.
    """
    begun = _taken(provider, session, answer.get("state", ""), now)
    try:
        _check_sender(provider, answer, now)
        if "error" in answer or not answer.get("code"):
            raise _declined(provider, answer.get("error", ""))
        return _fetched(provider, begun, answer["code"], now), begun["onward"]
    except (NoAnswer, Unbelievable) as wrong:
        raise _told(provider, wrong) from wrong


def _taken(provider: Provider, session: MutableMapping[str, Any], state: str, now: datetime) -> Mapping[str, Any]:
    """Take what was begun out of the session, so that it is answered once."""
    all_begun = dict(session.get(_BEGUN, {}))
    begun: Mapping[str, Any] | None = all_begun.pop(state, None)
    session[_BEGUN] = all_begun
    age = now - datetime.fromtimestamp(begun["at"], UTC) if begun else None
    if begun is None or age is None or age > COMES_BACK_WITHIN or begun["provider"] != provider.code:
        said = message(
            gettext_noop(
                "This sign-in was begun in another browser, was finished already, or took longer than {minutes} "
                "minutes. Begin again."
            ),
            minutes=COMES_BACK_WITHIN // timedelta(minutes=1),
        )
        raise Conflict("openid.answer.unasked", said)
    return begun


def _check_sender(provider: Provider, answer: Mapping[str, str], now: datetime) -> None:
    """Refuse an answer of another provider than the one that was asked (RFC 9207)."""
    sender = answer.get("iss")
    if sender is None and about(provider, now).names_itself:
        raise Unbelievable("the answer does not say whose it is")
    if sender is not None and sender != provider.issuer:
        raise Unbelievable(f"the answer is of {sender!r}")


def _fetched(provider: Provider, begun: Mapping[str, Any], code: str, now: datetime) -> Identity:
    there = about(provider, now)
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": address_back(provider),
        "code_verifier": begun["verifier"],
    }
    status, given = post(provider, there.token, fields, basic=there.basic)
    token, access_token = given.get("id_token"), given.get("access_token")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise NoAnswer(f"{there.token} answered {status}")
    if status != HTTPStatus.OK or not isinstance(token, str):
        raise Unbelievable(f"{there.token} answered {status}: {str(given.get('error'))[:40]!r}")
    return _believed(provider, token, begun["nonce"], access_token if isinstance(access_token, str) else None, now)


def _believed(provider: Provider, token: str, nonce: str, access_token: str | None, now: datetime) -> Identity:
    kinds = about(provider, now).signed_by
    held: dict[str, Any] = {"nonce": nonce, "access_token": access_token, "kinds": kinds, "now": now}
    try:
        return identity_of(token, keys(provider, now), provider, **held)
    except UnknownKey:
        return identity_of(token, keys(provider, now, again=True), provider, **held)


def _declined(provider: Provider, error: str) -> NotAllowed:
    said = message(
        gettext_noop(
            "{provider} did not sign you in ({error}). Begin again, sign in another way, or ask the people who look "
            "after accounts there."
        ),
        provider=provider.name,
        error=error if _ERROR.fullmatch(error) else "?",
    )
    return NotAllowed("openid.provider.declined", said)


def _told(provider: Provider, wrong: NoAnswer | Unbelievable) -> LionrockError:
    """Say it without particulars, which stand in the log: they help whoever attacks more than who signs in."""
    _log.warning("openid_failed", provider=provider.code, kind=type(wrong).__name__, reason=str(wrong))
    if isinstance(wrong, NoAnswer):
        said = gettext_noop("{provider} does not answer now. Try again in some minutes, or sign in another way.")
        return Unavailable("openid.provider.silent", message(said, provider=provider.name))
    said = gettext_noop(
        "What {provider} sent cannot be relied on, so nobody was signed in. Begin again; if it happens again, tell the "
        "programme's office."
    )
    return NotAllowed("openid.answer.refused", message(said, provider=provider.name))
