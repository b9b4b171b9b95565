"""Proving a backup: it is restored beside the running system, compared, checked, and thrown away."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lionrock.database.sharing import end
from lionrock.database.tools import reach_of
from lionrock.operations.backups.making import tables_of
from lionrock.operations.backups.restoring import restore
from lionrock.operations.backups.shelf import Backup, verify

CHECKS: Final = (("ledger", "check"),)
"""Commands that say whether what was restored holds together."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a drill found: nothing different is what one wants."""

    backup: Backup
    seconds: float
    rows: int
    tables: int
    different: tuple[str, ...]
    failed: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Tell whether what was restored is what was there."""
        return not self.different and not self.failed


def drill(backup: Backup, place: Path | None = None, checks: Sequence[tuple[str, ...]] = CHECKS) -> Proof:
    """Restore a backup into a temporary home (in `place`), compare every table and run the checks there.

    The running system is not touched. Raises what `verify` and `restore` raise.
    """
    began = time.monotonic()
    verify(backup)
    with _temporary_home(place) as home:
        restore(backup, home)
        with reach_of(home, None).connect(autocommit=False) as session:
            session.execute("SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL extra_float_digits = 1")
            found = tables_of(session)
        failed = tuple(" ".join(words) for words in checks if not _succeeds(home, words))
    return Proof(
        backup,
        time.monotonic() - began,
        sum(rows for rows, _digest in found.values()),
        len(found),
        compare(backup.description.tables, found),
        failed,
    )


def compare(wanted: dict[str, tuple[int, str]], found: dict[str, tuple[int, str]]) -> tuple[str, ...]:
    """Return a line for each table that is otherwise: its rows then and now."""
    names = sorted(name for name in {*wanted, *found} if wanted.get(name) != found.get(name))
    return tuple(f"{name}: {_rows(wanted.get(name))} → {_rows(found.get(name))}" for name in names)


def _rows(table: tuple[int, str] | None) -> str:
    return "–" if table is None else f"{table[0]} ({table[1][-8:]})"


@contextmanager
def _temporary_home(place: Path | None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="lionrock-drill-", dir=place) as folder:
        home = Path(folder, "home")
        try:
            yield home
        finally:
            end(home, now=True)


def _succeeds(home: Path, words: Sequence[str]) -> bool:
    ours = {name: value for name, value in os.environ.items() if name != "LIONROCK_DATABASE_URL"}
    command = [sys.executable, "-m", "lionrock", *words]
    done = subprocess.run(command, env=ours | {"LIONROCK_HOME": str(home)}, capture_output=True, text=True, check=False)
    return done.returncode == 0
