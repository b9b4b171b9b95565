"""Calls: their window and budget, what keeps them shut, and their numbers."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from tests.calls.world import NOW, OPERATOR, SHIPPED, World, holder, member

from lionrock.audit.models import AuditRecord
from lionrock.calls.actions import close_call, open_call
from lionrock.calls.domain import CallState, check_budget, check_window, takes_applications
from lionrock.calls.models import CodeCounter
from lionrock.calls.numbering import next_code
from lionrock.calls.queries import call_by_code, calls
from lionrock.kernel.errors import Conflict, Invalid, NotFound, Refused
from lionrock.kernel.findings import Outcome
from lionrock.kernel.money import Money
from lionrock.people.domain import Actor, Role
from lionrock.rules.rulebook import load_rulebook

LATER = NOW + timedelta(days=30)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("state", "closes", "now", "takes"),
    [
        ("open", LATER, NOW, True),
        ("open", LATER, NOW - SECOND, False),
        ("open", LATER, LATER - SECOND, True),
        ("open", LATER, LATER, False),
        ("open", None, LATER, True),
        ("draft", None, LATER, False),
        ("closed", None, LATER, False),
    ],
)
def test_a_call_takes_applications_while_open_and_within_its_window(
    state: str, closes: datetime | None, now: datetime, takes: bool
) -> None:
    assert takes_applications(CallState(state), NOW, closes, now) is takes


@pytest.mark.parametrize("closes", [NOW, NOW - SECOND])
def test_a_window_that_ends_before_it_begins_is_refused(closes: datetime) -> None:
    with pytest.raises(Invalid) as raised:
        check_window(NOW, closes)
    assert [(fault.field, fault.value) for fault in raised.value.faults] == [("closes", closes.isoformat())]


def test_a_window_may_be_without_end() -> None:
    check_window(NOW, None)
    check_window(NOW, NOW + SECOND)


@pytest.mark.parametrize("budget", [Money(-1, "HKD"), Money(1, "USD")])
def test_a_budget_is_in_the_programmes_currency_and_not_negative(budget: Money) -> None:
    with pytest.raises(Invalid) as raised:
        check_budget(budget, "HKD")
    assert raised.value.code == "calls.budget"
    check_budget(Money(0, "HKD"), "HKD")
    check_budget(None, "HKD")


def test_a_call_is_numbered_within_the_year_of_the_programmes_zone(world: World) -> None:
    new_year_in_hong_kong = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    codes = [world.prepared_call(now=now).code for now in (NOW, NOW, new_year_in_hong_kong - SECOND)]
    assert codes == ["CALL-2026-0001", "CALL-2026-0002", "CALL-2026-0003"]
    assert world.prepared_call(now=new_year_in_hong_kong).code == "CALL-2027-0001"


def test_opening_names_every_value_that_the_owner_has_not_set(world: World) -> None:
    call = world.prepared_call(programme="hk-aiss")
    with pytest.raises(Refused) as raised:
        open_call(actor=OPERATOR, call=call.code, now=NOW)
    needed = load_rulebook(SHIPPED).programme("hk-aiss").at(NOW.date()).needed_to_open()
    named = [finding.parameters[0].path for finding in raised.value.findings]
    assert named == [unset.path for unset in needed]
    assert {"charging.modes", "payment.days"} <= set(named)
    assert {finding.outcome for finding in raised.value.findings} == {Outcome.UNKNOWN}
    assert call_by_code(OPERATOR, call.code).state == "draft"


def test_a_call_opens_once_and_closes_once(world: World) -> None:
    call = world.prepared_call()
    assert open_call(actor=OPERATOR, call=call.code, now=NOW).state == "open"
    with pytest.raises(Conflict):
        open_call(actor=OPERATOR, call=call.code, now=NOW)
    assert close_call(actor=OPERATOR, call=call.code, now=LATER).state == "closed"
    with pytest.raises(Conflict):
        close_call(actor=OPERATOR, call=call.code, now=LATER)
    moves = AuditRecord.objects.filter(subject=call.code).values_list("action", "details__to")
    assert list(moves) == [("calls.create_call", None), ("calls.open_call", "open"), ("calls.close_call", "closed")]


def test_a_call_of_an_unknown_programme_is_not_found(world: World) -> None:
    with pytest.raises(NotFound) as raised:
        world.prepared_call(programme="atlantis")
    assert "hk-aiss" in str(raised.value.message)


@pytest.mark.parametrize(
    ("viewer", "drafts"),
    [
        (OPERATOR, True),
        (holder(Role.OFFICE, "hk-aiss-demo"), True),
        (holder(Role.AUDITOR, "hk-aiss-demo"), True),
        (holder(Role.OFFICE, "hk-aiss"), False),
        (member("harbour-university"), False),
        (Actor("nobody@example.org"), False),
    ],
)
def test_drafts_are_seen_by_the_programme_and_opened_calls_by_all(world: World, viewer: Actor, drafts: bool) -> None:
    draft, opened = world.prepared_call(), world.open_call()
    closed = close_call(actor=OPERATOR, call=world.open_call().code, now=LATER)
    seen = set(calls(viewer).values_list("code", flat=True))
    assert seen == {opened.code, closed.code} | ({draft.code} if drafts else set())
    if not drafts:
        with pytest.raises(NotFound):
            call_by_code(viewer, draft.code)


def _take_codes(taken: list[str], start: threading.Barrier) -> None:
    start.wait()
    try:
        for _ in range(5):
            with transaction.atomic():
                taken.append(next_code("T", 2026))
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_nobody_gets_the_number_of_another() -> None:
    taken: list[str] = []
    start = threading.Barrier(8)
    threads = [threading.Thread(target=_take_codes, args=(taken, start)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [f"T-2026-{number:04d}" for number in range(1, 41)]


@pytest.mark.django_db
def test_a_transaction_that_is_undone_gives_its_number_back() -> None:
    with transaction.atomic():
        next_code("T", 2026)
        transaction.set_rollback(True)
    assert next_code("T", 2026) == "T-2026-0001"
    assert CodeCounter.objects.get(prefix="T").last == 1
