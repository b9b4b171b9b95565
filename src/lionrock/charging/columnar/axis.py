"""The axis of time on which a file is cut: where anything changes for anybody, and what holds in between.

All instants at which a month begins, or a price, a share or an award changes, lie on one axis. Two
neighbours enclose a *cell* in which nothing changes for anybody. For one group (site, item, account,
named award) neighbouring cells are often alike: together they are a *stretch* of one line.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from math import gcd
from typing import Any, Final, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from lionrock.charging.domain.awards import AwardBook, AwardTerms, Terms
from lionrock.charging.domain.prices import PriceBook, PriceVersion
from lionrock.charging.domain.tariff import epoch, from_epoch
from lionrock.kernel.periods import Month
from lionrock.rules.proration import Proration

Value = TypeVar("Value")

_WITHIN: Final = timedelta(microseconds=999_999)
"""What changes within a second holds from the second's beginning on, as records count whole seconds."""

_SPARE_CELLS: Final = 64
"""So many cells more than needed are no loss where they make the axis even."""


@dataclass(frozen=True)
class RateCard:
    """All that decides what use costs and who pays: prices, awards, the zone of months, and the proration."""

    zone: ZoneInfo
    prices: PriceBook
    awards: AwardBook
    proration: Proration = Proration.BY_SECOND

    def changes(self) -> set[datetime]:
        """Return every instant at which a price, a share or an award changes."""
        found = set(self.awards.scheme.starts)
        for versions in self.prices.lists().values():
            found.update(version.starts for version in versions)
            found.update(version.ends for version in versions if version.ends)
        for award in self.awards.by_code.values():
            found.update((award.starts, award.ends), (since for since, _ in award.planned))
        return found


class Group(NamedTuple):
    """What decides, together with time, to which line use belongs. `named` is the award that a record names."""

    site: str
    item: str
    account: str
    named: str | None


class Stretch(NamedTuple):
    """Cells from `first` up to, not including, `until`, in which nothing changes for a group.

    `month` counts the axis' months; `price` is None where there is none.
    """

    first: int
    until: int
    month: int
    price: PriceVersion | None
    terms: Terms


class Axis:
    """The cells from the beginning of one month to the end of another; `edges` are seconds since 1970."""

    def __init__(self, card: RateCard, first: Month, last: Month) -> None:
        self._card = card
        self.months = list(_months(first, last))
        self._begins = [epoch(month.interval(card.zone).start) for month in self.months]
        self.start, self.end = self._begins[0], epoch(last.interval(card.zone).end)
        inside = {epoch(change) for change in card.changes()} | set(self._begins)
        needed = sorted({edge for edge in inside if self.start <= edge < self.end} | {self.end})
        self.width = gcd(*(edge - self.start for edge in needed))
        even = (self.end - self.start) // self.width <= 2 * len(needed) + _SPARE_CELLS
        self.edges: Sequence[int] = range(self.start, self.end + 1, self.width) if even else needed
        self._known: dict[Any, Any] = {}
        self._terms: dict[tuple[str, str, str | None], list[tuple[int, Terms]]] = {}
        self._prices: dict[tuple[str, str], list[tuple[int, PriceVersion | None]]] = {}

    def cell_of(self, seconds: str) -> str:
        """Return SQL for the number of the cell that an instant on the axis, given as SQL, lies in."""
        if isinstance(self.edges, range):
            return _divide(f"({seconds} - {self.start})", self.end - self.start, self.width)
        return _search(seconds, self.edges[1:-1], 0)

    def stretches(self, group: Group) -> Iterator[Stretch]:
        """Yield what the time of a group consists of, in order."""
        prices, terms = self._prices_of(group), self._terms_of(group)
        ends = {first for first, _ in [*prices, *terms]} | set(self._month_cells) | {len(self.edges) - 1}
        places = [0, 0, 0]
        steps: tuple[list[int], ...] = (self._month_cells, [one[0] for one in prices], [one[0] for one in terms])
        for first, until in pairwise(sorted(ends)):
            for number, starts in enumerate(steps):
                while places[number] + 1 < len(starts) and starts[places[number] + 1] <= first:
                    places[number] += 1
            month, price, pays = places
            yield Stretch(first, until, month, prices[price][1], terms[pays][1])

    @cached_property
    def _month_cells(self) -> list[int]:
        return [bisect_left(self.edges, begin) for begin in self._begins]

    def _prices_of(self, group: Group) -> list[tuple[int, PriceVersion | None]]:
        known = (group.site, group.item)
        if known not in self._prices:
            changes = self._card.prices.changes(*known)
            self._prices[known] = list(self._steps(changes, lambda instant: self._card.prices.at(*known, instant)))
        return self._prices[known]

    def _terms_of(self, group: Group) -> list[tuple[int, Terms]]:
        known = (group.account, group.item, group.named)
        if known not in self._terms:
            paying = self._card.awards.candidates(*known)
            changes = {*self._card.awards.scheme.starts, *_changes(paying)} if paying else set()
            self._terms[known] = list(self._steps(changes, lambda at: self._card.awards.terms_at(paying, at)))
        return self._terms[known]

    def _steps(self, changes: Iterable[datetime], at: Callable[[datetime], Value]) -> Iterator[tuple[int, Value]]:
        """Yield the cell from which each value holds, and the value; the first holds from the axis' beginning."""
        instants = {self.start, *(seconds for seconds in map(epoch, changes) if self.start <= seconds < self.end)}
        for seconds in sorted(instants):
            value = at(from_epoch(seconds) + _WITHIN)
            yield bisect_left(self.edges, seconds), self._known.setdefault(value, value)


def _months(first: Month, last: Month) -> Iterator[Month]:
    while first <= last:
        yield first
        first = first.next


def _changes(awards: Iterable[AwardTerms]) -> Iterator[datetime]:
    for award in awards:
        yield from (award.starts, award.ends, *(since for since, _ in award.planned))


def _divide(number: str, limit: int, by: int) -> str:
    """Return SQL for number // by, where 0 <= number < limit, by a multiplication where that is exact.

    With 2^n >= limit, 2^d > by, k = n + d and m = 2^k // by + 1, m × by exceeds 2^k by no more than 2^d, so
    that number × m / 2^k exceeds number / by by less than 1 / by: too little to reach the next integer.
    A BIGINT holds the product, of less than 2n + 2 bits. Granlund and Montgomery, "Division by invariant
    integers using multiplication", PLDI 1994.
    """
    bits = limit.bit_length()
    if 2 * bits + 2 > _BITS_OF_BIGINT:
        return f"({number} // {by})"
    shift = bits + by.bit_length()
    return f"(({number} * {2**shift // by + 1}) >> {shift})"


_BITS_OF_BIGINT: Final = 63


def _search(seconds: str, edges: Sequence[int], below: int) -> str:
    """Return SQL that finds how many of the edges are not after an instant, by halving."""
    if not edges:
        return str(below)
    middle = len(edges) // 2
    lower, upper = _search(seconds, edges[:middle], below), _search(seconds, edges[middle + 1 :], below + middle + 1)
    return f"CASE WHEN {seconds} < {edges[middle]} THEN {lower} ELSE {upper} END"
