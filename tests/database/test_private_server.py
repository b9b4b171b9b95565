"""Start, share, keep, stop."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from tests.database.neighbours import Neighbour, becomes_true, connect

from lionrock.database import ensure_running, processes, release
from lionrock.database.layout import LONGEST_SOCKET_PATH, SOCKET, Layout
from lionrock.database.server import UNSAFE_FAST, Condition, Server
from lionrock.database.sharing import end, keep

pytestmark = pytest.mark.integration


def condition(home: Path) -> Condition:
    return Server(Layout.of(home)).condition()


def value(home: Path, query: str) -> object:
    with connect(home) as connection:
        return connection.execute(query).fetchall()[0][0]


def test_what_was_saved_is_there_after_a_stop_and_a_start(home: Path) -> None:
    assert condition(home) is Condition.DOWN
    ensure_running(home, None)
    assert condition(home) is Condition.READY
    with connect(home) as connection:
        connection.execute("CREATE TABLE thing AS SELECT 42 AS number")
    release(home)
    assert condition(home) is Condition.DOWN
    ensure_running(home, None)
    assert value(home, "SELECT number FROM thing") == 42


def test_asking_twice_changes_nothing_and_one_release_is_enough(home: Path) -> None:
    ensure_running(home, None)
    first = Server(Layout.of(home)).postmaster()
    ensure_running(home, None)
    assert Server(Layout.of(home)).postmaster() == first
    release(home)
    release(home)
    assert condition(home) is Condition.DOWN


def test_a_home_by_another_name_is_the_same_home(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ensure_running(home, None)
    (tmp_path / "link").symlink_to(home)
    monkeypatch.chdir(tmp_path)
    release(Path("link"))
    assert condition(home) is Condition.DOWN


def test_two_processes_share_one_server_and_the_last_one_out_stops_it(home: Path) -> None:
    ensure_running(home, None)
    neighbour = Neighbour(home).wait_until_ready()
    release(home)
    assert condition(home) is Condition.READY
    neighbour.leave()
    assert condition(home) is Condition.DOWN


def test_processes_that_start_at_the_same_moment_start_one_server(home: Path) -> None:
    crowd = [Neighbour(home) for _ in range(4)]
    for neighbour in crowd:
        neighbour.wait_until_ready()
    assert value(home, "SELECT count(*) FROM pg_database WHERE datname = 'lionrock'") == 1
    for neighbour in crowd:
        neighbour.leave()
    assert condition(home) is Condition.DOWN


def test_a_forked_child_that_ends_does_not_take_the_server_away(home: Path) -> None:
    ensure_running(home, None)
    child = os.fork()
    if child == 0:
        release(home)
        os._exit(0)
    os.waitpid(child, 0)
    assert condition(home) is Condition.READY


def test_a_kept_server_outlives_its_users_until_the_end(home: Path) -> None:
    keep(home)
    release(home)
    Neighbour(home).wait_until_ready().leave()
    assert condition(home) is Condition.READY
    assert end(home, now=False) == []
    assert condition(home) is Condition.DOWN


def test_the_end_waits_for_other_users_and_names_them(home: Path) -> None:
    neighbour = Neighbour(home).wait_until_ready()
    assert end(home, now=False) == [neighbour.process.pid]
    assert condition(home) is Condition.READY
    neighbour.leave()
    assert condition(home) is Condition.DOWN


def test_the_end_can_cut_others_off(home: Path) -> None:
    neighbour = Neighbour(home).wait_until_ready()
    assert end(home, now=True) == []
    assert condition(home) is Condition.DOWN
    neighbour.leave()


def test_to_end_what_never_was_is_no_error(home: Path) -> None:
    assert end(home, now=False) == []
    assert not home.exists()


def test_our_role_is_no_superuser_but_can_have_what_we_need(home: Path) -> None:
    ensure_running(home, None)
    with connect(home) as connection:
        connection.execute("CREATE EXTENSION btree_gist")
        shown = {
            name: connection.execute(f"SHOW {name}").fetchall()[0][0]
            for name in ("is_superuser", "server_encoding", "timezone", "jit", "listen_addresses", "max_connections")
        }
    assert shown == {
        "is_superuser": "off",
        "server_encoding": "UTF8",
        "timezone": "UTC",
        "jit": "off",
        "listen_addresses": "",
        "max_connections": "120",
    }


@pytest.mark.parametrize(("switch", "fsync"), [("1", "off"), ("0", "on"), (None, "on")])
def test_only_the_test_suite_gives_up_durability(
    home: Path, monkeypatch: pytest.MonkeyPatch, switch: str | None, fsync: str
) -> None:
    monkeypatch.delenv(UNSAFE_FAST)
    if switch is not None:
        monkeypatch.setenv(UNSAFE_FAST, switch)
    ensure_running(home, None)
    assert value(home, "SHOW fsync") == fsync


def test_nobody_else_can_enter_the_folder_of_the_socket(home: Path) -> None:
    ensure_running(home, None)
    folder = Layout.of(home).socket_folder
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / SOCKET).stat().st_mode & 0o077 == 0


def test_a_home_with_a_long_path_gets_a_private_folder_for_its_socket(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 30)
    layout = Layout.of(home)
    assert len(bytes(layout.data / SOCKET)) > LONGEST_SOCKET_PATH
    assert len(bytes(layout.socket_folder / SOCKET)) <= LONGEST_SOCKET_PATH
    try:
        ensure_running(home, None)
        assert layout.socket_folder.stat().st_mode & 0o077 == 0
        assert value(home, "SELECT 1") == 1
    finally:
        end(home, now=True)
    assert not layout.socket_folder.exists()


def test_users_environment_does_not_lead_the_server_astray(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, wrong in {"PGDATA": "/nowhere", "PGPORT": "1", "PGHOST": "nowhere", "PGUSER": "x"}.items():
        monkeypatch.setenv(name, wrong)
    ensure_running(home, None)
    assert value(home, "SELECT 1") == 1


def test_a_long_log_is_put_aside(home: Path) -> None:
    ensure_running(home, None)
    release(home)
    log = Layout.of(home).log
    with log.open("ab") as file:
        file.truncate(11 << 20)
    ensure_running(home, None)
    assert log.with_name("server.log.1").stat().st_size == 11 << 20
    assert log.stat().st_size < 1 << 20


def test_a_home_removed_under_the_server_leaves_no_server_behind(home: Path) -> None:
    ensure_running(home, None)
    postmaster = Server(Layout.of(home)).postmaster()
    assert postmaster is not None
    shutil.rmtree(home)
    release(home)
    assert becomes_true(lambda: not processes.works_in(postmaster, Layout.of(home).data))
