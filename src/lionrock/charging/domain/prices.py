"""Dated prices per item and site, and how long the unit is that they are stated in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from lionrock.kernel.money import Price, settle
from lionrock.kernel.periods import Month
from lionrock.kernel.quantities import SECONDS_PER_HOUR, PriceUnit


@dataclass(frozen=True, slots=True)
class PriceVersion:
    """One price of one item from an instant on; `label` is that instant as the list states it.

    `site` is None for a price that holds at every site that has none of its own. `ends` is set
    where the item is withdrawn without a next version. Withdrawing it later, writing its start in
    another way or listing it for one site instead of all makes no other price of it.
    """

    item: str
    site: str | None = field(compare=False)
    starts: datetime
    label: str = field(compare=False)
    price: Price
    unit: PriceUnit
    ends: datetime | None = field(default=None, compare=False)

    def gross(self, device_seconds: Fraction | int, month: Month, zone: ZoneInfo) -> int:
        """Return the list price in minor units of device-time within one month, rounded once.

        A monthly price is count × price × seconds ÷ seconds of that calendar month in the
        programme's zone (convention 17).
        """
        return settle(self.exact(device_seconds, month, zone))

    def exact(self, device_seconds: Fraction | int, month: Month, zone: ZoneInfo) -> Fraction:
        """Return the same before it is rounded."""
        return self.price.minor * device_seconds / self.unit_seconds(month, zone)

    def unit_seconds(self, month: Month, zone: ZoneInfo) -> int:
        """Return how many seconds of one device the price buys in that month."""
        if self.unit is PriceUnit.HOUR:
            return SECONDS_PER_HOUR
        return month.interval(zone).seconds


class PriceBook:
    """All price versions of a programme, by site and item."""

    def __init__(self, versions: Iterable[PriceVersion] = ()) -> None:
        self._lists: dict[tuple[str | None, str], list[PriceVersion]] = {}
        for version in versions:
            self._lists.setdefault((version.site, version.item), []).append(version)
        for found in self._lists.values():
            found.sort(key=lambda version: version.starts)

    def replace(self, site: str | None, item: str, versions: Iterable[PriceVersion]) -> None:
        """Put these versions in the place of all that the site has for the item."""
        self._lists[site, item] = sorted(versions, key=lambda version: version.starts)

    def versions(self, site: str, item: str) -> Sequence[PriceVersion]:
        """Return the item's versions at a site: its own list, or the one for all sites."""
        own = self._lists.get((site, item))
        return own if own is not None else self._lists.get((None, item), [])

    def changes(self, site: str, item: str) -> set[datetime]:
        """Return the instants at which the item's price at a site may change."""
        versions = self.versions(site, item)
        return {version.starts for version in versions} | {version.ends for version in versions if version.ends}

    def at(self, site: str, item: str, instant: datetime) -> PriceVersion | None:
        """Return the version with the latest start not after the instant, or None (convention 3)."""
        versions = self.versions(site, item)
        index = bisect_right(versions, instant, key=lambda version: version.starts)
        found = versions[index - 1] if index else None
        withdrawn = found is not None and found.ends is not None and found.ends <= instant
        return None if withdrawn else found

    def lists(self) -> Mapping[tuple[str | None, str], Sequence[PriceVersion]]:
        """Return the versions by site (None: every site without a list of its own) and item."""
        return self._lists

    def sites(self) -> set[str]:
        """Return the sites that have a price of their own."""
        return {site for site, _ in self._lists if site is not None}
