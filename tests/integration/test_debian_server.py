"""The guards of the books, and the line as a whole, on a PostgreSQL 15 by URL."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = (
    "tests/ledger/test_guards.py",
    "tests/awards/test_at_once.py",
    "tests/awards/test_scenarios.py",
    "tests/awards/test_releases.py",
)


@pytest.mark.integration
def test_the_books_are_as_safe_on_the_oldest_server_that_will_do() -> None:
    """Run these parts of the suite once more, by themselves, on Debian's PostgreSQL 15."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "LIONROCK_", "DJANGO_"))
    }
    found = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *PARTS],
        cwd=ROOT,
        env=environment | {"LIONROCK_TEST_DATABASE": "debian"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert found.returncode == 0, found.stdout[-4000:] + found.stderr[-2000:]
    assert " passed" in found.stdout
    assert "skipped" not in found.stdout
