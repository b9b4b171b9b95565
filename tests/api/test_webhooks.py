"""Webhooks: who is told what, signed, until it is taken; and nobody is led into networks of our own."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from tests.api.receiver import Receiver, receiving
from tests.calls.world import NOW, OPERATOR, World, member
from tests.config.rows import DELTA, HARBOUR

from lionrock.api.actions import (
    change_key,
    deliver_webhooks,
    end_webhook,
    register_webhook,
    send_again,
    try_webhook,
)
from lionrock.api.domain.addresses import read_target
from lionrock.api.domain.webhooks import MOST_TRIES, SIGNATURE_HEADER, Topic, holds
from lionrock.api.keys import key_of, keys_of
from lionrock.api.models import Delivery, Webhook
from lionrock.api.posting import NotTaken, post
from lionrock.awards.actions import end_award
from lionrock.kernel.errors import Conflict, Invalid, NotFound, Refused
from lionrock.kernel.tracing import begin, current
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Person, RoleGrant

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=1)


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A receiver in a network that the operator allows."""
    settings.LIONROCK_WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    with receiving() as made:
        yield made


def _person(email: str, organisation: str) -> Person:
    register_person(actor=OPERATOR, email=email, name="Somebody", now=NOW)
    grant_role(actor=OPERATOR, email=email, role=Role.MEMBER, organisation=organisation, now=NOW)
    return Person.objects.get(email=email)


@pytest.fixture
def chan(world: World) -> Person:
    """A member of the organisation that has the award."""
    return _person("chan@example.org", HARBOUR)


def _hook(person: Person, url: str = "https://hooks.example.org/", *topics: Topic) -> Webhook:
    return register_webhook(person=person, url=url, topics=topics or [Topic.AWARD_MADE], now=NOW)


def test_an_award_is_told_to_those_who_may_see_it_and_to_nobody_else(
    world: World, chan: Person, receiver: Receiver
) -> None:
    world.put_organisation(DELTA)
    own, other = _hook(chan, receiver.url), _hook(_person("lee@example.org", DELTA), receiver.url)
    of_another_topic = _hook(chan, receiver.url, Topic.MONTH_CLOSED)
    world.put_fund("10000000.00")
    award = world.awarded(world.open_call())
    assert [told.webhook for told in Delivery.objects.all()] == [own]
    assert other != of_another_topic
    traced = current.set(trace := begin())
    assert deliver_webhooks(NOW) == 1
    current.reset(traced)
    assert deliver_webhooks(NOW) == 0
    [(path, headers, body)] = receiver.got
    told = json.loads(body)
    assert (path, told["topic"]) == ("/in", "award.made")
    address = f"/api/v1/awards/{award.code}"
    assert told["data"] == {
        "award": award.code, "address": address, "programme": world.programme, "organisation": HARBOUR
    }  # fmt: skip
    assert headers["Lionrock-Delivery"] == told["id"]
    assert begin(headers["traceparent"]).id == trace.id, "what it does is found in our log by its trace"
    assert holds(headers[SIGNATURE_HEADER], key_of(own), body, NOW)
    assert not holds(headers[SIGNATURE_HEADER], key_of(other), body, NOW)


def test_the_end_of_an_award_is_told_and_an_undone_one_is_not(world: World, chan: Person) -> None:
    _hook(chan, "https://hooks.example.org/", Topic.AWARD_ENDED)
    world.put_fund("10000000.00")
    award = world.awarded(world.open_call())
    with pytest.raises(Conflict):
        end_award(actor=OPERATOR, award=award.code, reason="", now=NOW)
    assert Delivery.objects.count() == 0
    end_award(actor=OPERATOR, award=award.code, reason="given up", now=NOW)
    assert [told.topic for told in Delivery.objects.all()] == ["award.ended"]


def test_what_is_not_taken_is_sent_again_the_same_and_later(chan: Person, receiver: Receiver) -> None:
    hook = _hook(chan, receiver.url)
    receiver.answers = [500, 302, 204]
    for _ in range(2):
        try_webhook(actor=Actor(chan.email), number=hook.pk, now=NOW)
    assert deliver_webhooks(NOW) == 0
    assert len(receiver.got) == 1  # who does not take it is not asked again in the same round
    assert deliver_webhooks(NOW + LATER) == 0
    assert deliver_webhooks(NOW + 2 * LATER) == 2
    ids = [headers["Lionrock-Delivery"] for _, headers, _ in receiver.got]
    assert len(set(ids)) == 2
    assert {body for _, headers, body in receiver.got if headers["Lionrock-Delivery"] == ids[0]} == {receiver.got[0][2]}
    assert {path for path, _, _ in receiver.got} == {"/in"}  # a redirect is not followed


def test_it_is_given_up_at_last_and_can_be_sent_again_by_hand(chan: Person, receiver: Receiver) -> None:
    hook = _hook(chan, receiver.url)
    told = try_webhook(actor=Actor(chan.email), number=hook.pk, now=NOW)
    Delivery.objects.update(tries=MOST_TRIES - 1)
    receiver.answers = [503]
    deliver_webhooks(NOW)
    told.refresh_from_db()
    assert (told.given_up_at, told.last_status) == (NOW, 503)
    assert deliver_webhooks(NOW + timedelta(days=9)) == 0
    send_again(actor=Actor(chan.email), delivery=told.pk, now=NOW)
    assert deliver_webhooks(NOW) == 1


def test_both_keys_sign_for_a_day_after_a_change(chan: Person, receiver: Receiver) -> None:
    hook = _hook(chan, receiver.url)
    before = key_of(hook)
    hook = change_key(actor=Actor(chan.email), number=hook.pk, now=NOW)
    assert keys_of(hook, NOW) == [key_of(hook), before]
    assert keys_of(hook, NOW + timedelta(hours=24)) == [key_of(hook)]
    try_webhook(actor=Actor(chan.email), number=hook.pk, now=NOW)
    deliver_webhooks(NOW)
    [(_, headers, body)] = receiver.got
    assert all(holds(headers[SIGNATURE_HEADER], key, body, NOW) for key in (before, key_of(hook)))


def test_who_has_left_is_told_nothing_more(world: World, chan: Person, receiver: Receiver) -> None:
    hook = _hook(chan, receiver.url)
    world.put_fund("10000000.00")
    world.awarded(world.open_call())
    RoleGrant.objects.filter(person=chan).delete()
    assert deliver_webhooks(NOW) == 0
    assert receiver.got == []
    assert Delivery.objects.get().given_up_at == NOW
    end_webhook(actor=Actor(chan.email), number=hook.pk, now=NOW)
    with pytest.raises(Conflict):
        try_webhook(actor=Actor(chan.email), number=hook.pk, now=NOW)
    with pytest.raises(NotFound):
        end_webhook(actor=member(HARBOUR), number=hook.pk, now=NOW)


def test_nobody_is_led_into_a_network_that_is_not_allowed(chan: Person, settings: Settings) -> None:
    with receiving() as inside:
        port = inside.url.partition("127.0.0.1:")[2].partition("/")[0]
        for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"):
            with pytest.raises(NotTaken):
                post(read_target(f"https://{host}:{port}/"), (), b"{}", {})
        settings.LIONROCK_WEBHOOK_NETWORKS = ["10.0.0.0/8"]
        hook = _hook(chan, inside.url)
        try_webhook(actor=Actor(chan.email), number=hook.pk, now=NOW)
        assert deliver_webhooks(NOW) == 0
        assert inside.got == []
    assert "LIONROCK_WEBHOOK_NETWORKS" in Delivery.objects.get().last_error


def test_a_name_is_looked_up_once_and_the_connection_goes_there(
    chan: Person, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(receiver.url.partition("127.0.0.1:")[2].partition("/")[0])
    looked, real = [], socket.getaddrinfo

    def look_up(host: str, *more: Any, **named: Any) -> Any:
        if host != "changes.example":
            return real(host, *more, **named)
        looked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1" if len(looked) == 1 else "127.0.0.2", port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    hook = _hook(chan, f"http://changes.example:{port}/in")
    try_webhook(actor=Actor(chan.email), number=hook.pk, now=NOW)
    assert deliver_webhooks(NOW) == 1
    assert receiver.got[0][1]["Host"] == f"changes.example:{port}"
    assert looked == ["changes.example"]


def test_a_webhook_without_address_or_topic_is_refused_with_both(chan: Person) -> None:
    with pytest.raises(Invalid) as wrong:
        register_webhook(person=chan, url="http://hooks.example.org", topics=[Topic.PING], now=NOW)
    assert [fault.field for fault in wrong.value.faults] == ["url", "topics"]
    for number in range(20):
        _hook(chan, f"https://hooks.example.org/{number}")
    with pytest.raises(Refused):
        _hook(chan)
