"""The fund over time, and who may see it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.books import CLERK, NOW, PROGRAMME, commit, fund, hkd

from lionrock.kernel.errors import NotFound
from lionrock.kernel.periods import Month
from lionrock.ledger.actions import post
from lionrock.ledger.domain import AccrualLine, accrual, release
from lionrock.ledger.domain.fund import Movement, overview
from lionrock.ledger.queries import balances_of, fund_overview, journals, trial_balance
from lionrock.people.domain import SEE_ALL_OF_IT, Actor, Grant, Role, terminal_operator

OPERATOR = terminal_operator("tester")
MARCH, APRIL, JUNE = Month(2026, 3), Month(2026, 4), Month(2026, 6)


def _actor(role: Role, *, programme: str | None = None, organisation: str | None = None) -> Actor:
    return Actor("a@example.org", frozenset({Grant(role, programme, organisation)}))


def _stand(month: object) -> tuple[int, ...]:
    return tuple(getattr(month, part).minor for part in ("appropriated", "committed", "spent", "free"))


def test_an_empty_fund_is_all_zero() -> None:
    empty = overview(PROGRAMME, "HKD", [])
    assert (_stand(empty), empty.months) == ((0, 0, 0, 0), ())


def test_months_stand_at_their_ends_and_quiet_months_repeat_the_last() -> None:
    movements = [
        Movement(JUNE, "budget/spent/", 25),
        Movement(JUNE, "budget/committed/", -25),
        Movement(MARCH, "budget/appropriation", -100),
        Movement(MARCH, "budget/free", 60),
        Movement(MARCH, "budget/committed/AW-1", 30),
        Movement(MARCH, "budget/committed/AW-2", 10),
    ]
    fund_ = overview(PROGRAMME, "HKD", movements)
    assert [(str(month.month), *_stand(month)) for month in fund_.months] == [
        ("2026-03", 100, 40, 0, 60),
        ("2026-04", 100, 40, 0, 60),
        ("2026-05", 100, 40, 0, 60),
        ("2026-06", 100, 15, 25, 60),
    ]
    assert _stand(fund_) == (100, 15, 25, 60)


moves = st.tuples(
    st.builds(Month, st.integers(2024, 2027), st.integers(1, 12)),
    st.sampled_from(
        [
            ("budget/free", "budget/appropriation"),
            ("budget/committed/AW-1", "budget/free"),
            ("budget/committed/AW-2", "budget/free"),
            ("budget/spent/AW-1", "budget/committed/AW-1"),
        ]
    ),
    st.integers(-(10**12), 10**12),
)


@given(st.lists(moves, max_size=30))
def test_whatever_happens_the_appropriation_is_free_committed_or_spent(
    events: list[tuple[Month, tuple[str, str], int]],
) -> None:
    movements = [
        Movement(month, account, amount)
        for month, (debit, credit), size in events
        for account, amount in ((debit, size), (credit, -size))
    ]
    fund_ = overview(PROGRAMME, "HKD", movements)
    for stand in (*fund_.months, fund_):
        assert stand.appropriated == stand.free + stand.committed + stand.spent
    months = [month.month for month in fund_.months]
    assert months == [months[0].plus(index) for index in range(len(months))] if months else not events
    assert not months or _stand(fund_.months[-1]) == _stand(fund_)


@pytest.mark.django_db
def test_a_month_ends_at_midnight_of_the_programme() -> None:
    """15:59:59 UTC on 31 March is still March in Hong Kong; a second later it is April."""
    fund(100_00, at=datetime(2026, 3, 1, tzinfo=UTC))
    commit("AW-2026-0001", 10_00, at=datetime(2026, 3, 31, 15, 59, 59, tzinfo=UTC))
    commit("AW-2026-0002", 20_00, at=datetime(2026, 3, 31, 16, 0, 0, tzinfo=UTC))
    months = fund_overview(OPERATOR, PROGRAMME).months
    assert [(month.month, *_stand(month)) for month in months] == [
        (MARCH, 100_00, 10_00, 0, 90_00),
        (APRIL, 100_00, 30_00, 0, 70_00),
    ]


@pytest.mark.django_db
def test_the_fund_follows_the_money() -> None:
    fund(1_000_00)
    commit("AW-2026-0001", 300_00)
    lines = [AccrualLine("harbour-university", "cyberport", hkd(70_00), hkd(30_00), "AW-2026-0001")]
    booked = accrual(PROGRAMME, lines, at=NOW, cause="march", memo="March")
    assert booked is not None
    post(booked, actor=CLERK)
    post(release(PROGRAMME, "AW-2026-0001", hkd(30_00), at=NOW, cause="end"), actor=CLERK)
    seen = fund_overview(OPERATOR, PROGRAMME)
    assert (seen.currency, *_stand(seen)) == ("HKD", 1_000_00, 200_00, 70_00, 730_00)


@pytest.mark.django_db
def test_the_overview_costs_one_query_however_many_awards_there_are() -> None:
    fund(1_000_00)
    for number in range(1, 13):
        commit(f"AW-2026-{number:04d}", 10_00, at=datetime(2026, number, 5, tzinfo=UTC))
    with CaptureQueriesContext(connection) as queries:
        seen = fund_overview(OPERATOR, PROGRAMME)
    assert len(queries) == 1
    assert len(seen.months) == 12


@pytest.mark.django_db
def test_other_programmes_and_other_units_do_not_count() -> None:
    fund(100_00)
    assert _stand(fund_overview(OPERATOR, "hk-aiss-demo")) == (0, 0, 0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(SEE_ALL_OF_IT))
def test_whoever_works_for_the_programme_sees_its_books(role: Role) -> None:
    fund(100_00)
    viewer = _actor(role, programme=PROGRAMME)
    assert fund_overview(viewer, PROGRAMME).free == hkd(100_00)
    assert journals(viewer).count() == 1
    assert len(trial_balance(viewer, PROGRAMME)) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "viewer",
    [
        Actor("nobody@example.org"),
        _actor(Role.FINANCE, programme="elsewhere"),
        _actor(Role.MEMBER, organisation="harbour-university"),
    ],
)
def test_nobody_else_finds_them(viewer: Actor) -> None:
    fund(100_00)
    assert not journals(viewer).exists()
    for read in (fund_overview, trial_balance):
        with pytest.raises(NotFound, match="has no books of hk-aiss to see"):
            read(viewer, PROGRAMME)


@pytest.mark.django_db
def test_an_unknown_programme_is_not_found() -> None:
    with pytest.raises(NotFound, match="There is no programme “elsewhere”"):
        fund_overview(OPERATOR, "elsewhere")


@pytest.mark.django_db
def test_balances_of_accounts_are_read_by_their_paths_in_one_query() -> None:
    fund(100_00)
    commit("AW-2026-0001", 30_00)
    paths = ["budget/committed/AW-2026-0001", "budget/free", "budget/spent/AW-2026-0001"]
    with CaptureQueriesContext(connection) as captured:
        found = balances_of(PROGRAMME, paths, "HKD")
    assert (found, len(captured)) == (dict(zip(paths, [30_00, 70_00, 0], strict=True)), 1)
    assert balances_of(PROGRAMME, paths, "EUR") == dict.fromkeys(paths, 0)
    assert balances_of("elsewhere", paths, "HKD") == dict.fromkeys(paths, 0)


@pytest.mark.django_db
def test_the_trial_balance_adds_up() -> None:
    fund(1_000_00)
    commit("AW-2026-0001", 300_00)
    lines = trial_balance(OPERATOR, PROGRAMME)
    assert [(line.account, line.unit, line.debit, line.credit, line.balance) for line in lines] == [
        ("budget/appropriation", "HKD", 0, 1_000_00, -1_000_00),
        ("budget/committed/AW-2026-0001", "HKD", 300_00, 0, 300_00),
        ("budget/free", "HKD", 1_000_00, 300_00, 700_00),
    ]
    assert [line.account for line in trial_balance(OPERATOR, PROGRAMME, "budget/committed")] == [
        "budget/committed/AW-2026-0001"
    ]
