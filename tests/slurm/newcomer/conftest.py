"""A visitor, a programme in full swing and an award of it, for those who run jobs on the real cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django.fixtures import Settings
from tests.browser.conftest import scene, visitor
from tests.slurm.cluster import Cluster

if TYPE_CHECKING:
    from tests.web.scene import Scene

    from lionrock.awards.models import Award

__all__ = ["award", "scene", "visitor"]


@pytest.fixture
def award(settings: Settings, tmp_path: Path, scene: Scene, cluster: Cluster, a_clean_tree: None) -> Award:
    """An award that is in force on the real cluster."""
    # Models can be imported only when Django is set up, which is after this file is read.
    from tests.slurm.newcomer.award import put_award  # noqa: PLC0415

    settings.LIONROCK_HOME = tmp_path / "home"
    return put_award(scene, cluster)
