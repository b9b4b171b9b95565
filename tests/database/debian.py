"""A private PostgreSQL of the system's own packages, to be named by URL."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from lionrock.database.account import account_for
from lionrock.database.connection import DATABASE, OLDEST, ROLE

PROGRAMS = Path("/usr/lib/postgresql", str(OLDEST), "bin")
"""Of the package postgresql-15 (Debian 12): the oldest PostgreSQL that Lionrock accepts."""

SETTINGS = {"listen_addresses": "", "unix_socket_directories": ".", "fsync": "off", "max_connections": "120"}
PATIENCE = 60.0


class DebianServer:
    """A server in a folder of its own, reached by a Unix socket there, with an empty database for Lionrock."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.log = folder / "log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        return f"postgresql://{ROLE}@/{database}?host={quote(str(self.data), safe='')}"

    def start(self, encoding: str = "UTF8") -> None:
        """Make the cluster and bring it up."""
        self.data.mkdir(parents=True, mode=0o700)
        account = account_for(self.data)
        account.give(self.data)
        place = account.address(self.data)
        options = [f"--encoding={encoding}", "--locale=C", f"--username={ROLE}", "--auth=trust", "--no-sync"]
        spawn = account.spawn(self.data)
        subprocess.run([PROGRAMS / "initdb", "-D", place, *options], check=True, stdout=subprocess.DEVNULL, **spawn)
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("wb") as log:
            command = [PROGRAMS / "postgres", "-D", place, *settings]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **spawn)
        self._create_database()

    def stop(self) -> None:
        """End it, whatever is connected."""
        if self.process is not None:
            os.kill(self.process.pid, signal.SIGINT)
            self.process.wait(PATIENCE)
            self.process = None

    def _create_database(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
                    connection.execute(f"CREATE DATABASE {DATABASE}")
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise RuntimeError(self.log.read_text()) from None
                time.sleep(0.05)
