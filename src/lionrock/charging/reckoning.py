"""What a month comes to as the books stand now: read-only, so that preview and close agree by construction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from django.db import connection

from lionrock.charging.basis import Basis
from lionrock.charging.domain.closing import MonthFacts, close_month
from lionrock.charging.domain.lines import Line
from lionrock.charging.domain.prices import PriceVersion
from lionrock.charging.domain.runs import Run
from lionrock.charging.domain.subsidy import Purse
from lionrock.charging.domain.tariff import Gathered, LineKey, Rated, epoch, rate_month
from lionrock.charging.models import ChargeLine, MonthClose, RecordedRun
from lionrock.kernel.money import Price, settle
from lionrock.kernel.periods import Interval, Month, months_touched
from lionrock.kernel.quantities import PriceUnit
from lionrock.ledger.domain.accounts import COMMITTED_PREFIX, SPENT_PREFIX
from lionrock.ledger.queries import balances

_CHUNK = 10_000


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


def reckon(programme: str, month: Month, basis: Basis, progress: Callable[[int], None] = unwatched) -> Reckoning:
    """Work out the lines of a month: corrections of closed months, then the month's own use.

    Only closed months that something bears on are rated again: a record that arrived since the
    last close, or a price or award that was changed backwards. `progress` is told how many runs
    have been rated.
    """
    last = MonthClose.objects.filter(programme=programme).order_by("-month").first()
    again = _months_to_rate_again(programme, month, basis, last)
    counter = _Counter(progress)
    rated = {one: _rate(programme, one, basis, counter) for one in [*again, month]}
    facts = MonthFacts(
        month=month,
        zone=basis.zone,
        awards=basis.awards,
        standing={one: found.lines for one, found in rated.items()},
        billed={one: _billed(programme, one) for one in again},
    )
    lines = close_month(facts, _purse(programme, basis))
    return Reckoning(month, lines, _newest(programme), _fingerprints(basis, last, rated), _held(rated))


def _rate(programme: str, month: Month, basis: Basis, counter: _Counter) -> Rated:
    runs = counter.over(_runs(programme, month, basis.zone))
    rule = basis.programme.at(month.first_day).proration()
    return rate_month(month, basis.zone, basis.prices, basis.awards, runs, rule)


class _Counter:
    """Counts runs as they pass."""

    def __init__(self, progress: Callable[[int], None]) -> None:
        self.count = 0
        self._progress = progress

    def over(self, runs: Iterator[Run]) -> Iterator[Run]:
        for run in runs:
            self.count += 1
            if self.count % _CHUNK == 0:
                self._progress(self.count)
            yield run


def _runs(programme: str, month: Month, zone: ZoneInfo) -> Iterator[Run]:
    span = month.interval(zone)
    rows = RecordedRun.objects.filter(
        programme=programme, standing=True, start__lt=span.end, end__gt=span.start
    ).values_list("site", "job", "start", "end", "account", "devices", "award", "device_seconds", "state", "revision")
    for row in rows.order_by().iterator(chunk_size=_CHUNK):
        yield Run(*row)


def _months_to_rate_again(programme: str, month: Month, basis: Basis, last: MonthClose | None) -> list[Month]:
    """Return the months before this one that may differ from what was billed for them."""
    months = set(_touched_since(programme, month, basis.zone, last.last_record if last else 0))
    for text, fingerprint in (last.basis if last else {}).items():
        if basis.fingerprint(Month.parse(text)) != fingerprint:
            months.add(Month.parse(text))
    return sorted(one for one in months if one < month)


def _touched_since(programme: str, month: Month, zone: ZoneInfo, last_record: int) -> Iterator[Month]:
    """Yield the months before `month` in which a run lies, or lay, that a newer record is about."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, [programme, last_record, month.interval(zone).start])
        spans = cursor.fetchall()
    for start, end in spans:
        yield from months_touched(Interval(start.astimezone(UTC), end.astimezone(UTC)), zone)


_TOUCHED = """
SELECT min(earlier.start), max(earlier."end")
FROM charging_recordedrun newer
JOIN charging_recordedrun earlier USING (programme, site, job, start)
WHERE programme = %s AND newer.id > %s AND start < %s AND earlier."end" > earlier.start
GROUP BY date_trunc('day', earlier.start), date_trunc('day', earlier."end")
"""


def _billed(programme: str, month: Month) -> dict[LineKey, Gathered]:
    """Return the device-time that all documents so far have billed for a month of use."""
    found: dict[LineKey, Gathered] = {}
    lines = ChargeLine.objects.filter(close__programme=programme, month_of_use=month.first_day, price_label__gt="")
    for line in lines.select_related("close"):
        key = _key_of(line, month, line.close.currency)
        seconds = Fraction(int(line.seconds_numerator), int(line.seconds_denominator))
        first_use = epoch(line.first_use) if line.first_use else 0
        found.setdefault(key, Gathered(key)).add(seconds, first_use)
    return found


def _key_of(line: ChargeLine, month: Month, currency: str) -> LineKey:
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


def _newest(programme: str) -> int:
    newest = RecordedRun.objects.filter(programme=programme).order_by("-id").values_list("id", flat=True).first()
    return newest or 0


def _fingerprints(basis: Basis, last: MonthClose | None, rated: Iterable[Month]) -> dict[str, str]:
    """Return the fingerprint of every month of use that was ever rated, so that none can change unnoticed."""
    months = {*(Month.parse(text) for text in (last.basis if last else {})), *rated}
    return {str(one): basis.fingerprint(one) for one in sorted(months)}


def _held(rated: Mapping[Month, Rated]) -> dict[str, object]:
    """Return what has no price: device-seconds per month, and the jobs (the first thousand by name)."""
    missing = {str(month): found for month, found in rated.items() if found.unpriced}
    return {
        month: {
            "unpriced_device_seconds": settle(found.unpriced_seconds + Fraction(0)),
            "runs": len(found.unpriced),
            "jobs": sorted(f"{site}/{job}" for site, job, _ in found.unpriced)[:1000],
        }
        for month, found in missing.items()
    }
