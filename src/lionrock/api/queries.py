"""Which tokens and webhooks somebody may see."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from lionrock.api.models import Token
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Person


def tokens(viewer: Actor) -> QuerySet[Token]:
    """Return one's own tokens, and those of services: of one's organisations, and of programmes one runs."""
    everything = Token.objects.select_related("person", "organisation")
    if viewer.operator:
        return everything
    own = Q(person__email=viewer.email)
    of_services = Q(organisation__code__in=viewer.organisations()) | Q(programme__in=viewer.programmes(Role.OFFICE))
    return everything.filter(own | of_services)


def token_by_number(viewer: Actor, number: int, *, lock: bool = False) -> Token:
    """Return one token; raises `NotFound` when there is none that this viewer may see."""
    found = tokens(viewer).filter(pk=number)
    token = (found.select_for_update(of=("self",)) if lock else found).first()
    if token is None:
        said = message(gettext_noop("There is no token {number} for you. See `lionrock token list`."), number=number)
        raise NotFound("api.token.not_yours", said)
    return token


def counting(person: Person, now: datetime) -> QuerySet[Token]:
    """Return the tokens of somebody that open something now."""
    return person.tokens.filter(revoked_at__isnull=True, expires_at__gt=now)
