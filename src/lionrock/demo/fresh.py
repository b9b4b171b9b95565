"""An empty database for the demonstration, and never somebody's real one."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection

from lionrock.audit.models import AuditRecord
from lionrock.kernel.errors import Conflict
from lionrock.kernel.messages import gettext_noop, message

DEMO_ACTOR = "demo@terminal"


def empty_the_database(programme: str) -> None:
    """Remove an earlier demonstration of this programme; raises `Conflict` when there is other work.

    The audit trail tells: without a record nothing was done, and the tables are new. A demonstration begins
    with its own record, and nothing in its database is about another programme.
    """
    if "audit_auditrecord" in connection.introspection.table_names():
        if not AuditRecord.objects.exists():
            return
        _refuse_other_work(programme)
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0, interactive=False)


def _refuse_other_work(programme: str) -> None:
    records = AuditRecord.objects.order_by("id")
    first = records.first()
    other = records.exclude(programme__in=("", programme)).first()
    foreign = first if first is not None and first.actor != DEMO_ACTOR else other
    if foreign is not None:
        raise Conflict(
            "demo.database.in_use",
            message(
                gettext_noop(
                    "The database holds work that no demonstration made (by {actor}), so it is left alone. "
                    "Set LIONROCK_HOME to an empty folder and try again."
                ),
                actor=foreign.actor,
            ),
        )
