"""How Django reaches the database, and whether a server named by URL will do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from lionrock.database import failures
from lionrock.database.layout import PORT, Layout

DATABASE = "lionrock"
ROLE = "lionrock"
OLDEST = 15
CONNECT_SECONDS = 10
LOCK_MILLISECONDS = 120_000
"""Longer than any transaction of ours; a lock held beyond that is a hung process, and better an error than silence."""

_KEPT_OPEN = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
"""A new session costs the server a process, more than most pages; one that has died meanwhile is replaced."""

_FIELDS = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def parameters(home: Path, url: str | None) -> dict[str, object]:
    """Return Django's DATABASES["default"] for the private server of this home, or for the URL.

    Starts and contacts nothing. Parameters in the URL (`?sslmode=…`, `?options=…`) win over ours.
    Raises Invalid when the URL is no address of a PostgreSQL database.
    """
    given = parsed(url) if url else _private(home)
    fields = {django: given.pop(libpq, "") for libpq, django in _FIELDS.items()}
    defaults = {
        "connect_timeout": CONNECT_SECONDS,
        "application_name": "lionrock",
        "options": f"-c lock_timeout={LOCK_MILLISECONDS}",
    }
    return {"ENGINE": "django.db.backends.postgresql", **fields, **_KEPT_OPEN, "OPTIONS": defaults | given}


def _private(home: Path) -> dict[str, Any]:
    folder = Layout.of(home).socket_folder
    return {"dbname": DATABASE, "user": ROLE, "host": str(folder), "port": str(PORT)}


def parsed(url: str) -> dict[str, Any]:
    """Return the parts of a URL as libpq names them; raises `Invalid` when it is none of a PostgreSQL database."""
    if not url.startswith(("postgresql://", "postgres://")):
        raise failures.bad_url("it does not begin with postgresql://")
    try:
        given = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        # libpq quotes the whole address, password included, only in its message about the port.
        raise failures.bad_url(str(error).split('"', 1)[0].strip(" :")) from None
    if not given.get("dbname") and not given.get("service"):
        raise failures.bad_url("it names no database")
    return given


def address(url: str) -> str:
    """Return host, port and database of a URL, without user and password."""
    given = parsed(url)
    return f"{given.get('host', 'localhost')}:{given.get('port', PORT)}/{given.get('dbname', '')}"


def check_server(url: str) -> str:
    """Return the version of the server, after seeing that it can be reached and will do.

    Raises Invalid for a malformed URL; Unavailable when the server cannot be reached, is older
    than PostgreSQL 15 or stores text in another encoding than UTF-8.
    """
    given = {"connect_timeout": CONNECT_SECONDS} | parsed(url)
    place = address(url)
    try:
        with psycopg.connect(**given) as connection:
            info = connection.info
            version, encoding = info.server_version, info.parameter_status("server_encoding") or ""
    except psycopg.Error as error:
        raise failures.unreachable(place, " ".join(str(error).split())) from error
    return accepted(place, version, encoding)


def accepted(place: str, version: int, encoding: str) -> str:
    """Return the version as text ("15.18"), or refuse a server too old or of another encoding.

    `version` is libpq's number: major times 10000 plus minor (from PostgreSQL 10 on).
    """
    found = f"{version // 10_000}.{version % 10_000}"
    if version < OLDEST * 10_000:
        raise failures.too_old(place, found, OLDEST)
    if encoding != "UTF8":
        raise failures.wrong_encoding(place, encoding)
    return found
