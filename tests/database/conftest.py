"""Homes of their own for tests that start, stop and kill servers."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lionrock.database.sharing import end


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home whose server is gone after the test, whatever the test did."""
    place = tmp_path / "home"
    yield place
    end(place, now=True)


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder with a short path that every user can enter and nobody but us can change."""
    folder = Path(tempfile.mkdtemp(prefix="lionrock-public-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def ordinary_home(public: Path) -> Iterator[Path]:
    """A home that belongs to a user who is not root (see `neighbours.try_as_ordinary_user`)."""
    place = public / "home"
    place.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(place, "nobody", "nogroup")
    yield place
    end(place, now=True)
