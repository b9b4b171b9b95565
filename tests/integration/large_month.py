"""A large month in a home of its own, closed by the command, killed at random moments, and gone on with."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.database.neighbours import connect
from tests.integration.home import Home

from lionrock.database import ensure_running

MONTH = "2026-03"
CLOSE = ("charge", "close", "--programme", "told", "--month", MONTH, "--at", "2026-04-02T09:00+08:00")

FILL = """
import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from lionrock.config.cli import connect
connect()
from django.db import connection, transaction
from tests.charging.books import Books
from tests.integration.large_month import PRICES, ROWS
folder = Path(os.environ["LIONROCK_HOME"])
with transaction.atomic():
    books = Books(folder / "rulebook", prices=PRICES)
    for number in range(accounts):
        books.put_award(
            f"AW-{number:04d}", f"account-{number:03d}", item=list(PRICES)[number % 3], share=Decimal("0.7"),
            cap=(10**14, 5_000_00, 90_000_00)[number % 7 % 3], valid_from=date(2026, 3, 1 + number % 9),
            valid_to=date(2026, 3, 11 + number % 20),
        )
step = 500_000
for first in range(0, size, step):
    given = {"first": first, "until": min(size, first + step), "size": size, "accounts": accounts}
    with connection.cursor() as cursor:
        cursor.execute(ROWS, given)
with connection.cursor() as cursor:
    cursor.execute("ANALYZE charging_recordedrun")
raise SystemExit(0)
"""

PRICES: dict[str, Any] = {
    "gpu": {"sku": "gpu", "versions": [["2020-01-01", "7.654321"], ["2026-03-09", "8.1"], ["2026-03-17", "9.12"]]},
    "gpu-large": {"sku": "gpu-large", "versions": [["2020-01-01", "15.3"], ["2026-03-25", "16.000001"]]},
    "cpu": {"sku": "cpu", "versions": [["2020-01-01", "0.07"]]},
}

ROWS = """
INSERT INTO charging_recordedrun (programme, site, job, start, "end", account, award, devices, device_seconds,
    state, revision, interim, reaches, standing, source, line, cluster_key)
SELECT 'told', CASE WHEN h0 %% 2 = 0 THEN 'north' ELSE 'south' END, lpad(i::text, 10, '0'),
    start, start + make_interval(secs => CASE WHEN standing THEN length ELSE length / 2 END),
    'account-' || lpad((h1 %% %(accounts)s)::text, 3, '0'), NULL,
    CASE WHEN h2 %% 97 = 0 THEN jsonb_build_object('fpga', 1, 'gpu', 2)
        ELSE jsonb_build_object((ARRAY['gpu', 'gpu-large', 'cpu'])[1 + h2 %% 3], 1 << (h2 %% 7)) END,
    CASE WHEN h0 %% 53 = 0 AND h2 %% 97 <> 0 AND standing
        THEN jsonb_build_object((ARRAY['gpu', 'gpu-large', 'cpu'])[1 + h2 %% 3], (1 << (h2 %% 7)) * length / 3)
        ELSE '{}' END,
    (ARRAY['COMPLETED', 'TIMEOUT', 'NODE_FAIL'])[CASE h1 %% 200 WHEN 0 THEN 3 WHEN 1 THEN 2 ELSE 1 END],
    revision, false, NULL, standing, 'made', i, ''
FROM (
    SELECT i, abs(hashint4(i)) AS h0, abs(hashint4(i + 1000000007)) AS h1, abs(hashint4(-i)) AS h2,
        timestamptz '2026-02-27T16:00:00Z' + make_interval(secs => i::bigint * 2764800 / %(size)s) AS start,
        1 + (1 << (abs(hashint4(i # 77)) %% 17)) + abs(hashint4(i # 99)) %% 3600 AS length
    FROM generate_series(%(first)s, %(until)s - 1) AS t(i)
) AS made
CROSS JOIN LATERAL (
    SELECT 1 AS revision, i %% 200 <> 0 AS standing UNION ALL SELECT 2, true WHERE i %% 200 = 0
) AS records
"""
"""Runs in order of time: some longer than the month, suspended, of two items, without a price, with two revisions."""

RESULT = {
    "closes": """SELECT month, last_record, held, basis, gross, subsidy, "user" FROM charging_monthclose""",
    "lines": """SELECT position, kind, account, site, item, month_of_use, corrects, first_use, seconds_numerator,
        seconds_denominator, price_label, price_starts, terms, gross, subsidy, "user", subsidy_by_award
        FROM charging_chargeline ORDER BY position""",
    "postings": """SELECT cause, j.unit, j.memo, j.details, path, amount FROM ledger_posting p
        JOIN ledger_journal j ON j.id = p.journal_id JOIN ledger_ledgeraccount a ON a.id = p.account_id
        ORDER BY cause, path""",
    "documents": """SELECT number, organisation_id, kind, gross, subsidy, "user", awards FROM statements_document
        ORDER BY number""",
    "audit": "SELECT action, subject, details FROM audit_auditrecord ORDER BY action, subject",
}

Result = dict[str, tuple[int, str]]


@dataclass(frozen=True)
class LargeHome(Home):
    """A home with a rulebook of its own."""

    @property
    def environment(self) -> dict[str, str]:
        """What commands in this home are told."""
        return super().environment | {"LIONROCK_RULEBOOK": str(self.path / "rulebook")}

    def fill(self, size: int, accounts: int) -> None:
        """Put a programme with so many awards, and so many runs, into a new home."""
        filling = self.begin(script=f"size, accounts = {size}, {accounts}\n{FILL}")
        _, wrong = filling.communicate()
        assert filling.returncode == 0, wrong

    def query(self, text: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database, and leave it up."""
        ensure_running(self.path, None)
        with connect(self.path) as connection:
            return connection.execute(text, values).fetchall()  # type: ignore[call-overload,no-any-return]

    def copied(self, to: Path) -> LargeHome:
        """Return a copy; the server is down."""
        return LargeHome(self.copy(to).path)

    def result(self) -> Result:
        """Return of each part of what a close writes how many rows there are, and a digest of them."""
        digest = "SELECT count(*), coalesce(md5(string_agg(part::text, E'\\n')), '') FROM ({}) AS part"
        return {name: self.query(digest.format(query))[0] for name, query in RESULT.items()}


@dataclass(frozen=True)
class Times:
    """Seconds of an undisturbed close: until the month is frozen, until it is rated, until it is closed."""

    frozen: float
    rated: float
    closed: float


class Watch:
    """Watches a close from outside, by what is on file."""

    def __init__(self, home: Home, script: str) -> None:
        self.home, self._script = home, script
        self.process: subprocess.Popen[str] | None = None

    @contextmanager
    def begun(self) -> Iterator[subprocess.Popen[str]]:
        ensure_running(self.home.path, None)
        self.process = process = self.home.begin(*CLOSE, script=self._script)
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def rated(self) -> tuple[int, int]:
        """Return how many parts are rated, and how many there are; none before the freeze."""
        with connect(self.home.path) as connection:
            found = connection.execute("SELECT count(content), count(*) FROM charging_taskpart").fetchall()
        return found[0]

    def undisturbed(self) -> Times:
        """Close, and take the times."""
        began = time.perf_counter()
        marks: list[float] = []
        with self.begun() as process:
            while process.poll() is None:
                done, parts = self.rated()
                if (len(marks) == 0 and parts) or (len(marks) == 1 and done == parts):
                    marks.append(time.perf_counter() - began)
                time.sleep(0.02)
            assert process.returncode == 0, process.communicate()[1]
        closed = time.perf_counter() - began
        return Times(*[*marks, closed, closed][:2], closed)

    def killed_at(self, moment: float, times: Times) -> bool:
        """Close and be killed at a moment of the work; false when it was too quick and is closed."""
        with self.begun() as process:
            if moment < times.frozen:
                time.sleep(moment)
            elif moment < times.rated:
                self._wait(process, (moment - times.frozen) / (times.rated - times.frozen))
                time.sleep(random.random() * 0.3)
            else:
                self._wait(process, 1.0)
                time.sleep(0.7 * (moment - times.rated))  # what is repeated may be quicker
            process.kill()
            return process.wait() == -signal.SIGKILL

    def _wait(self, process: subprocess.Popen[str], share: float) -> None:
        """Wait until such a share of the parts is rated."""
        while process.poll() is None:
            done, parts = self.rated()
            if parts and done >= int(share * parts):
                return
            time.sleep(0.01)


def kill_again_and_again(watch: Watch, times: Times, count: int, seed: int) -> None:
    """Close and be killed at so many random moments; nothing of it is in the books."""
    for moment in moments(times, count, seed):
        assert watch.killed_at(moment, times), "it was closed before it could be killed"
        assert watch.home.query("SELECT count(*) FROM charging_chargeline") == [(0,)]


def moments(times: Times, count: int, seed: int) -> list[float]:
    """Return random moments of the work, in order."""
    chance = random.Random(seed)
    return sorted(chance.uniform(0, times.closed) for _ in range(count))
