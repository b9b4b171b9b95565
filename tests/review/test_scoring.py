"""What marks come to: against figures worked out by hand, another way of counting, and laws."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.review import oracle
from tests.review.schemes import FIT, measure, scheme

from lionrock.kernel.findings import Outcome
from lionrock.review.domain import (
    Marks,
    Scheme,
    by_criterion,
    conclusive,
    mean,
    outturn,
    passing,
    shown,
    so_far,
    spread,
    total,
    word_of,
)


def even(mark: int, given: Scheme = FIT, **others: int) -> dict[str, int]:
    """Return a sheet with one mark everywhere but for the points named, written as fit_1."""
    return dict.fromkeys(given.keys, mark) | {key.replace("_", "."): value for key, value in others.items()}


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        (even(0), Fraction(0)),
        (even(5), Fraction(100)),
        (even(3), Fraction(60)),
        (even(0, fit_1=5), Fraction(25, 4)),
        (even(0, need_1=5), Fraction(20, 3)),
        (even(0, skill_1=1), Fraction(6)),
        (even(5, rest_1=0), Fraction(75)),
        (even(4, fit_1=1, need_3=2, skill_1=5), Fraction(80) - Fraction(15, 4) - Fraction(8, 3) + 6),
    ],
)
def test_a_sheet_comes_to_what_it_comes_to_by_hand(marks: Marks, expected: Fraction) -> None:
    assert total(FIT, marks) == expected


def test_each_criterion_is_the_mean_of_its_points_of_100() -> None:
    marks = even(0, fit_1=5, fit_2=4, need_1=1, skill_1=3)
    assert by_criterion(FIT, marks) == {"fit": 45, "need": Fraction(20, 3), "skill": 60, "rest": 0}


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    """A scheme of any number of criteria whose weights total 100."""
    cuts = sorted(draw(st.sets(st.integers(1, 99), max_size=5)))
    weights = [after - before for before, after in zip([0, *cuts], [*cuts, 100], strict=True)]
    points = [draw(st.integers(1, 6)) for _ in weights]
    measures = [measure(f"c{n}", weight, count) for n, (weight, count) in enumerate(zip(weights, points, strict=True))]
    return scheme(*measures, scale_max=draw(st.integers(1, 100)))


def sheets(one: Scheme) -> st.SearchStrategy[dict[str, int]]:
    return st.fixed_dictionaries({key: st.integers(0, one.scale_max) for key in one.keys})


several = schemes().flatmap(lambda one: st.tuples(st.just(one), st.lists(sheets(one), min_size=1, max_size=5)))


@settings(max_examples=150)
@given(several)
def test_two_ways_of_counting_agree(case: tuple[Scheme, list[dict[str, int]]]) -> None:
    one, given_sheets = case
    result = outturn(one, given_sheets)
    assert list(result.totals) == [oracle.total(one, sheet) for sheet in given_sheets]
    assert result.score == oracle.mean_total(one, given_sheets)
    assert result.spread == oracle.widest(result.totals)
    assert 0 <= result.score <= 100


@settings(max_examples=100)
@given(several, st.data())
def test_a_better_mark_never_lowers_a_score(case: tuple[Scheme, list[dict[str, int]]], data: st.DataObject) -> None:
    one, [sheet, *_] = case
    key = data.draw(st.sampled_from(one.keys))
    better = sheet | {key: data.draw(st.integers(sheet[key], one.scale_max))}
    assert total(one, better) >= total(one, sheet)


@settings(max_examples=100)
@given(several)
def test_the_order_of_assessors_changes_nothing(case: tuple[Scheme, list[dict[str, int]]]) -> None:
    one, given_sheets = case
    there, back = outturn(one, given_sheets), outturn(one, given_sheets[::-1])
    assert (there.score, there.spread, there.criteria) == (back.score, back.spread, back.criteria)


def test_nobody_scored_is_no_score_and_no_zero() -> None:
    result = outturn(FIT, [])
    assert (result.score, result.criteria, result.spread, result.apart) == (None, {}, 0, False)
    assert passing(FIT, result) == ()
    assert mean([]) is None
    assert spread([]) == 0


def test_agreed_marks_count_instead_of_the_mean_and_the_spread_is_still_told() -> None:
    result = outturn(FIT, [even(0), even(5)], agreed=even(4))
    assert (result.score, result.spread, result.apart) == (80, 100, True)
    assert result.criteria == {"fit": 80, "need": 80, "skill": 80, "rest": 80}


def test_marks_agreed_about_sheets_that_are_gone_count_for_nothing() -> None:
    assert outturn(FIT, [], agreed=even(4)).score is None


@pytest.mark.parametrize(
    ("limit", "low", "high", "apart"),
    [("20", 3, 4, False), ("19.99", 3, 4, True), ("0", 3, 3, False), (None, 0, 5, False), ("100", 0, 5, False)],
)
def test_assessors_are_moderated_above_the_limit_and_not_at_it(
    limit: str | None, low: int, high: int, apart: bool
) -> None:
    one = scheme(measure("a", 100), spread_max=None if limit is None else Decimal(limit))
    assert outturn(one, [{"a.1": low}, {"a.1": high}]).apart is apart


def test_a_sheet_begun_counts_what_is_there() -> None:
    assert so_far(FIT, {}) == 0
    assert so_far(FIT, {"skill.1": 5}) == 30
    assert so_far(FIT, even(5)) == 100


@pytest.mark.parametrize(
    ("mark", "pass_mark", "outcome"),
    [(3, "60", "met"), (3, "60.01", "not_met"), (2, "60", "not_met"), (5, None, "unknown")],
)
def test_the_pass_mark_is_reached_exactly(mark: int, pass_mark: str | None, outcome: str) -> None:
    one = scheme(measure("a", 100), pass_mark=None if pass_mark is None else Decimal(pass_mark))
    [found] = passing(one, outturn(one, [{"a.1": mark}]))
    assert (found.rule, found.outcome.value) == ("review.pass_mark", outcome)


def test_a_criterion_below_its_minimum_does_not_pass_though_the_total_does() -> None:
    one = scheme(measure("a", 80), measure("b", 20, minimum="40"), measure("c", 0, minimum="100"))
    found = passing(one, outturn(one, [{"a.1": 5, "b.1": 1, "c.1": 5}]))
    assert [(each.rule, each.outcome.value) for each in found] == [
        ("review.pass_mark", "met"),
        ("review.minimum", "not_met"),
        ("review.minimum", "met"),
    ]
    assert "only 20.0" in str(found[1].message)


@pytest.mark.parametrize(
    ("scored", "still_open", "apart", "settled", "not_met"),
    [
        (2, 0, False, False, set()),
        (2, 1, False, False, {"review.handed_in"}),
        (1, 0, False, False, {"review.assessors"}),
        (2, 0, True, False, {"review.moderated"}),
        (2, 0, True, True, set()),
        (0, 2, False, False, {"review.handed_in", "review.assessors"}),
    ],
)
def test_what_must_hold_before_the_committee_gets_it(
    scored: int, still_open: int, apart: bool, settled: bool, not_met: set[str]
) -> None:
    found = conclusive(FIT, scored, still_open, apart=apart, settled=settled)
    assert {each.rule for each in found if each.outcome is Outcome.NOT_MET} == not_met
    assert all((each.remedy is None) is (each.outcome is not Outcome.NOT_MET) for each in found)


@pytest.mark.parametrize(("scored", "outcome"), [(0, Outcome.NOT_MET), (1, Outcome.UNKNOWN), (9, Outcome.UNKNOWN)])
def test_where_the_number_of_assessors_is_not_set_one_is_needed_and_the_rest_is_not_known(
    scored: int, outcome: Outcome
) -> None:
    found = {each.rule: each for each in conclusive(scheme(assessors=None), scored, 0, apart=False, settled=False)}
    assert found["review.assessors"].outcome is outcome


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0.0"), (Fraction(1, 20), "0.1"), (Fraction(200, 3), "66.7"), (Fraction(-1, 4), "-0.3")]
)
def test_scores_are_shown_with_one_decimal(value: Fraction, text: str) -> None:
    assert shown(Fraction(value)) == text


@pytest.mark.parametrize(
    ("scale_max", "words"),
    [
        (5, {0: "nothing shown", 1: "weak", 2: "fair", 3: "good", 4: "very good", 5: "excellent"}),
        (10, {0: "nothing shown", 2: "weak", 4: "fair", 6: "good", 8: "very good", 10: "excellent"}),
        (3, {0: "nothing shown", 3: "excellent"}),
        (1, {0: "nothing shown", 1: "excellent"}),
    ],
)
def test_words_stand_where_they_fall_on_a_mark(scale_max: int, words: dict[int, str]) -> None:
    found = {value: word_of(value, scale_max) for value in range(scale_max + 1)}
    assert {value: str(word) for value, word in found.items() if word} == words
