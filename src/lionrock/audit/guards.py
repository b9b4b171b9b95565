"""What the database does by itself so that no row escapes its seal; for migrations of rooms whose rows are sealed."""

from __future__ import annotations

from typing import Final

from django.db import migrations

AWAIT: Final = "audit_await_seal"
"""The trigger on every sealed table, and its function."""

FUNCTION: Final = """
create function audit_await_seal() returns trigger language plpgsql as $$
begin
    insert into audit_pending (kind, "row") select tg_table_name, id from added order by id;
    return null;
end $$;
"""


def await_seals(*tables: str) -> list[migrations.RunSQL]:
    """Return what has the rows of these tables wait for their seal: those that are there, and all to come."""
    return [migrations.RunSQL(_on(table), reverse_sql=f"drop trigger {AWAIT} on {table}") for table in tables]


def _on(table: str) -> str:
    # The name is a literal of a migration.
    return f"""
    create trigger {AWAIT} after insert on {table}
        referencing new table as added for each statement execute function {AWAIT}();
    insert into audit_pending (kind, "row") select '{table}', id from {table} order by id;
    """  # noqa: S608
