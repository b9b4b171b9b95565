"""The private server of one home: is it up, start it, stop it, clean up after a crash.

Whoever calls `ensure` or `stop` holds the turn-lock of the layout (see `sharing.py`).
"""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psycopg
from psycopg import sql

from lionrock.database import failures, processes
from lionrock.database.account import Account, account_for
from lionrock.database.cluster import SUPERUSER, prepare
from lionrock.database.connection import DATABASE, ROLE
from lionrock.database.layout import PORT, SOCKET, Layout
from lionrock.database.locks import PAUSE, becomes_free, open_owned, try_exclusive
from lionrock.database.programs import Programs, programs_for

START_SECONDS = 300.0
"""Restoring after a crash reads at most a gigabyte of log (max_wal_size)."""

STOP_SECONDS = 30.0
"""A server that is recovering does not heed SIGINT; what follows is as safe, only slower at the next start."""

QUIT_SECONDS = 15.0
ORPHAN_SECONDS = 3.0
"""Backends notice by themselves that their postmaster is gone, unless they compute."""

NOT_YET = "the database system is"
"""… starting up, shutting down, in recovery mode, not yet accepting connections."""

MOST_REFUSALS = 100
"""A server that has so often refused us for another reason will go on doing so."""

LONGEST_LOG = 10 << 20
"""Bytes; a longer log becomes server.log.1 at the next start."""

UNSAFE_FAST = "LIONROCK_DATABASE_UNSAFE_FAST"
"""Environment variable; "1" gives up durability at a power cut, for test suites only."""

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "cluster_name": "lionrock",
    "max_connections": "120",
    "max_slot_wal_keep_size": "8GB",
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
    "lc_messages": "C",
}
"""For a small machine that is shared with the application; parallel workers would want a large /dev/shm.

Its disk is no spinning one, or its memory holds the books: reading here and there costs little more than in a row.
A log that is kept for an archive which nobody writes any more does not fill that disk.
"""

FAST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


Connection = psycopg.Connection[tuple[object, ...]]


class Condition(StrEnum):
    """What the locks and postmaster.pid say about a server."""

    DOWN = "down"
    STARTING = "starting"
    READY = "ready"
    STOPPING = "stopping"
    ORPHANED = "orphaned"
    """Processes of the cluster live without their postmaster, or initdb was left alone."""


@dataclass(frozen=True, slots=True)
class Server:
    """The server of one layout."""

    layout: Layout

    def ensure(self) -> None:
        """Bring the server up, whatever state it was left in, with our database in it.

        Raises Unavailable with the reason, and OSError for what the file system says.
        """
        connection = self._adopted()
        if connection is None:
            self._end_processes()
            connection = self._launched()
        with connection:
            _ensure_database(connection, self.layout)

    def condition(self) -> Condition:
        """Look, without changing anything."""
        if not self.layout.folder.exists() or becomes_free(self.layout.alive, 0):
            return Condition.DOWN
        if self.postmaster() is None:
            return Condition.ORPHANED
        states = {"ready": Condition.READY, "stopping": Condition.STOPPING}
        lines = self._pid_file()
        return states.get(lines[7].strip() if len(lines) > 7 else "", Condition.STARTING)

    def postmaster(self) -> int | None:
        """Return the number of the server's first process, if it lives."""
        first = next(iter(self._pid_file()), "")
        if first.isdigit() and processes.works_in(int(first), self.layout.data):
            return int(first)
        return None

    def stop(self) -> None:
        """End the server: its transactions are rolled back, its data written, its processes gone.

        Goes from asking to killing, which is as safe for what was committed, only slower at the
        next start. Raises Unavailable when its processes cannot be reached.
        """
        self._end_processes()
        _remove_leftovers(self.layout)

    def _end_processes(self) -> None:
        for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, QUIT_SECONDS)):
            if (pid := self.postmaster()) is not None:
                processes.send(pid, number)
                if becomes_free(self.layout.alive, seconds):
                    return
        if becomes_free(self.layout.alive, ORPHAN_SECONDS):
            return
        processes.kill_inside(self.layout.data)
        processes.kill_inside(self.layout.unfinished)
        if not becomes_free(self.layout.alive, QUIT_SECONDS):
            raise failures.in_use_elsewhere(self.layout.data)

    def _pid_file(self) -> list[str]:
        try:
            return (self.layout.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _adopted(self) -> Connection | None:
        """Connect to the server that is up or coming up; None if there is none, or it ends meanwhile."""
        if self.condition() not in {Condition.STARTING, Condition.READY}:
            return None
        return self._connected(ended={Condition.DOWN, Condition.ORPHANED, Condition.STOPPING})

    def _launched(self) -> Connection:
        """Start the server and connect to it; explain why if it ends instead."""
        said_before = self._launch()
        connection = self._connected(ended={Condition.DOWN})
        if connection is None:
            raise failures.from_output(_said_since(self.layout, said_before), self.layout.data, self.layout.log)
        return connection

    def _launch(self) -> int:
        """Start the postmaster; return how long its log was before."""
        layout = self.layout
        account = account_for(layout.data)
        alive = open_owned(layout.alive)
        try:
            if not try_exclusive(alive):
                raise failures.in_use_elsewhere(layout.data)
            programs = programs_for(account, layout)
            prepare(layout, account, programs, alive)
            _remove_leftovers(layout)
            _prepare_socket_folder(layout, account)
            return _spawn(layout, account, programs, alive)
        finally:
            os.close(alive)

    def _connected(self, ended: set[Condition]) -> Connection | None:
        """Connect as superuser as soon as the server lets us; None when it reaches one of these conditions."""
        deadline, refusals, reason = time.monotonic() + START_SECONDS, 0, ""
        while time.monotonic() < deadline:
            condition = self.condition()
            try:
                return superuser(self.layout)
            except psycopg.OperationalError as error:
                reason = " ".join(str(error).split())
            if condition in ended:
                return None
            refusals += "FATAL:" in reason and NOT_YET not in reason
            if refusals > MOST_REFUSALS:
                raise failures.from_output(reason, self.layout.data, self.layout.log)
            time.sleep(PAUSE)
        raise failures.still_starting(self.layout.data, START_SECONDS, reason, self.layout.log)


def superuser(layout: Layout, database: str = "postgres") -> Connection:
    """Connect to the private server as its superuser, each statement on its own."""
    return psycopg.connect(
        host=str(layout.socket_folder),
        port=PORT,
        user=SUPERUSER,
        dbname=database,
        options="",
        connect_timeout=10,
        autocommit=True,
    )


def _ensure_database(connection: Connection, layout: Layout) -> None:
    """Make our role and database where a first start was interrupted before it came to that.

    The role owns the database and may create others (tests), but is no superuser: what works for
    it works on a server by URL too.
    """
    role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
    try:
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [ROLE]).fetchall():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(role))
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchall():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))
    except psycopg.Error as error:
        raise failures.from_output(str(error), layout.data, layout.log) from error


def _remove_leftovers(layout: Layout) -> None:
    """Remove what a killed server left.

    Nobody lives (the alive-lock was free), but PostgreSQL could mistake an unrelated process that
    got the old number for the old server.
    """
    (layout.data / "postmaster.pid").unlink(missing_ok=True)
    folder = layout.socket_folder
    if not _is_private(folder, account_for(layout.data)):
        return
    for name in (SOCKET, f"{SOCKET}.lock"):
        (folder / name).unlink(missing_ok=True)
    if folder != layout.data and not any(folder.iterdir()):
        folder.rmdir()


def _prepare_socket_folder(layout: Layout, account: Account) -> None:
    """Make the folder under /tmp, where it is needed, so that only the account can enter it."""
    folder = layout.socket_folder
    if not os.path.lexists(folder):
        folder.mkdir(mode=0o700)
        account.give(folder)
    if not _is_private(folder, account):
        raise failures.unsafe_socket_folder(folder)


def _is_private(folder: Path, account: Account) -> bool:
    """Say whether this is a folder, and no link to one, that only the account (and root) can enter."""
    if not os.path.lexists(folder):
        return False
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and not found.st_mode & 0o077


def _spawn(layout: Layout, account: Account, programs: Programs, alive: int) -> int:
    """Start the postmaster as nobody's child (so that it leaves no zombie with us) in its own session."""
    _rotate(layout)
    log = open_owned(layout.log, os.O_WRONLY | os.O_APPEND)
    try:
        said_before = os.fstat(log).st_size
        command = [programs.postgres, "-D", account.address(layout.data), *_settings(layout)]
        subprocess.run(
            ["/bin/sh", "-c", '"$@" &', "sh", *command],
            check=True,
            **account.spawn(layout.data, stdout=log, stderr=log, pass_fds=(alive,), start_new_session=True),
        )
    finally:
        os.close(log)
    return said_before


def _settings(layout: Layout) -> list[str]:
    place = "." if layout.socket_folder == layout.data else str(layout.socket_folder)
    settings = SETTINGS | {"unix_socket_directories": place}
    if os.environ.get(UNSAFE_FAST) == "1":
        settings |= FAST_SETTINGS
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _rotate(layout: Layout) -> None:
    if _size(layout) > LONGEST_LOG:
        layout.log.replace(layout.log.with_name("server.log.1"))


def _size(layout: Layout) -> int:
    return layout.log.stat().st_size if layout.log.exists() else 0


def _said_since(layout: Layout, offset: int) -> str:
    with layout.log.open("rb") as log:
        log.seek(offset)
        return log.read().decode(errors="replace")
