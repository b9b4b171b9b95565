"""The worlds that the tests of the line happen in, and a programme made for tests of charging alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.calls.fixtures import lagoon, world

__all__ = ["books", "lagoon", "world"]


@pytest.fixture(autouse=True)
def rulebook_put_back(settings: Any) -> None:
    """Have the rulebook that `Books` replaces put back: only what is set through the fixture is."""
    settings.LIONROCK_RULEBOOK = settings.LIONROCK_RULEBOOK


@pytest.fixture
def books(settings: Any, db: None, tmp_path: Path) -> Any:
    """A programme with one organisation, one award without a tight cap, and cards at 10.00 an hour."""
    from tests.charging.books import Books  # noqa: PLC0415

    made = Books(tmp_path / "rulebook")
    made.put_award()
    return made


@pytest.fixture
def large(books: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Take a month for large that has more than ten runs."""
    # Models can be imported only when Django is set up, which is after this file is read.
    from tests.charging.large_month import MANY, PART  # noqa: PLC0415

    from lionrock.charging import reckoning  # noqa: PLC0415
    from lionrock.charging.actions import freezing  # noqa: PLC0415

    monkeypatch.setattr(reckoning, "MANY", MANY)
    for module in (reckoning, freezing):
        monkeypatch.setattr(module, "PART", PART)
    books.put_award("A2", "u2", cap=2000)
    return books
