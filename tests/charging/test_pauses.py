"""Leases that pause: what was not there is not billed, exactly, whatever else happens to the award."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.calls.world import NOW, OPERATOR, World, holder, member

from lionrock.audit.models import AuditRecord
from lionrock.awards.actions import end_award
from lionrock.charging.actions import close_month, lease_on_variation, pause_lease
from lionrock.charging.commands.charge import charge
from lionrock.charging.domain.leases import billed_spans, is_countable
from lionrock.charging.models import LeasePause, RecordedRun
from lionrock.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lionrock.kernel.periods import Interval, Month
from lionrock.people.domain import Role
from lionrock.rules.proration import Proration

MONTH = 320_000_00
"""Of one node, in cents; the world's award is of one node from 1 April to 1 July 2026."""


def _day(month: int, day: int, hour: int = 0) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZoneInfo("Asia/Hong_Kong")).astimezone(UTC)


def _part_second(instant: datetime) -> datetime:
    return instant + timedelta(microseconds=1)


def _leased(world: World) -> str:
    world.put_fund("5000000.00")
    return world.awarded(world.open_call()).code


def _pause(award: str, starts: datetime, ends: datetime, **facts: Any) -> LeasePause:
    given_facts: dict[str, Any] = {"actor": OPERATOR, "reason": "Cooling failed", "cause": "note 8", "now": NOW}
    return pause_lease(award=award, starts=starts, ends=ends, **(given_facts | facts))


def _close(world: World, month: int) -> list[tuple[Any, ...]]:
    found = Month(2026, month)
    now = datetime(2026, month + 1, 1, tzinfo=UTC)
    closed = close_month(actor=OPERATOR, programme=world.programme, month=found, now=now)
    return list(closed.lines.order_by("position").values_list("kind", "gross", "subsidy"))


def test_days_that_paused_are_not_billed(world: World) -> None:
    award = _leased(world)
    _pause(award, _day(4, 11), _day(4, 14))
    assert _close(world, 4) == [("usage", MONTH * 27 // 30, MONTH * 27 // 30 * 7 // 10)]
    assert _close(world, 5) == [("usage", MONTH, MONTH * 7 // 10)]
    runs = RecordedRun.objects.filter(standing=True).order_by("start").values_list("start", "end")
    assert list(runs) == [(_day(4, 1), _day(4, 11)), (_day(4, 14), _day(7, 1))]
    assert AuditRecord.objects.filter(action="charging.pause_lease", details__cause="note 8").count() == 1


def test_a_pause_of_a_closed_month_is_given_back_by_the_next(world: World) -> None:
    award = _leased(world)
    _close(world, 4)
    _pause(award, _day(4, 28), _day(5, 3), now=_day(5, 10))
    assert _close(world, 5) == [
        ("correction", -32_000_00, -22_400_00),  # 3 of 30 days
        ("usage", 299_354_84, 209_548_39),  # 29 of 31 days
    ]


def test_pauses_add_up_and_overlap(world: World) -> None:
    award = _leased(world)
    _pause(award, _day(4, 1), _day(4, 3))
    _pause(award, _day(4, 2), _day(4, 7), cause="note 9")
    _pause(award, _day(4, 30), _day(5, 1), cause="note 10")
    assert _close(world, 4) == [("usage", 245_333_33, 171_733_33)]  # 23 of 30 days


def test_what_happens_to_the_award_afterwards_keeps_the_pause(world: World) -> None:
    award = _leased(world)
    _pause(award, _day(4, 11), _day(4, 14))
    count = RecordedRun.objects.count()
    lease_on_variation(actor=OPERATOR, award=award, now=NOW)
    assert RecordedRun.objects.count() == count
    end_award(actor=OPERATOR, award=award, now=_day(4, 21), reason="given up")
    _pause(award, _day(4, 2), _day(4, 4), cause="note 9", now=_day(4, 25))
    assert _close(world, 4) == [("usage", MONTH * 15 // 30, MONTH * 15 // 30 * 7 // 10)]
    assert _close(world, 5) == []


def test_a_pause_is_decided_once(world: World) -> None:
    award = _leased(world)
    span = (_day(4, 11), _day(4, 14))
    assert _pause(award, *span) == _pause(award, *span, now=_day(6, 1))
    assert RecordedRun.objects.filter(standing=True).count() == 2
    with pytest.raises(Conflict, match="decided before"):
        _pause(award, _day(4, 11), _day(4, 15))


def test_every_fault_of_a_pause_is_told_and_who_may_not_is_told(world: World) -> None:
    award = _leased(world)
    for starts, ends, facts, fields in (
        (_day(4, 14), _day(4, 11), {}, ["to"]),
        (
            _day(4, 11),
            _day(4, 14) + timedelta(microseconds=1),
            {"reason": "", "cause": "a\nb"},
            ["reason", "cause", "to"],
        ),
    ):
        with pytest.raises(Invalid) as raised:
            _pause(award, starts, ends, **facts)
        assert [fault.field for fault in raised.value.faults] == fields
    with pytest.raises(NotAllowed):
        _pause(award, _day(4, 11), _day(4, 14), actor=holder(Role.AUDITOR, world.programme))
    for who in (holder(Role.FINANCE, "other"), member("elsewhere")):
        with pytest.raises(NotFound):
            _pause(award, _day(4, 11), _day(4, 14), actor=who)
    assert not LeasePause.objects.exists()


def test_where_days_begun_count_whole_a_pause_is_of_whole_days(lagoon: World) -> None:
    lagoon.put_fund("1000.000")
    award = lagoon.awarded(lagoon.open_call()).code
    paris = ZoneInfo("Europe/Paris")
    noon = datetime(2026, 3, 20, 12, tzinfo=paris).astimezone(UTC)
    with pytest.raises(Invalid, match="by_day"):
        _pause(award, noon, noon + timedelta(days=1))
    midnight = noon - timedelta(hours=12)
    _pause(award, midnight, midnight + timedelta(days=2))
    closed = close_month(actor=OPERATOR, programme="lagoon", month=Month(2026, 3), now=datetime(2026, 4, 2, tzinfo=UTC))
    seconds = sum(line.seconds_numerator / line.seconds_denominator for line in closed.lines.all())
    month = Month(2026, 3).interval(paris).seconds
    assert round(seconds / 2 / month * 31, 9) == 15, "17 days begun of the lease, without two"


def test_by_the_command(world: World) -> None:
    award = _leased(world)
    words = ["pause-lease", "--award", award, "--from", "2026-04-11T00:00+08:00", "--to", "2026-04-14T00:00+08:00"]
    said = CliRunner().invoke(charge, [*words, "--reason", "Cooling failed", "--cause", "note 8"])
    assert said.exit_code == 0, said.output
    assert "Cooling failed" in said.stdout
    assert LeasePause.objects.get().award == award


EDGE = st.integers(0, 50).map(lambda hours: _day(4, 1) + timedelta(hours=hours))
SPANS = st.tuples(EDGE, EDGE).map(lambda pair: Interval(*sorted(pair)))


@settings(max_examples=100, deadline=None)
@given(span=SPANS, pauses=st.lists(SPANS, max_size=5))
def test_every_second_is_billed_or_paused(span: Interval, pauses: list[Interval]) -> None:
    billed = billed_spans(span, pauses)
    hours = [span.start + timedelta(hours=number) for number in range(span.seconds // 3600)]
    wanted = [hour for hour in hours if not any(pause.holds(hour) for pause in pauses)]
    assert [hour for hour in hours if any(one.holds(hour) for one in billed)] == wanted
    assert sum(one.seconds for one in billed) == 3600 * len(wanted)


@pytest.mark.parametrize(
    ("starts", "ends", "by_day", "whole_months"),
    [
        (_day(4, 1), _day(5, 1), True, True),
        (_day(4, 1), _day(4, 30), True, False),
        (_day(4, 1, 1), _day(4, 30), False, False),
        (_day(4, 2), _day(4, 2, 12), False, False),
    ],
)
def test_what_each_rule_can_leave_out(starts: datetime, ends: datetime, by_day: bool, whole_months: bool) -> None:
    zone = ZoneInfo("Asia/Hong_Kong")
    pause = Interval(starts, ends)
    rules = (Proration.BY_SECOND, Proration.BY_DAY, Proration.WHOLE_MONTHS)
    assert [is_countable(pause, rule, zone) for rule in rules] == [True, by_day, whole_months]
