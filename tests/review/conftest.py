"""The worlds that the tests of the line happen in, and an application that is being assessed."""

from __future__ import annotations

from typing import Any

import pytest
from tests.calls.fixtures import lagoon, world

__all__ = ["board", "lagoon", "unnamed", "world"]


@pytest.fixture
def board(world: Any) -> Any:
    """An application of the demonstration programme, whose assessors are not named."""
    # Models can be imported only when Django is set up, which is after this file is read.
    from tests.review.board import put_board  # noqa: PLC0415

    return put_board(world)


@pytest.fixture
def unnamed(lagoon: Any) -> Any:
    """An application of the invented programme, where neither applicants nor assessors are named."""
    from tests.review.board import put_board  # noqa: PLC0415

    return put_board(lagoon)
