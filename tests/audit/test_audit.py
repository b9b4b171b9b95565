"""Audit records: appended with what they are about, and never changed or removed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from tests.calls.world import NOW, OPERATOR, World

from lionrock.audit.actions import record
from lionrock.audit.models import AuditRecord
from lionrock.kernel.errors import Refused

pytestmark = pytest.mark.django_db


def _one(**facts: Any) -> AuditRecord:
    record("room.verb", "THING-1", actor="chan@example.org", now=NOW, **facts)
    return AuditRecord.objects.get(subject="THING-1")


def test_a_record_says_who_did_what_to_what_when_and_with_what() -> None:
    kept = _one(programme="hk-aiss", organisation="harbour-university", details={"from": "draft", "to": "open"})
    assert (kept.action, kept.actor, kept.at) == ("room.verb", "chan@example.org", NOW)
    assert (kept.programme, kept.organisation) == ("hk-aiss", "harbour-university")
    assert kept.details == {"from": "draft", "to": "open"}


def test_a_record_says_on_whose_behalf_and_why() -> None:
    kept = _one(on_behalf_of="lee@example.org", reason="On leave until Monday")
    assert (kept.on_behalf_of, kept.reason) == ("lee@example.org", "On leave until Monday")


def test_a_record_knows_when_it_holds_and_when_it_was_learned() -> None:
    kept = _one()
    assert kept.at == NOW
    assert kept.recorded_at != kept.at
    assert kept.recorded_at.tzinfo is not None
    assert kept.recorded_at > datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_auditrecord set actor = 'nobody'",
        "update audit_auditrecord set details = '{}'",
        "delete from audit_auditrecord",
        "truncate audit_auditrecord",
    ],
)
def test_the_database_refuses_to_forget(statement: str) -> None:
    _one(details={"a": 1})
    with (
        pytest.raises(DatabaseError, match=r"Cannot|never removed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditRecord.objects.get().details == {"a": 1}


def test_the_record_lives_and_dies_with_what_it_records(world: World) -> None:
    before = AuditRecord.objects.count()
    application = world.submitted(world.open_call())
    recorded = AuditRecord.objects.count()
    assert recorded == before + 4
    with pytest.raises(Refused):
        world.decided(application)
    assert AuditRecord.objects.count() == recorded


def test_a_story_can_be_read_back_from_the_records(world: World) -> None:
    world.put_fund("1000000.00")
    award = world.awarded(world.open_call())
    told = AuditRecord.objects.order_by("id").values_list("action", "subject", "actor")
    assert [(action, subject) for action, subject, _ in told] == [
        ("people.register_organisation", "harbour-university"),
        ("sites.register_site", "here"),
        ("ledger.appropriate", "hk-aiss-demo"),
        ("calls.create_call", "CALL-2026-0001"),
        ("calls.open_call", "CALL-2026-0001"),
        ("applications.draft_application", "APP-2026-0001"),
        ("applications.submit_application", "APP-2026-0001"),
        ("awards.decide_application", "APP-2026-0001"),
        ("awards.accept_offer", award.code),
        ("allocations.grant_allocation", f"{award.code}/h800-node"),
        ("charging.lease_on_award", award.code),
    ]
    assert {actor for _, _, actor in told} == {OPERATOR.email}
