"""Months that are locked: nothing is posted into them, by whatever way and however many try; and what opens them."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from tests.ledger.books import NOW, OPERATOR, PROGRAMME, fund, refused, sql

from lionrock.kernel.errors import Conflict, Invalid, Refused
from lionrock.kernel.periods import Month
from lionrock.ledger.actions import lock_period, reopen_period
from lionrock.ledger.models import Journal, PeriodLock

END_OF_MARCH = datetime(2026, 3, 31, 16, tzinfo=UTC)
"""Midnight in Hong Kong."""
LATER = datetime(2026, 6, 1, tzinfo=UTC)
MARCH, FEBRUARY = Month(2026, 3), Month(2026, 2)


def lock(month: Month = MARCH) -> PeriodLock:
    return lock_period(actor=OPERATOR, programme=PROGRAMME, month=month, reason="audited", now=LATER)


@pytest.mark.django_db
def test_nothing_is_posted_into_a_locked_month_and_all_after_it() -> None:
    lock()
    with pytest.raises(Refused, match=r"locked before 2026-04-01, and this is dated 2026-03-31") as no:
        fund(100, at=END_OF_MARCH - timedelta(microseconds=1))
    assert no.value.code == "ledger.period.locked"
    fund(100, cause="april", at=END_OF_MARCH)
    assert Journal.objects.count() == 1


@pytest.mark.django_db
def test_what_was_posted_before_may_be_told_again() -> None:
    first = fund(100, at=NOW)
    lock()
    assert fund(100, at=NOW) == first


@pytest.mark.django_db
def test_another_programme_is_not_locked() -> None:
    lock_period(actor=OPERATOR, programme="hk-aiss-demo", month=MARCH, reason="audited", now=LATER)
    assert fund(100, at=NOW)


@pytest.mark.django_db
def test_the_database_refuses_it_whoever_writes() -> None:
    lock_period(actor=OPERATOR, programme=PROGRAMME, month=Month(2026, 5), reason="audited", now=LATER)
    with refused("ledger_period_locked"):
        sql(
            "insert into ledger_journal (programme, cause, unit, memo, at, actor, details)"
            " values (%s, 'by hand', 'HKD', '', '2026-03-01', 'console', '{}')",
            PROGRAMME,
        )


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["update ledger_periodlock set before = null", "delete from ledger_periodlock"])
def test_a_lock_is_never_changed(statement: str) -> None:
    lock()
    with refused("ledger_append_only"):
        sql(statement)


@pytest.mark.django_db
def test_a_lock_is_lifted_by_a_fact_of_its_own() -> None:
    lock()
    reopen_period(actor=OPERATOR, programme=PROGRAMME, month=MARCH, reason="an error was found", now=LATER)
    fund(100, cause="march", at=NOW)
    with pytest.raises(Refused):
        fund(100, cause="february", at=datetime(2026, 2, 28, 15, tzinfo=UTC))
    reopen_period(actor=OPERATOR, programme=PROGRAMME, month=None, reason="all of it", now=LATER)
    fund(100, cause="february", at=datetime(2026, 2, 28, 15, tzinfo=UTC))
    assert PeriodLock.objects.count() == 3


@pytest.mark.django_db
def test_locks_that_make_no_sense_are_refused() -> None:
    with pytest.raises(Refused, match="has not ended"):
        lock(Month(2026, 6))
    with pytest.raises(Conflict, match="nothing locked"):
        reopen_period(actor=OPERATOR, programme=PROGRAMME, month=None, reason="x", now=LATER)
    lock()
    with pytest.raises(Conflict, match="locked up to 2026-02, or further"):
        lock(FEBRUARY)
    with pytest.raises(Conflict, match="nothing locked"):
        reopen_period(actor=OPERATOR, programme=PROGRAMME, month=Month(2026, 4), reason="x", now=LATER)
    with pytest.raises(Invalid):
        lock_period(actor=OPERATOR, programme=PROGRAMME, month=Month(2026, 5), reason="", now=LATER)


@pytest.mark.django_db(transaction=True)
def test_a_lock_waits_for_what_is_being_posted() -> None:
    """A journal written before the lock is committed before it, too: none slips in behind it."""
    order: list[str] = []

    def lock_it() -> None:
        try:
            lock()
            order.append("locked")
        finally:
            connection.close()

    with transaction.atomic():
        fund(100, at=NOW)
        thread = threading.Thread(target=lock_it)
        thread.start()
        time.sleep(0.3)
        order.append("posted")
    thread.join()
    assert order == ["posted", "locked"]
    with pytest.raises(Refused):
        fund(100, cause="late", at=NOW)
