"""A private PostgreSQL of the system's own packages, to be named by URL."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from lionrock.database.account import account_for
from lionrock.database.cluster import SUPERUSER
from lionrock.database.connection import DATABASE, OLDEST, ROLE

PROGRAMS = Path("/usr/lib/postgresql", str(OLDEST), "bin")
"""Of the package postgresql-15 (Debian 12): the oldest PostgreSQL that Lionrock accepts."""

SETTINGS = {"listen_addresses": "", "unix_socket_directories": ".", "fsync": "off", "max_connections": "120"}
PATIENCE = 60.0


class DebianServer:
    """A server in a folder of its own, reached by a Unix socket there, with an empty database for Lionrock.

    The folder lies directly under the system's temporary one and lets others through, because
    before PostgreSQL 16 a server could not work under a folder of root's that it cannot enter.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="lionrock-debian-"))
        self.folder.chmod(0o711)
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        return f"postgresql://{ROLE}@/{database}?host={quote(str(self.data), safe='')}"

    def start(self, encoding: str = "UTF8") -> None:
        """Make the cluster and bring it up."""
        self.data.mkdir(mode=0o700)
        account = account_for(self.data)
        account.give(self.data)
        options = [f"--encoding={encoding}", "--locale=C", f"--username={SUPERUSER}", "--auth=trust", "--no-sync"]
        spawn = account.spawn(self.data)
        subprocess.run([PROGRAMS / "initdb", "-D", self.data, *options], check=True, stdout=subprocess.DEVNULL, **spawn)
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("wb") as log:
            logged = spawn | {"stdout": log, "stderr": log}
            command = [str(PROGRAMS / "postgres"), "-D", str(self.data), *settings]
            self.process = subprocess.Popen(command, text=True, start_new_session=True, **logged)
        self._create_database()

    def stop(self) -> None:
        """End it, whatever is connected, and remove it."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(PATIENCE)
        shutil.rmtree(self.folder)

    def _create_database(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with psycopg.connect(host=str(self.data), user=SUPERUSER, autocommit=True) as connection:
                    connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
                    connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise RuntimeError(self.log.read_text()) from None
                time.sleep(0.05)
