"""One lock per programme keeps taking in use and closing a month apart."""

from __future__ import annotations

import zlib

from django.db import connection

_ROOM = zlib.crc32(b"lionrock.charging")


def lock_books(programme: str, *, shared: bool) -> None:
    """Hold the programme's books until the transaction ends.

    Many may take in use at once (`shared`); a close holds them alone, so that it sees a fixed set
    of records and can name the newest of them.
    """
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [_signed(_ROOM), _signed(zlib.crc32(programme.encode()))])


def _signed(number: int) -> int:
    """Return 32 bits as PostgreSQL's integer reads them."""
    return number - (1 << 32) if number >= 1 << 31 else number
