"""The price list: what can be leased or metered, what it consists of, and its price by date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from lionrock.kernel.findings import Citation, ParameterRead
from lionrock.kernel.money import Price
from lionrock.kernel.periods import local_date, local_midnight
from lionrock.kernel.quantities import PriceUnit
from lionrock.rules.faultlog import Place
from lionrock.rules.shape import Names


class Mode(StrEnum):
    """How an item is charged: by whole calendar months, or by time used."""

    LEASE = "lease"
    METERED = "metered"


UNIT_OF = {Mode.LEASE: PriceUnit.CALENDAR_MONTH, Mode.METERED: PriceUnit.HOUR}


@dataclass(frozen=True, slots=True)
class Part:
    """So many devices of a kind in one of the item: 8 of h800 in a node."""

    kind: str
    count: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class Specification:
    """A technical fact of the item, for people."""

    label: Names
    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class ListPrice:
    """One version of a price as written; `price` None: not known, or no longer offered."""

    starts: datetime
    label: str
    price: Price | None
    citation: Citation
    note: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class PriceVersion:
    """A price in force from `starts` to the next version, or to `ends` where the item is withdrawn."""

    item: str
    price: Price
    unit: PriceUnit
    starts: datetime
    label: str
    citation: Citation
    ends: datetime | None = None
    site: str | None = None


def price_path(item: str, site: str | None) -> str:
    """Return the path of an item's price in the rulebook: everywhere, or at a site."""
    return f"items.{item}.price" if site is None else f"items.{item}.at_sites.{site}.price"


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the price list.

    `counts_as` tells how many of a request's units one of it is: a node is 1 node and 8 cards.
    `zone` is the zone of its price dates. `at_sites` has the item as sites list it that have prices
    of their own; there it has no others. `site` is None in the list that holds everywhere else.
    """

    id: str
    names: Names
    mode: Mode
    unit: PriceUnit
    parts: tuple[Part, ...]
    counts_as: Mapping[str, int]
    specifications: tuple[Specification, ...]
    prices: tuple[ListPrice, ...]
    zone: ZoneInfo
    place: Place
    site: str | None = None
    at_sites: Mapping[str, Item] = field(default_factory=dict)

    @property
    def price_path(self) -> str:
        """The path under which reads of its price are recorded."""
        return price_path(self.id, self.site)

    @property
    def lists(self) -> tuple[Item, ...]:
        """The item as it is listed everywhere, then as each site lists it that has prices of its own."""
        return (self, *self.at_sites.values())

    def at_site(self, site: str | None) -> Item:
        """Return the item as a site lists it: with prices of its own, or those that hold everywhere else."""
        return self.at_sites.get(site, self) if site is not None else self

    def versions(self) -> list[PriceVersion]:
        """Return the versions that have a price, in order of time."""
        following = [*self.prices[1:], None]
        return [
            PriceVersion(
                self.id,
                listed.price,
                self.unit,
                listed.starts,
                listed.label,
                listed.citation,
                ends=after.starts if after and after.price is None else None,
                site=self.site,
            )
            for listed, after in zip(self.prices, following, strict=True)
            if listed.price is not None
        ]

    def listed_at(self, instant: datetime) -> ListPrice | None:
        """Return the version with the latest start not after the instant, even where it has no price."""
        current = [listed for listed in self.prices if listed.starts <= instant]
        return current[-1] if current else None

    def read_at(self, instant: datetime) -> ParameterRead:
        """Return the record of the price in force at an instant."""
        listed = self.listed_at(instant)
        if listed is None:
            return ParameterRead(self.price_path, None, None, None)
        amount = str(listed.price.decimal) if listed.price else None
        return ParameterRead(self.price_path, amount, local_date(listed.starts, self.zone), listed.citation)

    def read(self, day: date) -> ParameterRead:
        """Return the record of the price in force at 00:00 of that day in the item's zone."""
        return self.read_at(local_midnight(day, self.zone))
