"""Rating against a plain loop over the same slices in Decimal, and against merely scanning the records."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import duckdb

from bench.measuring import cpu
from bench.workload import MONTH, ZONE, Workload
from lionrock.charging.domain.lines import usage_charges
from lionrock.charging.domain.runs import UNBILLED_STATES
from lionrock.charging.domain.subsidy import Purse, allot
from lionrock.charging.domain.tariff import Tariff, epoch
from lionrock.rules.proration import Proration

HEADINGS = ["rating", "records a CPU second", "÷ Decimal loop", "÷ scan"]


def measure(work: Workload) -> list[list[str]]:
    """Return the rows of the table."""
    count = len(work.runs)
    steps = Steps(work)
    with tempfile.TemporaryDirectory() as folder:
        file = _as_parquet(work, Path(folder) / "runs.parquet")
        scan = cpu("scan and sum of the same records in Parquet (DuckDB)", count, lambda: _scan(file))
    loop = cpu("plain loop: cut each run at its line's steps, sum in Decimal", count, lambda: decimal_loop(work, steps))
    ours = [
        cpu("rating into lines", count, lambda: _rate(work)),
        cpu("rating, and splitting between awards and users", count, lambda: rate_and_split(work)),
    ]
    return [one.row(loop, scan) for one in [*ours, loop, scan]]


def _rate(work: Workload) -> Tariff:
    tariff = Tariff(MONTH, ZONE, work.prices, work.awards, Proration.BY_SECOND)
    tariff.rate(work.runs)
    return tariff


def rate_and_split(work: Workload) -> object:
    """Rate by the readable path, and split between awards and users."""
    lines = _rate(work).finish().lines
    return allot(usage_charges(lines, ZONE), Purse(left=dict.fromkeys(work.awards.by_code, 10_000_00)))


class Steps(dict[tuple[str, str, str], list[tuple[int, int, Decimal]]]):
    """The steps of the price and the awards by site, item and account: from, to, price. Worked out beforehand."""

    def __init__(self, work: Workload) -> None:
        for run in work.runs:
            for item in run.devices:
                if (run.site, item, run.account) not in self:
                    self[run.site, item, run.account] = list(_steps(work, run.site, item, run.account))


def _steps(work: Workload, site: str, item: str, account: str) -> Iterator[tuple[int, int, Decimal]]:
    month = MONTH.interval(ZONE)
    edges = {month.start, month.end, *work.prices.changes(site, item)}
    edges.update(edge for award in work.awards.candidates(account, item, None) for edge in (award.starts, award.ends))
    for edge, until in pairwise(sorted(edge for edge in edges if month.start <= edge <= month.end)):
        price = work.prices.at(site, item, edge)
        yield epoch(edge), epoch(until), price.price.decimal if price else Decimal(0)


def decimal_loop(work: Workload, steps: Steps) -> dict[tuple[object, ...], Decimal]:
    """Rate as anybody would write it first: sums by account and step, without order, caps or corrections."""
    totals: dict[tuple[object, ...], Decimal] = defaultdict(Decimal)
    for run in work.runs:
        if run.state not in UNBILLED_STATES:
            start, end = epoch(run.start), epoch(run.end)
            for item, count in run.devices.items():
                line = (run.site, item, run.account)
                for step, until, price in steps[line]:
                    seconds = min(end, until) - max(start, step)
                    if seconds > 0:
                        totals[line, step] += count * seconds * price / 3600
    return totals


def _as_parquet(work: Workload, file: Path) -> Path:
    rows = [
        (run.site, run.job, epoch(run.start), epoch(run.end), run.account, *run.devices, *run.devices.values())
        for run in work.runs
    ]
    lines = file.with_suffix(".csv")
    lines.write_text("".join(",".join(map(str, row)) + "\n" for row in rows))
    names = "['site', 'job', 'start', 'end', 'account', 'item', 'devices']"
    duckdb.sql(f"COPY (FROM read_csv('{lines}', header=false, names={names})) TO '{file}' (FORMAT parquet)")
    return file


def _scan(file: Path) -> object:
    with duckdb.connect(config={"threads": 1}) as database:
        query = 'SELECT account, item, site, sum(devices * ("end" - start)) FROM read_parquet(?) GROUP BY ALL'
        return database.execute(query, [str(file)]).fetchall()
