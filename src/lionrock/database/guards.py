"""Tables whose rows stand for ever: the database refuses to change, remove or empty them."""

from __future__ import annotations

import pgtrigger


def rows_stand_for_ever(refusal: str, *, name: str = "never_changes") -> list[pgtrigger.Trigger]:
    """Return the triggers of such a table; `refusal` is what the database says to who would empty it."""
    return [pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete), never_emptied(refusal)]


def never_emptied(refusal: str) -> pgtrigger.Trigger:
    """Return the trigger that refuses TRUNCATE, which asks no row."""
    return pgtrigger.Trigger(
        name="never_emptied",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func=f"RAISE EXCEPTION '{refusal}';",
    )
