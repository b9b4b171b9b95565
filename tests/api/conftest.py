"""The world that the API is tried in, and its clock: the award of the scene is in force."""

from datetime import UTC, datetime

import pytest
from tests.calls.fixtures import world
from tests.config.conftest import scene, scene_on_file

__all__ = ["scene", "scene_on_file", "world"]

THEN = datetime(2026, 4, 20, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be that day for whoever reads the clock of a request."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: THEN)
