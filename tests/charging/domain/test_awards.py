"""Which awards may pay, in which order, at which share."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from tests.charging.domain.values import SEVENTY, award, book, codes, day

from lionrock.charging.domain.awards import AwardBook, ShareSteps

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("instant", "pays"),
    [(day(1) - SECOND, False), (day(1), True), (day(31) - SECOND, True), (day(31), False)],
)
def test_an_award_runs_from_its_first_instant_up_to_its_last(instant: object, pays: bool) -> None:
    awards = book(award())
    assert bool(awards.terms_at(awards.candidates("u1", "gpu", None), instant)) is pays  # type: ignore[arg-type]


def test_the_one_that_ends_first_serves_first_then_the_smaller_code() -> None:
    awards = book(award("A3", ends=day(20)), award("A1"), award("A2", ends=day(20)), award("A0", account="u2"))
    assert codes(awards.candidates("u1", "gpu", None)) == ["A2", "A3", "A1"]


@pytest.mark.parametrize(
    ("item", "named", "found"),
    [
        ("gpu", None, ["A1", "A2"]),
        ("cpu", None, ["A1"]),
        (None, None, ["A1", "A2"]),
        ("gpu", "A2", ["A2"]),
        ("cpu", "A2", []),
        ("gpu", "B1", []),
        ("gpu", "nothing", []),
    ],
)
def test_candidates_are_those_of_account_item_and_name(item: str | None, named: str | None, found: list[str]) -> None:
    awards = book(award("A1"), award("A2", items=frozenset({"gpu"})), award("B1", account="u2"))
    assert codes(awards.candidates("u1", item, named)) == found


def test_an_accounts_own_share_goes_before_the_schemes() -> None:
    awards = book(award("A1"), award("A2", share=Fraction(1)), award("A3", share=Fraction(0)))
    found = awards.candidates("u1", "gpu", None)
    assert awards.terms_at(found, day(10)) == (("A1", SEVENTY), ("A2", Fraction(1)), ("A3", Fraction(0)))


def test_the_schemes_share_is_the_latest_step_and_none_before_the_first() -> None:
    steps = ShareSteps([(day(20), Fraction(1, 2)), (day(10), SEVENTY)])
    assert [steps.at(instant) for instant in (day(9), day(10), day(19, 23), day(20), day(30))] == [
        0, SEVENTY, SEVENTY, Fraction(1, 2), Fraction(1, 2),
    ]  # fmt: skip
    assert ShareSteps(()).at(day(1)) == 0


def test_accounts_are_those_that_hold_an_award() -> None:
    assert book(award(), award("A2", account="u2")).accounts() == {"u1", "u2"}
    assert AwardBook((), ShareSteps(())).candidates("u1", "gpu", None) == []
