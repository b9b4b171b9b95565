"""Which tokens and webhooks somebody may see."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from lionrock.api.models import Delivery, Token, Webhook, Work
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Person

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


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


def work(viewer: Actor) -> QuerySet[Work]:
    """Return one's own requests that are answered later."""
    everything = Work.objects.select_related("person")
    return everything if viewer.operator else everything.filter(person__email=viewer.email)


def work_by_id(viewer: Actor, uid: str, *, lock: bool = False) -> Work:
    """Return one request; raises `NotFound` when it is not one's own."""
    found = work(viewer).filter(uid=uid) if _UUID.fullmatch(uid) else Work.objects.none()
    one = (found.select_for_update(of=("self",)) if lock else found).first()
    if one is None:
        said = message(gettext_noop("There is no request {value} of yours that is answered later."), value=uid)
        raise NotFound("api.work.not_yours", said)
    return one


def webhooks(viewer: Actor) -> QuerySet[Webhook]:
    """Return one's own webhooks."""
    everything = Webhook.objects.select_related("person")
    return everything if viewer.operator else everything.filter(person__email=viewer.email)


def webhook_by_number(viewer: Actor, number: int, *, lock: bool = False) -> Webhook:
    """Return one webhook; raises `NotFound` when it is not one's own."""
    found = webhooks(viewer).filter(pk=number)
    webhook = (found.select_for_update(of=("self",)) if lock else found).first()
    if webhook is None:
        said = message(gettext_noop("There is no webhook {number} of yours."), number=number)
        raise NotFound("api.webhook.not_yours", said)
    return webhook


def deliveries(viewer: Actor) -> QuerySet[Delivery]:
    """Return what one's own webhooks were told, or are to be."""
    return Delivery.objects.filter(webhook__in=webhooks(viewer)).select_related("webhook__person")


def delivery_by_number(viewer: Actor, number: int, *, lock: bool = False) -> Delivery:
    """Return one delivery; raises `NotFound` when it is not of one's own webhooks."""
    found = deliveries(viewer).filter(pk=number)
    delivery = (found.select_for_update(of=("self",)) if lock else found).first()
    if delivery is None:
        said = message(gettext_noop("There is no delivery {number} of your webhooks."), number=number)
        raise NotFound("api.delivery.not_yours", said)
    return delivery
