"""A backup made while others write is restored equal; a moment between two writes is found; what is spoilt is named."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.database.neighbours import connect
from tests.integration.home import Home

from lionrock.database.layout import Layout
from lionrock.database.server import superuser
from lionrock.database.sharing import end
from lionrock.kernel.errors import Broken, Conflict, NotFound
from lionrock.operations.backups.archiving import forget_older
from lionrock.operations.backups.drill import compare
from lionrock.operations.backups.making import Moment, describe
from lionrock.operations.backups.restoring import restore
from lionrock.operations.backups.shelf import ARCHIVE, WAL, backups_in, newest, verify

WRITE = """INSERT INTO people_organisation (code, name, name_zh_hant, name_zh_hans, created_at)
    VALUES (%s, %s, '', '', now())"""
PATIENCE = 60.0
pytestmark = pytest.mark.integration


def write(home: Home, code: str) -> datetime:
    """Write one row, and return the server's time after it."""
    with connect(home.path) as session:
        session.execute(WRITE, [code, code])
        session.commit()
        [(at,)] = session.execute("SELECT clock_timestamp()").fetchall()
    return at.astimezone(UTC)


def codes(home: Home) -> set[str]:
    return {code for (code,) in home.query("SELECT code FROM people_organisation")}


@contextmanager
def writers(home: Home) -> Iterator[list[int]]:
    """Have three write all the while; yields how often they have."""
    written, stop = [0, 0, 0], threading.Event()

    def go_on(number: int) -> None:
        with connect(home.path) as session:
            while not stop.is_set():
                code = f"load-{number}-{written[number]}"
                session.execute(WRITE, [code, code])
                session.commit()
                written[number] += 1
                stop.wait(0.002)

    threads = [threading.Thread(target=go_on, args=[number]) for number in range(3)]
    for thread in threads:
        thread.start()
    try:
        yield written
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@contextmanager
def archived(home: Home, shelf: Path) -> Iterator[None]:
    """Have the log copied as it is written."""
    process = home.begin("backup", "archive", "--in", str(shelf))
    try:
        yield
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def wait_until_archived(home: Home) -> None:
    """Wait until the archive has what was written so far."""
    [(written,)] = home.query("SELECT pg_current_wal_flush_lsn()::text")
    question = (
        "SELECT count(*) FROM pg_stat_replication WHERE application_name = 'pg_receivewal' AND flush_lsn >= %s::pg_lsn"
    )
    deadline = time.monotonic() + PATIENCE
    while superuser_query(home, question, written) == 0:
        assert time.monotonic() < deadline, "the archive does not come along"
        time.sleep(0.1)


def superuser_query(home: Home, question: str, *values: str) -> int:
    with superuser(Layout.of(home.path)) as session:
        [(found,)] = session.execute(question, values).fetchall()
    return int(str(found))


def test_a_backup_under_load_is_restored_equal_and_any_moment_after_it_too(installed: Home, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    (installed.path / "attachments").mkdir(exist_ok=True)
    (installed.path / "attachments" / "letter").write_text("kept")
    with archived(installed, shelf), writers(installed) as written:
        installed.good("backup", "make", "--in", str(shelf))
        assert min(written) > 10, "they wrote while it was made"
        proof = json.loads(installed.good("backup", "drill", "--in", str(shelf), "--json"))
        first = write(installed, "before")
        time.sleep(0.05)
        write(installed, "after")
        write(installed, "and-on")
        wait_until_archived(installed)
    assert (proof["holds"], proof["different"], proof["failed"]) == (True, [], [])
    assert 0 < backups_in(shelf)[0].description.tables["people_organisation"][0] < sum(written)

    restored = Home(tmp_path / "restored")
    try:
        installed.good("backup", "restore", str(restored.path), "--to", first.isoformat(), "--in", str(shelf))
        assert "before" in codes(restored)
        assert not {"after", "and-on"} & codes(restored)
        assert (restored.path / "attachments" / "letter").read_text() == "kept"
        with pytest.raises(Conflict, match="something in"):
            restore(newest(shelf), restored.path)
        with restored.kept_up():
            write(restored, "goes-on")
    finally:
        end(restored.path, now=True)

    [base] = shelf.glob("*/base/base.tar.gz")
    content = bytearray(base.read_bytes())
    content[len(content) // 2] ^= 1
    base.write_bytes(content)
    with pytest.raises(Broken, match=r"base/base\.tar\.gz"):
        verify(newest(shelf))
    with pytest.raises(NotFound):
        newest(shelf, datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(Conflict, match="Take one from before"):
        restore(newest(shelf), tmp_path / "elsewhere", datetime(2020, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        ({"a": (2, "17"), "b": (1, "3")}, ()),
        ({"a": (3, "17"), "b": (1, "3")}, ("a: 2 (17) → 3 (17)",)),
        ({"a": (2, "18"), "b": (1, "3")}, ("a: 2 (17) → 2 (18)",)),
        ({"a": (2, "17")}, ("b: 1 (3) → –",)),
        ({"a": (2, "17"), "b": (1, "3"), "c": (0, "0")}, ("c: – → 0 (0)",)),
    ],
)
def test_every_difference_is_named(found: dict[str, tuple[int, str]], lines: tuple[str, ...]) -> None:
    assert compare({"a": (2, "17"), "b": (1, "3")}, found) == lines


def test_old_backups_go_and_what_the_others_need_stays(tmp_path: Path) -> None:
    for day, segment in ((1, "A"), (2, "C"), (3, "E")):
        folder = tmp_path / f"day-{day}"
        (folder / WAL).mkdir(parents=True)
        (folder / WAL / f"{segment * 24}.partial").touch()
        moment = Moment(datetime(2026, 3, day, tzinfo=UTC), "0/1", "0/2", {}, [], "18.6")
        describe(folder, moment, 1.0)
    (tmp_path / "unfinished").mkdir()
    (tmp_path / ARCHIVE).mkdir()
    for segment in "ABCDEF":
        (tmp_path / ARCHIVE / (segment * 24)).touch()
    assert forget_older(tmp_path, 2) == ["day-1"]
    assert [each.description.name for each in backups_in(tmp_path)] == ["day-2", "day-3"]
    assert sorted(path.name[0] for path in (tmp_path / ARCHIVE).iterdir()) == ["C", "D", "E", "F"]
    assert newest(tmp_path, datetime(2026, 3, 2, 12, tzinfo=UTC)).description.name == "day-2"
