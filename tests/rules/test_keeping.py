"""What was read from files is kept: one thread reads it, and it is read again when a file changes."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lionrock.rules.keeping import Kept


def test_of_several_threads_one_reads(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text("a: 1\n")
    all_there, read = threading.Barrier(4), []

    def read_slowly(folder: Path) -> str:
        read.append(folder)
        # Whoever else reads has the time to begin.
        threading.Event().wait(0.2)
        return (folder / "rules.yaml").read_text()

    kept = Kept(read_slowly)

    def ask(_number: int) -> str:
        all_there.wait()
        return kept.of(tmp_path)

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(ask, range(4))) == {"a: 1\n"}
    assert len(read) == 1
    (tmp_path / "rules.yaml").write_text("a: 12\n")
    assert kept.of(tmp_path) == "a: 12\n"
    assert len(read) == 2


def test_what_cannot_be_read_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text("a: 1\n")
    answers = iter([ValueError("no"), "read"])

    def read(_folder: Path) -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    kept = Kept(read)
    with pytest.raises(ValueError, match="no"):
        kept.of(tmp_path)
    assert kept.of(tmp_path) == "read"
