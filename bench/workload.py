"""A month of made-up use: the same for the same size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from lionrock.charging.domain.awards import AwardBook, AwardTerms, ShareSteps
from lionrock.charging.domain.prices import PriceBook, PriceVersion
from lionrock.charging.domain.runs import Run
from lionrock.kernel.money import Price
from lionrock.kernel.periods import Month
from lionrock.kernel.quantities import PriceUnit

ZONE = ZoneInfo("Asia/Hong_Kong")
MONTH = Month(2026, 3)
ACCOUNTS = [f"account-{number:03d}" for number in range(200)]
ITEMS = ["gpu", "gpu-large", "cpu"]
SITES = ["north", "south"]
_SPAN = MONTH.interval(ZONE)


@dataclass(frozen=True)
class Workload:
    """Runs of a month with the prices and awards that they are rated at."""

    runs: list[Run]
    prices: PriceBook
    awards: AwardBook


def workload(size: int) -> Workload:
    """Return so many runs, of which some cross the month's edges, a price change or an award's end."""
    return Workload(list(stream(size)), _prices(), _awards())


def stream(size: int) -> Iterator[Run]:
    """Yield the runs one by one."""
    random = Random(size)  # noqa: S311 - not a secret
    for number in range(size):
        start = _SPAN.start + timedelta(seconds=random.randrange(-86_400, _SPAN.seconds))
        yield Run(
            site=random.choice(SITES),
            job=str(number),
            start=start,
            end=start + timedelta(seconds=int(random.lognormvariate(7, 2)) + 1),
            account=random.choice(ACCOUNTS),
            devices={random.choice(ITEMS): 2 ** random.randrange(7)},
        )


def _prices() -> PriceBook:
    days = (1, 9, 17, 25)
    return PriceBook(
        PriceVersion(
            item, None, start, start.isoformat(), Price(7_654_321 * (place + 1) + number, "HKD"), PriceUnit.HOUR
        )
        for place, item in enumerate(ITEMS)
        for number, start in enumerate([datetime(2020, 1, 1, tzinfo=UTC), *(_day(day) for day in days)])
    )


def _awards() -> AwardBook:
    scheme = ShareSteps([(datetime(1970, 1, 1, tzinfo=UTC), Fraction(7, 10))])
    awards = [
        AwardTerms(f"AW-{number:04d}", account, _day(1 + number % 9), _day(11 + number % 20))
        for number, account in enumerate(ACCOUNTS)
    ]
    return AwardBook(awards, scheme)


def _day(day: int) -> datetime:
    return _SPAN.start + timedelta(days=day - 1)


def as_csv(work: Workload, file: Path) -> Path:
    """Write the runs as a usage file in our own form."""
    rows = (
        f"{run.site},{run.job},{run.account},{run.start.isoformat()},{run.end.isoformat()},{item}={count}\n"
        for run in work.runs
        for item, count in run.devices.items()
    )
    with file.open("w") as written:
        written.write("site,job,account,start,end,devices\n")
        written.writelines(rows)
    return file
