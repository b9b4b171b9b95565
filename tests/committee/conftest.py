"""The world that the tests of the committee happen in, and a committee that can sit."""

from __future__ import annotations

from typing import Any

import pytest
from tests.calls.fixtures import lagoon, world

__all__ = ["lagoon", "world"]


@pytest.fixture
def table(world: Any) -> Any:
    """A programme with a fund, its committee of five, and a meeting that is planned."""
    # Models can be imported only when Django is set up, which is after this file is read.
    from tests.committee.table import set_table  # noqa: PLC0415

    return set_table(world)
