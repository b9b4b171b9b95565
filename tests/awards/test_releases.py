"""What ended awards left goes back to the fund when, and only when, the last month of their use is charged."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.calls.world import NOW, OPERATOR, World

from lionrock.awards.actions import end_award
from lionrock.charging.actions import close_month
from lionrock.kernel.periods import Month
from lionrock.ledger.queries import balance

pytestmark = pytest.mark.django_db


def _committed(world: World, award: str) -> int:
    return balance(world.programme, f"budget/committed/{award}", "HKD")


def _free(world: World) -> int:
    return balance(world.programme, "budget/free", "HKD")


def test_an_award_withdrawn_before_it_begins_gives_back_all_at_once(world: World) -> None:
    world.put_fund("1000000.00")
    award = world.awarded(world.open_call())
    end_award(actor=OPERATOR, award=award.code, now=NOW, reason="given up")
    assert (_committed(world, award.code), _free(world)) == (0, 100_000_000)


def test_an_award_withdrawn_within_a_month_pays_for_that_month_and_then_gives_back(world: World) -> None:
    world.put_fund("1000000.00")
    award = world.awarded(world.open_call())
    first = award.valid_from
    withdrawn = datetime(first.year, first.month, 10, 4, tzinfo=UTC)
    end_award(actor=OPERATOR, award=award.code, now=withdrawn, reason="given up")
    assert _committed(world, award.code) == award.cap_minor
    month = Month.containing(first)
    closed = close_month(actor=OPERATOR, programme=world.programme, month=month, now=datetime(2027, 6, 1, tzinfo=UTC))
    assert 0 < closed.subsidy < award.cap_minor
    assert _committed(world, award.code) == 0
    assert _free(world) == 100_000_000 - closed.subsidy


def test_an_award_that_ended_keeps_its_money_until_its_last_month_is_closed(world: World) -> None:
    world.put_fund("1000000.00")
    award = world.awarded(world.open_call())
    later = datetime(2027, 6, 1, tzinfo=UTC)
    end_award(actor=OPERATOR, award=award.code, now=later)
    month, last = Month.containing(award.valid_from), Month.containing(award.valid_to)
    spent = 0
    while month.first_day < date(last.year, last.month, 1):
        assert _committed(world, award.code) == award.cap_minor - spent > 0
        spent += close_month(actor=OPERATOR, programme=world.programme, month=month, now=later).subsidy
        month = month.next
    assert _committed(world, award.code) == 0
    assert _free(world) == 100_000_000 - spent
