"""Ageing as at a day: classes at their edges, and the same figures by two ways and from the books."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.receivables.ledgers import at_random, bill, owed_in_the_books, told_by_sql
from tests.receivables.till import AUDITOR, DELTA, HARBOUR, PROGRAMME, Till

from lionrock.kernel.periods import Month
from lionrock.people.programmes import programme_on_file
from lionrock.receivables.domain import Item, aged, bucket_of
from lionrock.receivables.queries import ageing, on_account, open_items

DUE = date(2026, 5, 1)


def item(amount: int, *, due: date | None = DUE, organisation: str = "u1") -> Item:
    return Item("INV-1", organisation, "HKD", amount, date(2026, 4, 1), due)


@pytest.mark.parametrize(
    ("days", "bucket"), [(0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (4000, 4)]
)
def test_the_classes_meet_without_a_gap(days: int, bucket: int) -> None:
    assert bucket_of(days) == bucket
    (row,) = aged([item(7)], [], DUE + timedelta(days=days))
    assert row.buckets[bucket] == row.owed == 7
    assert row.late == (0 if days == 0 else 7)


def test_what_has_no_term_of_payment_is_never_late() -> None:
    (row,) = aged([item(7, due=None)], [], date(2099, 1, 1))
    assert (row.buckets[0], row.late) == (7, 0)


def test_what_is_to_somebodys_credit_stands_beside_what_is_owed() -> None:
    rows = aged([item(100), item(-30), item(5, organisation="u2"), item(-5, organisation="u3")], [("u1", 11)], DUE)
    assert [(row.organisation, row.owed, row.credit, row.balance) for row in rows] == [
        ("u1", 100, -41, 59),
        ("u2", 5, 0, 5),
        ("u3", 0, -5, -5),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_three_ways_to_what_is_owed_agree_on_every_day(till: Till, seed: int) -> None:
    days = at_random(seed, (HARBOUR, DELTA))
    rules = programme_on_file(PROGRAMME)
    for day in [*days[::3], days[-1] + timedelta(days=100)]:
        found = ageing(AUDITOR, PROGRAMME, day)
        assert [(row.organisation, row.buckets, row.credit) for row in found.rows] == told_by_sql(day), day
        assert found.without_document == 0
        balances = {row.organisation: row.balance for row in found.rows if row.balance}
        assert balances == owed_in_the_books(day), day
        assert all(each.open * each.total >= 0 for each in open_items(rules, on=day))
        assert all(each.left > 0 for each in on_account(rules, on=day))


@pytest.mark.django_db
def test_what_is_booked_and_not_billed_yet_is_said(till: Till) -> None:
    bill(Month(2026, 4), **{HARBOUR: 50_00})
    eve = ageing(AUDITOR, PROGRAMME, date(2026, 5, 2))
    assert (eve.rows, eve.booked, eve.without_document) == ((), 50_00, 50_00)
    day = ageing(AUDITOR, PROGRAMME, date(2026, 5, 3))
    assert (day.total.balance, day.without_document) == (50_00, 0)
