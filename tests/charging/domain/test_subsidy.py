"""Who pays how much of a line."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.charging.domain.values import charge

from lionrock.charging.domain.subsidy import Purse, allot

HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("gross", "codes", "share", "left", "fund", "paid"),
    [
        (1000, ["A"], "0.7", {}, None, {"A": 700}),
        (1000, [], "0.7", {}, None, {}),
        (1000, ["A"], "0", {}, None, {}),
        (1000, ["A"], "1", {}, None, {"A": 1000}),
        (0, ["A"], "0.7", {}, None, {}),
        (5, ["A"], "0.7", {}, None, {"A": 4}),  # 3.5, half up
        (5, ["A"], "0.5", {}, None, {"A": 3}),  # 2.5, half up: half to even would give 2
        (1, ["A"], "0.5", {}, None, {"A": 1}),
        (1, ["A"], "0.499999", {}, None, {}),
        (1000, ["A"], "0.7", {"A": 700}, None, {"A": 700}),
        (1000, ["A"], "0.7", {"A": 699}, None, {"A": 699}),
        (1000, ["A"], "0.7", {"A": 0}, None, {}),
        (1000, ["A"], "0.7", {}, 300, {"A": 300}),
        (1000, ["A"], "0.7", {"A": 200}, 300, {"A": 200}),
        (1000, ["A"], "0.7", {"A": 300}, 200, {"A": 200}),
        (1000, ["A", "B"], "0.7", {}, None, {"A": 700}),
        (1000, ["A", "B"], "0.7", {"A": 100}, None, {"A": 100, "B": 600}),
        (1000, ["A", "B"], "0.7", {"A": 0}, None, {"B": 700}),
        (1000, ["A", "B"], "0.7", {"A": 100, "B": 100}, None, {"A": 100, "B": 100}),
        (1000, ["A", "B", "C"], "0.7", {"A": 100, "B": 0}, None, {"A": 100, "C": 600}),
        (1000, ["A", "B"], "0.7", {"A": 100}, 400, {"A": 100, "B": 300}),
        (1000, ["A"], "0.7", {"A": -5}, None, {}),
        (1000, ["A"], "0.7", {}, -5, {}),
    ],
)
def test_the_subsidy_is_the_share_limited_by_award_and_fund(
    gross: int, codes: list[str], share: str, left: dict[str, int], fund: int | None, paid: dict[str, int]
) -> None:
    purse = Purse(left=dict(left), fund_left=fund)
    [line] = allot([charge(gross, *codes, share=Fraction(share))], purse)
    assert line.subsidy_by_award == paid
    assert (line.gross, line.subsidy, line.user) == (gross, sum(paid.values()), gross - sum(paid.values()))
    assert purse.left == {award: amount - paid.get(award, 0) for award, amount in left.items()}
    assert purse.used == paid
    assert purse.fund_left == (None if fund is None else fund - sum(paid.values()))


@pytest.mark.parametrize(
    ("gross", "codes", "share", "used", "returned"),
    [
        (-1000, ["A"], "0.7", {"A": 5000}, {"A": -700}),
        (-5, ["A"], "0.7", {"A": 5000}, {"A": -4}),  # -3.5, away from zero
        (-5, ["A"], "0.5", {"A": 5000}, {"A": -3}),
        (-1000, ["A"], "0.7", {"A": 700}, {"A": -700}),
        (-1000, ["A"], "0.7", {"A": 699}, {"A": -699}),
        (-1000, ["A"], "0.7", {}, {}),
        (-1000, ["A"], "0.7", {"A": -3}, {}),
        (-1000, [], "0.7", {"A": 5000}, {}),
        (-1000, ["A", "B"], "0.7", {"A": 5000, "B": 5000}, {"A": -700}),
        (-1000, ["A", "B"], "0.7", {"A": 100, "B": 5000}, {"A": -100, "B": -600}),
        (-1000, ["A", "B"], "0.7", {"B": 5000}, {"B": -700}),
    ],
)
def test_a_credit_is_the_mirror_and_returns_no_more_than_was_paid(
    gross: int, codes: list[str], share: str, used: dict[str, int], returned: dict[str, int]
) -> None:
    purse = Purse(left={"A": 10}, used=dict(used), fund_left=20)
    [line] = allot([charge(gross, *codes, share=Fraction(share))], purse)
    assert line.subsidy_by_award == returned
    assert line.user == gross - sum(returned.values())
    assert purse.left == {"A": 10 - returned.get("A", 0)}
    assert purse.fund_left == 20 - sum(returned.values())


def test_what_spills_over_is_shared_at_the_next_awards_own_share() -> None:
    """A pays 42, its 0.7 of 60; of the other 40 B pays its half."""
    both = charge(100, "A", "B")
    mixed = type(both)(both.kind, both.account, 100, (("A", Fraction(7, 10)), ("B", HALF)))
    purse = Purse(left={"A": 42})
    assert allot([mixed], purse)[0].subsidy_by_award == {"A": 42, "B": 20}


def test_charges_use_up_the_purse_in_the_order_given() -> None:
    purse = Purse(left={"A": 1000})
    lines = allot([charge(1000, "A"), charge(-200, "A"), charge(1000, "A")], purse)
    assert [line.subsidy for line in lines] == [700, -140, 440]
    assert purse.left == {"A": 0}


amounts = st.integers(-(10**9), 10**9)


@given(gross=st.lists(amounts, max_size=12), cap=st.integers(0, 10**9), share=st.fractions(0, 1, max_denominator=10**6))
def test_caps_hold_whatever_is_charged_and_credited(gross: list[int], cap: int, share: Fraction) -> None:
    purse = Purse(left={"A": cap})
    lines = allot([charge(one, "A", share=share) for one in gross], purse)
    assert 0 <= purse.left["A"] <= cap
    assert purse.left["A"] + purse.used.get("A", 0) == cap
    assert sum(line.subsidy for line in lines) == purse.used.get("A", 0)
    assert all(line.gross == line.subsidy + line.user for line in lines)


@given(gross=st.integers(0, 10**12), share=st.fractions(0, 1, max_denominator=10**6))
def test_what_is_charged_and_credited_again_leaves_nothing(gross: int, share: Fraction) -> None:
    purse = Purse(left={"A": 10**6, "B": 10**13})
    lines = allot([charge(gross, "A", "B", share=share), charge(-gross, "A", "B", share=share)], purse)
    assert sum(line.subsidy for line in lines) == 0
    assert purse.left == {"A": 10**6, "B": 10**13}
