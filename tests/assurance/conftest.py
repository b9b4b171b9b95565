"""The worlds of the gate. Django's models are imported late: a conftest is read before it is set up."""

from __future__ import annotations

from typing import Any

import pytest
from tests.calls.fixtures import world

__all__ = ["world"]


@pytest.fixture
def asking(world: Any, settings: Any) -> Any:
    """The demonstration programme, by a rulebook in which it asks the gate."""
    from tests.assurance.project import rulebook_that_asks  # noqa: PLC0415

    settings.LIONROCK_RULEBOOK = rulebook_that_asks()
    return world


@pytest.fixture
def study(asking: Any) -> Any:
    """An application that was handed in, of a programme that asks the gate."""
    from tests.assurance.project import project  # noqa: PLC0415

    return project(asking)
