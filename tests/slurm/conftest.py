"""What runs against a real Slurm."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.calls.fixtures import world
from tests.slurm.cluster import left_out
from tests.slurm.fixtures import a_clean_tree, books, cluster

__all__ = ["a_clean_tree", "books", "cluster", "world"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark all that is in this folder; where no Slurm can be had, leave it out."""
    ours = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in ours:
        item.add_marker(pytest.mark.integration)
    if left_out():
        items[:] = [item for item in items if item not in ours]
        config.hook.pytest_deselected(items=ours)
