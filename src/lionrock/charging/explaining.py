"""The runs behind a line of a closed month, as they counted when it was closed; read-only."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from lionrock.charging.basis import Basis, load_basis
from lionrock.charging.domain.explaining import Contribution, Payment, RatedBy, Slice, contributions, payments, slices
from lionrock.charging.domain.runs import Run
from lionrock.charging.domain.tariff import LineKey
from lionrock.charging.models import ChargeLine, MonthClose, RecordedRun
from lionrock.charging.reckoning import key_of
from lionrock.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class Explained:
    """What a line is made of.

    `seconds` is the device-time that the line bills, `exact` its list price before it was rounded to
    minor units (both None for adjustments and fees). `billed` are the lines of earlier months that
    billed the same use. `unexplained` is the device-time that runs no longer account for, by the
    prices and awards as they are now: zero unless one of them was changed backwards since.
    """

    line: ChargeLine
    seconds: Fraction | None
    exact: Fraction | None
    runs: tuple[Contribution, ...]
    billed: tuple[ChargeLine, ...]
    payments: tuple[Payment, ...]
    unexplained: Fraction

    @property
    def rounding(self) -> Fraction:
        """What rounding once to minor units added."""
        return Fraction(0) if self.exact is None else self.line.gross - self.exact


def explain(line: ChargeLine) -> Explained:
    """Return what a line is made of; the caller has seen to permission. A constant number of queries."""
    paid = payments(line.gross, tuple((code, Fraction(share)) for code, share in line.terms), line.subsidy_by_award)
    if not line.price_label:
        return Explained(line, None, None, (), (), tuple(paid), Fraction(0))
    basis, month = load_basis(line.close.programme, line.account), Month.containing(line.month_of_use)
    key = key_of(line, month, line.close.currency)
    seconds = Fraction(int(line.seconds_numerator), int(line.seconds_denominator))
    billed = _billed_before(line, key)
    now = _slices(line.close, key, basis)
    runs = contributions(now, _slices(_close_before(line.close), key, basis) if line.corrects else ())
    return Explained(
        line=line,
        seconds=seconds,
        exact=key.price.exact(seconds, month, basis.zone),
        runs=tuple(runs),
        billed=billed,
        payments=tuple(paid),
        unexplained=seconds - sum((one.seconds for one in runs), Fraction(0)),
    )


def _billed_before(line: ChargeLine, key: LineKey) -> tuple[ChargeLine, ...]:
    """Return the lines of earlier closes that billed what this line corrects."""
    if line.corrects is None:
        return ()
    earlier = ChargeLine.objects.filter(
        close__programme=line.close.programme,
        close__month__lt=line.close.month,
        month_of_use=line.month_of_use,
        account=line.account,
        site=line.site,
        item=line.item,
        price_label__gt="",
    ).select_related("close")
    return tuple(one for one in earlier.order_by("close__month") if key_of(one, key.month, one.close.currency) == key)


def _close_before(close: MonthClose) -> MonthClose | None:
    return MonthClose.objects.filter(programme=close.programme, month__lt=close.month).order_by("-month").first()


def _slices(close: MonthClose | None, key: LineKey, basis: Basis) -> list[Slice]:
    """Return the parts of runs that belonged to a line when a month was closed."""
    if close is None:
        return []
    rule = basis.programme.at(key.month.first_day).proration()
    return slices(_counted(close, key, basis), key, RatedBy(basis.prices, basis.awards, basis.zone, rule))


def _counted(close: MonthClose, key: LineKey, basis: Basis) -> list[Run]:
    """Return the runs of a line's account, site and item as they counted for a close."""
    span = key.month.interval(basis.zone)
    given = {
        "programme": close.programme,
        "site": key.site,
        "account": key.account,
        "item": key.item,
        "bound": close.last_record,
        "after": span.start,
        "before": span.end,
    }
    return [_run(record) for record in RecordedRun.objects.raw(_COUNTED, given)]


def _run(record: RecordedRun) -> Run:
    return Run(
        site=record.site,
        job=record.job,
        start=record.start,
        end=record.end,
        account=record.account,
        devices=record.devices,
        award=record.award,
        device_seconds=record.device_seconds,
        state=record.state,
        revision=record.revision,
    )


_COUNTED: Final = """
WITH touched AS (
    SELECT DISTINCT job, start FROM charging_recordedrun
    WHERE programme = %(programme)s AND site = %(site)s AND account = %(account)s AND devices ? %(item)s
        AND "end" > %(after)s AND start < %(before)s AND id <= %(bound)s
)
SELECT DISTINCT ON (job, start) record.*
FROM charging_recordedrun record JOIN touched USING (job, start)
WHERE programme = %(programme)s AND site = %(site)s AND id <= %(bound)s
ORDER BY job, start, interim, revision DESC, reaches DESC NULLS LAST
"""
"""Of each run that any record up to the bound counts to the account, the best record up to the bound."""
