"""Groups that show no single applicant: laws of folding, and the cases that are easily got wrong."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lionrock.kernel.periods import Month
from lionrock.public.domain.folding import FEWEST, Group, Moved, Part, Span, fold, may_be_shown, spans

APPLICANTS = st.frozensets(st.integers(1, 12), min_size=1, max_size=8)
PARTS = st.lists(st.tuples(APPLICANTS, st.integers(1, 1000)), max_size=7).map(
    lambda rows: [Part(f"k{place}", who, (amount,)) for place, (who, amount) in enumerate(rows)]
)
MONTHS = st.lists(
    st.lists(st.frozensets(st.integers(1, 6), max_size=4), min_size=2, max_size=2), min_size=1, max_size=12
).map(
    lambda rows: [
        (Month(2026, 1).plus(place), tuple(Moved(100 * len(who) + place * bool(who), who) for who in row))
        for place, row in enumerate(rows)
    ]
)


def part(key: str, *applicants: int, amount: int = 1) -> Part:
    return Part(key, frozenset(applicants), (amount,))


@given(PARTS)
@settings(max_examples=200)
def test_every_group_has_enough_applicants_and_nothing_is_lost_or_named_twice(parts: list[Part]) -> None:
    groups = fold(parts)
    keys = [key for group in groups for key in group.keys]
    assert all(group.applicants >= FEWEST for group in groups)
    assert len(keys) == len(set(keys))
    if groups:
        assert set(keys) == {each.key for each in parts}
        assert sum(group.figures[0] for group in groups) == sum(each.figures[0] for each in parts)
    else:
        assert len(frozenset[int | str]().union(*(each.applicants for each in parts))) < FEWEST


@given(PARTS)
@settings(max_examples=100)
def test_nothing_is_folded_that_need_not_be(parts: list[Part]) -> None:
    if all(len(each.applicants) >= FEWEST for each in parts):
        assert fold(parts) == tuple(Group((p.key,), len(p.applicants), p.figures) for p in parts)


@pytest.mark.parametrize(
    ("parts", "keys"),
    [
        ([], []),
        ([part("a", 1, 2)], []),
        ([part("a", 1, 2, 3)], [("a",)]),
        ([part("a", 1, 2, 3), part("b", 4, 5, 6)], [("a",), ("b",)]),
        ([part("a", 1), part("b", 2), part("c", 3)], [("a", "b", "c")]),
        ([part("a", 1, 2, 3), part("b", 4), part("c", 5, 6)], [("a",), ("b", "c")]),
        # b alone could be had from the total: the smaller of the others joins it.
        ([part("a", 1, 2, 3, 7), part("b", 4), part("c", 5, 6, 8)], [("a",), ("b", "c")]),
        # The same two applicants in both: put together they are still two.
        ([part("a", 1, 2, 3), part("b", 1, 2), part("c", 2)], [("a", "b", "c")]),
        ([part("a", 1, 2), part("b", 1)], []),
    ],
)
def test_what_is_put_together(parts: list[Part], keys: list[tuple[str, ...]]) -> None:
    assert [group.keys for group in fold(parts)] == keys


@given(MONTHS)
@settings(max_examples=200)
def test_months_follow_each_other_and_add_up_with_enough_applicants_in_each(
    months: list[tuple[Month, tuple[Moved, ...]]],
) -> None:
    found = spans(months)
    for span in found:
        assert all(may_be_shown(each.applicants) for each in span.moved)
    if found:
        assert (found[0].first, found[-1].last) == (months[0][0], months[-1][0])
        assert all(one.last.next == other.first for one, other in pairwise(found))
        for series in range(2):
            assert sum(span.moved[series].amount for span in found) == sum(m[1][series].amount for m in months)
    else:
        whole = [frozenset[int | str]().union(*(m[1][series].applicants for m in months)) for series in range(2)]
        assert not all(may_be_shown(each) for each in whole)


def test_a_month_with_too_few_waits_for_the_next_and_the_last_joins_the_one_before() -> None:
    january = Month(2026, 1)
    rows = [({1, 2}, 10), ({2, 3}, 20), (set[int](), 0), ({1, 2, 3}, 5), ({4}, 1)]
    months = [(january.plus(n), (Moved(amount, frozenset(who)),)) for n, (who, amount) in enumerate(rows)]
    assert [(str(each.first), str(each.last), each.moved[0].amount) for each in spans(months)] == [
        ("2026-01", "2026-02", 30),
        ("2026-03", "2026-03", 0),
        ("2026-04", "2026-05", 6),
    ]


def test_nobody_at_all_is_a_figure_that_may_be_shown() -> None:
    march = Month(2026, 3)
    assert spans([(march, (Moved(),))]) == (Span(march, march, (Moved(),)),)
    assert spans([]) == ()
