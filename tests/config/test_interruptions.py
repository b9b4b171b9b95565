"""What a broken connection, a full disk, and our own mistake become."""

from __future__ import annotations

from collections import namedtuple
from pathlib import Path

import psycopg
import pytest
from django.db import IntegrityError, InterfaceError, OperationalError, ProgrammingError

from lionrock.config import interruptions
from lionrock.config.environment import Environment
from lionrock.config.interruptions import interruption

Usage = namedtuple("Usage", "total used free")
PLENTY, NOTHING = Usage(1 << 40, 0, 1 << 40), Usage(1 << 40, 1 << 40, 4096)
FULL = 'could not extend file "base/1": No space left on device\nHINT:  Check free disk space.'
LOST = "server closed the connection unexpectedly\n\tThis probably means the server terminated"


def _from(cause: Exception, kind: type[Exception]) -> Exception:
    error = kind(*cause.args)
    error.__cause__ = cause
    return error


INTERRUPTED = "config.database.interrupted"
CASES = [
    (_from(psycopg.OperationalError(LOST), OperationalError), PLENTY, INTERRUPTED),
    (_from(psycopg.InterfaceError("connection already closed"), InterfaceError), PLENTY, INTERRUPTED),
    (psycopg.OperationalError(LOST), PLENTY, INTERRUPTED),
    (psycopg.OperationalError(""), PLENTY, INTERRUPTED),
    (psycopg.errors.LockNotAvailable("canceling statement due to lock timeout"), PLENTY, INTERRUPTED),
    (psycopg.errors.DiskFull(FULL), PLENTY, "database.disk_full"),
    (_from(psycopg.OperationalError(LOST), OperationalError), NOTHING, "database.disk_full"),
    (_from(psycopg.errors.UniqueViolation("taken"), IntegrityError), PLENTY, None),
    (_from(psycopg.errors.UndefinedTable("no such table"), ProgrammingError), PLENTY, None),
    (ZeroDivisionError("a mistake"), NOTHING, None),
]


@pytest.mark.parametrize(("error", "disk", "code"), CASES)
def test_what_an_error_means(
    error: Exception, disk: Usage, code: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interruptions.shutil, "disk_usage", lambda _: disk)
    told = interruption(error, Environment(home=tmp_path, database_url=None))
    assert (told.code if told else None) == code
    if told and code == INTERRUPTED:
        assert str(error).partition("\n")[0] in str(told.message)
        assert "\n" not in str(told.message)


def test_the_disk_of_a_server_elsewhere_is_not_ours_to_judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interruptions.shutil, "disk_usage", lambda _: NOTHING)
    elsewhere = Environment(home=tmp_path, database_url="postgresql://db.example/lionrock")
    told = interruption(psycopg.errors.DiskFull(FULL), elsewhere)
    assert told is not None
    assert told.code == INTERRUPTED
    assert "No space left on device" in str(told.message)
