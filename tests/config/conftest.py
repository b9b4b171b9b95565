"""The world that commands and pages are tried in."""

from pathlib import Path
from typing import Any

import pytest
from tests.calls.fixtures import world

__all__ = ["world"]


@pytest.fixture
def scene(world: Any, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """One of everything on file. Django's models are imported late: a conftest is read before it is set up."""
    from tests.config.scene import put_scene  # noqa: PLC0415

    from lionrock.config import cli  # noqa: PLC0415

    monkeypatch.chdir(tmp_path)
    settings.LIONROCK_HOME = tmp_path / "home"
    monkeypatch.setattr(cli, "connect", lambda: None)
    return put_scene(world, tmp_path)
