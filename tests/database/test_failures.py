"""From what the system and PostgreSQL say to what we say."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from lionrock.database.failures import explained, from_output, user_name
from lionrock.kernel.errors import Unavailable

SAID = {
    "disk full in initdb": (
        'initdb: error: could not write to file "pg_wal/xlogtemp.7": No space left on device\ninitdb: removing …\n',
        "database.disk_full",
    ),
    "disk full in bootstrap": (
        'FATAL:  could not write to file "pg_wal/xlogtemp.35": No space left on device\nchild process exited with 1\n',
        "database.disk_full",
    ),
    "quota used up": ('PANIC:  could not write to file "pg_xact/0000": Disk quota exceeded', "database.disk_full"),
    "pid file on a full disk": (
        'FATAL:  could not write lock file "postmaster.pid": No space left on device',
        "database.disk_full",
    ),
    "read-only disk": (
        'FATAL:  could not open lock file "postmaster.pid": Read-only file system',
        "database.not_writable",
    ),
    "file of another user": (
        'FATAL:  could not open file "base/1/PG_VERSION": Permission denied',
        "database.not_writable",
    ),
    "lost log": (
        "LOG:  invalid checkpoint record\nPANIC:  could not locate a valid checkpoint record at 0/1000028",
        "database.damaged",
    ),
    "bad control file": ("FATAL:  incorrect checksum in control file\nFILE: pg_control", "database.damaged"),
    "another build": ("FATAL:  database files are incompatible with server", "database.damaged"),
    "no memory": ("FATAL:  could not map anonymous shared memory: Cannot allocate memory", "database.start_failed"),
}


@pytest.mark.parametrize(("text", "code"), SAID.values(), ids=SAID.keys())
def test_postgresqls_words_become_our_sentence(tmp_path: Path, text: str, code: str) -> None:
    error = from_output(text, tmp_path, tmp_path / "server.log")
    assert error.code == code
    assert str(tmp_path) in str(error)


def test_the_gravest_line_is_passed_on(tmp_path: Path) -> None:
    text = "LOG:  starting\n2026-01-01 [7] FATAL:  could not do it.\nHINT:  try\nLOG:  database system is shut down\n"
    assert ": could not do it. What it said" in str(from_output(text, tmp_path, tmp_path))


def test_a_server_that_said_nothing_is_said_to_have_said_nothing(tmp_path: Path) -> None:
    assert "it said nothing" in str(from_output("\n", tmp_path, tmp_path))


def test_silence_on_a_full_disk_means_that_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lionrock.database.failures.NEARLY_NOTHING", 1 << 80)
    assert from_output("", tmp_path, tmp_path).code == "database.disk_full"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "database.disk_full"),
        (errno.EDQUOT, "database.disk_full"),
        (errno.EACCES, "database.not_writable"),
        (errno.EPERM, "database.not_writable"),
        (errno.EROFS, "database.not_writable"),
        (errno.ENOTDIR, "database.not_writable"),
    ],
)
def test_the_systems_words_become_our_sentence(tmp_path: Path, number: int, code: str) -> None:
    with pytest.raises(Unavailable) as caught, explained(tmp_path):
        raise OSError(number, os.strerror(number), str(tmp_path / "file"))
    assert caught.value.code == code
    assert caught.value.exit_code == 7
    if code == "database.not_writable":
        assert os.strerror(number) in str(caught.value)
        assert str(tmp_path / "file") in str(caught.value)


def test_a_user_without_a_name_is_called_by_number() -> None:
    assert user_name(0) == "root"
    assert user_name(3_999_999_999) == "3999999999"
