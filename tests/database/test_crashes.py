"""Killed at any moment, and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import psycopg
import pytest
from tests.database.neighbours import Neighbour, becomes_true, connect

from lionrock.database import ensure_running, processes, release
from lionrock.database.layout import Layout
from lionrock.database.locks import becomes_free
from lionrock.database.server import UNSAFE_FAST, Condition, Server

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def _durable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(UNSAFE_FAST)


def server(home: Path) -> Server:
    return Server(Layout.of(home))


def pid(home: Path) -> int:
    found = server(home).postmaster()
    assert found is not None
    return found


def kill(number: int) -> None:
    os.kill(number, signal.SIGKILL)


def numbers(home: Path) -> list[int]:
    with connect(home) as connection:
        return [int(str(row[0])) for row in connection.execute("SELECT number FROM thing ORDER BY number")]


@pytest.fixture
def busy_home(home: Path) -> Path:
    """A home whose server holds a table with one committed row."""
    ensure_running(home, None)
    with connect(home) as connection:
        connection.execute("CREATE TABLE thing (number int PRIMARY KEY)")
        connection.execute("INSERT INTO thing VALUES (1)")
    return home


@pytest.fixture
def open_transaction(busy_home: Path) -> psycopg.Connection[tuple[object, ...]]:
    """A transaction that has saved a second row and not committed it."""
    connection = connect(busy_home)
    connection.execute("INSERT INTO thing VALUES (2)")
    return connection


def test_the_postmaster_is_killed_during_a_transaction(
    busy_home: Path, open_transaction: psycopg.Connection[tuple[object, ...]]
) -> None:
    kill(pid(busy_home))
    ensure_running(busy_home, None)
    assert numbers(busy_home) == [1]
    with pytest.raises(psycopg.OperationalError):
        open_transaction.commit()


def test_a_backend_is_killed_during_a_transaction(
    busy_home: Path, open_transaction: psycopg.Connection[tuple[object, ...]]
) -> None:
    kill(open_transaction.info.backend_pid)
    with pytest.raises(psycopg.OperationalError):
        open_transaction.commit()
    ensure_running(busy_home, None)
    assert numbers(busy_home) == [1]


def test_every_process_of_the_server_is_killed(busy_home: Path) -> None:
    processes.kill_inside(Layout.of(busy_home).data)
    ensure_running(busy_home, None)
    assert numbers(busy_home) == [1]


def test_a_backend_that_computes_survives_its_postmaster_and_is_cleared_away(busy_home: Path) -> None:
    connection = connect(busy_home)
    backend = connection.info.backend_pid
    sums = "DO $$ DECLARE n bigint := 0; BEGIN LOOP n := n + 1; END LOOP; END $$"
    computing = threading.Thread(target=_until_cut, args=(connection, sums))
    computing.start()
    assert becomes_true(lambda: _computes(busy_home, backend))
    kill(pid(busy_home))
    assert becomes_true(lambda: server(busy_home).condition() is Condition.ORPHANED)
    ensure_running(busy_home, None)
    computing.join(60)
    assert not computing.is_alive()
    assert numbers(busy_home) == [1]


def _until_cut(connection: psycopg.Connection[tuple[object, ...]], query: str) -> None:
    with pytest.raises(psycopg.OperationalError):
        connection.execute(query)


def _computes(home: Path, backend: int) -> bool:
    with connect(home) as connection:
        query = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND query LIKE 'DO %%' AND state = 'active'"
        return connection.execute(query, [backend]).fetchall() == [(1,)]


def test_a_frozen_server_is_ended_all_the_same(busy_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lionrock.database.server.STOP_SECONDS", 0.5)
    monkeypatch.setattr("lionrock.database.server.QUIT_SECONDS", 2.0)
    os.kill(pid(busy_home), signal.SIGSTOP)
    release(busy_home)
    assert server(busy_home).condition() is Condition.DOWN
    ensure_running(busy_home, None)
    assert numbers(busy_home) == [1]


def test_a_server_that_somebody_is_stopping_is_started_again(
    busy_home: Path, open_transaction: psycopg.Connection[tuple[object, ...]]
) -> None:
    os.kill(pid(busy_home), signal.SIGTERM)  # "smart": waits for our open transaction, lets nobody in
    assert becomes_true(lambda: server(busy_home).condition() is Condition.STOPPING)
    ensure_running(busy_home, None)
    assert numbers(busy_home) == [1]
    open_transaction.close()


def test_the_next_process_takes_over_the_server_of_a_killed_one_and_stops_it(home: Path) -> None:
    first = Neighbour(home).wait_until_ready()
    postmaster = pid(home)
    first.kill()
    assert pid(home) == postmaster
    Neighbour(home).wait_until_ready().leave()
    assert server(home).condition() is Condition.DOWN


def test_we_and_the_server_are_killed_together(home: Path) -> None:
    first = Neighbour(home).wait_until_ready()
    first.kill()
    processes.kill_inside(Layout.of(home).data)
    Neighbour(home).wait_until_ready().leave()
    assert server(home).condition() is Condition.DOWN


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.15, 0.3, 0.5, 0.8])
def test_we_are_killed_at_some_moment_of_the_first_start(home: Path, seconds: float) -> None:
    first = Neighbour(home)
    turn = Layout.of(home).turn
    assert becomes_true(turn.exists)
    time.sleep(seconds)
    first.kill()
    Neighbour(home).wait_until_ready().leave()
    assert not Layout.of(home).unfinished.exists()
    assert server(home).condition() is Condition.DOWN


@pytest.mark.parametrize("marker", ["", "PG_VERSION", "global/pg_control", "base/1"])
def test_everything_is_killed_when_initdb_has_come_so_far(home: Path, marker: str) -> None:
    first = Neighbour(home)
    unfinished = Layout.of(home).unfinished
    assert becomes_true((unfinished / marker).exists)
    first.kill()
    processes.kill_inside(unfinished)
    ensure_running(home, None)
    assert server(home).condition() is Condition.READY


def _halted(number: int) -> bool:
    """Halt a process; tell whether it was still there: initdb's own helpers come and go."""
    try:
        os.kill(number, signal.SIGSTOP)
    except ProcessLookupError:
        return False
    return True


def test_initdb_left_alone_by_a_killed_process_is_cleared_away(home: Path) -> None:
    first = Neighbour(home)
    unfinished = Layout.of(home).unfinished
    alone: list[int] = []

    def halt_some() -> bool:
        alone.extend(number for number in processes.inside(unfinished) if _halted(number))
        return bool(alone)

    try:
        assert becomes_true(halt_some)
    finally:
        first.kill()
    ensure_running(home, None)
    assert not any(processes.works_in(number, unfinished) for number in alone)
    assert server(home).condition() is Condition.READY


def test_a_number_that_now_belongs_to_another_process_is_not_taken_for_the_server(busy_home: Path) -> None:
    processes.kill_inside(Layout.of(busy_home).data)
    assert becomes_free(Layout.of(busy_home).alive, 60)
    with subprocess.Popen(["sleep", "600"]) as innocent:
        pid_file = Layout.of(busy_home).data / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(innocent.pid), *lines[1:]]))
        assert server(busy_home).postmaster() is None
        ensure_running(busy_home, None)
        assert innocent.poll() is None
        innocent.kill()
    assert numbers(busy_home) == [1]
