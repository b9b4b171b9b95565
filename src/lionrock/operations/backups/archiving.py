"""The archive beside the backups: what the server writes, copied as it writes it, and forgotten with old backups."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from lionrock.database.tools import Reach, command_of, run_tool
from lionrock.operations.backups.shelf import ARCHIVE, WAL, backups_in
from lionrock.operations.supervising import Child

SLOT: Final = "lionrock_archive"
"""By it the server knows how far we are, and keeps what we have not copied yet."""
_SEGMENT: Final = 24
"""Length of a segment's name: by name they are in the order in which they were written."""


def archiver(reach: Reach, shelf: Path) -> Child:
    """Return the process that copies; the slot is made if there is none."""
    folder = shelf / ARCHIVE
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = [f"--directory={folder}", f"--slot={SLOT}", f"--dbname={reach.conninfo}"]
    run_tool("pg_receivewal", [*place, "--create-slot", "--if-not-exists"])
    return Child("archive", command_of("pg_receivewal", *place, "--synchronous", "--no-password"))


def forget_older(shelf: Path, keep: int) -> list[str]:
    """Remove all but the newest `keep` backups, and what the archive has from before them; return their names."""
    found = backups_in(shelf)
    old, kept = found[:-keep], found[-keep:]
    for each in old:
        shutil.rmtree(each.folder)
    first = min((path.name[:_SEGMENT] for each in kept for path in (each.folder / WAL).iterdir()), default="")
    for segment in (shelf / ARCHIVE).glob("*"):
        if segment.name[:_SEGMENT] < first:
            segment.unlink()
    return [each.description.name for each in old]
