"""Codes that people quote: AW-2026-0007. One counter per prefix and year, in a small table."""

from __future__ import annotations

from typing import Final

from django.db import connection

from lionrock.kernel.ids import numbered

_NEXT: Final = """
    INSERT INTO calls_codecounter (prefix, year, last) VALUES (%s, %s, 1)
    ON CONFLICT (prefix, year) DO UPDATE SET last = calls_codecounter.last + 1
    RETURNING last
"""


def next_code(prefix: str, year: int) -> str:
    """Return the next free code of that prefix and year.

    Call it inside the transaction that creates the thing: others who want a code of the same year
    wait until that ends, and a transaction that is undone gives its number back. There are no gaps
    as long as each number is used in its own transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [prefix, year])
        (number,) = cursor.fetchone()
    return numbered(prefix, year, number)
