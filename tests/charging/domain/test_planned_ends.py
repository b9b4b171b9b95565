"""Awards that overlap serve in the order of the ends that were planned at the time, whatever is varied later."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

from lionrock.charging.domain.awards import AwardBook, AwardTerms, ShareSteps

SHARE = Fraction(7, 10)


def _day(month: int, day: int = 1) -> datetime:
    return datetime(2026, month, day, tzinfo=UTC)


def _order(first: AwardTerms, month: int) -> list[str]:
    other = AwardTerms("A2", "u1", _day(1), _day(9), SHARE)
    book = AwardBook([first, other], ShareSteps(()))
    return [code for code, _ in book.terms_at(book.candidates("u1", "gpu", None), _day(month, 10))]


def test_an_extension_changes_the_order_from_its_day_on_and_not_before() -> None:
    extended = AwardTerms(
        "A1", "u1", _day(1), _day(12), SHARE, planned=((_day(1), _day(6)), (_day(4), _day(12)))
    )  # fmt: skip
    assert [_order(extended, month) for month in (3, 4, 10)] == [["A1", "A2"], ["A2", "A1"], ["A1"]]


def test_a_withdrawal_leaves_the_order_as_it_was_planned() -> None:
    withdrawn = AwardTerms("A1", "u1", _day(1), _day(5), SHARE, planned=((_day(1), _day(12)),))
    assert [_order(withdrawn, month) for month in (3, 6)] == [["A2", "A1"], ["A2"]]
