"""A disk that is really full: a small one of our own, mounted where only the process under test sees it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.database.neighbours import SOURCE, TRY

pytestmark = pytest.mark.integration

MOUNT = 'mount -t tmpfs -o "$1,mode=755" tmpfs "$2" && shift 2 && exec "$@"'

FILL_AND_FREE = """
import json, sys
from pathlib import Path
from lionrock.database import ensure_running, release
from lionrock.kernel.errors import LionrockError
home = Path(sys.argv[1])
ensure_running(home, None)
release(home)
codes = []
with (home / "filling").open("wb", buffering=0) as filling:
    try:
        while filling.write(bytes(4096)):
            pass
    except OSError:
        pass
try:
    ensure_running(home, None)
except LionrockError as error:
    codes.append(error.code)
(home / "filling").unlink()
ensure_running(home, None)
release(home)
print(json.dumps(codes))
"""


def own_mounts() -> list[str]:
    """Return the command that runs another with mounts of its own; an ordinary user needs a user name space too."""
    if os.geteuid() == 0:
        return ["unshare", "--mount"]
    return ["unshare", "--user", "--map-current-user", "--keep-caps", "--mount"]


def on_a_disk(disk: Path, options: str, script: str) -> object:
    """Run the script with a home on a disk mounted with these options; return the JSON that it prints.

    A machine that lets ordinary users have no name spaces has no such disk for them: None.
    """
    if subprocess.run([*own_mounts(), "true"], check=False, capture_output=True).returncode != 0:
        assert os.geteuid() != 0
        return None
    disk.mkdir()
    command = [*own_mounts(), "sh", "-c", MOUNT, "sh", options, str(disk)]
    command += [sys.executable, "-c", script, str(disk / "home")]
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize(
    "options",
    ["size=8k", "size=1m", "size=24m", "size=38m", "size=200m,nr_inodes=5", "size=200m,nr_inodes=300"],
)
def test_a_first_start_on_a_disk_too_small_says_that_it_is_full(tmp_path: Path, options: str) -> None:
    result = on_a_disk(tmp_path / "disk", options, TRY)
    if isinstance(result, dict):
        assert result["code"] == "database.disk_full"
        assert str(tmp_path / "disk" / "home") in result["sentence"]


def test_a_start_on_a_disk_that_became_full_says_so_and_works_again_when_there_is_room(tmp_path: Path) -> None:
    assert on_a_disk(tmp_path / "disk", "size=120m", FILL_AND_FREE) in (["database.disk_full"], None)
