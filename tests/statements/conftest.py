"""A programme of two organisations whose April is closed, and whose May corrects it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.calls.fixtures import world

__all__ = ["world"]


@pytest.fixture
def books(world: Any) -> Any:
    """Two organisations with an award each, and a site; nothing is closed yet."""
    from tests.statements.books import set_up  # noqa: PLC0415 - models wait for Django

    return set_up(world)
