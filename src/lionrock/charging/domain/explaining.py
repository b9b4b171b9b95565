"""What a line is made of: from its amount back to the runs, and from its subsidy to what limited it.

A third way of reckoning, beside the tariff's steps and the columnar path: each run is cut where anything
changes, and the parts that belong to one line are kept. Their sum is the line, or something was changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

from lionrock.charging.domain.awards import AwardBook, Terms
from lionrock.charging.domain.prices import PriceBook
from lionrock.charging.domain.runs import Run, RunKey
from lionrock.charging.domain.tariff import LineKey
from lionrock.kernel.money import settle
from lionrock.kernel.periods import Interval
from lionrock.kernel.quantities import PriceUnit
from lionrock.rules.proration import Proration, part_of_month


@dataclass(frozen=True, slots=True)
class RatedBy:
    """What runs are rated by: prices, awards, the programme's zone and its rule for parts of a leased month."""

    prices: PriceBook
    awards: AwardBook
    zone: ZoneInfo
    proration: Proration


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of a run that belongs to a line: [start, end), and its exact device-seconds."""

    run: Run
    start: datetime
    end: datetime
    seconds: Fraction


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one run adds to a line: its device-seconds now, and before where the line corrects a month.

    `run` is its record as it counts now, or as it counted where it no longer does.
    """

    run: Run
    start: datetime
    end: datetime
    now: Fraction
    before: Fraction = Fraction(0)

    @property
    def seconds(self) -> Fraction:
        """What is billed of it on the line: the difference."""
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Payment:
    """What one award was asked for and paid of a line, in minor units, and of how much of it its share was taken."""

    award: str
    share: Fraction
    of: Fraction
    wanted: int
    paid: int

    @property
    def is_limited(self) -> bool:
        """Tell whether less was paid than the share comes to: what was left was not enough."""
        return self.paid != self.wanted


def slices(runs: Iterable[Run], key: LineKey, rated_by: RatedBy) -> list[Slice]:
    """Return the parts of runs that belong to a line, in the order of their start."""
    of_line = [run for run in runs if run.billable and run.account == key.account and key.item in run.devices]
    found = [part for run in of_line for part in _parts(run, key, rated_by)]
    return sorted(found, key=lambda part: (part.start, part.run.site, part.run.job))


def _parts(run: Run, key: LineKey, by: RatedBy) -> Iterable[Slice]:
    """Yield the parts of one run in which price and awards are those of the line."""
    span = key.month.interval(by.zone)
    first, last = max(run.start, span.start), min(run.end, span.end)
    if first >= last:
        return
    candidates = by.awards.candidates(run.account, key.item, run.award)
    changes = {*by.prices.changes(run.site, key.item), *by.awards.scheme.starts}
    changes.update(instant for award in candidates for instant in (award.starts, award.ends))
    changes.update(since for award in candidates for since, _ in award.planned)
    per_second = _per_second(run, key, Interval(first, last), by)
    for start, end in pairwise([first, *sorted(one for one in changes if first < one < last), last]):
        same_price = by.prices.at(run.site, key.item, start) == key.price
        if same_price and by.awards.terms_at(candidates, start) == key.terms:
            yield Slice(run, start, end, per_second * Interval(start, end).seconds)


def _per_second(run: Run, key: LineKey, held: Interval, by: RatedBy) -> Fraction:
    """Return the device-seconds that each second of a run counts for (conventions 16 and 17)."""
    metered = run.device_seconds.get(key.item)
    rate = Fraction(run.devices[key.item]) if metered is None else Fraction(metered, run.elapsed)
    if key.price.unit is PriceUnit.HOUR or by.proration is Proration.BY_SECOND:
        return rate
    owed = part_of_month(by.proration, held, key.month, by.zone)
    return rate * owed * Fraction(key.month.interval(by.zone).seconds, held.seconds)


def contributions(now: Iterable[Slice], before: Iterable[Slice] = ()) -> list[Contribution]:
    """Return what each run adds to a line, runs that add nothing left out; in the order of their start."""
    counted, earlier = _by_run(now), _by_run(before)
    found = [_contribution(counted.get(key, []), earlier.get(key, [])) for key in counted.keys() | earlier.keys()]
    return sorted((one for one in found if one.seconds), key=lambda one: (one.start, one.run.site, one.run.job))


def _by_run(parts: Iterable[Slice]) -> Mapping[RunKey, list[Slice]]:
    found: dict[RunKey, list[Slice]] = {}
    for part in parts:
        found.setdefault(part.run.key, []).append(part)
    return found


def _contribution(now: list[Slice], before: list[Slice]) -> Contribution:
    known = now or before
    return Contribution(
        run=known[0].run,
        start=min(part.start for part in known),
        end=max(part.end for part in known),
        now=sum((part.seconds for part in now), Fraction(0)),
        before=sum((part.seconds for part in before), Fraction(0)),
    )


def payments(gross: int, terms: Terms, paid: Mapping[str, int]) -> list[Payment]:
    """Return how a line was shared, award after award, as `subsidy.allot` did it (conventions 6 and 8).

    The part of the gross that one award has not covered is the next one's to share in.
    """
    found: list[Payment] = []
    uncovered = Fraction(gross)
    for award, share in terms:
        wanted, amount = settle(uncovered * share), paid.get(award, 0)
        found.append(Payment(award, share, uncovered, wanted, amount))
        if amount == wanted:
            break
        uncovered -= Fraction(amount) / share
    return found
