"""Collecting what a real Slurm accounts for: a mixture of jobs with crashes in between, and 100,000 rows.

`python -m bench.collecting --jobs 2000 --rows 100000`; it needs root and Slurm (tests/slurm/README.md).
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bench.books import database
from bench.measuring import wall
from bench.mixture import ACCOUNTING, HOUR, Mixture
from bench.mixture import HEADINGS as MIXED_HEADINGS
from lionrock.terminal.output import Table

if TYPE_CHECKING:
    from tests.slurm.cluster import Cluster


HEADINGS = ["collecting", "rows a second", "÷ sacct"]


@click.command()
@click.option("--jobs", default=2000, show_default=True, help="Jobs of the mixture; 0 leaves it out.")
@click.option("--rows", default=100_000, show_default=True, help="Rows of accounting to collect; 0 leaves them out.")
@click.option("--seed", default=1, show_default=True)
def main(jobs: int, rows: int, seed: int) -> None:
    """Run a mixture of jobs while everything crashes, and collect many rows of accounting."""
    with database() as home:
        for headings, table in measure(home, jobs=jobs, rows=rows, seed=seed):
            click.echo(Table(headings, table, right=frozenset(headings[1:])).render() + "\n")


def measure(home: Path, *, jobs: int, rows: int, seed: int = 1) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Yield headings and rows of each table; there must be a database."""
    from tests.slurm.cluster import Cluster, why_not  # noqa: PLC0415 - needs root

    if reason := why_not():
        click.echo(reason, err=True)
        return
    cluster = Cluster.make()
    try:
        put_programme(home, cluster)
        if jobs:
            yield MIXED_HEADINGS, Mixture(cluster, home, jobs, random.Random(seed)).run()  # noqa: S311 - jobs, not secrets
        if rows:
            yield HEADINGS, collect_many(cluster, rows)
    finally:
        cluster.purge()


def put_programme(home: Path, cluster: Cluster) -> None:
    """Put a programme with a metered award on file, whose site is the cluster, and make the award's account there."""
    from tests.charging.books import HOUR as PRICED  # noqa: PLC0415 - needs settings
    from tests.charging.books import Books  # noqa: PLC0415
    from tests.metering.world import ACCOUNT, put_awards, put_site  # noqa: PLC0415

    prices: dict[str, Mapping[str, Any]] = {"gpu": PRICED, "pod": {"sku": "pod", "versions": [["2000-01-01", "16.00"]]}}
    put_awards(Books(home / "rulebook", prices=prices))
    put_site(cluster.connection, created_at=datetime.now(UTC) - HOUR)
    cluster.run("sacctmgr", "-i", "add", "account", ACCOUNT)
    for user in cluster.users:
        cluster.run("sacctmgr", "-i", "add", "user", user, f"account={ACCOUNT}")


# -- many rows


def collect_many(cluster: Cluster, rows: int) -> list[list[str]]:
    """Return the rows of a table: sacct alone, collecting, collecting again, rating."""
    from lionrock.metering.models import MeteredRun  # noqa: PLC0415 - needs settings

    put_rows(cluster, rows)
    before = MeteredRun.objects.count()
    alone = wall("sacct alone, the same windows one after the other", rows, lambda: _sacct_alone(cluster))
    ours = wall("collected: read, identified, told to charging", rows, collect_many_now)
    found = MeteredRun.objects.count() - before
    if found < rows:
        raise SystemExit(f"{rows} rows were put there, and {found} runs found")
    again = wall("collected again: nothing changes", rows, collect_many_now)
    rated = wall("rated: the month as it stands", rows, _rate)
    return [one.row(alone) for one in (alone, ours, again, rated)]


def put_rows(cluster: Cluster, rows: int) -> None:
    """Put so many finished jobs of the award into the accounting's own database, over the last five days."""
    from tests.metering.world import ACCOUNT  # noqa: PLC0415

    job = cluster.submit("sleep 2", "-p", "h800", "--gres=gpu:h800:2", account=ACCOUNT)
    cluster.wait(job)
    table = f"{ACCOUNTING}.{cluster.name}_job_table"
    there = f"SELECT count(*) FROM {table} WHERE id_job = {job} AND time_end > time_start AND id_qos > 0"  # noqa: S608
    while cluster.sql(there).strip() == "0":
        time.sleep(0.5)
    names = cluster.sql(
        "SELECT column_name FROM information_schema.columns "  # noqa: S608
        f"WHERE table_schema = '{ACCOUNTING}' AND table_name = '{cluster.name}_job_table'"
    ).split()
    now = int(time.time()) - 600
    begins = f"({now} - (seq * 432000 DIV {rows}))"
    changed = {
        "job_db_inx": "seq + 10000000",
        "id_job": "seq + 1000000",
        "time_submit": f"{begins} - 5",
        "time_eligible": f"{begins} - 5",
        "time_start": begins,
        "time_end": f"{begins} + 1 + seq % 300",
    }
    values = ", ".join(changed.get(name, f"`{name}`") for name in names)
    columns = ", ".join(f"`{name}`" for name in names)
    cluster.sql(
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} JOIN {ACCOUNTING}.seq_1_to_{rows} "  # noqa: S608
        f"WHERE id_job = {job} LIMIT {rows}"
    )


def _five_days() -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    return now - timedelta(days=6), now


def _sacct_alone(cluster: Cluster) -> None:
    from lionrock.metering.actions.asking import _ASKED  # noqa: PLC0415
    from lionrock.metering.domain.windows import windows  # noqa: PLC0415
    from lionrock.sites.slurm.commands import Slurm  # noqa: PLC0415

    since, now = _five_days()
    slurm = Slurm(cluster.connection)
    for window in windows(since, now, overlap=timedelta()):
        span = (f"--starttime=uts{int(window.start.timestamp())}", f"--endtime=uts{int(window.end.timestamp())}")
        for _ in slurm.lines("sacct", f"--clusters={slurm.cluster}", *_ASKED, *span):
            pass


def collect_many_now() -> object:
    """Read the last six days."""
    from tests.metering.world import ADMIN, SITE  # noqa: PLC0415 - needs settings

    from lionrock.metering.actions import collect  # noqa: PLC0415

    since, now = _five_days()
    return collect(actor=ADMIN, site=SITE, now=now, since=since)


def _rate() -> object:
    from tests.charging.books import PROGRAMME  # noqa: PLC0415 - needs settings

    from lionrock.charging.basis import load_basis  # noqa: PLC0415
    from lionrock.charging.reckoning import reckon  # noqa: PLC0415
    from lionrock.kernel.periods import Month  # noqa: PLC0415

    basis = load_basis(PROGRAMME)
    return reckon(PROGRAMME, Month.of(datetime.now(UTC), basis.zone), basis)


if __name__ == "__main__":
    main()
