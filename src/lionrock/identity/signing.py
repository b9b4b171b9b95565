"""A browser's sign-in, as its session keeps it: how it began, and what has been proved since."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.utils import timezone

from lionrock.identity.domain import Limits, Method, Proof, SignIn, browser_of
from lionrock.identity.sessions import SIGNED_IN
from lionrock.people.models import Person

_BACKEND: Final = "django.contrib.auth.backends.ModelBackend"


def limits() -> Limits:
    """Return how long things count in this installation."""
    return Limits(
        absolute=timedelta(seconds=settings.SESSION_COOKIE_AGE),
        idle=timedelta(minutes=settings.LIONROCK_SESSION_IDLE_MINUTES),
        proof=timedelta(minutes=settings.LIONROCK_PROOF_MINUTES),
    )


def sign_in_of(request: HttpRequest) -> SignIn | None:
    """Return how this browser has signed in; None where nobody has."""
    kept = request.session.get(SIGNED_IN)
    return SignIn.of(kept) if kept else None


def keep(request: HttpRequest, signed_in: SignIn) -> None:
    """Keep a sign-in as it is now."""
    request.session[SIGNED_IN] = signed_in.plain()


def begin(request: HttpRequest, method: Method, now: datetime) -> None:
    """Note that somebody has signed in here, and how; that is a fresh proof as well."""
    browser = browser_of(request.META.get("HTTP_USER_AGENT", ""))
    proof = Proof(now, method.strength)
    keep(request, SignIn(secrets.token_hex(16), method, at=now, seen=now, proof=proof, browser=browser))


def note_login(sender: object, request: HttpRequest, user: Any, **_: object) -> None:  # noqa: ARG001 - Django's signal
    """Note every sign-in that Django makes, by whatever way: none is without its beginning and its limits."""
    begin(request, Method.PASSWORD, timezone.now())


def let_in(request: HttpRequest, person: Person, method: Method, now: datetime) -> None:
    """Sign somebody in who has shown all that is asked of them."""
    login(request, person, backend=_BACKEND)
    begin(request, method, now)


def prove(request: HttpRequest, method: Method, now: datetime) -> None:
    """Note that whoever sits here has just shown this again."""
    signed_in = sign_in_of(request)
    if signed_in is not None:
        keep(request, signed_in.proved(method, now))
