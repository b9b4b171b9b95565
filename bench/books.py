"""Importing against a raw COPY of the same rows, and closing against rating alone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.measuring import Measured, wall
from bench.workload import ACCOUNTS, ITEMS, MONTH, ZONE, Workload, as_csv

IMPORT_HEADINGS = ["importing", "rows a second", "÷ raw COPY"]
CLOSE_HEADINGS = ["closing", "runs a second", "÷ rating"]


@contextmanager
def database() -> Iterator[Path]:
    """Have an empty database of our own in a folder that goes again."""
    with tempfile.TemporaryDirectory(prefix="lionrock-bench-") as folder:
        home = Path(folder)
        os.environ |= {"LIONROCK_HOME": folder, "DJANGO_SETTINGS_MODULE": "lionrock.config.settings"}
        os.environ.pop("LIONROCK_DATABASE_URL", None)
        import django  # noqa: PLC0415 - settings are read from the environment above

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415
        from django.db import connections  # noqa: PLC0415

        from lionrock.database import ensure_running, release  # noqa: PLC0415

        ensure_running(home, None)
        try:
            call_command("migrate", verbosity=0)
            yield home
        finally:
            connections.close_all()
            release(home)


def measure(work: Workload, home: Path) -> tuple[list[list[str]], list[list[str]]]:
    """Return the rows of both tables; there must be a database."""
    from tests.charging.books import Books  # noqa: PLC0415 - needs settings

    books = Books(home / "rulebook", prices={item: _price(item) for item in ITEMS})
    for number, account in enumerate(ACCOUNTS):
        books.put_award(f"AW-{number:04d}", account, item=ITEMS[number % len(ITEMS)])
    file = as_csv(work, home / "use.csv")
    return _importing(work, file), _closing(work)


def _price(item: str) -> dict[str, object]:
    return {"sku": item, "versions": [["2020-01-01", "7.654321"], ["2026-03-09", "8.1"], ["2026-03-17", "9.12"]]}


def _importing(work: Workload, file: Path) -> list[list[str]]:
    from tests.charging.books import CLUSTER_ADMIN, MADE, PROGRAMME  # noqa: PLC0415

    from lionrock.charging.actions import import_usage_file  # noqa: PLC0415
    from lionrock.charging.usage_files import UsageOptions  # noqa: PLC0415

    def take_in() -> None:
        options, told = UsageOptions(site="north"), {"site": "north"}
        import_usage_file(file, options, actor=CLUSTER_ADMIN, programme=PROGRAMME, now=MADE, told=told)

    count = len(work.runs)
    copy = wall("raw COPY into a table without indexes or checks", count, lambda: _copy(work))
    first = wall("importing: read, checked, stored once, the standing ones marked", count, take_in)
    again = wall("importing the same file again: nothing changes", count, take_in)
    return [one.row(copy) for one in (first, again, copy)]


def _copy(work: Workload) -> None:
    from django.db import connection, transaction  # noqa: PLC0415

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE raw_runs (site text, job text, account text, start timestamptz, until timestamptz, n int)"
        )
        with cursor.copy("COPY raw_runs FROM STDIN") as copy:
            for run in work.runs:
                [count] = run.devices.values()
                copy.write_row((run.site, run.job, run.account, run.start, run.end, count))


def _closing(work: Workload) -> list[list[str]]:
    from tests.charging.books import FINANCE, PROGRAMME  # noqa: PLC0415

    from lionrock.charging.actions import close_month  # noqa: PLC0415
    from lionrock.charging.basis import load_basis  # noqa: PLC0415
    from lionrock.charging.domain.tariff import rate_month  # noqa: PLC0415
    from lionrock.charging.queries import preview  # noqa: PLC0415

    now = datetime(2026, 4, 1, tzinfo=UTC)
    basis, count = load_basis(PROGRAMME), len(work.runs)
    rating = wall(
        "rating the same runs in memory", count, lambda: rate_month(MONTH, ZONE, basis.prices, basis.awards, work.runs)
    )
    found: list[Measured] = [
        wall("preview: read, rate, split", count, lambda: preview(FINANCE, PROGRAMME, MONTH)),
        wall(
            "closing: read, rate, split, store lines, post, issue documents",
            count,
            lambda: close_month(actor=FINANCE, programme=PROGRAMME, month=MONTH, now=now),
        ),
    ]
    return [one.row(rating) for one in [*found, rating]]
