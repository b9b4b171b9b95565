"""Values of the domain in a line each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from lionrock.charging.domain.awards import AwardBook, AwardTerms, ShareSteps, Terms
from lionrock.charging.domain.lines import Charge, LineKind
from lionrock.charging.domain.prices import PriceVersion
from lionrock.charging.domain.runs import Run
from lionrock.kernel.money import Price
from lionrock.kernel.quantities import PriceUnit

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
SEVENTY = Fraction(7, 10)


def day(number: int, hour: int = 0, *, month: int = 3) -> datetime:
    """Return an hour of a day in March 2026, UTC."""
    return datetime(2026, month, number, hour, tzinfo=UTC)


FIRST = day(1)


def run(start: datetime | None = None, end: datetime | None = None, **facts: Any) -> Run:
    """Return a run of one card held by u1 for an hour."""
    given: dict[str, Any] = {"site": "", "job": "1", "account": "u1", "devices": {"gpu": 1}}
    return Run(start=start or day(10), end=end or day(10, 1), **(given | facts))


def price(text: str = "10.00", start: datetime = FIRST, **facts: Any) -> PriceVersion:
    """Return a price per hour from an instant on."""
    given: dict[str, Any] = {
        "item": "gpu",
        "site": None,
        "starts": start,
        "label": start.isoformat(),
        "price": Price.parse(text, "HKD"),
        "unit": PriceUnit.HOUR,
    }
    return PriceVersion(**(given | facts))


def award(code: str = "A1", **facts: Any) -> AwardTerms:
    """Return an award of u1 over March."""
    given: dict[str, Any] = {"account": "u1", "starts": day(1), "ends": day(31)}
    return AwardTerms(code, **(given | facts))


def book(*awards: AwardTerms, share: Fraction = SEVENTY) -> AwardBook:
    """Return a book with one share for all time."""
    return AwardBook(awards, ShareSteps([(datetime(1970, 1, 1, tzinfo=UTC), share)]))


def charge(gross: int, *codes: str, share: Fraction = SEVENTY, **facts: Any) -> Charge:
    """Return a charge that the awards named may pay for, at one share."""
    terms: Terms = tuple((code, share) for code in codes)
    given: dict[str, Any] = {"kind": LineKind.USAGE, "account": "u1"}
    return Charge(gross=gross, terms=terms, **(given | facts))


def codes(awards: Iterable[AwardTerms]) -> list[str]:
    """Return the codes of awards, in order."""
    return [one.code for one in awards]
