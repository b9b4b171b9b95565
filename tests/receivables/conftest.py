"""A programme with two organisations, whose months can be used, closed and paid."""

from __future__ import annotations

from typing import Any

import pytest
from tests.calls.fixtures import world

__all__ = ["world"]


@pytest.fixture
def till(world: Any) -> Any:
    """Two organisations with an award each; nothing is closed yet."""
    from tests.receivables.till import Till  # noqa: PLC0415 - models wait for Django
    from tests.statements.books import set_up  # noqa: PLC0415

    return Till(set_up(world))
