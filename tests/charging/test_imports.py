"""Importing usage files: every row accounted for, repeats and interruptions without a trace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.charging.books import CLUSTER_ADMIN, MADE, PROGRAMME, Books

from lionrock.audit.models import AuditRecord
from lionrock.charging.actions import import_usage_file, imports
from lionrock.charging.models import HeldRow, RecordedRun, UsageImport
from lionrock.charging.usage_files import UsageOptions
from lionrock.kernel.errors import Broken, Invalid

HEADER = "job,account,start,end,devices\n"
OPTIONS = UsageOptions(site="north")


def _row(job: int, account: str = "u1", devices: str = "gpu=1", hours: int = 1) -> str:
    return f"{job},{account},2026-03-10T00:00:00+08:00,2026-03-10T{hours:02d}:00:00+08:00,{devices}\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "march.csv"


def _import(file: Path, **facts: Any) -> UsageImport:
    given: dict[str, Any] = {"actor": CLUSTER_ADMIN, "programme": PROGRAMME, "now": MADE, "told": {"site": "north"}}
    return import_usage_file(file, OPTIONS, **(given | facts))


def _counts(done: UsageImport) -> tuple[int, ...]:
    return tuple(done.tally[name] for name in ("rows", "new", "repeated", "held"))


MIXED = (
    HEADER
    + "".join(_row(job) for job in range(1, 6))
    + _row(1)  # again
    + _row(6, account="u9")  # not on file
    + _row(7, devices="gpu=many")  # unreadable
    + _row(8, hours=0)  # of no length
    + _row(2, hours=5)  # contradicts line 3
    + "\n"
)


def test_every_row_is_accounted_for(books: Books, file: Path) -> None:
    file.write_text(MIXED)
    done = _import(file)
    assert _counts(done) == (11, 5, 1, 3)
    assert done.tally["skipped"] == {"blank": 1, "zero length": 1}
    held = [(row.line, row.code.rpartition(".")[2]) for row in done.held_rows.all()]
    assert [line for line, _ in held] == [8, 9, 11]
    assert (held[0][1], held[2][1]) == ("account", "contradiction")
    assert all(row.raw and row.template for row in done.held_rows.all())
    [kept] = AuditRecord.objects.filter(action="charging.import_usage_file")
    assert {name: kept.details[name] for name in ("rows", "new", "held")} == {"rows": 11, "new": 5, "held": 3}


def test_importing_a_file_again_changes_nothing(books: Books, file: Path) -> None:
    file.write_text(MIXED)
    first = _import(file)
    before = list(RecordedRun.objects.values()), list(HeldRow.objects.values())
    again = _import(file)
    assert again.pk == first.pk
    assert (list(RecordedRun.objects.values()), list(HeldRow.objects.values())) == before
    assert _counts(again) == (11, 0, 6, 3)
    assert AuditRecord.objects.filter(action="charging.import_usage_file").count() == 1


def test_the_same_content_under_another_name_is_the_same_import(books: Books, file: Path) -> None:
    file.write_text(MIXED)
    copy = file.with_name("copy.csv")
    copy.write_text(MIXED)
    assert _import(file).pk == _import(copy).pk
    assert _import(file, told={"site": "north", "revision": "2"}).pk != _import(copy).pk


def test_a_second_import_mends_what_the_first_held(books: Books, file: Path) -> None:
    file.write_text(HEADER + _row(1) + _row(2, account="u2"))
    first = _import(file)
    assert (_counts(first), first.held_rows.count()) == ((2, 1, 0, 1), 1)
    books.put_award("A2", "u2")
    second = _import(file)
    assert (second.pk, _counts(second), second.held_rows.count()) == (first.pk, (2, 1, 1, 0), 0)
    assert AuditRecord.objects.filter(action="charging.import_usage_file").count() == 2


def test_an_interrupted_import_is_resumed(books: Books, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch is a transaction: what went in before the interruption stays, and is not taken in again."""
    file.write_text(HEADER + "".join(_row(job) for job in range(1, 11)))
    monkeypatch.setattr(imports, "BATCH", 3)

    def interrupt(done: int, total: int) -> None:
        if RecordedRun.objects.count() == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _import(file, progress=interrupt)
    unfinished = UsageImport.objects.get()
    assert (unfinished.finished_at, RecordedRun.objects.count()) == (None, 6)
    done = _import(file)
    assert (done.pk, _counts(done)) == (unfinished.pk, (10, 4, 6, 0))
    assert done.finished_at == MADE


def test_progress_is_told_and_reaches_the_end(books: Books, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(HEADER + "".join(_row(job) for job in range(1, 11)))
    monkeypatch.setattr(imports, "BATCH", 4)
    seen: list[tuple[int, int]] = []
    _import(file, progress=lambda done, total: seen.append((done, total)))
    assert len(seen) == 3
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1] == file.stat().st_size


def test_a_file_that_cannot_be_read_leaves_no_import(books: Books, file: Path) -> None:
    file.write_text("name,colour\n1,red\n")
    with pytest.raises(Invalid):
        _import(file)
    assert not UsageImport.objects.exists()


def test_text_that_the_database_cannot_keep_is_held(books: Books, file: Path) -> None:
    file.write_text(HEADER + _row(1, account="u\x009") + _row(2))
    done = _import(file)
    assert (_counts(done), [row.line for row in done.held_rows.all()]) == ((2, 1, 0, 1), [2])


def test_a_row_that_vanishes_is_a_defect(books: Books, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(HEADER + _row(1) + _row(2))
    monkeypatch.setattr(imports, "_count", lambda tally, intake, unreadable: None)
    with pytest.raises(Broken, match="unaccounted"):
        _import(file)
    assert UsageImport.objects.get().finished_at is None
