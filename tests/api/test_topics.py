"""What webhooks are told of: everything that a topic has, with its address, and to nobody who may not see it."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone
from tests.api.asking import Program, token_for
from tests.calls.world import NOW, OPERATOR, World
from tests.config.rows import HARBOUR, OWN, Scene
from tests.config.scene import address_of

from lionrock.api.actions import register_webhook
from lionrock.api.actions.telling import may_hear
from lionrock.api.description import description
from lionrock.api.domain.hearing import BASE, ROWS, Heard, example_of
from lionrock.api.domain.webhooks import TOLD, Topic
from lionrock.api.models import Delivery
from lionrock.audit.actions import record
from lionrock.kernel.events import publish
from lionrock.kernel.money import Money
from lionrock.people.domain import Actor
from lionrock.people.models import Person
from lionrock.receivables.actions import record_payment
from lionrock.receivables.events import PaymentMatched
from lionrock.receivables.models import Payment

pytestmark = pytest.mark.django_db

HEARERS = ("member", "member elsewhere", "finance", "finance elsewhere", "nobody")


@pytest.fixture
def hooked(scene: Scene) -> Scene:
    """Somebody of each kind who wants to be told everything."""
    for viewer in HEARERS:
        person = Person.objects.get(email=address_of(viewer))
        register_webhook(person=person, url="https://hooks.example.org/", topics=TOLD, now=timezone.now())
    return scene


def _heard() -> dict[str, list[Delivery]]:
    names = {address_of(viewer): viewer for viewer in HEARERS}
    found: dict[str, list[Delivery]] = {}
    for each in Delivery.objects.order_by("pk").select_related("webhook__person"):
        found.setdefault(names[each.webhook.person.email], []).append(each)
    return found


def _payment() -> Payment:
    amount = Money(1_00, "HKD")
    made, _ = record_payment(
        actor=OPERATOR, programme=OWN, organisation=HARBOUR, amount=amount, paid_on=date(2026, 3, 1),
        reference="B-1", now=timezone.now(),
    )  # fmt: skip
    return made


def _done(row: Heard, scene: Scene) -> None:
    """Put on record what the row is about, as its action does."""
    named = {"job": scene.job, "application": scene.submitted, "award": f"{scene.award}/h800-node"}
    subject = named.get(row.thing, "x")
    details = {row.key: next(iter(row.states), 1)} if row.key else {}
    if row.number:
        details[row.number] = _payment().pk
        Delivery.objects.all().delete()
    record(
        row.action, subject, actor="somebody", now=NOW, programme=OWN,
        organisation="" if row.thing == "source" else HARBOUR, details=details,
    )  # fmt: skip


@pytest.mark.parametrize("number", range(len(ROWS)))
def test_each_topic_reaches_those_who_may_see_the_thing_and_its_address(number: int, hooked: Scene) -> None:
    row = ROWS[number]
    _done(row, hooked)
    heard = _heard()
    assert set(heard) == ({"finance"} if row.topic is Topic.USAGE_HELD else {"finance", "member"})
    for viewer, [told] in heard.items():
        assert told.topic == row.topic.value
        assert set(told.content) == {row.thing, "state", "address", "programme", "organisation"}
        assert told.content.keys() == example_of(row.topic).keys()
        path = told.content["address"].removeprefix(BASE)
        assert Program(token_for(address_of(viewer))).ask("GET", path).status_code == 200
        elsewhere = Program(token_for(address_of(f"{viewer} elsewhere"))).ask("GET", path)
        assert elsewhere.status_code in (200, 403, 404)
        if elsewhere.status_code == 200:  # a list, which shows everybody their own
            assert path == "usage/held"


def test_what_does_not_come_to_a_topic_is_not_told(hooked: Scene) -> None:
    for details in ({"state": "nowhere"}, {}, {"held": 0}):
        for action in ("jobs.refresh_jobs", "charging.import_usage_file", "people.grant_role"):
            record(action, hooked.job, actor="x", now=NOW, programme=OWN, organisation=HARBOUR, details=details)
    assert not Delivery.objects.exists()


def test_a_draft_that_is_withdrawn_is_told_to_its_own_alone(hooked: Scene) -> None:
    record(
        "applications.withdraw_application", hooked.draft, actor="x", now=NOW, programme=OWN, organisation=HARBOUR
    )  # fmt: skip
    assert set(_heard()) == {"member"}


def test_actions_are_told_as_they_happen(hooked: Scene) -> None:
    world = World()
    _payment()
    world.awarded(world.open_call())
    told = [each.topic for each in _heard()["member"]]
    wanted = ["payment.received", "application.submitted", "application.decided", "award.made", "allocation.granted"]
    assert [topic for topic in wanted if told.count(topic) != 1] == []
    assert set(_heard()) == {"member", "finance"}


def test_a_payment_that_is_matched_is_told_of_as_what_it_is(hooked: Scene) -> None:
    made = _payment()
    Delivery.objects.all().delete()
    publish(PaymentMatched(made.pk, OWN, HARBOUR, NOW))
    assert {viewer: told[0].content["address"] for viewer, told in _heard().items()} == dict.fromkeys(
        ("member", "finance"), f"{BASE}payments/{made.pk}"
    )


def test_the_description_has_each_topic_with_an_example_that_nobody_hears(db: None) -> None:
    described = description()["webhooks"]
    assert set(described) == {topic.value for topic in Topic}
    for topic in TOLD:
        schema = described[topic.value]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert schema["properties"]["topic"] == {"const": topic.value}
        [example] = schema["properties"]["data"]["examples"]
        assert example == example_of(topic)
        assert not may_hear(Actor("nobody@example.org"), example)
