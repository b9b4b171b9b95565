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
