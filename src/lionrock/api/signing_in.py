"""Who asks: a token, or a browser's session whose writes prove that they come from our pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware

from lionrock.api.domain.tokens import LOOKS, PER_MINUTE, Scope, digest, minute_of, within
from lionrock.api.models import Token, Work
from lionrock.api.problems import TooOften, Unidentified
from lionrock.identity.pages.confirming import proves_enough
from lionrock.kernel.errors import NotAllowed
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.people.models import Person
from lionrock.people.queries import actor_of
from lionrock.people.viewer import viewer_of

_SAFE = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Asker:
    """Whoever asks, and what was opened to them; `scopes` is None for a session, which opens all."""

    actor: Actor
    person: Person
    scopes: frozenset[str] | None
    token: Token | None = None

    def require(self, scope: Scope) -> None:
        """Raise `NotAllowed` unless the token opens this part."""
        if self.scopes is not None and scope.value not in self.scopes:
            said = message(
                gettext_noop("This token does not open “{scope}”. Make one that has this scope, and use that."),
                scope=scope.value,
            )
            raise NotAllowed("api.token.scope", said)


def asker_of(request: HttpRequest, now: datetime) -> Asker:
    """Return who asks; raises `Unidentified`, `NotAllowed` for a write without proof, `TooOften`."""
    header = request.headers.get("Authorization")
    if header is not None:
        return _by_token(header, now)
    if isinstance(request.user, Person):
        _require_own_page(request)
        _require_fresh(request, request.user, now)
        return Asker(viewer_of(request), request.user, None)
    raise Unidentified(
        "api.token.none",
        message(gettext_noop("Nobody is signed in. Send a token: Authorization: Bearer lionrock_p_….")),
    )


def _by_token(header: str, now: datetime) -> Asker:
    word, _, secret = header.partition(" ")
    if word.lower() != "bearer" or not LOOKS.fullmatch(secret.strip()):
        raise _refused("api.token.unreadable", gettext_noop("What stands in Authorization is no token of Lionrock."))
    token = Token.objects.select_related("person", "organisation").filter(digest=digest(secret.strip())).first()
    if token is None or not token.person.is_active:
        raise _refused("api.token.unknown", gettext_noop("Nobody has this token. Make a new one in your account."))
    _require_standing(token, now)
    _count(token, now)
    return Asker(_actor_of(token), token.person, frozenset(token.scopes), token)


def actor_later(work: Work, now: datetime) -> Actor:
    """Return what who asked may now, when it is answered; raises `Unidentified` once they are shut out."""
    if not work.person.is_active:
        raise _refused("api.work.nobody", gettext_noop("Whoever asked has no account any more."))
    if work.token is None:
        return actor_of(work.person)
    _require_standing(work.token, now)
    return _actor_of(work.token)


def _require_standing(token: Token, now: datetime) -> None:
    if token.revoked_at is not None:
        raise _refused("api.token.revoked", gettext_noop("This token was revoked. Make a new one in your account."))
    if token.expires_at <= now:
        raise _refused("api.token.expired", gettext_noop("This token has expired. Make a new one in your account."))


def _refused(code: str, template: str) -> Unidentified:
    return Unidentified(code, message(template))


def _actor_of(token: Token) -> Actor:
    """Return what the token's person may now, at the token's place where it has one."""
    actor = actor_of(token.person)
    organisation = token.organisation.code if token.organisation else ""
    if not token.programme and not organisation:
        return actor
    return within(actor, programme=token.programme, organisation=organisation)


def _count(token: Token, now: datetime) -> None:
    minute = minute_of(now)
    if token.minute == minute and token.asked >= PER_MINUTE:
        said = message(
            gettext_noop("This token has asked {most} times this minute. Wait for the next."), most=PER_MINUTE
        )
        raise TooOften("api.token.too_often", said)
    asked = Case(When(minute=minute, then=F("asked") + 1), default=Value(1))
    Token.objects.filter(pk=token.pk).update(asked=asked, minute=minute, last_used_at=now)


def _require_fresh(request: HttpRequest, person: Person, now: datetime) -> None:
    """Raise `NotAllowed` for a write by a browser that has proved nothing lately: pages would have asked here."""
    if request.method not in _SAFE and not proves_enough(request, person, now):
        said = message(
            gettext_noop(
                "A browser's session writes only soon after a sign-in. Confirm on a page who you are, or send a token."
            )
        )
        raise NotAllowed("api.session.stale", said)


class _OwnPages(CsrfViewMiddleware):
    """Django's own check, asked by hand: the view itself is exempt, since programs have no cookie to abuse."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponseForbidden:  # noqa: ARG002 - Django's signature
        return HttpResponseForbidden(reason)


def _never_called(_request: HttpRequest) -> HttpResponse:
    """Stand for the view in the check; nothing calls it."""
    return HttpResponse()


def _require_own_page(request: HttpRequest) -> None:
    if request.method in _SAFE:
        return
    refused = _OwnPages(_never_called).process_view(request, _never_called, (), {})
    if refused is not None:
        said = message(
            gettext_noop(
                "A browser's session writes only with the token of its page in X-CSRFToken: {reason}. "
                "A program sends a token of its own."
            ),
            reason=refused.content.decode().rstrip("."),
        )
        raise NotAllowed("api.session.csrf", said)
