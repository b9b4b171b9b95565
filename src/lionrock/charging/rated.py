"""What one month of use comes to before it is charged: a sum, so that parts of it may be rated apart and added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from lionrock.charging.domain.awards import Terms
from lionrock.charging.domain.prices import PriceBook, PriceVersion
from lionrock.charging.domain.tariff import Gathered, LineKey, Rated
from lionrock.kernel.errors import Broken
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import settle
from lionrock.kernel.periods import Month

NAMED: Final = 1000
"""How many jobs without a price are named, in the order of their names."""

Content = dict[str, Any]
"""A part of a month as plain JSON; whole numbers of any size stay exact in it."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """What of a month has no price: device-seconds, how many runs, and the first of them by name."""

    seconds: Fraction | int = 0
    runs: int = 0
    jobs: tuple[str, ...] = ()

    def __add__(self, other: Lacking) -> Lacking:
        jobs = tuple(sorted((*self.jobs, *other.jobs))[:NAMED])
        return Lacking(self.seconds + other.seconds, self.runs + other.runs, jobs)

    def as_held(self) -> dict[str, object]:
        """Return it as a close keeps it."""
        return {"unpriced_device_seconds": settle(self.seconds), "runs": self.runs, "jobs": list(self.jobs)}


@dataclass(slots=True)
class RatedMonth:
    """Device-time of each line of one month of use, and what has no price."""

    gathered: dict[LineKey, Gathered] = field(default_factory=dict)
    lacking: Lacking = field(default_factory=Lacking)

    @classmethod
    def of(cls, rated: Rated) -> RatedMonth:
        """Return what the readable path found."""
        jobs = sorted(f"{site}/{job}" for site, job, _ in rated.unpriced)[:NAMED]
        return cls(rated.lines, Lacking(rated.unpriced_seconds, len(rated.unpriced), tuple(jobs)))

    @property
    def lines(self) -> dict[LineKey, Gathered]:
        """The lines with any device-time."""
        return {key: one for key, one in self.gathered.items() if one.seconds}

    def add(self, part: RatedMonth) -> None:
        """Add another part of the same month: exact, and in any order."""
        for key, one in part.gathered.items():
            if one.first_use is not None:
                self.gathered.setdefault(key, Gathered(key)).add(one.seconds, one.first_use)
        self.lacking += part.lacking


def added_up(parts: Iterable[RatedMonth]) -> RatedMonth:
    """Return the whole of parts of one month."""
    whole = RatedMonth()
    for part in parts:
        whole.add(part)
    return whole


def to_content(part: RatedMonth) -> Content:
    """Return a part as JSON. A price is named by the instant from which it holds."""
    lacking = part.lacking
    return {
        "lines": [_line(key, one) for key, one in part.gathered.items()],
        "lacking": [*_two(lacking.seconds), lacking.runs, list(lacking.jobs)],
    }


def _line(key: LineKey, one: Gathered) -> list[object]:
    terms = [[code, str(share)] for code, share in key.terms]
    starts = key.price.starts.isoformat()
    return [key.account, key.site, key.item, starts, terms, *_two(one.seconds), one.first_use]


def _two(seconds: Fraction | int) -> tuple[int, int]:
    return seconds.numerator, seconds.denominator


def from_content(content: Content, month: Month, prices: PriceBook) -> RatedMonth:
    """Return a part of a month from JSON; `prices` are those that it was rated at."""
    numerator, denominator, runs, jobs = content["lacking"]
    part = RatedMonth(lacking=Lacking(_one(numerator, denominator), runs, tuple(jobs)))
    known: dict[tuple[str, str, str], PriceVersion] = {}
    for account, site, item, starts, terms, above, below, first_use in content["lines"]:
        price = known.setdefault((site, item, starts), _price(prices, site, item, starts))
        key = LineKey(month, account, site, item, price, _terms(terms))
        part.gathered[key] = Gathered(key, _one(above, below), first_use)
    return part


def _one(numerator: int, denominator: int) -> Fraction | int:
    return numerator if denominator == 1 else Fraction(numerator, denominator)


def _terms(terms: Iterable[tuple[str, str]]) -> Terms:
    return tuple((code, Fraction(share)) for code, share in terms)


def _price(prices: PriceBook, site: str, item: str, starts: str) -> PriceVersion:
    found = prices.at(site, item, datetime.fromisoformat(starts))
    if found is None:
        said = gettext_noop("A part of a month was rated at a price of {item} from {starts}, which there is not.")
        raise Broken("charging.rated.price", message(said, item=item, starts=starts))
    return found


def held(rated: Mapping[Month, RatedMonth]) -> dict[str, object]:
    """Return what has no price, month by month, as a close keeps it."""
    return {str(month): found.lacking.as_held() for month, found in rated.items() if found.lacking.runs}
