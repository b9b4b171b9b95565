"""Rating: device-time of runs gathered into statement lines, exact to the device-second.

For one month, and for one (site, item, account, named award), the price, the share and the awards
that pay are a step function of time. `Tariff` computes its steps once; rating a run is then a walk
over the steps that it touches. Amounts appear only when a whole line is settled.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from lionrock.charging.domain.awards import AwardBook, AwardTerms, Terms
from lionrock.charging.domain.prices import PriceBook, PriceVersion
from lionrock.charging.domain.runs import Run, RunKey
from lionrock.kernel.periods import Interval, Month
from lionrock.kernel.quantities import PriceUnit
from lionrock.rules.proration import Proration, part_of_month


@dataclass(frozen=True, slots=True)
class LineKey:
    """What makes two slices belong to one statement line (convention 5).

    `month` is the month of use. `terms` names the awards that pay and their shares.
    """

    month: Month
    account: str
    site: str
    item: str
    price: PriceVersion
    terms: Terms


@dataclass(slots=True)
class Gathered:
    """Device-time gathered for one line, and the first instant of it (seconds since 1970)."""

    key: LineKey | None
    seconds: Fraction | int = 0
    first_use: int | None = None

    def add(self, seconds: Fraction | int, since: int) -> None:
        """Add device-seconds of a slice that begins at `since`."""
        self.seconds += seconds
        if self.first_use is None or since < self.first_use:
            self.first_use = since


@dataclass(slots=True)
class _Steps:
    """Step `n` lasts from `edges[n]` to `edges[n + 1]`; the last edge is the month's end."""

    edges: list[int]
    gathered: list[Gathered]
    leased: bool


@dataclass(slots=True)
class Rated:
    """A month's use: the device-time of each line, and what has no price.

    `unpriced` names the runs of which a part has no price: True when nothing of it was priced in
    this month, so that the whole is held; False when the priced part is billed.
    """

    lines: dict[LineKey, Gathered] = field(default_factory=dict)
    unpriced_seconds: Fraction | int = 0
    unpriced: dict[RunKey, bool] = field(default_factory=dict)


class Tariff:
    """Prices, shares and awards over one calendar month, as steps."""

    def __init__(
        self, month: Month, zone: ZoneInfo, prices: PriceBook, awards: AwardBook, proration: Proration
    ) -> None:
        self.month = month
        self._zone = zone
        self._proration = proration
        self._span = month.interval(zone)
        self._start, self._end = epoch(self._span.start), epoch(self._span.end)
        self._prices = prices
        self._awards = awards
        self._steps: dict[tuple[str, str, str, str | None], _Steps] = {}
        self._rated = Rated()

    def rate(self, runs: Iterable[Run]) -> Rated:
        """Gather the part of each run that falls into the month; runs must be free of faults."""
        for run in runs:
            if run.billable:
                self._rate_run(run)
        return self._rated

    def _rate_run(self, run: Run) -> None:
        start, end = epoch(run.start), epoch(run.end)
        if start >= self._end or end <= self._start or start == end:
            return
        first, last = max(start, self._start), min(end, self._end)
        unpriced = priced = 0
        for item, count in run.devices.items():
            index = (run.site, item, run.account, run.award)
            steps = self._steps.get(index) or self._build_steps(*index)
            per_second = _spread(run, item, count, end - start) if run.device_seconds else count
            if steps.leased:
                per_second *= self._stretched(first, last)
            missing = _walk(steps, first, last, per_second)
            unpriced += missing
            priced += last - first - missing
        if unpriced:
            self._rated.unpriced[run.key] = not priced

    def _stretched(self, first: int, last: int) -> Fraction | int:
        """Return how many seconds of the month each leased second counts for.

        More than one where the programme prorates by begun days or whole months (convention 17): the
        part of the month that is owed is spread evenly over the time that was leased, so that price,
        share and award of that time hold for it.
        """
        if self._proration is Proration.BY_SECOND:
            return 1
        held = Interval(from_epoch(first), from_epoch(last))
        owed = part_of_month(self._proration, held, self.month, self._zone)
        return owed * Fraction(self._span.seconds, last - first)

    def _build_steps(self, site: str, item: str, account: str, named: str | None) -> _Steps:
        candidates = self._awards.candidates(account, item, named)
        edges = self._edges(site, item, candidates)
        gathered = [self._gathered(site, item, account, candidates, edge) for edge in edges]
        leased = any(version.unit is PriceUnit.CALENDAR_MONTH for version in self._prices.versions(site, item))
        steps = _Steps([*map(epoch, edges), self._end], gathered, leased)
        self._steps[site, item, account, named] = steps
        return steps

    def _edges(self, site: str, item: str, candidates: list[AwardTerms]) -> list[datetime]:
        """Return the instants of this month at which anything changes, from its first on."""
        changes = {*self._prices.changes(site, item), *self._awards.scheme.starts}
        changes.update(instant for award in candidates for instant in (award.starts, award.ends))
        changes.update(since for award in candidates for since, _ in award.planned)
        return sorted({self._span.start, *(change for change in changes if self._span.holds(change))})

    def _gathered(self, site: str, item: str, account: str, candidates: list[AwardTerms], edge: datetime) -> Gathered:
        price = self._prices.at(site, item, edge)
        if price is None:
            return Gathered(None)
        terms = self._awards.terms_at(candidates, edge)
        key = LineKey(self.month, account, site, item, price, terms)
        return self._rated.lines.setdefault(key, Gathered(key))

    def finish(self) -> Rated:
        """Return what was gathered, without lines of no device-time."""
        for steps in self._steps.values():
            self._rated.unpriced_seconds += sum(one.seconds for one in steps.gathered if one.key is None)
        self._rated.lines = {key: one for key, one in self._rated.lines.items() if one.seconds}
        return self._rated


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def epoch(instant: datetime) -> int:
    """Return the whole seconds since 1970 of a UTC instant."""
    since = instant - _EPOCH
    return since.days * 86400 + since.seconds


def from_epoch(seconds: int) -> datetime:
    """Return the UTC instant of seconds since 1970."""
    return _EPOCH + timedelta(seconds=seconds)


def _spread(run: Run, item: str, count: int, elapsed: int) -> Fraction | int:
    """Return the device-seconds of each second of a suspended run, spread evenly (convention 16)."""
    metered = run.device_seconds.get(item)
    return count if metered is None else Fraction(metered, elapsed)


def _walk(steps: _Steps, start: int, end: int, per_second: Fraction | int) -> int:
    """Add [start, end) to the steps that it touches; return how many seconds of it have no price."""
    unpriced = 0
    step = bisect_right(steps.edges, start) - 1
    while start < end:
        upto = min(steps.edges[step + 1], end)
        gathered = steps.gathered[step]
        gathered.add(per_second * (upto - start), start)
        if gathered.key is None:
            unpriced += upto - start
        start = upto
        step += 1
    return unpriced


def rate_month(
    month: Month,
    zone: ZoneInfo,
    prices: PriceBook,
    awards: AwardBook,
    runs: Iterable[Run],
    proration: Proration = Proration.BY_SECOND,
) -> Rated:
    """Return the device-time of each line of one month of use.

    Runs are the ones that stand (one per key) and are free of faults; their order plays no part.
    `proration` is the programme's rule for parts of a leased month.
    """
    tariff = Tariff(month, zone, prices, awards, proration)
    tariff.rate(runs)
    return tariff.finish()
