"""Files of a rulebook that cannot be read: every one is named, and what only follows from it is not."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from lionrock.rules.rulebook import read_rulebook

REAL = Path(__file__).resolve().parents[2] / "rulebook"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return shutil.copytree(REAL, tmp_path / "rulebook")


def places(book: Path) -> list[tuple[str, int | None]]:
    _, log = read_rulebook(book)
    return [(Path(fault.file or "").name, fault.line) for fault in log]


def test_every_file_that_is_no_yaml_is_named_even_when_the_first_is_one(book: Path) -> None:
    files = sorted((book / "programmes" / "hk-aiss").glob("*.yaml"))
    ends = {}
    for file in files:
        file.write_text(file.read_text() + "q: [\n")
        ends[file.name] = len(file.read_text().splitlines())
    found = places(book)
    assert dict(found) == ends
    assert len(found) == len(files)


def test_what_extends_a_broken_programme_is_not_blamed_for_it(book: Path) -> None:
    (book / "programmes" / "hk-aiss" / "programme.yaml").unlink()
    assert places(book) == [("programme.yaml", 1)]


def test_what_extends_nothing_is_told_once(book: Path) -> None:
    shutil.rmtree(book / "programmes" / "hk-aiss")
    assert places(book) == [("programme.yaml", 4)]


@pytest.mark.parametrize("make", [lambda path: path.symlink_to("/dev/zero"), os.mkfifo], ids=["endless", "pipe"])
def test_a_file_that_is_none_is_named_and_not_waited_for(book: Path, make: object) -> None:
    assert callable(make)
    make(book / "programmes" / "hk-aiss" / "extra.yaml")
    _, log = read_rulebook(book)
    (fault,) = log
    assert "extra.yaml cannot be read: it is not a plain file" in str(fault)
