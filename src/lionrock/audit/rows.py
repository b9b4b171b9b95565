"""The tables whose rows are sealed, and their rows as they stand."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.db import connection, models

from lionrock.audit.domain import Sealed, exact

_PART: Final = """
 || jsonb_build_object('{table}',
    (SELECT jsonb_agg(to_jsonb(p) - '{column}' ORDER BY p.id) FROM {table} p WHERE p.{column} = t.id))
"""


@cache
def sealed_models() -> dict[str, type[models.Model]]:
    """Return the models that say `sealed`, by table, in the order of the tables' names."""
    found = {model._meta.db_table: model for model in apps.get_models() if hasattr(model, "sealed")}
    return dict(sorted(found.items()))


def sealed_of(kind: str) -> Sealed:
    """Return what the model of a sealed table says of itself."""
    found: Sealed = sealed_models()[kind].sealed  # type: ignore[attr-defined]
    return found


def row_text(kind: str) -> str:
    """Return SQL for a row `t` of a table as text: every column that the database has, and its parts."""
    parts = "".join(_PART.format(table=table, column=column) for table, column in sealed_of(kind).parts)
    return f"(to_jsonb(t){parts})::text"


def rows_of(wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], dict[str, Any]]:
    """Return rows of sealed tables by table and number; missing ones are left out."""
    numbers: dict[str, list[int]] = {}
    for kind, number in wanted:
        numbers.setdefault(kind, []).append(number)
    found: dict[tuple[str, int], dict[str, Any]] = {}
    with connection.cursor() as cursor:
        for kind, group in numbers.items():
            cursor.execute(f"SELECT t.id, {row_text(kind)} FROM {kind} t WHERE t.id = ANY(%s)", [group])  # noqa: S608
            found |= {(kind, number): exact(text) for number, text in cursor.fetchall()}
    return found
