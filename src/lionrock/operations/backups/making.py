"""Making a backup while everybody works: the database at one moment, and the home's files that it speaks of."""

from __future__ import annotations

import secrets
import shutil
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from lionrock.database.tools import Reach, run_tool
from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.operations.backups.shelf import BASE, FILES, WAL, Description, digests_of

LEFT_OUT: Final = frozenset({"postgres", "backups"})
"""Of the home: the database, which is copied otherwise, and other backups."""
STILL_MILLISECONDS: Final = 300
"""Longest time for which writers wait; below the server's patience with deadlocks, so that none is made."""
TRIES: Final = 200
"""Somebody who writes for minutes, such as a close, is waited for by trying again."""
_SLOT: Final = "lionrock_backup_"
Session = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant of the database, known by its place in the server's log, and what was in the tables then."""

    at: datetime
    lsn: str
    end: str
    """A place after it, up to which the log has to be kept."""
    tables: dict[str, tuple[int, str]]
    migrations: list[str]
    server: str


def make(home: Path, reach: Reach, shelf: Path) -> Path:
    """Make a backup and return its folder; what is unfinished bears no description and is no backup.

    The order matters: pages of the database while it is in use, then a moment at which nobody writes, the
    log up to that, and the files last, since a file is kept before the row that names it. Raises `Unavailable`.
    """
    began = time.monotonic()
    folder = shelf / datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    shelf.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700)
    try:
        with _slot(reach) as slot:
            base = ["--format=tar", "--gzip", "--checkpoint=fast", "--wal-method=none", "--manifest-checksums=SHA256"]
            run_tool("pg_basebackup", [*base, f"--pgdata={folder / BASE}", f"--dbname={reach.conninfo}"])
            moment = still_moment(reach)
            (folder / WAL).mkdir(mode=0o700)
            place = [f"--directory={folder / WAL}", f"--slot={slot}", f"--endpos={moment.end}", "--no-loop"]
            run_tool("pg_receivewal", [*place, f"--dbname={reach.conninfo}"])
        _keep_files(home, folder / FILES, shelf)
        describe(folder, moment, time.monotonic() - began)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def describe(folder: Path, moment: Moment, seconds: float) -> None:
    """Write last what makes it a backup."""
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    Description(
        name=folder.name,
        moment=moment.at.isoformat(),
        lsn=moment.lsn,
        seconds=round(seconds, 1),
        bytes=size,
        server=moment.server,
        migrations=moment.migrations,
        tables=moment.tables,
        digests=digests_of(folder),
    ).write(folder)


@contextmanager
def _slot(reach: Reach) -> Iterator[str]:
    """Have the server keep its log from now on; what a killed backup left is let go first."""
    name = f"{_SLOT}{secrets.token_hex(4)}"
    with reach.connect(autocommit=True) as session:
        left = "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
        _allowed(session, f"{left} WHERE slot_name LIKE %s AND NOT active", [f"{_SLOT}%"])
        _allowed(session, "SELECT pg_create_physical_replication_slot(%s, true)", [name])
    try:
        yield name
    finally:
        with reach.connect(autocommit=True) as session:
            session.execute("SELECT pg_drop_replication_slot(%s)", [name])


def _allowed(session: Session, statement: str, values: list[str]) -> None:
    try:
        session.execute(statement, values)
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectNotInPrerequisiteState) as error:
        said = message(
            gettext_noop(
                "The server does not let its data be copied: {reason}. As its administrator: ALTER ROLE {role} "
                "REPLICATION; wal_level = replica; and a line for replication in pg_hba.conf."
            ),
            reason=str(error).partition("\n")[0],
            role=session.info.user,
        )
        raise Unavailable("operations.backup.not_allowed", said) from error


def still_moment(reach: Reach) -> Moment:
    """Find a moment at which nobody writes, remember it, and read the tables as they were then.

    Writers wait for at most `STILL_MILLISECONDS`; reading goes on while they write again. Raises
    `Unavailable` when no such moment is found.
    """
    with reach.connect(autocommit=False) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        lsn, at = _still(reach, reader)
        reader.execute("SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL extra_float_digits = 1")
        tables = tables_of(reader)
        applied = reader.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
        server = reader.info.parameter_status("server_version") or ""
    return Moment(at, lsn, _beyond(reach), tables, [name for (name,) in applied], server)


def _still(reach: Reach, reader: Session) -> tuple[str, datetime]:
    for _ in range(TRIES):
        with reach.connect(autocommit=False) as holder:
            try:
                _stop_writers(holder)
            except psycopg.errors.LockNotAvailable:
                holder.rollback()
                time.sleep(STILL_MILLISECONDS / 1000)
                continue
            reader.execute("SELECT 1")  # from here on it sees this moment, whatever is written
            [row] = holder.execute("SELECT pg_current_wal_insert_lsn()::text, clock_timestamp()").fetchall()
            return str(row[0]), row[1].astimezone(UTC)
    said = message(
        gettext_noop(
            "Somebody writes without a pause: no moment was found in {count} tries. Try again when it is done."
        ),
        count=TRIES,
    )
    raise Unavailable("operations.backup.never_still", said)


def _stop_writers(holder: Session) -> None:
    holder.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(STILL_MILLISECONDS))
    names = [sql.Identifier("public", name) for name in _names(holder)]
    holder.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(sql.SQL(", ").join(names)))


def _names(session: Session) -> list[str]:
    return [
        str(name)
        for (name,) in session.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    ]


def tables_of(session: Session) -> dict[str, tuple[int, str]]:
    """Return of each table how many rows it has, and a digest of them that does not depend on their order."""
    question = sql.SQL("SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM {} t")
    found = {}
    for name in _names(session):
        [(rows, digest)] = session.execute(question.format(sql.Identifier("public", name))).fetchall()
        found[name] = (int(rows), str(digest))
    return found


def _beyond(reach: Reach) -> str:
    """Write twice into the server's log, so that the moment lies before what is written on disk for certain."""
    with reach.connect(autocommit=True) as session:
        for _ in range(2):
            session.execute("SELECT pg_logical_emit_message(true, 'lionrock', 'backup')")
        [(end,)] = session.execute("SELECT pg_current_wal_flush_lsn()::text").fetchall()
    return str(end)


def _keep_files(home: Path, file: Path, shelf: Path) -> None:
    def kept(info: tarfile.TarInfo) -> tarfile.TarInfo | None:
        parts = Path(info.name).parts
        outside = bool(parts) and (parts[0] in LEFT_OUT or (home / info.name).resolve() == shelf.resolve())
        return info if not outside and (info.isfile() or info.isdir() or info.issym()) else None

    with tarfile.open(file, "w") as archive:
        for each in sorted(home.iterdir()):
            archive.add(each, arcname=each.name, filter=kept)
