"""Checking the books against themselves, from the postings alone.

Nothing here uses the balances that the database keeps, except to compare them; and nothing trusts
the guards, except to see that they are on. Each check is one statement, and so sees one state of
the books even while others post.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from lionrock.kernel.errors import Fault
from lionrock.kernel.messages import gettext_noop, message

GUARDS = (
    ("ledger_ledgeraccount", "ledger_append_only"),
    ("ledger_ledgeraccount", "ledger_open_balance"),
    ("ledger_journal", "ledger_append_only"),
    ("ledger_journal", "ledger_period_open"),
    ("ledger_journal", "ledger_stamp"),
    ("ledger_journal", "ledger_sum_zero"),
    ("ledger_posting", "ledger_append_only"),
    ("ledger_posting", "ledger_legs_added"),
    ("ledger_accountbalance", "ledger_balances_kept"),
    ("ledger_periodlock", "ledger_append_only"),
    ("ledger_periodlock", "ledger_lock_alone"),
)
"""Table and name of every trigger that keeps the books; made in migrations/0002_guards.py and 0003_period_locks.py."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold of the books.

    `examined` counts what it holds of; `faulty` returns the rows of which it does not hold, and its
    columns are the fields of `template`.
    """

    code: str
    says: str
    examined: str
    faulty: str
    template: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check examined, and what it found."""

    code: str
    says: str
    examined: int
    faults: tuple[Fault, ...]


_COMMON = """
with sums as (
    select a.id, a.programme, a.path, a.unit, a.floor, coalesce(sum(p.amount), 0) as total
    from ledger_ledgeraccount a left join ledger_posting p on p.account_id = a.id
    group by a.id
), books as (
    select programme, unit, case
            when path like 'budget/%%' then 'budget'
            when path like 'quota/%%' then regexp_replace(path, '^quota/[^/]*/', 'quota of ')
            else 'receivables, cash and revenue'
        end as book, total
    from sums
)
"""
"""What checks may select from: each account's sum of postings, and the book that it belongs to."""

CHECKS = (
    Check(
        "ledger.check.guards",
        gettext_noop("The guards of the books are on"),
        "select cardinality(%(tables)s::text[])",
        """
        select wanted.on_table, wanted.guard
        from unnest(%(tables)s::text[], %(guards)s::text[]) as wanted (on_table, guard)
        where not exists (
            select from pg_trigger t
            where t.tgrelid = wanted.on_table::regclass and t.tgname = wanted.guard and t.tgenabled in ('O', 'A')
        )
        """,
        gettext_noop("The guard {guard} on {on_table} is missing or switched off. Find out who did that."),
    ),
    Check(
        "ledger.check.orphans",
        gettext_noop("Every posting has its journal and account, every account its balance"),
        "select (select count(*) from ledger_posting) + (select count(*) from ledger_ledgeraccount)",
        """
        select 'posting' as what, p.id, 'journal' as missing, p.journal_id::text as lost
            from ledger_posting p left join ledger_journal j on j.id = p.journal_id where j.id is null
        union all
        select 'posting', p.id, 'account', p.account_id::text
            from ledger_posting p left join ledger_ledgeraccount a on a.id = p.account_id where a.id is null
        union all
        select 'account', a.id, 'balance', a.path
            from ledger_ledgeraccount a left join ledger_accountbalance b on b.account_id = a.id
            where b.account_id is null
        union all
        select 'balance', b.account_id, 'account', b.account_id::text
            from ledger_accountbalance b left join ledger_ledgeraccount a on a.id = b.account_id
            where a.id is null
        order by 1, 2
        """,
        gettext_noop("The {what} {id} has no {missing} ({lost})."),
    ),
    Check(
        "ledger.check.journals",
        gettext_noop("Every journal has at least two postings and sums to zero"),
        "select count(*) from ledger_journal",
        """
        select j.id, j.cause, count(p.id) as legs, coalesce(sum(p.amount), 0) as total
        from ledger_journal j left join ledger_posting p on p.journal_id = j.id
        group by j.id having count(p.id) < 2 or sum(p.amount) <> 0
        order by j.id
        """,
        gettext_noop("Journal {id} ({cause}) has {legs} postings that sum to {total}."),
    ),
    Check(
        "ledger.check.units",
        gettext_noop("Every posting is in the programme and unit of its journal"),
        "select count(*) from ledger_posting",
        """
        select p.id, j.id as journal, j.programme, j.unit, a.programme as account_programme,
            a.path, a.unit as account_unit
        from ledger_posting p
        join ledger_journal j on j.id = p.journal_id
        join ledger_ledgeraccount a on a.id = p.account_id
        where a.unit <> j.unit or a.programme <> j.programme
        order by p.id
        """,
        gettext_noop(
            "Posting {id} of journal {journal} ({programme}, {unit}) stands on {path} of "
            "{account_programme} in {account_unit}."
        ),
    ),
    Check(
        "ledger.check.balances",
        gettext_noop("Every kept balance is the sum of its postings"),
        "select count(*) from ledger_accountbalance",
        """
        select s.programme, s.path, s.unit, b.balance as kept, b.floor as kept_floor, s.total, s.floor
        from sums s join ledger_accountbalance b on b.account_id = s.id
        where b.balance <> s.total or b.floor is distinct from s.floor
        order by s.programme, s.path
        """,
        gettext_noop(
            "{path} of {programme} is kept as {kept} (floor {kept_floor}), "
            "and its postings sum to {total} (floor {floor}; {unit})."
        ),
    ),
    Check(
        "ledger.check.floors",
        gettext_noop("No account is below its floor"),
        "select count(*) from ledger_ledgeraccount where floor is not null",
        """
        select programme, path, unit, total, floor from sums
        where total < floor order by programme, path
        """,
        gettext_noop("{path} of {programme} stands at {total} and may not fall below {floor} ({unit})."),
    ),
    Check(
        "ledger.check.identities",
        gettext_noop("Appropriated = free + committed + spent; receivable + cash = revenue; quota alike"),
        "select count(*) from (select distinct programme, unit, book from books) b",
        """
        select programme, unit, book, sum(total) as difference from books
        group by programme, unit, book having sum(total) <> 0
        order by programme, book
        """,
        gettext_noop("The book “{book}” of {programme} is out by {difference} ({unit})."),
    ),
)


def check_books() -> tuple[CheckResult, ...]:
    """Run every check over all programmes; each names all its faults."""
    return tuple(_run(check) for check in CHECKS)


def _run(check: Check) -> CheckResult:
    parameters = {"tables": [table for table, _ in GUARDS], "guards": [guard for _, guard in GUARDS]}
    with connection.cursor() as cursor:
        cursor.execute(_COMMON + check.examined, parameters)
        (examined,) = cursor.fetchone()
        cursor.execute(_COMMON + check.faulty, parameters)
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return CheckResult(check.code, check.says, examined, tuple(_fault(check, row) for row in rows))


def _fault(check: Check, row: Mapping[str, object]) -> Fault:
    return Fault(check.code, message(check.template, **row))
