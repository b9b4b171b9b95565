"""Files of a job's folder: listed and handed out, and no link leads out of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lionrock.kernel.errors import NotFound
from lionrock.sites.drivers.files import FileEntry, files_in, piece_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A job's folder with files, links and a pipe, beside a secret."""
    work = tmp_path / "work"
    (work / "deep").mkdir(parents=True)
    (tmp_path / "secret").write_text("secret")
    (work / "loss.csv").write_text("0123456789")
    (work / "deep" / "more.txt").write_text("more")
    (work / "link").symlink_to(tmp_path / "secret")
    (work / "out").symlink_to(tmp_path)
    os.mkfifo(work / "pipe")
    return work


def test_plain_files_are_listed_by_name(folder: Path) -> None:
    assert files_in(folder) == [FileEntry("deep/more.txt", 4), FileEntry("loss.csv", 10)]


@pytest.mark.parametrize(("offset", "limit", "piece"), [(0, 4, b"0123"), (8, 4, b"89"), (10, 4, b"")])
def test_a_file_is_handed_out_piece_by_piece(folder: Path, offset: int, limit: int, piece: bytes) -> None:
    assert piece_in(folder, "loss.csv", offset=offset, limit=limit) == piece


@pytest.mark.parametrize(
    "name",
    ["link", "out/secret", "../secret", "/etc/passwd", "pipe", "deep", "absent", "", ".", "a\0b", "deep/../../secret"],
)
def test_nothing_else_is(folder: Path, name: str) -> None:
    with pytest.raises(NotFound):
        piece_in(folder, name, offset=0, limit=10)
