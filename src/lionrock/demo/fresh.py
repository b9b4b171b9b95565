"""An empty database for the demonstration, and never somebody's real one."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection

from lionrock.audit.models import AuditRecord
from lionrock.kernel.errors import Conflict
from lionrock.kernel.messages import gettext_noop, message

DEMO_ACTOR = "demo@terminal"


def empty_the_database() -> None:
    """Remove an earlier demonstration; raises `Conflict` when anybody else has worked in the database.

    The first record of the audit trail tells: a demonstration begins with its own.
    """
    if "audit_auditrecord" in connection.introspection.table_names():
        first = AuditRecord.objects.order_by("id").values_list("actor", flat=True).first()
        if first is not None and first != DEMO_ACTOR:
            raise Conflict(
                "demo.database.in_use",
                message(
                    gettext_noop(
                        "The database holds work that no demonstration made (by {actor}), so it is left alone. "
                        "Set LIONROCK_HOME to an empty folder and try again."
                    ),
                    actor=first,
                ),
            )
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0, interactive=False)
