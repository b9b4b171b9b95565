"""A disk that fills up during an import, and a home that nobody may write to: a sentence, and nothing lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.database.test_full_disk import own_mounts
from tests.integration.conftest import import_of
from tests.integration.home import ROOT, Home

pytestmark = pytest.mark.integration

LIONROCK = f"{sys.executable} -m lionrock"
FILLS_UP = f"""
mount -t tmpfs -o size=900m,mode=755 tmpfs "$1" && cp --archive "$2" "$1/home" || exit 99
shift 2
{LIONROCK} database start >&2
free=$(df --output=avail --block-size=1 "$LIONROCK_HOME" | tail -1)
head -c $((free - 25000000)) /dev/zero >"$LIONROCK_HOME/filling"
{LIONROCK} "$@" >&2
echo "ended $?"
rm "$LIONROCK_HOME/filling"
{LIONROCK} "$@" --json
{LIONROCK} ledger check >&2
echo "ended $?"
{LIONROCK} database stop --now >&2
"""
WRITE_PROTECTED = f"""
mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" || exit 99
{LIONROCK} organisation list
echo "ended $?"
"""


def _with_mounts(script: str, home: Home, *words: str | Path) -> subprocess.CompletedProcess[str] | None:
    """Run a shell script with mounts of its own; an ordinary user may not be allowed any: None."""
    if subprocess.run([*own_mounts(), "true"], check=False, capture_output=True).returncode != 0:
        assert os.geteuid() != 0
        return None
    command = [*own_mounts(), "sh", "-c", script, "sh", *words]
    return subprocess.run(command, env=home.environment, cwd=ROOT, capture_output=True, text=True, check=False)


def test_an_import_on_a_disk_that_fills_up_says_so_and_goes_on_when_there_is_room(
    awarded: Home, imported: Home, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    done = _with_mounts(FILLS_UP, Home(disk / "home"), disk, awarded.path, *import_of(awarded.usage))
    if done is not None:
        assert done.stdout.splitlines()[0] == "ended 7", done.stderr
        assert "database.disk_full" in done.stderr
        assert done.stdout.splitlines()[-1] == "ended 0", done.stderr
        assert f'"held": {imported.content()["charging_heldrow"][0]}' in done.stdout


def test_a_home_on_a_write_protected_disk_is_named(imported: Home, tmp_path: Path) -> None:
    home = imported.copy(tmp_path / "home")
    done = _with_mounts(WRITE_PROTECTED, home, home.path)
    if done is not None:
        assert done.stdout == "ended 7\n", done.stderr
        assert "database.not_writable" in done.stderr
        assert str(home.path) in done.stderr
        assert "Traceback" not in done.stderr
