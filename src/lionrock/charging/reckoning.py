"""What a month comes to as the books stand now: read-only, so that preview and close agree by construction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

from lionrock.charging.basis import Basis
from lionrock.charging.bulk import rate_in_bulk
from lionrock.charging.decisions import adjustments_due, fees_due
from lionrock.charging.domain.closing import MonthFacts, close_month
from lionrock.charging.domain.lines import Line
from lionrock.charging.domain.prices import PriceVersion
from lionrock.charging.domain.runs import Run
from lionrock.charging.domain.subsidy import Purse
from lionrock.charging.domain.tariff import Gathered, LineKey, epoch, rate_month
from lionrock.charging.frozen import CHUNK, are_more_than, newest, parts_of, stream, touched_since
from lionrock.charging.models import ChargeLine, MonthClose
from lionrock.charging.rated import RatedMonth, held
from lionrock.kernel.money import Price
from lionrock.kernel.periods import Month, months_touched
from lionrock.kernel.quantities import PriceUnit
from lionrock.ledger.domain.accounts import COMMITTED_PREFIX, SPENT_PREFIX
from lionrock.ledger.queries import balances

MANY: Final = 100_000
"""Runs above which a month is rated in parts by the columnar path instead of one by one by the readable one."""

PART: Final = 500_000
"""Runs in a part: what a kill loses at most, and what is held in memory and on disk at once."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a close rests on: the newest record that it sees, and the months to be rated with their fingerprints.

    `basis` has the fingerprint of every month of use that was ever rated, so that none can change unnoticed.
    """

    month: Month
    bound: int
    rated: Mapping[str, str]
    basis: Mapping[str, str]

    @property
    def months(self) -> list[Month]:
        """The months to be rated, in order."""
        return sorted(map(Month.parse, self.rated))


@dataclass(frozen=True)
class Reckoning:
    """The lines of a month, what could not be rated, and the newest record they rest on."""

    month: Month
    lines: list[Line]
    last_record: int
    basis: Mapping[str, str]
    held: Mapping[str, object] = field(default_factory=dict)


def unwatched(_done: int) -> None:
    """Nobody watches the progress."""


def make_plan(programme: str, month: Month, basis: Basis, bound: int | None = None) -> Plan:
    """Return what a month consists of, as records up to a bound and the basis say; without a bound, all records.

    Only closed months that something bears on are rated again: a record that arrived since the
    last close, or a price or award that was changed backwards.
    """
    bound = newest(programme) if bound is None else bound
    last = MonthClose.objects.filter(programme=programme).order_by("-month").first()
    again = _months_to_rate_again(programme, month, basis, last, bound)
    rated = {str(one): basis.fingerprint(one) for one in [*again, month]}
    known = {Month.parse(text) for text in (last.basis if last else {})}
    kept = {str(one): basis.fingerprint(one) for one in sorted({*known, *again, month})}
    return Plan(month, bound, rated, kept)


def are_large(programme: str, months: Iterable[Month], zone: ZoneInfo) -> bool:
    """Tell whether there is too much use in months to rate it run by run."""
    return are_more_than(MANY, programme, [one.interval(zone) for one in months])


def reckon(
    programme: str,
    month: Month,
    basis: Basis,
    progress: Callable[[int], None] = unwatched,
    plan: Plan | None = None,
) -> Reckoning:
    """Work out the lines of a month: corrections, the month's own use, adjustments and fees.

    `progress` is told how many runs have been rated; `plan` is what the month consists of, where it is known.
    """
    plan = plan or make_plan(programme, month, basis)
    return reckon_rated(programme, plan, basis, rate(programme, plan, basis, progress))


def rate(
    programme: str, plan: Plan, basis: Basis, progress: Callable[[int], None] = unwatched
) -> dict[Month, RatedMonth]:
    """Rate the months of a plan: run by run, or in bulk where there is much."""
    counter = _Counter(progress)
    way = _rate_in_bulk if are_large(programme, plan.months, basis.zone) else _rate_by_run
    return {one: way(programme, one, basis, plan.bound, counter) for one in plan.months}


def reckon_rated(programme: str, plan: Plan, basis: Basis, rated: Mapping[Month, RatedMonth]) -> Reckoning:
    """Work out the lines of a month whose use is rated: what is left in awards now decides who pays."""
    facts = MonthFacts(
        month=plan.month,
        zone=basis.zone,
        awards=basis.awards,
        standing={one: found.lines for one, found in rated.items()},
        billed={one: _billed(programme, one) for one in plan.months if one < plan.month},
        adjustments=adjustments_due(programme, plan.month),
        fees=fees_due(programme, plan.month),
    )
    lines = close_month(facts, _purse(programme, basis))
    return Reckoning(plan.month, lines, plan.bound, plan.basis, held(rated))


def _rate_by_run(programme: str, month: Month, basis: Basis, _bound: int, counter: _Counter) -> RatedMonth:
    runs = counter.over(stream(programme, month.interval(basis.zone)))
    rule = basis.programme.at(month.first_day).proration()
    return RatedMonth.of(rate_month(month, basis.zone, basis.prices, basis.awards, runs, rule))


def _rate_in_bulk(programme: str, month: Month, basis: Basis, bound: int, counter: _Counter) -> RatedMonth:
    whole = RatedMonth()
    for part in parts_of(programme, month.interval(basis.zone), bound, PART):
        whole.add(rate_in_bulk(programme, month, basis, bound, part))
        counter.add(part.runs)
    return whole


class _Counter:
    """Counts runs as they pass."""

    def __init__(self, progress: Callable[[int], None]) -> None:
        self.count = 0
        self._progress = progress

    def over(self, runs: Iterator[Run]) -> Iterator[Run]:
        for run in runs:
            self.count += 1
            if self.count % CHUNK == 0:
                self._progress(self.count)
            yield run

    def add(self, runs: int) -> None:
        self.count += runs
        self._progress(self.count)


def _months_to_rate_again(
    programme: str, month: Month, basis: Basis, last: MonthClose | None, bound: int
) -> list[Month]:
    """Return the months before this one that may differ from what was billed for them."""
    spans = touched_since(programme, last.last_record if last else 0, bound, month.interval(basis.zone).start)
    months = {one for span in spans for one in months_touched(span, basis.zone)}
    for text, fingerprint in (last.basis if last else {}).items():
        if basis.fingerprint(Month.parse(text)) != fingerprint:
            months.add(Month.parse(text))
    return sorted(one for one in months if one < month)


def _billed(programme: str, month: Month) -> dict[LineKey, Gathered]:
    """Return the device-time that all documents so far have billed for a month of use."""
    found: dict[LineKey, Gathered] = {}
    lines = ChargeLine.objects.filter(close__programme=programme, month_of_use=month.first_day, price_label__gt="")
    for line in lines.select_related("close"):
        key = key_of(line, month, line.close.currency)
        seconds = Fraction(int(line.seconds_numerator), int(line.seconds_denominator))
        first_use = epoch(line.first_use) if line.first_use else 0
        found.setdefault(key, Gathered(key)).add(seconds, first_use)
    return found


def key_of(line: ChargeLine, month: Month, currency: str) -> LineKey:
    """Return what makes the use on a line of a document belong together, as it was when it was rated."""
    price = PriceVersion(
        item=line.item,
        site=line.price_site,
        starts=_instant(line.price_starts),
        label=line.price_label,
        price=Price(line.price_millionths or 0, currency),
        unit=PriceUnit(line.price_unit),
    )
    terms = tuple((code, Fraction(share)) for code, share in line.terms)
    return LineKey(month, line.account, line.site, line.item, price, terms)


def _instant(value: datetime | None) -> datetime:
    return value if value is not None else datetime.min.replace(tzinfo=UTC)


def _purse(programme: str, basis: Basis) -> Purse:
    """Return what each award may still pay and has paid: the ledger says so, nobody else.

    Commitments never exceed the fund, so the fund needs no limit of its own here.
    """
    unit = basis.programme.currency
    left = balances(programme, COMMITTED_PREFIX, unit)
    used = balances(programme, SPENT_PREFIX, unit)
    return Purse(
        left={code: left.get(COMMITTED_PREFIX + code, 0) for code in basis.awards.by_code},
        used={path.removeprefix(SPENT_PREFIX): amount for path, amount in used.items()},
    )
