"""Whether Lionrock can do its work, asked so that an answer comes within seconds whatever is broken."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

import psycopg
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from lionrock.kernel.errors import LionrockError
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.operations.runs import Row
from lionrock.rules.rulebook import load_rulebook

ANSWER_SECONDS: Final = 3.0
"""Nobody waits longer than that for the database; a host that swallows packets would take minutes."""
LITTLE_ROOM: Final = 1 << 30
"""Bytes on the home's disk: below them somebody has to look, long before the database stops."""
_ASKING: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="health")


class State(StrEnum):
    """How it is with one thing."""

    GOOD = "good"
    LOOK = "look"
    """It works, and somebody should look."""
    BAD = "bad"
    """Pages cannot be answered."""


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how it is, and what to do about it."""

    name: str
    state: State
    said: Message


@dataclass(frozen=True, slots=True)
class Seen:
    """What the database says of itself: its migrations, and when each row last ended well."""

    migrations: frozenset[tuple[str, str]]
    ended: dict[str, datetime | None]


def examine(rows: Sequence[Row], now: datetime) -> list[Check]:
    """Return every check; raises nothing, and takes little more than `ANSWER_SECONDS` at the worst."""
    database, seen = _database()
    checks = [database]
    if seen is not None:
        checks += [_migrations(seen), _rows(seen, rows, now)]
    return [*checks, _rulebook(), _disk(settings.LIONROCK_HOME)]


def is_ready(checks: Sequence[Check]) -> bool:
    """Tell whether pages can be answered."""
    return all(check.state is not State.BAD for check in checks)


def _database() -> tuple[Check, Seen | None]:
    asked: Future[Seen] = _ASKING.submit(_ask, connection.get_connection_params())
    try:
        seen = asked.result(timeout=ANSWER_SECONDS)
    except (psycopg.Error, TimeoutError) as error:
        reason = str(error).strip().partition("\n")[0].rstrip(".") or gettext_noop("no answer in time")
        said = message(
            gettext_noop(
                "The database does not answer: {reason}. Look at `lionrock database status`; pages come back by "
                "themselves when it does."
            ),
            reason=reason,
        )
        return Check("database", State.BAD, said), None
    return Check("database", State.GOOD, message(gettext_noop("The database answers."))), seen


def _ask(parameters: dict[str, Any]) -> Seen:
    """Ask on a connection of its own: the process's may hang, and tells nothing of new ones."""
    parameters = parameters | {"connect_timeout": 2, "context": None, "cursor_factory": psycopg.Cursor}
    with psycopg.connect(**parameters, autocommit=True) as asked:
        asked.execute(sql.SQL("SET statement_timeout = {}").format(int(ANSWER_SECONDS * 1000)))
        tables = {row[0] for row in asked.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
        migrations = ended = frozenset[Any]()
        if "django_migrations" in tables:
            migrations = frozenset(asked.execute("SELECT app, name FROM django_migrations").fetchall())
        if "operations_run" in tables:
            ended = frozenset(asked.execute("SELECT name, ended_at FROM operations_run").fetchall())
    return Seen(migrations, dict(ended))


@cache
def _expected() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def _migrations(seen: Seen) -> Check:
    missing, more = len(_expected() - seen.migrations), len(_own(seen.migrations) - _expected())
    if missing:
        said = message(
            gettext_noop("The database lacks {count} migrations. Run `lionrock database migrate`."), count=missing
        )
        return Check("migrations", State.BAD, said)
    if more:
        said = message(
            gettext_noop(
                "The database has {count} migrations that this version does not know: a newer one has been here. "
                "Install that one again."
            ),
            count=more,
        )
        return Check("migrations", State.LOOK, said)
    return Check("migrations", State.GOOD, message(gettext_noop("The tables are those of this version.")))


def _own(migrations: frozenset[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    known = {app for app, _name in _expected()}
    return frozenset(each for each in migrations if each[0] in known)


def _rows(seen: Seen, rows: Sequence[Row], now: datetime) -> Check:
    late = [row.name for row in rows if row.is_late(seen.ended.get(row.name), now)]
    if not late:
        return Check("due", State.GOOD, message(gettext_noop("All that is due is being done.")))
    said = message(
        gettext_noop(
            "{count} of the {all} things that are done from time to time are late: {names}. See that `lionrock "
            "worker` runs, and what `lionrock due` says."
        ),
        count=len(late),
        all=len(rows),
        names=", ".join(late),
    )
    return Check("due", State.LOOK, said)


def _rulebook() -> Check:
    try:
        book = load_rulebook(settings.LIONROCK_RULEBOOK)
    except (LionrockError, OSError) as error:
        said = message(
            gettext_noop(
                "The rulebook cannot be read: {reason} See LIONROCK_RULEBOOK, and run `lionrock programme check`."
            ),
            reason=str(error),
        )
        return Check("rulebook", State.BAD, said)
    said = message(gettext_noop("The rulebook holds {count} programmes."), count=len(book.programmes))
    return Check("rulebook", State.GOOD, said)


def _disk(home: Path, free_of: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free) -> Check:
    free = free_of(home)
    if free < LITTLE_ROOM:
        said = message(
            gettext_noop("Only {free} MB are free on the disk of {folder}. Make room before the database stops."),
            free=free >> 20,
            folder=home,
        )
        return Check("disk", State.LOOK, said)
    said = message(gettext_noop("{free} GB are free on the disk of {folder}."), free=free >> 30, folder=home)
    return Check("disk", State.GOOD, said)
