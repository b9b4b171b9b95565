"""Awards that lie idle: below their pace, since when, of which plan, whom to ask."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.calls.world import holder, member
from tests.charging.books import PROGRAMME, Books, used
from tests.metering.world import ACCOUNT, LEASE, LEASED
from tests.usage.world import NOW, OPERATOR, ran, read_up_to

from lionrock.awards.models import Award, Variation
from lionrock.charging.actions import record_usage
from lionrock.people.domain import Role
from lionrock.usage.commands import usage
from lionrock.usage.queries.idle import Idle, idle_awards

pytestmark = pytest.mark.django_db

OFFICE = holder(Role.OFFICE, PROGRAMME)
FIRST = "AW-2026-0021"
TEN_DAYS: dict[str, Any] = {"valid_from": date(2026, 11, 13), "valid_to": date(2026, 12, 3)}
"""Twenty days, of which ten are over at the start of 23 November in Hong Kong; NOW is ten hours later."""
PLANNED = 10 * 86400 + 10 * 3600


def low(viewer: Any = OFFICE, part: Fraction = Fraction(1, 2)) -> dict[str, Idle]:
    return {each.award.code: each for each in idle_awards(viewer, NOW, part).rows}


@pytest.fixture
def award(books: Books) -> Award:
    """An award of one device for twenty days, half over; the others of the books are over."""
    Award.objects.update(state="ended", ended_at=NOW)
    return books.put_award(FIRST, "u1", **TEN_DAYS)


def test_an_award_below_half_its_pace_is_idle_and_says_since_when(award: Award) -> None:
    read_up_to()
    last = NOW - timedelta(days=4)
    ran(last - timedelta(hours=5), 5 * 3600, gpus=1, account=FIRST.lower())
    found = low()[FIRST]
    assert (found.used, found.planned, found.quota) == (5 * 3600, PLANNED, 20 * 86400)
    assert found.of_quota == Fraction(5, 20 * 24)
    assert (found.last_used, found.quiet_days) == (last, 4)
    assert found.contact == award.application.applicant


@pytest.mark.parametrize(("hours", "is_idle"), [(124, True), (125, False)])
def test_half_of_the_plan_is_not_below_half(award: Award, hours: int, is_idle: bool) -> None:
    read_up_to(since=NOW - timedelta(days=40))
    ran(NOW - timedelta(hours=hours), hours * 3600, gpus=1, account=FIRST.lower())
    assert (FIRST in low()) is is_idle


def test_what_was_never_used_is_idle_since_its_first_day(award: Award) -> None:
    found = low()[FIRST]
    assert (found.used, found.last_used, found.quiet_days, found.share) == (0, None, 10, 0)


def test_what_is_on_file_for_charging_is_use_too(award: Award) -> None:
    run = used("9", "2026-11-14T00:00", "2026-11-20T00:00", award=FIRST)
    record_usage([run], actor=OPERATOR, programme=PROGRAMME, now=NOW, source="test")
    assert low() == {}
    assert low(part=Fraction(1))[FIRST].used == 6 * 86400


def test_an_award_that_is_over_is_not_asked_after(award: Award) -> None:
    Award.objects.filter(code=FIRST).update(state="ended", ended_at=NOW)
    assert low() == {}


def test_a_lease_is_listed_only_where_its_use_is_known(books: Books) -> None:
    Award.objects.exclude(code=LEASE).update(state="ended", ended_at=NOW)
    assert low() == {}
    read_up_to()
    assert set(low()) == {LEASE}
    ran(NOW - timedelta(days=2), 86400, gpus=1, account=LEASED)
    assert low()[LEASE].quiet_days == 1
    assert ACCOUNT not in low()


def test_whom_to_ask_is_whom_the_latest_change_has_named(award: Award) -> None:
    Variation.objects.create(
        award=award, number=1, reason="moved", requested_by="x@example.org", requested_at=NOW, decided_at=NOW,
        state="approved", contact="Dr Wong, 2123 4567",
    )  # fmt: skip
    assert low()[FIRST].contact == "Dr Wong, 2123 4567"


def test_members_see_their_own_and_others_see_nothing(books: Books, award: Award) -> None:
    books.put_award("AW-2026-0022", "u2", **TEN_DAYS)
    assert set(low()) == {FIRST, "AW-2026-0022"}
    assert set(low(member("u2"))) == {"AW-2026-0022"}
    assert low(member("u3")) == low(holder(Role.OFFICE, "another")) == {}


def test_a_longer_list_takes_no_more_queries(books: Books, award: Award) -> None:
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as made:
            low()
        counts.append(len(made))
        for each in range(4):
            books.put_award(f"AW-2026-1{number}{each}0", f"more{number}{each}", **TEN_DAYS)
    assert counts[0] == counts[1] <= 16


def test_the_command_lists_them(award: Award) -> None:
    told = CliRunner().invoke(usage, ["idle", "--at", NOW.isoformat(), "--json"], catch_exceptions=False)
    [row] = json.loads(told.output)
    assert (row["award"], row["share_of_plan"], row["quiet_days"]) == (FIRST, "0.0000", 10)
    table = CliRunner().invoke(usage, ["idle", "--at", NOW.isoformat()], catch_exceptions=False).output
    assert FIRST in table
    assert "never" in table
