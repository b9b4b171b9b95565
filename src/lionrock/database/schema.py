"""Whether the tables are those that this version of Lionrock expects."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import gettext_noop, message

_LOCK = 1_279_872_844


def pending() -> list[str]:
    """Return the names of the migrations that the database has not seen."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def bring_up_to_date(url: str | None) -> None:
    """Migrate the private database; of a database by URL only say what is missing.

    Raises `Unavailable` when a database by URL is behind: its administrator decides when to migrate.
    """
    missing = pending()
    if not missing:
        return
    if url is not None:
        raise Unavailable(
            "database.schema.behind",
            message(
                gettext_noop(
                    "The database lacks {count} migrations, from {first} on. Run `lionrock database migrate`."
                ),
                count=len(missing),
                first=missing[0],
            ),
        )
    migrate()


def migrate(verbosity: int = 0) -> None:
    """Bring the tables up to date, one process at a time: whoever comes second waits, and finds it done.

    Each migration is one transaction. A process that dies gives the lock back, and the next one goes on where the
    last whole migration ended.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        cursor.execute("RESET lock_timeout")
        try:
            call_command("migrate", verbosity=verbosity, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
