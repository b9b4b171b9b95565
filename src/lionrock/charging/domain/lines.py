"""Statement lines: what a month is charged, what it corrects, and the order in which caps are used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

from lionrock.charging.domain.awards import Terms
from lionrock.charging.domain.prices import PriceVersion
from lionrock.charging.domain.tariff import Gathered, LineKey, from_epoch
from lionrock.kernel.periods import Month


class LineKind(StrEnum):
    """What a line charges. Corrections come first in a month, then the others in this order."""

    CORRECTION = "correction"
    USAGE = "usage"
    ADJUSTMENT = "adjustment"
    FEE = "fee"


@dataclass(frozen=True, slots=True)
class Charge:
    """A line before its subsidy is known: gross in minor units, rounded once.

    `corrects` names the closed month that the line belongs to. `terms` are the awards that may
    pay, in order. Adjustments and fees have no device-time and no price, but a reason.
    """

    kind: LineKind
    account: str
    gross: int
    terms: Terms
    site: str = ""
    item: str | None = None
    price: PriceVersion | None = None
    device_seconds: Fraction | int | None = None
    corrects: Month | None = None
    first_use: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A charge with its split: `subsidy` is what the awards pay, `user` the rest; both minor units."""

    charge: Charge
    subsidy_by_award: Mapping[str, int] = field(default_factory=dict)

    @property
    def gross(self) -> int:
        """List price of the line."""
        return self.charge.gross

    @property
    def subsidy(self) -> int:
        """What all awards together pay."""
        return sum(self.subsidy_by_award.values())

    @property
    def user(self) -> int:
        """What is left for the user."""
        return self.gross - self.subsidy


def usage_charges(lines: Mapping[LineKey, Gathered], zone: ZoneInfo) -> list[Charge]:
    """Return the charges for the open month's own use, in the order in which they use up caps."""
    charges = [_charge(LineKind.USAGE, key, one.seconds, one.first_use, zone) for key, one in lines.items()]
    return sorted(charges, key=order_of_use)


def correction_charges(
    standing: Mapping[LineKey, Gathered], billed: Mapping[LineKey, Gathered], zone: ZoneInfo
) -> list[Charge]:
    """Return the differences between what a closed month stands at now and what was billed for it.

    Each line's difference in device-time is priced at that line's own price: the one in force when
    used (convention 12).
    """
    charges = []
    for key in standing.keys() | billed.keys():
        now, before = standing.get(key), billed.get(key)
        seconds = (now.seconds if now else 0) - (before.seconds if before else 0)
        known = now or before
        if seconds and known:
            charges.append(_charge(LineKind.CORRECTION, key, seconds, known.first_use, zone))
    return sorted(charges, key=order_of_use)


def _charge(kind: LineKind, key: LineKey, seconds: Fraction | int, first_use: int | None, zone: ZoneInfo) -> Charge:
    return Charge(
        kind=kind,
        account=key.account,
        gross=key.price.gross(seconds, key.month, zone),
        terms=key.terms,
        site=key.site,
        item=key.item,
        price=key.price,
        device_seconds=seconds,
        corrects=key.month if kind is LineKind.CORRECTION else None,
        first_use=None if first_use is None else from_epoch(first_use),
    )


def order_of_use(charge: Charge) -> tuple[object, ...]:
    """Return the sort key of convention 7.

    Order of first use, then site, account, award, item, price version: arrival plays no part.
    """
    price = charge.price
    return (
        charge.corrects or Month(0, 1),
        charge.first_use.isoformat() if charge.first_use else "",
        charge.site,
        charge.account,
        tuple(code for code, _ in charge.terms),
        charge.item or "",
        (price.starts.isoformat(), price.price.millionths) if price else ("", 0),
        charge.terms,
        charge.reason,
        charge.gross,
    )


def totals(lines: Iterable[Line]) -> tuple[int, int, int]:
    """Return (gross, subsidy, user): sums of the integers printed, never rounded again."""
    gross = subsidy = user = 0
    for line in lines:
        gross += line.gross
        subsidy += line.subsidy
        user += line.user
    return gross, subsidy, user
