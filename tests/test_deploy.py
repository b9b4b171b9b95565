"""A backup that was restored somewhere else holds the same."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.integration.home import Home
from tests.tidy.files import ROOT

BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Installation:
    """A home with a private server of its own."""

    home: Path

    def run(self, *command: str) -> str:
        """Run a command in this home; return what it printed."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LIONROCK_")}
        environment = kept | {"LIONROCK_HOME": str(self.home)}
        run = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
        assert run.returncode == 0, f"{command}: {run.stderr}"
        return run.stdout

    def lionrock(self, *arguments: str) -> str:
        """Run `lionrock …`."""
        return self.run(str(BIN / "lionrock"), *arguments)


@pytest.fixture
def installations(migrated: Home, tmp_path: Path) -> Iterator[tuple[Installation, Installation]]:
    both = Installation(migrated.copy(tmp_path / "old").path), Installation(tmp_path / "new")
    yield both
    for installation in both:
        installation.lionrock("database", "stop", "--now")


RESTORE = """
set -euo pipefail
bin=$1; source deploy/database-tools
"$tools/pg_restore" --dbname "$database" --no-owner --single-transaction "$2"
"""


@pytest.mark.integration
def test_a_restored_backup_holds_the_same(installations: tuple[Installation, Installation], tmp_path: Path) -> None:
    old, new = installations
    old.lionrock("database", "start")
    old.lionrock("organisation", "add", "pine-lab", "--name", "Pine Lab")
    (old.home / "secret-key").write_text("the old key")
    old.run("deploy/backup", str(tmp_path / "backups"))

    (dump,) = (tmp_path / "backups").glob("*.dump")
    (files,) = (tmp_path / "backups").glob("*.tar")
    new.home.mkdir()
    new.run("tar", "--extract", "--file", str(files), "--directory", str(new.home))
    new.run("bash", "-c", RESTORE, "restore", str(BIN), str(dump))
    new.lionrock("database", "migrate")

    assert (new.home / "secret-key").read_text() == "the old key"
    assert "pine-lab" in old.lionrock("organisation", "list", "--json")
    assert new.lionrock("organisation", "list", "--json") == old.lionrock("organisation", "list", "--json")
    new.lionrock("ledger", "check")
