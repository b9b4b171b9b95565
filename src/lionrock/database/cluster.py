"""The data folder: made whole or not at all, and looked at before a server is let near it."""

from __future__ import annotations

import os
import shutil
import subprocess

from lionrock.database import failures
from lionrock.database.account import Account
from lionrock.database.layout import Layout
from lionrock.database.programs import Programs

SUPERUSER = "postgres"

# The builtin locale sorts the same on every machine, whatever its C library; access is guarded by
# the folder of the socket, which only the account of the server (and root) can enter.
INITDB = (
    f"--username={SUPERUSER}",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth-local=trust",
    "--auth-host=reject",
    "--data-checksums",
    "--no-instructions",
)


def prepare(layout: Layout, account: Account, programs: Programs, alive: int) -> None:
    """Make the cluster if there is none; otherwise see that it is ours, whole, and of our version.

    `alive` is the descriptor of the alive-lock, which initdb inherits: if we are killed, the next
    process can tell that initdb is still at work. Raises Unavailable and OSError.
    """
    if not layout.data.exists() or (_is_ours(layout, account) and not any(layout.data.iterdir())):
        _make(layout, account, programs, alive)
        return
    inspect(layout, account, programs.major)


def inspect(layout: Layout, account: Account, major: int) -> None:
    """Refuse a data folder of another user or version, or one that is no whole cluster."""
    data = layout.data
    if not _is_ours(layout, account):
        raise failures.foreign(data, data.stat().st_uid)
    version = data / "PG_VERSION"
    if not version.is_file() or not (found := version.read_text().strip()):
        raise failures.damaged(data, "the file PG_VERSION is missing or empty")
    if found != str(major):
        raise failures.other_version(data, found, major)
    if not (data / "global" / "pg_control").is_file():
        raise failures.damaged(data, "the file global/pg_control is missing")


def _is_ours(layout: Layout, account: Account) -> bool:
    """Say whether the account owns the data; what root owns (a backup copied back) is given to it first."""
    owner = layout.data.stat().st_uid
    if account.switch and owner == 0:
        account.give(layout.data)
        return True
    return owner == account.uid


def _make(layout: Layout, account: Account, programs: Programs, alive: int) -> None:
    """Run initdb beside the place and rename, so that a half-made cluster never stands in it."""
    scratch = layout.unfinished
    if scratch.exists():
        shutil.rmtree(scratch)
    scratch.mkdir(mode=0o700)
    account.give(scratch)
    try:
        _initdb(layout, account, programs, alive)
        scratch.rename(layout.data)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    _to_disk(layout)


def _initdb(layout: Layout, account: Account, programs: Programs, alive: int) -> None:
    command = [programs.initdb, "-D", account.address(layout.unfinished), *INITDB]
    spawn = account.spawn(layout.unfinished, capture_output=True, text=True, pass_fds=(alive,))
    result = subprocess.run(command, check=False, **spawn)
    if result.returncode < 0:
        reason = f"initdb was ended by signal {-result.returncode}"
        raise failures.start_failed(layout.data, reason, layout.log)
    if result.returncode > 0:
        raise failures.from_output(f"{result.stdout}\n{result.stderr}", layout.folder, layout.log)


def _to_disk(layout: Layout) -> None:
    """Make the rename itself survive a power cut."""
    folder = os.open(layout.folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
