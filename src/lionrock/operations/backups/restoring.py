"""Restoring a backup into an empty home: to its own moment, or to any later one that the archive reaches."""

from __future__ import annotations

import shutil
import subprocess
import time
from datetime import datetime
from pathlib import Path
from typing import Final

from lionrock.database.account import account_for
from lionrock.database.layout import Layout
from lionrock.database.server import superuser
from lionrock.database.sharing import ensure_running
from lionrock.kernel.errors import Conflict, Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.operations.backups.shelf import ARCHIVE, BASE, FILES, WAL, Backup

SEGMENTS: Final = "lionrock_restore"
"""In the data folder, where the server's account gets to whatever lies around it."""
PATIENCE: Final = 3600.0
PAUSE: Final = 0.1
_SETTINGS: Final = ("restore_command", "recovery_target_lsn", "recovery_target_time", "recovery_target_inclusive")
_ACCESS: Final = "local all all trust\nlocal replication all trust\n"


def restore(backup: Backup, home: Path, to: datetime | None = None) -> None:
    """Put a backup into an empty home and start its private server; `to` is the moment wanted, else its own.

    The server replays its log up to there and goes on from it. Raises `Conflict` where something is in the
    home already, and `Unavailable` when the log does not reach so far, or the server does not start.
    """
    layout = Layout.of(home)
    _require_empty(home)
    if to is not None and to < backup.moment:
        raise _too_early(backup, to)
    layout.folder.mkdir(mode=0o700, parents=True)
    layout.unfinished.mkdir(mode=0o700)
    for part in sorted((backup.folder / BASE).glob("*.tar.gz")):
        _unpack(part, layout.unfinished)
    _lay_out_log(backup, layout.unfinished / SEGMENTS)
    _tell_server(layout.unfinished, backup, to)
    account_for(layout.data).give(layout.unfinished)
    layout.unfinished.rename(layout.data)
    _unpack(backup.folder / FILES, home)
    ensure_running(home, None)
    _replay(layout)


def _unpack(file: Path, folder: Path) -> None:
    command = ["tar", "--extract", "--file", str(file), "--directory", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = message(
            gettext_noop(
                "{file} cannot be unpacked: {reason}. Run `lionrock backup verify`, and see that there is room."
            ),
            file=file,
            reason=" ".join(done.stderr.split()[-20:]),
        )
        raise Unavailable("operations.restore.unreadable", said)


def _require_empty(home: Path) -> None:
    if home.exists() and any(home.iterdir()):
        said = message(
            gettext_noop("There is something in {folder} already. Restore into a folder that is empty or not there."),
            folder=home,
        )
        raise Conflict("operations.restore.not_empty", said)


def _too_early(backup: Backup, to: datetime) -> Conflict:
    said = message(
        gettext_noop("The backup {name} is of {moment}, after {to}. Take one from before."),
        name=backup.description.name,
        moment=backup.description.moment,
        to=to.isoformat(),
    )
    return Conflict("operations.restore.too_early", said)


def _lay_out_log(backup: Backup, folder: Path) -> None:
    """Put the log beside the data: the backup's own, and over it the archive's, which has its later part too.

    What was being written when it was copied is called `.partial`; a whole one of the same name wins.
    """
    folder.mkdir(mode=0o700)
    sources = [backup.folder / WAL, backup.folder.parent / ARCHIVE]
    found = [path for source in sources if source.is_dir() for path in sorted(source.iterdir()) if path.is_file()]
    for path in sorted(found, key=lambda each: each.suffix != ".partial"):
        if (path.suffix or ".partial") == ".partial":
            shutil.copyfile(path, folder / path.name.removesuffix(".partial"))


def _tell_server(data: Path, backup: Backup, to: datetime | None) -> None:
    target = {"recovery_target_lsn": backup.description.lsn, "recovery_target_inclusive": "off"}
    if to is not None:
        target = {"recovery_target_time": to.isoformat(), "recovery_target_inclusive": "on"}
    settings = {
        **target,
        "restore_command": f"cp {SEGMENTS}/%f %p",
        "recovery_target_action": "promote",
        "recovery_target_timeline": "current",
    }
    with (data / "postgresql.auto.conf").open("a") as file:
        file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
    (data / "recovery.signal").touch()
    # Debian keeps these elsewhere; whoever gets to the socket is let in, as with any private server.
    (data / "pg_hba.conf").write_text(_ACCESS)
    for name in ("postgresql.conf", "pg_ident.conf"):
        (data / name).touch()


def _replay(layout: Layout) -> None:
    deadline = time.monotonic() + PATIENCE
    with superuser(layout) as session:
        while session.execute("SELECT pg_is_in_recovery()").fetchall() != [(False,)]:
            if time.monotonic() > deadline:
                said = message(gettext_noop("The server replays its log since an hour. See {log}."), log=layout.log)
                raise Unavailable("operations.restore.endless", said)
            time.sleep(PAUSE)
        for name in (*_SETTINGS, "recovery_target_action", "recovery_target_timeline"):
            session.execute(f"ALTER SYSTEM RESET {name}")
    shutil.rmtree(layout.data / SEGMENTS)
