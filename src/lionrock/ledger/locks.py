"""One lock per programme keeps apart what both counts use and moves money."""

from __future__ import annotations

import zlib

from django.db import connection

_LOCK = zlib.crc32(b"lionrock.charging")


def lock_books(programme: str) -> None:
    """Hold the programme's books until the transaction ends.

    Taking in use, closing a month and making an award wait here for one another. So a close sees a
    fixed set of records and can name the newest of them; two records of one run that arrive by two
    ways are ranked one after the other; and none holds money that another needs while it waits.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, %s)", [_signed(_LOCK), _signed(zlib.crc32(programme.encode()))]
        )


def _signed(number: int) -> int:
    """Return 32 bits as PostgreSQL's integer reads them."""
    return number - (1 << 32) if number >= 1 << 31 else number
