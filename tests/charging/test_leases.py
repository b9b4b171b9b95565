"""Leases: recorded with the award, billed month by month whether used or not, shortened with its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from tests.calls.world import NOW, OPERATOR, World
from tests.charging.oracle import nearest

from lionrock.audit.models import AuditRecord
from lionrock.awards.actions import end_award
from lionrock.awards.models import Award
from lionrock.charging.actions import close_month, lease_on_award
from lionrock.charging.models import RecordedRun
from lionrock.kernel.errors import Broken
from lionrock.kernel.periods import Month
from lionrock.sites.models import Site

APRIL = datetime(2026, 3, 31, 16, tzinfo=UTC)
"""00:00 on 1 April 2026 in Hong Kong."""


def _leased(world: World) -> Award:
    """One node from 1 April to 1 July at 320,000.00 a month."""
    world.put_fund("5000000.00")
    return world.awarded(world.open_call())


def _close(world: World, month: str) -> list[tuple[Any, ...]]:
    found = Month.parse(month)
    now = datetime(found.next.year, found.next.month, 1, tzinfo=UTC)
    closed = close_month(actor=OPERATOR, programme=world.programme, month=found, now=now)
    return list(closed.lines.order_by("position").values_list("kind", "gross", "subsidy", "user"))


def test_an_award_of_a_lease_records_it(world: World) -> None:
    site = Site.objects.get(programme=world.programme)
    award = _leased(world)
    lease = RecordedRun.objects.get()
    assert (lease.job, lease.site, lease.account, lease.award) == (
        f"lease:{award.code}", site.code, "harbour-university", award.code,
    )  # fmt: skip
    assert (lease.start, lease.end, lease.devices) == (APRIL, datetime(2026, 6, 30, 16, tzinfo=UTC), {"h800-node": 1})
    assert AuditRecord.objects.filter(action="charging.lease_on_award").count() == 1


def test_without_a_site_the_programme_itself_earns(world: World) -> None:
    Site.objects.all().delete()
    _leased(world)
    assert RecordedRun.objects.get().site == world.programme


def test_a_metered_award_is_charged_by_what_it_uses(world: World) -> None:
    world.put_fund("1000000.00")
    asked = replace(world.request, item="h800-gpu", count=8, hours=730)
    world.decided(world.submitted(world.open_call(), request=asked))
    assert not RecordedRun.objects.exists()


def test_each_month_is_billed_in_full_used_or_not(world: World) -> None:
    _leased(world)
    month = ("usage", 320_000_00, 224_000_00, 96_000_00)
    assert [_close(world, one) for one in ("2026-04", "2026-05", "2026-06", "2026-07")] == [
        [month],
        [month],
        [month],
        [],
    ]


def test_recording_a_lease_again_changes_nothing(world: World) -> None:
    award = _leased(world)
    lease_on_award(actor=OPERATOR, award=award.code, now=NOW)
    assert RecordedRun.objects.count() == 1


def test_a_lease_ends_with_its_award_to_the_second(world: World) -> None:
    """15 of 30 days of April; the half second in which it was ended is not billed."""
    award = _leased(world)
    ends = datetime(2026, 4, 15, 16, 0, 0, 500_000, tzinfo=UTC)
    end_award(actor=OPERATOR, award=award.code, now=ends, reason="given up")
    standing = RecordedRun.objects.get(standing=True)
    assert (standing.end, standing.revision) == (ends.replace(microsecond=0), 2)
    assert _close(world, "2026-04") == [("usage", 160_000_00, 112_000_00, 48_000_00)]


def test_a_lease_that_ends_before_it_begins_costs_nothing(world: World) -> None:
    award = _leased(world)
    end_award(actor=OPERATOR, award=award.code, now=NOW, reason="given up")
    standing = RecordedRun.objects.get(standing=True)
    assert standing.start == standing.end
    assert _close(world, "2026-04") == []


def test_a_lease_shortened_after_its_month_was_closed_gives_money_back(world: World) -> None:
    award = _leased(world)
    _close(world, "2026-04")
    end_award(actor=OPERATOR, award=award.code, now=datetime(2026, 5, 10, 16, tzinfo=UTC), reason="given up")
    assert _close(world, "2026-05") == [("usage", 103_225_81, 72_258_07, 30_967_74)]  # 10 of 31 days


def test_a_lease_that_has_run_out_is_left_as_it_is(world: World) -> None:
    award = _leased(world)
    end_award(actor=OPERATOR, award=award.code, now=datetime(2026, 7, 1, tzinfo=UTC))
    assert RecordedRun.objects.get().revision == 1


def test_leases_follow_another_zone_currency_and_rule_of_proration(lagoon: World) -> None:
    """Two pods from 15 March in Paris, prorated by days begun: 17 of March's 31 days.

    14 days at 10.001 and, from 02:30 on 29 March (a time that the clock leaps over), 11.0005.
    """
    lagoon.put_fund("1000.000")
    lagoon.awarded(lagoon.open_call())
    closed = close_month(actor=OPERATOR, programme="lagoon", month=Month(2026, 3), now=datetime(2026, 4, 2, tzinfo=UTC))
    leased = 17 * 86400 - 3600  # the 17 days lack an hour
    before = 14 * 86400 + 9000  # until 01:30Z, which is 02:30 with the offset before the gap
    assert list(closed.lines.order_by("position").values_list("gross", flat=True)) == [
        nearest(Fraction(2 * 17, 31) * 10_001 * before / leased),
        nearest(Fraction(2 * 17, 31) * Fraction("11000.5") * (leased - before) / leased),
    ]
    assert [line.first_use for line in closed.lines.order_by("position")] == [
        datetime(2026, 3, 14, 23, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    ]


def test_a_lease_that_cannot_be_recorded_is_a_defect(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lionrock.charging.actions.leases.home_site", lambda programme: "Not a slug")
    with pytest.raises(Broken, match="Not a slug"):
        _leased(world)
    assert [award.state for award in Award.objects.all()] == ["offered"]
