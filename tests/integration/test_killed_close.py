"""`lionrock charge close` killed at any moment, or its database, and started again; and two things at once."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from tests.integration.conftest import CLOSE, Fresh, import_of
from tests.integration.home import NEXT_CLOSED_AT, NEXT_MONTH, PROGRAMME, RUNNING_OUT, Content, Home

pytestmark = pytest.mark.integration

CONFLICT, INTERRUPTED = 6, 7
NEXT_CLOSE = ("charge", "close", "--programme", PROGRAMME, "--month", NEXT_MONTH, "--at", NEXT_CLOSED_AT)

DISTURBED = """
import os, signal
from lionrock.config.cli import connect
from lionrock.config.environment import environment
connect()
from django.db import connection, transaction
from lionrock.charging.actions import closing
from lionrock.charging.commands import charge
from lionrock.database import processes
from lionrock.database.layout import Layout
from lionrock.kernel import events
from lionrock.statements import actions as statements

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def kill_the_database():
    processes.kill_inside(Layout.of(environment().home).data)

def before(strike, real):
    def act(*given, **named):
        strike()
        return real(*given, **named)
    return act

def at_the_second(strike, real):
    seen = []
    def act(*given, **named):
        seen.append(1)
        if len(seen) == 2:
            strike()
        return real(*given, **named)
    return act

def at_the_commit(strike, real):
    def act(block, *given):
        if not connection.savepoint_ids:
            strike()
        return real(block, *given)
    return act

def after(strike, real):
    def act(*given, **named):
        real(*given, **named)
        strike()
    return act
"""

MOMENTS = {
    "while runs are rated": "closing.reckon = before(STRIKE, closing.reckon)",
    "before a line is written": "closing._write = before(STRIKE, closing._write)",
    "between lines and ledger": "closing._post_to_ledger = before(STRIKE, closing._post_to_ledger)",
    "between two postings": "closing.post_all = before(STRIKE, closing.post_all)",
    "before the documents": "events.publish = before(STRIKE, events.publish)",
    "between two documents": "statements._issue = at_the_second(STRIKE, statements._issue)",
    "just before the commit": "transaction.Atomic.__exit__ = at_the_commit(STRIKE, transaction.Atomic.__exit__)",
}
ALL_DONE = "charge.close_month = after(STRIKE, charge.close_month)"
"""One call is replaced, in the process of the command alone; the rest is the product as it is."""


def _struck(strike: str, replacement: str) -> str:
    return DISTURBED + replacement.replace("STRIKE", strike)


def _is_closed_like(home: Home, undisturbed: Content) -> None:
    assert home.content() == undisturbed
    home.good("ledger", "check")
    numbers = [number for (number,) in home.query("SELECT number FROM statements_document ORDER BY number")]
    assert numbers == [f"HK-AISS-DEMO-INV-2026-{index:04d}" for index in range(1, len(numbers) + 1)]
    assert len(numbers) > 1


def test_the_process_is_killed_at_each_step_and_nothing_of_it_stays(imported: Home, closed: Home, fresh: Fresh) -> None:
    home, before = fresh(imported), imported.content()
    with home.kept_up():
        for moment, replacement in MOMENTS.items():
            assert home.run(*CLOSE, script=_struck("die", replacement)).returncode == -signal.SIGKILL, moment
        assert home.content() == before
        home.good(*CLOSE)
        _is_closed_like(home, closed.content())


def test_killed_after_the_commit_it_is_closed_and_says_so(imported: Home, closed: Home, fresh: Fresh) -> None:
    home = fresh(imported)
    assert home.run(*CLOSE, script=_struck("die", ALL_DONE)).returncode == -signal.SIGKILL
    assert home.run(*CLOSE).returncode == CONFLICT
    _is_closed_like(home, closed.content())


@pytest.mark.parametrize("moment", ["while runs are rated", "between two documents"])
def test_the_database_is_killed_under_it(moment: str, imported: Home, closed: Home, fresh: Fresh) -> None:
    home = fresh(imported)
    ended = home.run(*CLOSE, script=_struck("kill_the_database", MOMENTS[moment]))
    assert (ended.returncode, "config.database.interrupted" in ended.stderr) == (INTERRUPTED, True), ended.stderr
    home.good(*CLOSE)
    _is_closed_like(home, closed.content())


def test_of_two_closes_at_once_one_succeeds(imported: Home, closed: Home, fresh: Fresh) -> None:
    home = fresh(imported)
    with home.kept_up():
        both = [home.begin(*CLOSE) for _ in range(2)]
        said = [each.communicate(timeout=RUNNING_OUT)[1] for each in both]
        assert sorted(each.returncode for each in both) == [0, CONFLICT], said
        assert any("charging.close.closed_already" in text for text in said)
        assert home.content() == closed.content()


BILLED = """
SELECT account, item, sum(seconds_numerator / seconds_denominator), sum(gross) FROM charging_chargeline
WHERE month_of_use = '2026-10-01' GROUP BY account, item ORDER BY account, item
"""


def test_what_is_imported_during_a_close_is_in_the_month_or_a_correction_of_it(
    awarded: Home, closed: Home, fresh: Fresh, tmp_path: Path
) -> None:
    home = fresh(awarded)
    early, late = _halves(home.usage, tmp_path)
    with home.kept_up():
        home.good(*import_of(early))
        both = [home.begin(*import_of(late)), home.begin(*CLOSE)]
        said = [each.communicate(timeout=RUNNING_OUT)[1] for each in both]
        assert [each.returncode for each in both] == [0, 0], said
        home.good(*NEXT_CLOSE)
        home.good("ledger", "check")
        billed, wanted = home.query(BILLED), closed.query(BILLED)
        assert [row[:3] for row in billed] == [row[:3] for row in wanted]
        for found, undisturbed in zip(billed, wanted, strict=True):
            assert abs(found[3] - undisturbed[3]) <= 1, "a correction is a line of its own, and rounds once more"


def _halves(file: Path, folder: Path) -> tuple[Path, Path]:
    """Cut a usage file in two, each with the heading."""
    heading, *rows = file.read_text().splitlines(keepends=True)
    middle = len(rows) // 2
    halves = (rows[:middle], rows[middle:])
    paths = (folder / "early.psv", folder / "late.psv")
    for path, half in zip(paths, halves, strict=True):
        path.write_text("".join([heading, *half]))
    return paths
