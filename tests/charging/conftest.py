"""The programme that the tests of charging happen in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def books(settings: Any, db: None, tmp_path: Path) -> Any:
    """A programme with one organisation, one award without a tight cap, and cards at 10.00 an hour."""
    from tests.charging.books import Books  # noqa: PLC0415

    made = Books(tmp_path / "rulebook")
    made.put_award()
    return made
