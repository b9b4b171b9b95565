"""The kernel is compiled once for each state of its source, and says what to do where it cannot be."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

from lionrock.kernel.errors import Unavailable
from lionrock.planning.kernel import compiling


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Return where a library may lie: beside the source, or in the user's cache."""
    folders = tmp_path / "beside", tmp_path / "cache"
    monkeypatch.setattr(compiling, "_folders", lambda: folders)
    monkeypatch.setattr(compiling, "OPTIONS", ("-O0", "-shared", "-fPIC"))
    return folders


def test_a_source_is_compiled_once(places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    library = compiling.library()
    assert library.parent == places[0]
    assert ctypes.CDLL(str(library)).lionrock_pool
    monkeypatch.setattr(compiling, "_compile", lambda into: pytest.fail("compiled twice"))
    assert compiling.library() == library
    assert [each.name for each in places[0].iterdir()] == [library.name]


def test_another_source_is_another_library(
    places: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = compiling.library()
    other = tmp_path / "other.c"
    other.write_text("int other(void) { return 7; }")
    monkeypatch.setattr(compiling, "SOURCES", (other,))
    second = compiling.library()
    assert second != first
    assert ctypes.CDLL(str(second)).other() == 7


def test_a_source_folder_that_cannot_be_written_leaves_the_cache(places: tuple[Path, Path]) -> None:
    places[0].write_text("a file where the folder would be")
    assert compiling.library().parent == places[1]


def test_nowhere_to_store_it_is_said(places: tuple[Path, Path]) -> None:
    for place in places:
        place.write_text("a file where the folder would be")
    with pytest.raises(Unavailable, match="--engine reference") as away:
        compiling.library()
    assert away.value.code == "planning.kernel.folder"


def test_no_compiler_is_said(places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "COMPILER", "no-such-compiler-here")
    with pytest.raises(Unavailable, match=r"Install gcc and libc6-dev, or use --engine reference") as away:
        compiling.library()
    assert away.value.code == "planning.kernel.no_compiler"


def test_what_does_not_compile_is_said(
    places: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.c"
    broken.write_text("int broken(")
    monkeypatch.setattr(compiling, "SOURCES", (broken,))
    with pytest.raises(Unavailable, match=r"broken\.c:1") as away:
        compiling.library()
    assert away.value.code == "planning.kernel.not_compiled"
    assert list(places[0].iterdir()) == []


def test_the_set_up_compiles_what_will_be_used() -> None:
    subprocess.run([sys.executable, "-m", "lionrock.planning.kernel"], check=True)
    assert compiling.library().is_file()
