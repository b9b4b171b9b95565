"""Registering, changing and ending webhooks; another key; a trial; sending again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from lionrock.api.domain.addresses import read_target
from lionrock.api.domain.webhooks import KEYS_OVERLAP, TOLD, Topic
from lionrock.api.keys import SALT, bits_of, numbers_of, seed_of
from lionrock.api.models import Delivery, Webhook
from lionrock.api.problems import invalid
from lionrock.api.queries import delivery_by_number, webhook_by_number
from lionrock.audit.actions import record
from lionrock.identity.secret import mask_for, present
from lionrock.kernel.errors import Conflict, Fault, Invalid, Refused, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.people.models import Person

MOST_WEBHOOKS = 20


@transaction.atomic
def register_webhook(*, person: Person, url: str, topics: Collection[Topic], now: datetime) -> Webhook:
    """Let an address be told what happens, as far as its person may see it.

    Raises `Invalid` with every fault of address and topics, `Refused` when one has too many.
    """
    _check(url, topics)
    Person.objects.select_for_update().get(pk=person.pk)
    if person.webhooks.filter(ended_at__isnull=True).count() >= MOST_WEBHOOKS:
        said = message(gettext_noop("You have {most} webhooks already. End one that nobody needs."), most=MOST_WEBHOOKS)
        raise Refused("api.webhook.too_many", said)
    made = Webhook.objects.create(person=person, url=url, topics=_ordered(topics), under=present(), created_at=now)
    _record("api.register_webhook", made, person.email, now, topics=made.topics)
    return made


def _check(url: str, topics: Collection[Topic]) -> None:
    faults: list[Fault] = []
    with collecting(faults):
        read_target(url, plain_http=bool(settings.LIONROCK_WEBHOOK_NETWORKS))
    with collecting(faults):
        if not set(topics) & set(TOLD):
            said = message(gettext_noop("A webhook that is told nothing is of no use. Choose at least one topic."))
            raise invalid("api.webhook.no_topic", said, "topics")
    if faults:
        raise Invalid(faults[0].code, faults[0].message, faults=faults)


def _ordered(topics: Collection[Topic]) -> list[str]:
    return [topic.value for topic in TOLD if topic in topics]


@transaction.atomic
def change_webhook(
    *, actor: Actor, number: int, now: datetime, url: str | None = None, topics: Sequence[Topic] | None = None
) -> Webhook:
    """Give a webhook another address, or other topics; what waits goes to the new address."""
    found = _of_own(actor, number)
    wanted = [Topic(each) for each in found.topics] if topics is None else topics
    _check(found.url if url is None else url, wanted)
    found.url, found.topics = found.url if url is None else url, _ordered(wanted)
    found.save(update_fields=["url", "topics"])
    _record("api.change_webhook", found, actor.email, now, topics=found.topics)
    return found


@transaction.atomic
def change_key(*, actor: Actor, number: int, now: datetime) -> Webhook:
    """Sign with a new key from now on, and for a day with the old one too, so that the receiver can follow."""
    found = _of_own(actor, number)
    found.key_number, found.key_until = found.key_number + 1, now + KEYS_OVERLAP
    found.save(update_fields=["key_number", "key_until"])
    _record("api.change_key", found, actor.email, now, key_number=found.key_number)
    return found


@transaction.atomic
def end_webhook(*, actor: Actor, number: int, now: datetime) -> Webhook:
    """Tell an address nothing any more; twice changes nothing. What waits for it is not sent."""
    found = webhook_by_number(actor, number, lock=True)
    if found.ended_at is None:
        found.ended_at = now
        found.save(update_fields=["ended_at"])
        _record("api.end_webhook", found, actor.email, now)
    return found


@transaction.atomic
def try_webhook(*, actor: Actor, number: int, now: datetime) -> Delivery:
    """Put a trial on its way, so that the receiver can be seen to work."""
    found = _of_own(actor, number)
    made = Delivery.objects.create(webhook=found, topic=Topic.PING.value, content={}, created_at=now, next_try=now)
    _record("api.try_webhook", found, actor.email, now, delivery=str(made.uid))
    return made


@transaction.atomic
def send_again(*, actor: Actor, delivery: int, now: datetime) -> Delivery:
    """Have a delivery wait anew, taken or given up; it keeps its id, by which the receiver knows it."""
    found = delivery_by_number(actor, delivery, lock=True)
    _require_open(found.webhook)
    found.taken_at, found.given_up_at, found.tries, found.next_try = None, None, 0, now
    found.save(update_fields=["taken_at", "given_up_at", "tries", "next_try"])
    _record("api.send_again", found.webhook, actor.email, now, delivery=str(found.uid))
    return found


def reseal_webhooks(*, by: str, now: datetime) -> None:
    """Put the keys of webhooks under the secret of now; their receivers notice nothing."""
    for each in Webhook.objects.select_for_update(of=("self",)).exclude(under=present()).filter(ended_at__isnull=True):
        numbers = numbers_of(each, now)
        each.masks = {str(number): mask_for(bits_of(each, number), SALT, seed_of(each, number)) for number in numbers}
        each.under = present()
        each.save(update_fields=["under", "masks"])
        _record("api.reseal_webhooks", each, by, now)


def _of_own(actor: Actor, number: int) -> Webhook:
    found = webhook_by_number(actor, number, lock=True)
    _require_open(found)
    return found


def _require_open(webhook: Webhook) -> None:
    if webhook.ended_at is not None:
        said = message(gettext_noop("Webhook {number} has ended. Register another."), number=webhook.pk)
        raise Conflict("api.webhook.ended", said)


def _record(action: str, webhook: Webhook, actor: str, now: datetime, **details: object) -> None:
    known = {"url": webhook.url, "of": webhook.person.email, **details}
    record(action, f"webhook {webhook.pk}", actor=actor, now=now, details=known)
