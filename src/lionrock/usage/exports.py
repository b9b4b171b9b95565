"""The tables as rows for CSV and JSON: exact device-seconds, and in each row the period that it is of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from lionrock.kernel.periods import Interval
from lionrock.usage.domain.periods import Period
from lionrock.usage.queries.idle import IdleAwards
from lionrock.usage.queries.utilisation import Report

_SHARE_PLACES: Final = 4
_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to hand out: its name for a file, its columns, its rows by column."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, object], ...]

    @property
    def cells(self) -> list[list[object]]:
        """The rows as cells in the order of the columns."""
        return [[row[name] for name in self.columns] for row in self.rows]


def sheet(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Sheet:
    """Return a table of these rows."""
    return Sheet(name, tuple(columns), tuple(rows))


def decimal_share(share: Fraction | None) -> Decimal | None:
    """Return a share cut to four decimals; None where there is none."""
    if share is None:
        return None
    return Decimal(share.numerator * 10**_SHARE_PLACES // share.denominator).scaleb(-_SHARE_PLACES)


def period_cells(period: Period, counted: Interval) -> dict[str, Any]:
    """Return what every row says of its period: both days are in it, and it is counted up to an instant."""
    return {
        "from": period.first,
        "to": period.last,
        "time_zone": period.zone.key,
        "counted_until": counted.end.isoformat(),
    }


FIGURE_COLUMNS: Final = (
    "programme",
    "site",
    "name",
    "device",
    "used_device_seconds",
    "lent_device_seconds",
    "capacity_device_seconds",
    "down_device_seconds",
    "utilisation",
    "from",
    "to",
    "time_zone",
    "counted_until",
)
STEP_COLUMNS: Final = (
    "device",
    "step",
    "begins",
    "used_device_seconds",
    "capacity_device_seconds",
    "utilisation",
    "from",
    "to",
    "time_zone",
    "counted_until",
)


def figures_sheet(report: Report) -> Sheet:
    """Return the rows of a report; `down` is empty where nobody knows what was out of service."""
    period = period_cells(report.asked.period, report.counted)
    rows = [
        {
            "programme": each.key.programme,
            "site": each.key.site,
            "name": each.key.name,
            "device": each.key.device,
            "used_device_seconds": each.used.seconds,
            "lent_device_seconds": each.used.lent,
            "capacity_device_seconds": each.capacity.seconds if each.capacity else None,
            "down_device_seconds": each.capacity.down if each.capacity and each.capacity.watched else None,
            "utilisation": decimal_share(each.share),
            **period,
        }
        for each in report.figures
    ]
    return sheet(f"use-by-{report.asked.by}", FIGURE_COLUMNS, rows)


def steps_sheet(report: Report) -> Sheet:
    """Return the steps of a report's period, of each kind of device."""
    period = period_cells(report.asked.period, report.counted)
    rows = [
        {
            "device": device,
            "step": report.asked.period.step.value,
            "begins": bar.first,
            "used_device_seconds": bar.used.seconds,
            "capacity_device_seconds": bar.capacity.seconds if bar.capacity else None,
            "utilisation": decimal_share(bar.share),
            **period,
        }
        for device, bars in report.series.items()
        for bar in bars
    ]
    return sheet("use-over-time", STEP_COLUMNS, rows)


IDLE_COLUMNS: Final = (
    "award",
    "organisation",
    "device",
    "used_device_seconds",
    "planned_device_seconds",
    "share_of_plan",
    "quota_device_seconds",
    "share_of_quota",
    "last_used",
    "quiet_days",
    "ask",
    "from",
    "to",
    "time_zone",
    "counted_until",
)


def idle_sheet(found: IdleAwards) -> Sheet:
    """Return the list as rows to hand out."""
    period = period_cells(found.period, found.counted)
    rows = [
        {
            "award": each.award.code,
            "organisation": each.award.organisation.code,
            "device": each.device,
            "used_device_seconds": each.used,
            "planned_device_seconds": each.planned,
            "share_of_plan": decimal_share(each.share),
            "quota_device_seconds": each.quota,
            "share_of_quota": decimal_share(each.of_quota),
            "last_used": each.last_used.isoformat() if each.last_used else None,
            "quiet_days": each.quiet_days,
            "ask": each.contact,
            **period,
        }
        for each in found.rows
    ]
    return sheet("idle-awards", IDLE_COLUMNS, rows)
