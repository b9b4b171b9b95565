"""`lionrock usage import` killed at any moment, or its database, and started again."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator

import pytest
from tests.integration.conftest import Fresh, import_of
from tests.integration.home import RUNNING_OUT, Home

pytestmark = pytest.mark.integration

INTERRUPTED = 7
BATCH_IN_THE_BOOKS = "sacct-2026-10.psv: "
"""How a line of progress begins; there is one for each batch."""

TOLD_ONCE = {"audit_auditrecord", "audit_pending"}
"""The record of an import says what was new to the try that came to the end."""


def disturbed(home: Home, after: int, disturb: Callable[[subprocess.Popen[str]], None]) -> tuple[int, str]:
    """Start an import, disturb it when so many batches are in, and return how it ended and what it said last."""
    importing = home.begin(*import_of(home.usage))
    batches = _batches(importing)
    for _ in range(after):
        next(batches)
    disturb(importing)
    _, wrong = importing.communicate(timeout=RUNNING_OUT)
    return importing.returncode, wrong


def _batches(importing: subprocess.Popen[str]) -> Iterator[str]:
    """Yield a line for each batch that the import says is in the books."""
    assert importing.stderr
    while line := importing.stderr.readline():
        if line.startswith(BATCH_IN_THE_BOOKS):
            yield line


def same_as_undisturbed(home: Home, undisturbed: Home) -> None:
    """Compare all tables, and let the ledger be checked."""
    found, wanted = home.content(), undisturbed.content()
    assert {table for table in wanted if found[table] != wanted[table]} <= TOLD_ONCE
    assert wanted["charging_recordedrun"][0] > 50_000
    assert wanted["charging_heldrow"][0] > 1_000
    home.good("ledger", "check")


def test_the_process_is_killed_again_and_again(awarded: Home, imported: Home, fresh: Fresh) -> None:
    home = fresh(awarded)
    runs = 0
    for after in (1, 3):
        assert disturbed(home, after, subprocess.Popen.kill)[0] == -signal.SIGKILL
        ((taken,),) = home.query("SELECT count(*) FROM charging_recordedrun")
        assert runs < taken
        runs = taken
    home.good(*import_of(home.usage))
    same_as_undisturbed(home, imported)


def test_the_database_and_then_one_backend_is_killed_under_it(awarded: Home, imported: Home, fresh: Fresh) -> None:
    home = fresh(awarded)
    code, said = disturbed(home, 1, lambda _: home.kill_server())
    assert (code, "config.database.interrupted" in said) == (INTERRUPTED, True), said
    with home.kept_up():
        code, said = disturbed(home, 2, lambda _: _kill_its_backend(home))
        assert (code, "config.database.interrupted" in said) == (INTERRUPTED, True), said
        home.good(*import_of(home.usage))
        same_as_undisturbed(home, imported)


def _kill_its_backend(home: Home) -> None:
    at_work = "pid <> pg_backend_pid() AND usename = current_user AND application_name = 'lionrock'"
    for (pid,) in home.query(f"SELECT pid FROM pg_stat_activity WHERE {at_work}"):
        os.kill(pid, signal.SIGKILL)


def test_two_imports_of_one_file_at_once_take_nothing_in_twice(awarded: Home, imported: Home, fresh: Fresh) -> None:
    home = fresh(awarded)
    with home.kept_up():
        both = [home.begin(*import_of(home.usage)) for _ in range(2)]
        said = [each.communicate(timeout=RUNNING_OUT)[1] for each in both]
        assert [each.returncode for each in both] == [0, 0], said
        same_as_undisturbed(home, imported)
