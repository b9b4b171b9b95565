"""Emptying the database after a test that commits: for this alone the guards against TRUNCATE stand aside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management.base import CommandError
from django.db import OperationalError, connection
from django.test import TransactionTestCase

_GUARDED = "select distinct tgrelid::regclass::text from pg_trigger where not tgisinternal and tgtype & 32 <> 0"
"""Tables with a trigger before TRUNCATE (bit 5 of `tgtype`)."""

ATTEMPTS = 5
"""A browser that was just closed may have asked for one thing more: its request holds locks until it is done."""


@contextmanager
def guards_aside() -> Iterator[None]:
    """Switch the triggers of guarded tables off, and on again."""
    with connection.cursor() as cursor:
        cursor.execute(_GUARDED)
        tables = [table for (table,) in cursor.fetchall()]
        _switch(tables, "disable")
        try:
            yield
        finally:
            _switch(tables, "enable")


def _switch(tables: list[str], how: str) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"alter table {table} {how} trigger user")


@pytest.fixture(scope="session", autouse=True)
def guarded_tables_can_be_emptied() -> Iterator[None]:
    """Let Django flush append-only tables between tests."""
    flush = TransactionTestCase._fixture_teardown

    def teardown(case: TransactionTestCase) -> None:
        for left in reversed(range(ATTEMPTS)):
            try:
                with guards_aside():
                    flush(case)
            except (CommandError, OperationalError):
                if not left:
                    raise
            else:
                return

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield
