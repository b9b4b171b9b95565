"""Who is owned by listed parties, counted as the US Treasury counts; shares in per cent."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from lionrock.screening.domain.ownership import Stake, Standing, owned_by_listed

DAY, HALF = date(2026, 11, 23), Fraction(1, 2)


def stakes(*rows: tuple[str, str, int | None]) -> list[Stake]:
    return [Stake(owner, owned, None if share is None else Fraction(share, 100)) for owner, owned, share in rows]


@pytest.mark.parametrize(
    ("rows", "standing"),
    [
        ([], Standing.FREE),
        ([("X", "A", 50)], Standing.OWNED),
        ([("X", "A", 49)], Standing.FREE),
        ([("X", "A", 25), ("Y", "A", 25)], Standing.OWNED),
        ([("X", "A", 25), ("Y", "A", 24), ("free", "A", 51)], Standing.FREE),
        ([("X", "B", 50), ("B", "A", 50)], Standing.OWNED),
        ([("X", "B", 50), ("B", "A", 25), ("Y", "A", 25)], Standing.OWNED),
        ([("X", "B", 49), ("B", "A", 100)], Standing.FREE),
        ([("X", "B", 60), ("B", "C", 60), ("C", "A", 60)], Standing.OWNED),
        ([("X", "B", 25), ("Y", "C", 25), ("B", "A", 50), ("C", "A", 50)], Standing.FREE),
        ([("X", "A", None)], Standing.UNKNOWN),
        ([("X", "A", 10), ("free", "A", None)], Standing.FREE),
        ([("X", "B", None), ("B", "A", 100)], Standing.UNKNOWN),
        ([("A", "B", 60), ("B", "A", 60)], Standing.FREE),
        ([("A", "B", 60), ("B", "A", 60), ("X", "B", 50)], Standing.OWNED),
    ],
)
def test_the_fifty_per_cent_rule(rows: list[tuple[str, str, int | None]], standing: Standing) -> None:
    """A product of shares along a chain (25 per cent of 50) is no measure; half at each step is."""
    assert owned_by_listed("A", stakes(*rows), {"X", "Y"}, share=HALF, on=DAY).standing is standing


def test_a_stake_counts_from_its_first_day_up_to_its_last_not_included() -> None:
    held = [Stake("X", "A", Fraction(1), date(2026, 1, 1), date(2026, 2, 1))]
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1)]
    found = [owned_by_listed("A", held, {"X"}, share=HALF, on=day).standing is Standing.OWNED for day in days]
    assert found == [False, True, True, False]


def test_an_answer_names_the_stakes_that_it_rests_on() -> None:
    answer = owned_by_listed(
        "A", stakes(("X", "A", 30), ("Y", "A", 25), ("free", "A", 45)), {"X", "Y"}, share=HALF, on=DAY
    )
    assert ([stake.owner for stake in answer.stakes], answer.together) == (["X", "Y"], Fraction(55, 100))
