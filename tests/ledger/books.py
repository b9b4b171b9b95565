"""What the tests of the ledger share: a programme, an instant, and journals in a line each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import DatabaseError, connection, transaction

from lionrock.kernel.money import Money
from lionrock.ledger.actions import post
from lionrock.ledger.domain import (
    AccrualLine,
    JournalDraft,
    accrual,
    appropriation,
    commitment,
    quota_grant,
    quota_use,
    release,
)
from lionrock.ledger.domain.books import Book
from lionrock.ledger.models import Journal, LedgerAccount
from lionrock.ledger.queries import book
from lionrock.people.domain import terminal_operator

PROGRAMME = "hk-aiss"
NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
CLERK = "clerk@example.org"
OPERATOR = terminal_operator("tester")
AWARD = "AW-2026-0001"
MEMO = '三月; "March" | \\ 2026\nline two'
TABLES = ("ledger_ledgeraccount", "ledger_journal", "ledger_posting", "ledger_accountbalance")


def hkd(minor: int) -> Money:
    return Money(minor, "HKD")


def fund(minor: int, *, cause: str = "vote", at: datetime = NOW) -> Journal:
    return post(appropriation(PROGRAMME, hkd(minor), at=at, cause=cause, reason="vote"), actor=CLERK)


def commit(award: str, minor: int, *, at: datetime = NOW) -> Journal:
    return post(committing(award, minor, at=at), actor=CLERK)


def committing(award: str, minor: int, *, at: datetime = NOW) -> JournalDraft:
    return commitment(PROGRAMME, award, hkd(minor), at=at, cause=f"awards.{award}")


def account(path: str, unit: str = "HKD") -> int:
    return LedgerAccount.objects.get(programme=PROGRAMME, path=path, unit=unit).pk


def sql(statement: str, *values: object) -> None:
    """Run a statement as somebody with a database console would."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def raw_journal(cause: str = "by hand", unit: str = "HKD", programme: str = PROGRAMME) -> int:
    """Write a journal without postings by hand, and return its number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into ledger_journal (programme, cause, unit, memo, at, actor, details)"
            " values (%s, %s, %s, '', now(), 'console', '{}') returning id",
            [programme, cause, unit],
        )
        (number,) = cursor.fetchone()
    return int(number)


def raw_legs(journal: int, *legs: tuple[int, int]) -> None:
    """Write legs (account, amount) by hand in one statement."""
    rows = ", ".join(["(%s, %s, %s)"] * len(legs))
    values = [value for account_id, amount in legs for value in (journal, account_id, amount)]
    sql(f"insert into ledger_posting (journal_id, account_id, amount) values {rows}", *values)


def settle_constraints() -> None:
    """Have the deferred checks run now, as at the end of a transaction."""
    sql("set constraints all immediate")
    sql("set constraints all deferred")


@contextmanager
def refused(guard: str) -> Iterator[None]:
    """Expect the database to refuse what follows, by the guard of this name, and undo it."""
    refusal: DatabaseError | None = None
    try:
        with transaction.atomic():
            yield
            settle_constraints()
    except DatabaseError as error:
        refusal = error
    assert refusal is not None, f"{guard} let it pass"
    assert refusal.__cause__.diag.constraint_name == guard, refusal


@contextmanager
def guards_off() -> Iterator[None]:
    """Let the owner of the database do what the guards would refuse."""
    settle_constraints()
    for table in TABLES:
        sql(f"alter table {table} disable trigger user")
    yield
    settle_constraints()
    for table in TABLES:
        sql(f"alter table {table} enable trigger user")


def two_months() -> Book:
    """Return two months of a small programme, as the database has it."""
    fund(1_000_00, at=datetime(2026, 2, 2, tzinfo=UTC))
    commit(AWARD, 700_00, at=datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC))
    commit("AW-2026-0002", 100_01, at=datetime(2026, 2, 28, 16, tzinfo=UTC))
    post(quota_grant(PROGRAMME, AWARD, "h800-node", 3_600, at=NOW, cause="grant"), actor=CLERK)
    post(quota_use(PROGRAMME, AWARD, "h800-node", 4_000, at=NOW, cause="use"), actor=CLERK)
    lines = [AccrualLine("harbour-university", "cyberport", hkd(210_33), hkd(90_14), AWARD)]
    march = accrual(
        PROGRAMME,
        lines,
        at=NOW,
        cause="march",
        memo=MEMO,
        details={"lines": 1, "hash": 'a"b'},
    )
    assert march is not None
    post(march, actor=CLERK)
    ended = datetime(2026, 5, 30, tzinfo=UTC)
    post(release(PROGRAMME, AWARD, hkd(489_67), at=ended, cause="end"), actor=CLERK)
    return book(OPERATOR, PROGRAMME)
