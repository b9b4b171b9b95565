"""Homes in awkward places: other users, full disks, folders that let nobody in, data of others."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.database.neighbours import try_as_ordinary_user

from lionrock.database import ensure_running, programs, release
from lionrock.database.account import Account, account_for
from lionrock.database.cluster import inspect
from lionrock.database.layout import Layout
from lionrock.database.server import Condition, Server
from lionrock.kernel.errors import Unavailable

pytestmark = pytest.mark.integration


def refusal(home: Path) -> Unavailable:
    with pytest.raises(Unavailable) as caught:
        ensure_running(home, None)
    return caught.value


def test_an_ordinary_user_runs_the_server_as_itself(ordinary_home: Path) -> None:
    result = try_as_ordinary_user(ordinary_home)
    assert result["code"] is None
    assert result["owner"] == ordinary_home.stat().st_uid
    assert result["owner"] != 0


def test_an_ordinary_user_may_have_a_long_path(ordinary_home: Path) -> None:
    assert try_as_ordinary_user(ordinary_home / ("long" * 30))["code"] is None


def test_root_goes_on_with_the_data_of_an_ordinary_user_and_gives_them_back(ordinary_home: Path) -> None:
    assert try_as_ordinary_user(ordinary_home)["code"] is None
    owner = ordinary_home.stat().st_uid
    ensure_running(ordinary_home, None)
    assert account_for(Layout.of(ordinary_home).data).uid == owner
    release(ordinary_home)
    assert {path.lstat().st_uid for path in (ordinary_home / "postgres").rglob("*")} == {owner}
    assert try_as_ordinary_user(ordinary_home)["code"] is None


@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_a_home_that_cannot_be_written_is_named_with_the_reason(ordinary_home: Path, below: str) -> None:
    ordinary_home.chmod(0o500)
    result = try_as_ordinary_user(ordinary_home / below)
    assert result["code"] == "database.not_writable"
    assert str(ordinary_home / below) in str(result["sentence"])
    assert "Permission denied" in str(result["sentence"])
    ordinary_home.chmod(0o700)


def test_a_home_below_a_file_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    error = refusal(tmp_path / "file" / "home")
    assert error.code == "database.not_writable"
    assert "Not a directory" in str(error)


def test_the_data_of_another_user_are_left_alone(ordinary_home: Path) -> None:
    """Root's data are out of reach for an ordinary user, and so are those of nobody for anybody else."""
    data = Layout.of(ordinary_home).data
    data.mkdir(parents=True)
    other = Account(data.stat().st_uid + 1, data.stat().st_gid, switch=False)
    with pytest.raises(Unavailable) as caught:
        inspect(Layout.of(ordinary_home), other, 18)
    assert caught.value.code == "database.foreign_folder"


@pytest.fixture
def made_home(home: Path) -> Path:
    """A home with a cluster whose server is down."""
    ensure_running(home, None)
    release(home)
    return home


def test_data_of_another_major_version_are_left_alone(made_home: Path) -> None:
    version = Layout.of(made_home).data / "PG_VERSION"
    version.write_text("14\n")
    error = refusal(made_home)
    assert error.code == "database.other_version"
    assert "PostgreSQL 14" in str(error)
    assert "PostgreSQL 18" in str(error)
    version.write_text("18\n")
    ensure_running(made_home, None)


@pytest.mark.parametrize("missing", ["PG_VERSION", "global/pg_control"])
def test_a_cluster_with_a_part_missing_is_left_alone(made_home: Path, missing: str) -> None:
    data = Layout.of(made_home).data
    (data / missing).unlink()
    before = sorted(data.rglob("*"))
    error = refusal(made_home)
    assert error.code == "database.damaged"
    assert missing in str(error)
    assert sorted(data.rglob("*")) == before


def test_a_cluster_whose_control_file_is_damaged_says_so(made_home: Path) -> None:
    control = Layout.of(made_home).data / "global" / "pg_control"
    control.write_bytes(b"\x00" * control.stat().st_size)
    assert refusal(made_home).code == "database.damaged"


def test_a_cluster_that_lost_its_log_says_so(made_home: Path) -> None:
    for segment in (Layout.of(made_home).data / "pg_wal").glob("0*"):
        segment.unlink()
    assert refusal(made_home).code == "database.damaged"
    assert Server(Layout.of(made_home)).condition() is Condition.DOWN


def test_another_reason_is_passed_on_in_postgresqls_words(made_home: Path) -> None:
    with (Layout.of(made_home).data / "postgresql.conf").open("a") as file:
        file.write("no_such_setting = 1\n")
    error = refusal(made_home)
    assert error.code == "database.start_failed"
    assert str(Layout.of(made_home).log) in str(error)


def test_an_empty_data_folder_becomes_a_cluster(home: Path) -> None:
    Layout.of(home).data.mkdir(parents=True)
    ensure_running(home, None)
    assert Server(Layout.of(home)).condition() is Condition.READY


def test_a_backup_that_root_copied_back_is_given_to_the_account_of_the_server(made_home: Path) -> None:
    data = Layout.of(made_home).data
    owner = data.stat().st_uid
    copy = made_home / "copy"
    subprocess.run(["cp", "-r", data, copy], check=True)
    shutil.rmtree(data)
    copy.chmod(0o700)
    copy.rename(data)
    ensure_running(made_home, None)
    assert data.stat().st_uid == owner


def test_a_short_socket_folder_that_others_could_enter_is_refused(tmp_path: Path) -> None:
    layout = Layout.of(tmp_path / ("long" * 30))
    layout.socket_folder.mkdir(mode=0o755)
    try:
        assert refusal(layout.folder.parent).code == "database.unsafe_socket_folder"
    finally:
        layout.socket_folder.rmdir()


def test_programs_out_of_reach_of_the_account_are_copied_once_and_again_when_incomplete(
    home: Path, public: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for a checkout under root's own folder; an ordinary user whose programs are out of reach is told."""
    installed, packages = programs._wheel(), tmp_path / "packages"
    for part in programs.PARTS:
        shutil.copytree(installed / part, packages / part)
    monkeypatch.setattr(programs, "_wheel", lambda: packages)
    (packages / programs.PACKAGE / "pginstall" / "bin").chmod(0o700 if os.geteuid() == 0 else 0o600)
    layout = Layout.of(home)
    layout.folder.mkdir(parents=True)
    account = account_for(layout.data)
    if not account.switch:
        with pytest.raises(Unavailable, match="Permission denied"):
            programs.programs_for(account, layout, public)
        return
    first = programs.programs_for(account, layout, public)
    assert first.folder.is_relative_to(public)
    first.folder.with_name("share").joinpath("postgres.bki").write_text("cut off")
    again = programs.programs_for(account, layout, public)
    assert again == first
    assert (first.folder.with_name("share") / "postgres.bki").stat().st_size > 100_000
    subprocess.run([again.initdb, "-D", "/proc/self/cwd", "--no-sync"], check=True, **_fresh_folder(account, public))


def _fresh_folder(account: Account, public: Path) -> dict[str, Any]:
    folder = public / "cluster"
    folder.mkdir(mode=0o700)
    account.give(folder)
    return account.spawn(folder, stdout=subprocess.DEVNULL)


@pytest.mark.parametrize("found", ["", "initdb (PostgreSQL) unknown"])
def test_programs_that_do_not_run_here_are_named(
    home: Path, public: Path, monkeypatch: pytest.MonkeyPatch, found: str
) -> None:
    folder = public / programs.PACKAGE / "pginstall" / "bin"
    folder.mkdir(parents=True)
    (folder / "initdb").write_text(f"#!/bin/sh\necho {found}\nexit 1\n" if found else "not a program")
    (folder / "initdb").chmod(0o755)
    monkeypatch.setattr(programs, "_wheel", lambda: public)
    assert refusal(home).code == "database.no_programs"


def test_a_missing_package_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "PACKAGE", "no_such_package")
    error = refusal(home)
    assert error.code == "database.no_programs"
    assert "no_such_package" in str(error)
