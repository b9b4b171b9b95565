"""Reminders as the programme says: each level once, interest and suspension only where it sets them."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.calls.world import OPERATOR, SHIPPED
from tests.receivables.ledgers import bill, noon
from tests.receivables.till import HARBOUR, PROGRAMME, Till

from lionrock.awards.models import Award
from lionrock.kernel.money import settle
from lionrock.kernel.periods import Month
from lionrock.ledger.check import check_books
from lionrock.ledger.queries import balance
from lionrock.notices.models import Notice
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role
from lionrock.receivables.actions import remind_debtors
from lionrock.receivables.domain import Level, Stretch, interest_of, levels_reached
from lionrock.receivables.models import Reminder

DUE = date(2026, 6, 2)
"""An April bill is issued on the 3rd of May, and is to be paid in 30 days."""
LEVELS = (Level("a", None, 7), Level("b", None, 30))  # type: ignore[arg-type]


@pytest.mark.parametrize(("days", "reached"), [(0, 0), (6, 0), (7, 1), (29, 1), (30, 2), (400, 2)])
def test_a_level_is_reached_on_its_day(days: int, reached: int) -> None:
    assert levels_reached(LEVELS, days) == reached


@given(
    amounts=st.lists(st.tuples(st.integers(0, 400), st.integers(-1000, 10**12)), max_size=6),
    rate=st.fractions(0, 1, max_denominator=1000),
)
def test_interest_is_the_sum_of_its_days_rounded_once(amounts: list[tuple[int, int]], rate: Fraction) -> None:
    first, stretches, by_day = DUE, [], Fraction(0)
    for days, amount in amounts:
        stretches.append(Stretch(first, first + timedelta(days=days), amount))
        by_day += sum((Fraction(max(amount, 0)) * rate / 365 for _ in range(days)), Fraction(0))
        first += timedelta(days=days)
    assert interest_of(stretches, rate) == settle(by_day)


@pytest.fixture
def billed(till: Till) -> Till:
    """Harbour, one of whose members has an account, owes 1,000.00 for April."""
    register_person(actor=OPERATOR, email="chan@example.org", name="Chan", now=noon(DUE))
    grant_role(actor=OPERATOR, email="chan@example.org", role=Role.MEMBER, organisation=HARBOUR, now=noon(DUE))
    bill(Month(2026, 4), **{HARBOUR: 1000_00})
    return till


def state(settings: Any, folder: Path, *values: str) -> None:
    """Add to what the demonstration states."""
    settings.LIONROCK_RULEBOOK = shutil.copytree(SHIPPED, folder / "rulebook")
    file = settings.LIONROCK_RULEBOOK / "programmes" / PROGRAMME / "settings.yaml"
    text = file.read_text().replace(
        "value: false, source: demonstration, note: Suspending", "value: true, source: demonstration, note: Suspending"
    )
    file.write_text(text + "".join(values))


RATE = 'arrears.interest_rate:\n  values:\n    - {from: 2024-10-07, value: "0.0730", source: demonstration}\n'


def remind(days_late: int) -> int:
    return remind_debtors(noon(DUE + timedelta(days=days_late)))


def sent() -> list[tuple[str, int]]:
    return list(Reminder.objects.order_by("number").values_list("level", "open"))


@pytest.mark.django_db
def test_each_level_goes_out_once(billed: Till) -> None:
    assert [remind(days) for days in (0, 6, 7, 7, 29, 30, 45, 60, 90)] == [0, 0, 1, 0, 0, 1, 0, 1, 0]
    assert sent() == [("first", 1000_00), ("second", 1000_00), ("final", 1000_00)]
    said = Notice.objects.order_by("pk").first()
    assert said is not None
    assert said.said["template"].startswith("{level}: {document} was due on {due}")
    assert (said.kind, said.code, Notice.objects.count()) == ("statement", "2026-04-0", 3)


@pytest.mark.django_db
def test_of_several_levels_passed_only_the_last_goes_out(billed: Till) -> None:
    assert [remind(days) for days in (70, 71)] == [1, 0]
    assert sent() == [("final", 1000_00)]


@pytest.mark.django_db
def test_who_has_paid_is_not_reminded(billed: Till) -> None:
    billed.pay("999.99", "A")
    assert remind(7) == 1
    billed.pay("0.01", "B")
    assert (remind(30), sent()) == (0, [("first", 1)])


@pytest.mark.django_db
def test_no_interest_is_charged_where_none_is_set(billed: Till) -> None:
    remind(60)
    assert billed.open() == {"2026-04-0": 1000_00}
    assert set(Award.objects.filter(organisation__code=HARBOUR).values_list("state", flat=True)) == {"active"}


@pytest.mark.django_db
def test_interest_runs_on_what_was_open_each_day(billed: Till, settings: Any, tmp_path: Path) -> None:
    state(settings, tmp_path, RATE)
    remind(7)
    assert billed.open() == {"2026-04-0": 1000_00 + 1_40}  # 1000.00 × 7.3 % × 7 ÷ 365
    billed.pay("501.40", "A", on=DUE + timedelta(days=17))
    remind(30)
    interest = settle(Fraction(1000_00 * 10 + 498_60 * 13) * Fraction(73, 1000) / 365)
    assert list(Reminder.objects.values_list("interest", flat=True)) == [1_40, interest]
    assert billed.open() == {"2026-04-0": 500_00 + interest}
    assert billed.owed() == {HARBOUR: 500_00 + interest}
    assert balance(PROGRAMME, "interest", "HKD") == -(1_40 + interest)
    assert [fault for check in check_books() for fault in check.faults] == []


@pytest.mark.django_db
def test_the_last_reminder_suspends_where_the_programme_says_so(billed: Till, settings: Any, tmp_path: Path) -> None:
    state(settings, tmp_path)
    remind(30)
    assert set(Award.objects.filter(organisation__code=HARBOUR).values_list("state", flat=True)) == {"active"}
    remind(60)
    suspended = Award.objects.get(organisation__code=HARBOUR)
    assert suspended.state == "suspended"
    assert suspended.suspensions.get().reason.startswith("2026-04-0 was due on 2026-06-02")
    assert Reminder.objects.get(level="final").suspended == [suspended.code]
