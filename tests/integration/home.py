"""Homes of their own with a whole programme in them, to be copied, killed, and compared."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg.rows import dict_row
from tests.database.neighbours import SOURCE, connect

from lionrock.database import ensure_running, processes, release
from lionrock.database.layout import Layout
from lionrock.database.sharing import end

PROGRAMME, MONTH, NEXT_MONTH = "hk-aiss-demo", "2026-10", "2026-11"
CLOSED_AT, NEXT_CLOSED_AT = "2026-11-02T09:00+08:00", "2026-12-02T09:00+08:00"
IMPORTED_AT = "2026-11-01T09:00+08:00"

ROOT = Path(__file__).resolve().parents[2]

SURROGATES = {"id", "row", "last_record", "tx", "recorded_at", "received_at", "tally"}
"""What may differ between two homes in which the same has happened: counters, clocks of the machine, and
how many rows of a file were new to the last of several tries."""

RUNNING_OUT = 300
"""Seconds after which a command that hangs is taken for one that would never end."""

Content = dict[str, tuple[int, str]]
"""Of each table the number of its rows and a digest of all that they say."""


@dataclass(frozen=True)
class Home:
    """A home whose private server is durable, as it is for people."""

    path: Path

    @property
    def environment(self) -> dict[str, str]:
        """What commands in this home are told, and nothing of what the test suite is told."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("LIONROCK_")}
        return ours | {"LIONROCK_HOME": str(self.path), "PYTHONPATH": str(SOURCE)}

    @property
    def usage(self) -> Path:
        """The month of generated use."""
        return self.path / "usage" / f"sacct-{MONTH}.psv"

    def begin(self, *words: str, script: str = "") -> subprocess.Popen[str]:
        """Start a command of `lionrock`, or the same command after a script that changes it."""
        how = ["-c", f"{script}\nfrom lionrock.config.cli import main; main()"] if script else ["-m", "lionrock"]
        return subprocess.Popen(
            [sys.executable, *how, *words],
            env=self.environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, *words: str, script: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command to its end, whatever that is."""
        process = self.begin(*words, script=script)
        said, wrong = process.communicate(timeout=RUNNING_OUT)
        return subprocess.CompletedProcess(words, process.returncode, said, wrong)

    def good(self, *words: str) -> str:
        """Run a command that has to succeed, and return what it printed."""
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def kill_server(self) -> None:
        """End the postmaster and every backend at once."""
        processes.kill_inside(Layout.of(self.path).data)

    @contextmanager
    def kept_up(self) -> Iterator[None]:
        """Keep the server up for many commands in a row."""
        ensure_running(self.path, None)
        try:
            yield
        finally:
            release(self.path)

    def copy(self, to: Path) -> Home:
        """Return a copy of this home, whose server is down; owners and rights are kept."""
        subprocess.run(["cp", "--archive", "--reflink=auto", self.path, to], check=True)
        return Home(to)

    def gone(self) -> None:
        """Stop the server, whatever the test left running."""
        end(self.path, now=True)

    def query(self, text: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database, which is started if need be."""
        with self.kept_up(), connect(self.path) as connection:
            return connection.execute(text, values).fetchall()  # type: ignore[call-overload,no-any-return]

    def content(self) -> Content:
        """Return what is in every table, so that two homes compare equal when the same is on file in them."""
        with self.kept_up(), connect(self.path) as connection:
            tables = Tables(connection.cursor(row_factory=dict_row))
            return {name: tables.digest(name) for name in tables.names}


def migrated_home(place: Path) -> Home:
    """Return a home with all tables and nothing in them, its server down; whoever asks first makes it.

    It has no secret key: each copy makes its own.
    """
    with place.with_suffix(".lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not place.exists():
            unfinished = Home(place.with_suffix(".unfinished"))
            unfinished.good("database", "migrate")
            (unfinished.path / "secret-key").unlink()
            unfinished.path.rename(place)
    return Home(place)


class Tables:
    """All tables of a database, with references followed instead of counted."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        found = cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        self.names = [row["tablename"] for row in found if not row["tablename"].startswith(("django_", "auth_"))]
        self._references = self._all_references()
        self._said: dict[str, dict[object, str]] = {}

    def _all_references(self) -> dict[tuple[str, str], str]:
        found = self._cursor.execute(
            """SELECT conrelid::regclass::text AS holder, attname AS column, confrelid::regclass::text AS held
            FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
            WHERE contype = 'f' AND array_length(conkey, 1) = 1"""
        )
        return {(row["holder"], row["column"]): row["held"] for row in found}

    def rows(self, table: str) -> dict[object, str]:
        """Return each row's content as text, by its key."""
        if table not in self._said:
            found = self._cursor.execute(f'SELECT * FROM "{table}"').fetchall()
            self._said[table] = {row.get("id", number): self._text(table, row) for number, row in enumerate(found)}
        return self._said[table]

    def _text(self, table: str, row: Mapping[str, Any]) -> str:
        told = {name: self._value(table, name, row[name]) for name in row if name not in SURROGATES}
        return json.dumps(told, default=str, sort_keys=True)

    def _value(self, table: str, column: str, value: Any) -> Any:
        held = self._references.get((table, column))
        return self.rows(held)[value] if held and value is not None else value

    def digest(self, table: str) -> tuple[int, str]:
        """Return how many rows there are, and a digest of them in any order."""
        rows = sorted(self.rows(table).values())
        return len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]
