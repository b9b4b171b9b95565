"""What runs against a real Slurm."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.calls.fixtures import world
from tests.slurm.cluster import CHOICE
from tests.slurm.fixtures import cluster

__all__ = ["cluster", "world"]


def _left_out() -> str:
    """Return why these tests are left out, or nothing: by choice, or because nodes start jobs as other users."""
    if os.environ.get(CHOICE) == "none":
        return f"{CHOICE} is none"
    return "it takes root" if os.geteuid() != 0 else ""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it where it is read, so that nobody takes them for tried."""
    if why := _left_out():
        terminalreporter.write_line(f"Not tried, and not counted: what runs against a real Slurm ({why}).")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark all that is in this folder; where no Slurm can be had, leave it out."""
    ours = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in ours:
        item.add_marker(pytest.mark.integration)
    if _left_out():
        items[:] = [item for item in items if item not in ours]
        config.hook.pytest_deselected(items=ours)
