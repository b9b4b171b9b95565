"""The folder of backups: what lies in it, and whether each is as it was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from lionrock.database.tools import run_tool
from lionrock.kernel.errors import Broken, LionrockError, NotFound
from lionrock.kernel.messages import gettext_noop, message

DESCRIPTION: Final = "backup.json"
BASE: Final = "base"
WAL: Final = "wal"
FILES: Final = "files.tar"
ARCHIVE: Final = "archive"
"""Beside the backups: what the server has written since, for moments between and after them."""


@dataclass(frozen=True, slots=True)
class Description:
    """What a backup says of itself.

    `moment` is when the database was as it is in there, `lsn` the same as its log counts, and `tables` how
    many rows each table had then, and a digest of them that does not depend on their order.
    """

    name: str
    moment: str
    lsn: str
    seconds: float
    bytes: int
    server: str
    migrations: list[str]
    tables: dict[str, tuple[int, str]]
    digests: dict[str, str]

    def write(self, folder: Path) -> None:
        """Write it into the folder of the backup."""
        (folder / DESCRIPTION).write_text(json.dumps(asdict(self), indent=1, sort_keys=True))


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup on the shelf."""

    folder: Path
    description: Description

    @property
    def moment(self) -> datetime:
        """When the database was as it is in there."""
        return datetime.fromisoformat(self.description.moment)


def backups_in(shelf: Path) -> list[Backup]:
    """Return the whole backups of a shelf, the oldest first; one that was not finished has no description."""
    found = [Backup(each.parent, _read(each)) for each in sorted(shelf.glob(f"*/{DESCRIPTION}"))]
    return sorted(found, key=lambda each: each.moment)


def newest(shelf: Path, before: datetime | None = None) -> Backup:
    """Return the newest backup, or the newest of a moment; raises `NotFound` when there is none."""
    found = [each for each in backups_in(shelf) if before is None or each.moment <= before]
    if not found:
        said = message(
            gettext_noop("There is no backup in {folder}{before}. Make one: lionrock backup make --in {folder}"),
            folder=shelf,
            before=f" from before {before.isoformat()}" if before else "",
        )
        raise NotFound("operations.backup.none", said)
    return found[-1]


def _read(file: Path) -> Description:
    content = json.loads(file.read_text())
    content["tables"] = {name: (rows, digest) for name, (rows, digest) in content["tables"].items()}
    return Description(**content)


def digests_of(folder: Path) -> dict[str, str]:
    """Return a digest of every file of a backup but its description."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != DESCRIPTION)
    return {str(path.relative_to(folder)): _digest(path) for path in files}


def verify(backup: Backup) -> None:
    """Compare every file with what was written; raises `Broken` naming those that are missing or otherwise."""
    wanted, found = backup.description.digests, digests_of(backup.folder)
    wrong = sorted(name for name in {*wanted, *found} if wanted.get(name) != found.get(name))
    if wrong:
        raise _spoilt(backup, wrong)
    try:
        run_tool("pg_verifybackup", ["--no-parse-wal", "--quiet", str(backup.folder / BASE)])
    except LionrockError as error:
        raise _spoilt(backup, [str(error)]) from error


def _spoilt(backup: Backup, wrong: Sequence[str]) -> Broken:
    said = message(
        gettext_noop("The backup {name} is not as it was written: {wrong}. Do not rely on it; make another one now."),
        name=backup.description.name,
        wrong=", ".join(wrong[:20]),
    )
    return Broken("operations.backup.spoilt", said)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
