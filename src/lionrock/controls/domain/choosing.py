"""What could be bought instead: the accelerators of the catalogue by what each would need on the same journey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from lionrock.controls.domain.answers import Determination, Question
from lionrock.controls.domain.catalogue import Item
from lionrock.controls.domain.determining import determine
from lionrock.controls.domain.figures import Figure
from lionrock.controls.domain.rules import Authorisation, Book, Review

CLOUD: Final = "cloud"
MAIN_RATE: Final = Figure.FP16


class Way(StrEnum):
    """How far an item can be counted on, from the best to the worst."""

    FREE = "free"
    EXCEPTION = "with_exception"
    LIKELY = "likely_licence"
    CASE_BY_CASE = "case_by_case"
    LETTER = "by_letter"
    UNKNOWN = "unknown"
    DENIED = "denied"
    BREACH = "presumed_breach"


OUT_OF_REACH: Final = frozenset({Way.UNKNOWN, Way.DENIED, Way.BREACH})
_BY_AUTHORISATION: Final[Mapping[Authorisation, Way]] = MappingProxyType(
    {
        Authorisation.NONE: Way.FREE,
        Authorisation.ACA: Way.EXCEPTION,
        Authorisation.NAC: Way.EXCEPTION,
        Authorisation.BY_LETTER: Way.LETTER,
        Authorisation.UNKNOWN: Way.UNKNOWN,
        Authorisation.GP10: Way.BREACH,
    }
)
_BY_REVIEW: Final[Mapping[Review, Way]] = MappingProxyType(
    {Review.APPROVAL: Way.LIKELY, Review.CASE_BY_CASE: Way.CASE_BY_CASE, Review.DENIAL: Way.DENIED}
)


@dataclass(frozen=True, slots=True)
class Choice:
    """An item, its answer, and what one gets: rates are of 10^12 a second at 16 bits, without sparsity."""

    item: Item
    answer: Determination
    way: Way
    rate: Fraction | None
    per_watt: Fraction | None
    per_price: Fraction | None


def way_of(answer: Determination) -> Way:
    """Return how far an answer can be counted on."""
    if answer.authorisation is Authorisation.LICENCE:
        return _BY_REVIEW.get(answer.review, Way.DENIED)
    return _BY_AUTHORISATION[answer.authorisation]


def choices(book: Book, question: Question, prices: Mapping[str, Decimal] | None = None) -> list[Choice]:
    """Return every item that is sold by the day of a question, the best way first, then by its rate."""
    sold = [item for item in book.items.values() if is_sold(item, question.on)]
    found = [_choice(book, question, item, (prices or {}).get(item.id)) for item in sold]
    ways = list(Way)
    return sorted(found, key=lambda each: (ways.index(each.way), -(each.rate or 0), each.item.id))


def is_sold(item: Item, on: date) -> bool:
    """Tell whether an item is launched by a day, and not in a cloud alone; a year alone counts from its end."""
    latest = item.launch if len(item.launch) > len("2024") else f"{item.launch}-12"
    return bool(item.launch) and item.market != CLOUD and latest <= f"{on:%Y-%m}"


def _choice(book: Book, question: Question, item: Item, price: Decimal | None) -> Choice:
    answer = determine(book, replace(question, items=(item,), datacentre=None))
    rate, power = item.figures.known.get(MAIN_RATE), item.figures.known.get(Figure.POWER)
    return Choice(
        item, answer, way_of(answer), rate, _ratio(rate, power), _ratio(rate, Fraction(price) if price else None)
    )


def _ratio(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or not other else Fraction(one) / other


@dataclass(frozen=True, slots=True)
class Best:
    """The best of one way by rate, by rate per watt and by rate per price; None where nothing is known."""

    way: Way
    by_rate: Choice | None
    by_power: Choice | None
    by_price: Choice | None


def best_of(found: list[Choice]) -> list[Best]:
    """Return the best of each way that has any."""
    ways = dict.fromkeys(choice.way for choice in found)
    return [_best(way, [choice for choice in found if choice.way is way]) for way in ways]


def _best(way: Way, found: list[Choice]) -> Best:
    def top(key: str) -> Choice | None:
        known = [choice for choice in found if getattr(choice, key) is not None]
        return max(known, key=lambda choice: Fraction(getattr(choice, key)), default=None)

    return Best(way, top("rate"), top("per_watt"), top("per_price"))
