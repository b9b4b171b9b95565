"""PostgreSQL's own tools for backups, and how they and we reach the server with the rights they need."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from lionrock.database import failures
from lionrock.database.account import ENVIRONMENT
from lionrock.database.cluster import SUPERUSER
from lionrock.database.connection import DATABASE, parsed
from lionrock.database.layout import PORT, Layout
from lionrock.database.programs import bin_folder
from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import gettext_noop, message

PASSWORD_VARIABLES = ("PGPASSFILE", "HOME", "PGSSLROOTCERT")


@dataclass(frozen=True, slots=True)
class Reach:
    """How the database is reached by somebody who may copy all of it."""

    conninfo: str

    def connect(self, *, autocommit: bool) -> psycopg.Connection[tuple[Any, ...]]:
        """Open a session in the database itself."""
        return psycopg.connect(self.conninfo, autocommit=autocommit)


def reach_of(home: Path, url: str | None) -> Reach:
    """Return how to reach the private server as its superuser, or the one by URL as the role named there."""
    if url is not None:
        return Reach(make_conninfo(**parsed(url)))
    folder = str(Layout.of(home).socket_folder)
    return Reach(make_conninfo(host=folder, port=PORT, user=SUPERUSER, dbname=DATABASE))


def command_of(program: str, *arguments: str) -> list[str]:
    """Return the command that runs one of PostgreSQL's programs."""
    return [str(bin_folder() / program), *arguments]


def environment_of_tools() -> dict[str, str]:
    """Return what they are told: nothing of the user's PG… variables but where passwords lie."""
    return ENVIRONMENT | {name: os.environ[name] for name in PASSWORD_VARIABLES if name in os.environ}


def run_tool(program: str, arguments: Sequence[str]) -> str:
    """Run it to its end and return what it printed; raises `Unavailable` with what it complained of."""
    done = subprocess.run(
        command_of(program, *arguments), env=environment_of_tools(), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Unavailable(
            "database.tool_failed",
            message(
                gettext_noop("{program} did not succeed: {reason}. See that the disk has room and the role may do it."),
                program=program,
                reason=failures.last_complaint(done.stderr),
            ),
        )
    return done.stdout
