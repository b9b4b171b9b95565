"""Which devices are taken when: the use of a limited number of them by stays that come and go.

Devices are counted by kind, as the price list says what an item consists of: a node of eight h800
takes eight of them away from whoever leases single cards. A stay takes its devices from its first
day up to, not including, its end. Between two days on which some stay begins or ends nothing
changes; these spans are what is compared with the capacity, so that one stay may begin on the day
on which another ends. A month is shown by its fullest day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lionrock.applications.domain import Request, ends
from lionrock.kernel.periods import Month
from lionrock.rules.items import Item, Mode
from lionrock.rules.terms import Terms


@dataclass(frozen=True, slots=True)
class Stay:
    """So many devices of a kind, from `starts` up to, not including, `ends`."""

    kind: str
    devices: int
    starts: date
    ends: date

    def covers(self, day: date) -> bool:
        """Tell whether the stay takes its devices on that day."""
        return self.starts <= day < self.ends


def stays_of(item: Item | None, request: Request) -> tuple[Stay, ...]:
    """Return what a request takes away from others, by kind; nothing where it only queues.

    A lease takes its devices for all of its time. So does metered use without a number of hours;
    with one it shares, and takes nothing that could not be used by others in between.
    """
    if item is None or not reserves(item, request.hours):
        return ()
    return tuple(
        Stay(kind, each * request.count, request.starts, ends(request)) for kind, each in devices_of(item).items()
    )


def reserves(item: Item, hours: int | None) -> bool:
    """Tell whether use of an item keeps its devices from others: any but metered use of so many hours."""
    return item.mode is not Mode.METERED or hours is None


def devices_of(item: Item) -> dict[str, int]:
    """Return the devices in one of an item, by kind; an item of which no parts are known is its own kind."""
    return {part.kind: part.count for part in item.parts} or {item.id: 1}


def capacity_by_kind(terms: Terms) -> dict[str, int]:
    """Return how many devices of each kind the centre has, as far as its programme says.

    Each item's capacity is one count of the devices that it consists of; where items disagree, the
    smallest count of a kind holds. A kind that no item counts has no entry.
    """
    found: dict[str, int] = {}
    for item in terms.programme.items.values():
        there = terms.capacity(item.id)
        for kind, each in devices_of(item).items() if there is not None else ():
            found[kind] = min(found.get(kind, (there or 0) * each), (there or 0) * each)
    return found


def merged(stays: Iterable[Stay]) -> tuple[Stay, ...]:
    """Return the same use in as few stays as there are kinds and spans; the order is by kind and day."""
    found: dict[tuple[str, date, date], int] = {}
    for stay in stays:
        span = (stay.kind, stay.starts, stay.ends)
        found[span] = found.get(span, 0) + stay.devices
    return tuple(Stay(kind, devices, starts, ends) for (kind, starts, ends), devices in sorted(found.items()))


def turns(stays: Iterable[Stay]) -> tuple[date, ...]:
    """Return the days on which something begins or ends, in order: between them nothing changes."""
    return tuple(sorted({day for stay in stays for day in (stay.starts, stay.ends)}))


def use_on(stays: Iterable[Stay], kind: str, day: date) -> int:
    """Return how many devices of a kind are taken on a day."""
    return sum(stay.devices for stay in stays if stay.kind == kind and stay.covers(day))


@dataclass(frozen=True, slots=True)
class Shortage:
    """The first month in which a stay does not fit: free devices on its fullest day, and those wanted."""

    kind: str
    month: Month
    free: int
    wanted: int


class Room:
    """How many devices are still free, as stays are added; a kind without a capacity has no limit."""

    def __init__(self, capacity: Mapping[str, int], taken: Iterable[Stay] = ()) -> None:
        self.capacity = dict(capacity)
        self.stays = list(taken)

    def shortage(self, stays: Sequence[Stay]) -> Shortage | None:
        """Return where stays would not fit beside those that are there; None where they do."""
        for stay in stays:
            for day in self._days(stay, stays) if stay.kind in self.capacity else ():
                free, wanted = self._free_on(stay.kind, day), use_on(stays, stay.kind, day)
                if free < wanted:
                    return Shortage(stay.kind, Month.containing(day), max(free, 0), wanted)
        return None

    def add(self, stays: Sequence[Stay]) -> None:
        """Let stays take their devices."""
        self.stays += stays

    def least_free(self, stays: Sequence[Stay]) -> int | None:
        """Return how many devices are free on the fullest day of stays; None where nobody knows."""
        limited = [stay for stay in stays if stay.kind in self.capacity]
        return min((self._free_on(stay.kind, day) for stay in limited for day in self._days(stay)), default=None)

    def _free_on(self, kind: str, day: date) -> int:
        return self.capacity[kind] - use_on(self.stays, kind, day)

    def _days(self, stay: Stay, beside: Sequence[Stay] = ()) -> list[date]:
        others = [each for each in (*self.stays, *beside) if each.kind == stay.kind]
        return [stay.starts, *(day for day in turns(others) if stay.starts < day < stay.ends)]


@dataclass(frozen=True, slots=True)
class MonthUse:
    """How a kind stands in a month, on the day on which most of it is taken."""

    month: Month
    taken: int
    proposed: int
    capacity: int | None

    @property
    def free(self) -> int | None:
        """What is left; None where the capacity is not known."""
        return None if self.capacity is None else self.capacity - self.taken - self.proposed


def by_month(
    kind: str, taken: Sequence[Stay], proposed: Sequence[Stay], capacity: int | None, within: Sequence[Stay]
) -> tuple[MonthUse, ...]:
    """Return the use of a kind in each month from the first of the stays `within` to the last, without a gap."""
    own, others, frame = ([stay for stay in stays if stay.kind == kind] for stays in (proposed, taken, within))
    if not frame:
        return ()
    month, last = Month.containing(min(stay.starts for stay in frame)), max(stay.ends for stay in frame)
    months = []
    while month.first_day < last:
        months.append(_fullest(month, others, own, capacity))
        month = month.next
    return tuple(months)


def _fullest(month: Month, taken: Sequence[Stay], proposed: Sequence[Stay], capacity: int | None) -> MonthUse:
    days = [month.first_day, *(day for day in turns([*taken, *proposed]) if Month.containing(day) == month)]
    uses = [tuple(sum(stay.devices for stay in part if stay.covers(day)) for part in (taken, proposed)) for day in days]
    fullest = max(uses, key=sum)
    return MonthUse(month, fullest[0], fullest[1], capacity)
