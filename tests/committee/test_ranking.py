"""The line through the order, and the best choice beside it, each against a second computation by brute force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lionrock.committee.domain import Fit, Line, Means, Row, Stay, best, by_month, difference, obstacles, rank
from lionrock.kernel.errors import Fault
from lionrock.kernel.messages import message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month

DAY = date(2026, 4, 1)


def hkd(minor: int) -> Money:
    return Money(minor, "HKD")


def stay(devices: int, starts: int = 0, days: int = 30, kind: str = "h800") -> Stay:
    return Stay(kind, devices, DAY + timedelta(starts), DAY + timedelta(starts + days))


def row(name: str, cost: int | None, *stays: Stay, score: int | None = 50, call: str = "C", wanted: bool = True) -> Row:
    marks = None if score is None else Fraction(score)
    return Row(name, call, marks, None if cost is None else hkd(cost), stays, wanted)


def means(free: int, capacity: int | None = None, *taken: Stay, envelope: int | None = None) -> Means:
    envelopes = {} if envelope is None else {"C": hkd(envelope)}
    return Means(hkd(free), envelopes, {} if capacity is None else {"h800": capacity}, taken)


def fits(rows: Sequence[Row], there: Means, rule: Line) -> list[str]:
    return [placed.fit.value for placed in rank(rows, there, rule).rows]


FITS, NOT, BELOW, OUT = (each.value for each in (Fit.FITS, Fit.NOT, Fit.BELOW, Fit.OUT))
THREE = [row("a", 60), row("b", 50), row("c", 40)]


@pytest.mark.parametrize(
    ("there", "rule", "wanted"),
    [
        (means(150), Line.STOP, [FITS, FITS, FITS]),
        (means(100), Line.STOP, [FITS, NOT, BELOW]),
        (means(100), Line.SKIP, [FITS, NOT, FITS]),
        (means(59), Line.STOP, [NOT, BELOW, BELOW]),
        (means(59), Line.SKIP, [NOT, FITS, NOT]),
        (means(999, envelope=100), Line.SKIP, [FITS, NOT, FITS]),
        (means(0), Line.SKIP, [NOT, NOT, NOT]),
    ],
)
def test_the_line_falls_where_the_money_ends(there: Means, rule: Line, wanted: list[str]) -> None:
    assert fits(THREE, there, rule) == wanted


def test_what_is_left_is_told_after_each_row() -> None:
    found = rank(THREE, means(100, envelope=120), Line.SKIP)
    assert [placed.fund_left.minor for placed in found.rows] == [40, 40, 0]
    assert [placed.envelope_left.minor for placed in found.rows if placed.envelope_left] == [60, 60, 20]
    assert (found.committed, found.left, found.line, found.served) == (hkd(100), hkd(0), 1, ("a", "c"))
    assert found.score == 100


def test_what_takes_nothing_or_has_no_price_stands_in_nobodys_way() -> None:
    no_price = Row("x", "C", None, None, faults=(Fault("x", message("No price."), field="count"),))
    rows = [row("a", 60, wanted=False), no_price, row("b", 50)]
    assert fits(rows, means(50), Line.SKIP) == [OUT, NOT, FITS]
    assert fits(rows, means(50), Line.STOP) == [OUT, NOT, BELOW]


@pytest.mark.parametrize(
    ("asked", "taken", "fit"),
    [
        (stay(8), [], FITS),
        (stay(9), [], NOT),
        (stay(4), [stay(4)], FITS),
        (stay(5), [stay(4)], NOT),
        (stay(8), [stay(8, starts=30)], FITS),
        (stay(8), [stay(8, starts=-30)], FITS),
        (stay(8, days=31), [stay(1, starts=30)], NOT),
        (stay(8), [stay(4, starts=-10, days=11), stay(4, starts=29)], NOT),
        (stay(99), [stay(99, kind="other")], NOT),
        (stay(99, kind="other"), [stay(8)], FITS),
    ],
)
def test_devices_are_counted_on_the_fullest_day(asked: Stay, taken: list[Stay], fit: str) -> None:
    assert fits([row("a", 1, asked)], means(9, 8, *taken), Line.STOP) == [fit]


def test_two_that_never_meet_do_not_add_up() -> None:
    rows = [row("a", 1, stay(5)), row("b", 1, stay(5, starts=30)), row("c", 1, stay(5, starts=15))]
    found = rank(rows, means(9, 8), Line.SKIP)
    assert found.served == ("a", "b")
    assert [placed.devices_left for placed in found.rows] == [3, 3, 3]
    [why] = found.rows[2].obstacles
    assert (why.code, why.field) == ("committee.capacity", "count")
    assert str(why.message).startswith("In 2026-04 3 devices of the kind h800 are free; this takes 5.")


def test_all_that_stands_in_the_way_is_told_at_once() -> None:
    found = obstacles(row("a", 60, stay(9)), means(50, 8, envelope=40))
    assert [fault.code for fault in found] == ["committee.fund", "committee.envelope", "committee.capacity"]
    assert obstacles(row("a", 40, stay(8)), means(50, 8, envelope=40)) == ()


def test_a_month_is_shown_by_its_fullest_day() -> None:
    taken, own = [stay(2), stay(4, starts=10, days=5), stay(7, kind="other")], [stay(3, starts=12, days=40)]
    april, may = by_month("h800", taken, own, 10, own)
    assert (april.month, april.taken, april.proposed, april.free) == (Month(2026, 4), 6, 3, 1)
    assert (may.month, may.taken, may.proposed, may.free) == (Month(2026, 5), 0, 3, 7)
    assert by_month("h800", taken, own, 10, []) == ()
    assert by_month("h800", [], own, None, own)[0].free is None


stays = st.builds(
    stay,
    devices=st.integers(1, 6),
    starts=st.integers(0, 60),
    days=st.integers(1, 60),
    kind=st.sampled_from(["h800", "other"]),
)
lists_of_rows = st.lists(
    st.builds(
        lambda cost, score, own, call: (cost, score, own, call),
        st.integers(1, 100),
        st.integers(0, 100),
        st.lists(stays, max_size=2),
        st.sampled_from(["C", "D"]),
    ),
    max_size=8,
).map(
    lambda drawn: [
        row(f"r{index}", cost, *own, score=score, call=call) for index, (cost, score, own, call) in enumerate(drawn)
    ]
)
all_means = st.builds(
    lambda free, capacity, taken, envelope: means(free, capacity, *taken, envelope=envelope),
    st.integers(0, 400),
    st.none() | st.integers(0, 12),
    st.lists(stays, max_size=3),
    st.none() | st.integers(0, 200),
)


def naive_fits(chosen: Sequence[Row], there: Means) -> bool:
    """Tell, day by day and amount by amount, whether a choice fits as a whole."""
    if sum(each.cost.minor for each in chosen if each.cost) > there.free.minor:
        return False
    for call, envelope in there.envelopes.items():
        if sum(each.cost.minor for each in chosen if each.cost and each.call == call) > envelope.minor:
            return False
    every_stay = [one for each in chosen for one in each.stays]
    for kind, capacity in there.capacity.items():
        for one in every_stay:
            for offset in range((one.ends - one.starts).days if one.kind == kind else 0):
                day = one.starts + timedelta(offset)
                there_then = [other for other in [*every_stay, *there.taken] if other.kind == kind]
                if sum(other.devices for other in there_then if other.starts <= day < other.ends) > capacity:
                    return False
    return True


@settings(max_examples=80, deadline=None)
@given(rows=lists_of_rows, there=all_means, rule=st.sampled_from(Line))
def test_the_line_is_where_a_naive_count_has_it(rows: list[Row], there: Means, rule: Line) -> None:
    served: list[Row] = []
    stopped = False
    for each in rows:
        if stopped:
            continue
        if naive_fits([*served, each], there):
            served.append(each)
        else:
            stopped = rule is Line.STOP
    found = rank(rows, there, rule)
    assert found.served == tuple(each.application for each in served)
    assert found.left.minor == there.free.minor - sum(each.cost.minor for each in served if each.cost)


@settings(max_examples=80, deadline=None)
@given(rows=lists_of_rows, there=all_means)
def test_the_suggestion_is_what_trying_every_choice_finds(rows: list[Row], there: Means) -> None:
    scored = [(index, each) for index, each in enumerate(rows) if each.score]
    choices = [
        choice
        for size in range(len(scored) + 1)
        for choice in combinations(scored, size)
        if naive_fits([each for _, each in choice], there)
    ]

    def worth(choice: Sequence[tuple[int, Row]]) -> tuple[Fraction, int, list[bool]]:
        score = sum((each.score or Fraction(0) for _, each in choice), Fraction(0))
        places = {index for index, _ in choice}
        return score, -sum(each.cost.minor for _, each in choice if each.cost), [i in places for i in range(len(rows))]

    wanted = max(choices, key=worth)
    found = best(rows, there)
    assert found.applications == tuple(each.application for _, each in wanted)
    assert (found.score, -found.committed.minor) == worth(wanted)[:2]
    assert (found.proven, found.bound) == (True, found.score)


@settings(max_examples=40, deadline=None)
@given(rows=lists_of_rows, there=all_means, nodes=st.integers(0, 6))
def test_cut_short_it_says_how_good_the_best_can_be(rows: list[Row], there: Means, nodes: int) -> None:
    whole, cut = best(rows, there), best(rows, there, nodes=nodes)
    assert cut.score <= whole.score <= cut.bound
    assert cut.nodes <= nodes
    if cut.proven:
        assert cut.score == whole.score


def test_the_suggestion_may_beat_the_order_and_says_what_differs() -> None:
    rows = [row("big", 100, score=80), row("left", 50, score=60), row("right", 50, score=60)]
    order, found = rank(rows, means(100), Line.STOP), best(rows, means(100))
    assert (order.served, order.score) == (("big",), 80)
    assert (found.applications, found.score, found.committed) == (("left", "right"), 120, hkd(100))
    changes = difference(order.served, found.applications)
    assert (changes.comes_in, changes.falls_out) == (("left", "right"), ("big",))


def test_of_equal_choices_the_cheaper_then_the_earlier_is_taken() -> None:
    assert best([row("a", 70), row("b", 60), row("c", 60)], means(100)).applications == ("b",)


def test_who_has_not_passed_or_has_no_score_is_not_suggested() -> None:
    failed = Row("failed", "C", Fraction(99), hkd(1), passes=False)
    rows = [failed, row("passed", 1, score=60), row("unscored", 1, score=None), row("out", 1, wanted=False)]
    assert best(rows, means(100)).applications == ("passed",)
    assert rank(rows, means(100), Line.SKIP).served == ("failed", "passed", "unscored")


def test_sixty_applications_are_answered_within_the_limit_of_work() -> None:
    rows = [
        row(f"r{index}", 500 + index * 37 % 311, stay(1 + index % 7, index % 40, 60), score=40 + index * 53 % 60)
        for index in range(60)
    ]
    found = best(rows, means(12_000, 60), nodes=2_000)
    assert found.nodes <= 2_000
    assert found.bound >= found.score > rank(rows, means(12_000, 60), Line.SKIP).score
    assert best(rows, means(12_000, 60), nodes=2_000) == found
