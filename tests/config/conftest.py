"""The world that commands and pages are tried in."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.calls.fixtures import world
from tests.keeping import kept

__all__ = ["world"]


@pytest.fixture(scope="module")
def scene_on_file(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """One of everything on file, and the folder with its files: made once for a module. Models are imported late."""
    from tests.calls.world import SHIPPED, World  # noqa: PLC0415
    from tests.config.scene import put_scene  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("scene")
    with kept(django_db_blocker, LIONROCK_RULEBOOK=SHIPPED, LIONROCK_HOME=folder / "home"):
        with django_db_blocker.unblock():
            made = World()
            made.put_organisation()
            made.put_site()
            scene = put_scene(made, folder)
        yield scene, folder


@pytest.fixture
def scene(scene_on_file: Any, db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """One of everything on file, in a folder and a home of its own."""
    from lionrock.config import cli  # noqa: PLC0415

    made, folder = scene_on_file
    settings.LIONROCK_HOME = tmp_path / "home"
    if (folder / "home").exists():
        shutil.copytree(folder / "home", settings.LIONROCK_HOME)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "connect", lambda: None)
    return made
