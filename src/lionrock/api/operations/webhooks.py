"""Webhooks: register, change, end; keys and trials; what became of deliveries."""

from __future__ import annotations

from datetime import datetime
from http import HTTPMethod, HTTPStatus
from typing import Any

from pydantic import BaseModel, Field

from lionrock.api.actions import (
    change_key,
    change_webhook,
    end_webhook,
    register_webhook,
    send_again,
    try_webhook,
)
from lionrock.api.calls import Call, Given, Nothing
from lionrock.api.cursors import Listed, Piece, piece_of
from lionrock.api.domain.addresses import LONGEST_URL
from lionrock.api.domain.tokens import Scope
from lionrock.api.domain.webhooks import Topic
from lionrock.api.keys import keys_of
from lionrock.api.models import Delivery, Webhook
from lionrock.api.queries import deliveries, webhook_by_number, webhooks
from lionrock.api.registry import Effect, Guard, operation
from lionrock.people.domain import Actor

_PATH = "webhooks/{number}"


class WebhookShown(BaseModel):
    """An address that is told what happens."""

    number: int
    url: str
    topics: list[Topic]
    created_at: datetime
    ended_at: datetime | None
    old_key_until: datetime | None = Field(description="Until then the key before the newest signs, too.")


class Keys(BaseModel):
    """The keys that sign now, the newest first."""

    keys: list[str]


class DeliveryShown(BaseModel):
    """One thing that one webhook is told; `id` is what the receiver knows it by."""

    number: int
    id: str
    webhook: int
    topic: Topic
    data: dict[str, Any]
    created_at: datetime
    tries: int
    next_try: datetime | None = Field(description="Null once it is taken or given up.")
    taken_at: datetime | None
    given_up_at: datetime | None
    last_status: int | None
    last_error: str


class Registered(Given):
    """A new webhook."""

    url: str = Field(max_length=LONGEST_URL, description="Begins with https://.")
    topics: list[Topic] = Field(max_length=len(Topic))


class Changed(Given):
    """What is to be other; what is left out stays."""

    url: str | None = Field(None, max_length=LONGEST_URL)
    topics: list[Topic] | None = Field(None, max_length=len(Topic))


class OfWebhook(Piece):
    """Deliveries, narrowed."""

    webhook: int | None = Field(None, ge=0, le=2**31 - 1, description="Only of this one.")


def _shown(each: Webhook) -> WebhookShown:
    return WebhookShown(
        number=each.pk,
        url=each.url,
        topics=[Topic(topic) for topic in each.topics],
        created_at=each.created_at,
        ended_at=each.ended_at,
        old_key_until=each.key_until,
    )


def _delivery_shown(each: Delivery) -> DeliveryShown:
    return DeliveryShown(
        number=each.pk,
        id=str(each.uid),
        webhook=each.webhook_id,
        topic=Topic(each.topic),
        data=each.content,
        created_at=each.created_at,
        tries=each.tries,
        next_try=None if each.taken_at or each.given_up_at else each.next_try,
        taken_at=each.taken_at,
        given_up_at=each.given_up_at,
        last_status=each.last_status,
        last_error=each.last_error,
    )


def _locked(actor: Actor, number: int) -> Webhook:
    return webhook_by_number(actor, number, lock=True)


_GUARD = Guard("read_webhook", _locked)


@operation(HTTPMethod.GET, "webhooks", Scope.WEBHOOKS, pages=("webhooks:list",), commands=("webhook list",))
def list_webhooks(call: Call[Piece, Nothing]) -> Listed[WebhookShown]:
    """List one's own webhooks, the newest first."""
    return piece_of(webhooks(call.actor), call.query, _shown)


@operation(
    HTTPMethod.POST,
    "webhooks",
    Scope.WEBHOOKS,
    effect=Effect.TOGETHER,
    status=HTTPStatus.CREATED,
    pages=("webhooks:list",),
    commands=("webhook register",),
)
def register_webhook_(call: Call[Nothing, Registered]) -> WebhookShown:
    """Let an address be told what happens, as far as one may see it oneself."""
    made = register_webhook(person=call.person, url=call.body.url, topics=call.body.topics, now=call.now)
    return _shown(made)


@operation(HTTPMethod.GET, _PATH, Scope.WEBHOOKS, pages=("webhooks:show",))
def read_webhook(call: Call[Nothing, Nothing], number: int) -> WebhookShown:
    """Show one of one's webhooks."""
    return _shown(webhook_by_number(call.actor, number))


@operation(HTTPMethod.PATCH, _PATH, Scope.WEBHOOKS, effect=Effect.TOGETHER, guard=_GUARD, pages=("webhooks:show",))
def change_webhook_(call: Call[Nothing, Changed], number: int) -> WebhookShown:
    """Give a webhook another address, or other topics."""
    given = call.body
    return _shown(change_webhook(actor=call.actor, number=number, url=given.url, topics=given.topics, now=call.now))


@operation(
    HTTPMethod.DELETE,
    _PATH,
    Scope.WEBHOOKS,
    effect=Effect.TOGETHER,
    guard=_GUARD,
    pages=("webhooks:end",),
    commands=("webhook end",),
)
def end_webhook_(call: Call[Nothing, Nothing], number: int) -> WebhookShown:
    """Tell an address nothing any more."""
    return _shown(end_webhook(actor=call.actor, number=number, now=call.now))


@operation(HTTPMethod.GET, f"{_PATH}/keys", Scope.WEBHOOKS, pages=("webhooks:show",), commands=("webhook keys",))
def read_keys(call: Call[Nothing, Nothing], number: int) -> Keys:
    """Show the keys that sign what a webhook is told."""
    return Keys(keys=keys_of(webhook_by_number(call.actor, number), call.now))


@operation(
    HTTPMethod.POST,
    f"{_PATH}/keys",
    Scope.WEBHOOKS,
    effect=Effect.TOGETHER,
    pages=("webhooks:change_key",),
    commands=("webhook change-key",),
)
def change_key_(call: Call[Nothing, Nothing], number: int) -> WebhookShown:
    """Sign with a new key, and for a day with the old one too; read the keys afterwards."""
    return _shown(change_key(actor=call.actor, number=number, now=call.now))


@operation(
    HTTPMethod.POST,
    f"{_PATH}/trial",
    Scope.WEBHOOKS,
    effect=Effect.TOGETHER,
    status=HTTPStatus.CREATED,
    pages=("webhooks:trial",),
    commands=("webhook try",),
)
def try_webhook_(call: Call[Nothing, Nothing], number: int) -> DeliveryShown:
    """Put a trial on its way."""
    return _delivery_shown(try_webhook(actor=call.actor, number=number, now=call.now))


@operation(HTTPMethod.GET, "deliveries", Scope.WEBHOOKS, pages=("webhooks:show",), commands=("webhook deliveries",))
def list_deliveries(call: Call[OfWebhook, Nothing]) -> Listed[DeliveryShown]:
    """List what one's webhooks were told, or are to be, the newest first."""
    found = deliveries(call.actor)
    found = found if call.query.webhook is None else found.filter(webhook=call.query.webhook)
    return piece_of(found, call.query, _delivery_shown)


@operation(
    HTTPMethod.POST,
    "deliveries/{number}/again",
    Scope.WEBHOOKS,
    effect=Effect.TOGETHER,
    pages=("webhooks:again",),
    commands=("webhook again",),
)
def send_again_(call: Call[Nothing, Nothing], number: int) -> DeliveryShown:
    """Have a delivery sent again, under the same id."""
    return _delivery_shown(send_again(actor=call.actor, delivery=number, now=call.now))
