"""The two rulebooks that every test here speaks of: the real one and an invented one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lionrock.rules.checking import check_rulebook
from lionrock.rules.programme import Programme
from lionrock.rules.rulebook import Rulebook, load_rulebook

HERE = Path(__file__).resolve()
REAL = HERE.parents[2] / "rulebook"
INVENTED = HERE.parents[1] / "rulebook"

Faults = list[tuple[str, int, str]]
Broken = Callable[[str, str, str], Faults]


@pytest.fixture(scope="session")
def real() -> Rulebook:
    return load_rulebook(REAL)


@pytest.fixture(scope="session")
def scheme(real: Rulebook) -> Programme:
    return real.programme("hk-aiss")


@pytest.fixture(scope="session")
def demo(real: Rulebook) -> Programme:
    return real.programme("hk-aiss-demo")


@pytest.fixture(scope="session")
def lagoon() -> Programme:
    return load_rulebook(INVENTED).programme("lagoon")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the invented rulebook, without its cases, that a test may spoil."""
    folder = tmp_path / "book"
    shutil.copytree(INVENTED, folder, ignore=shutil.ignore_patterns("cases"))
    return folder


@pytest.fixture
def broken(copy: Path) -> Broken:
    """Replace a text in a file of the copy, or append when it is empty, and return what is found wrong."""

    def spoil(file: str, old: str, new: str) -> Faults:
        path = copy / file
        before = path.read_text() if path.exists() else ""
        assert old in before
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(before.replace(old, new, 1) if old else before + new)
        return [
            (str(Path(fault.file or "").relative_to(copy)), fault.line or 0, str(fault.message))
            for fault in check_rulebook(copy)
        ]

    return spoil
