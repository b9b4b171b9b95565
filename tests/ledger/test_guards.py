"""What the database refuses, whoever writes: the attacks are plain SQL."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from django.db import transaction
from tests.ledger.books import (
    PROGRAMME,
    account,
    commit,
    fund,
    raw_journal,
    raw_legs,
    refused,
    settle_constraints,
    sql,
)

from lionrock.ledger.domain import APPROPRIATION, FREE, committed
from lionrock.ledger.models import AccountBalance, Journal, Posting
from lionrock.ledger.queries import balance

pytestmark = pytest.mark.django_db

TABLES = ("ledger_journal", "ledger_posting", "ledger_ledgeraccount")


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_journal set memo = 'nothing happened'",
        "update ledger_journal set tx = pg_current_xact_id()",
        "update ledger_posting set amount = amount + 1",
        "update ledger_posting set amount = -amount",
        "update ledger_posting set journal_id = journal_id where false",
        "update ledger_ledgeraccount set floor = null",
        "update ledger_ledgeraccount set unit = 'USD'",
        *(f"delete from {table}" for table in TABLES),
        *(f"truncate {table} cascade" for table in TABLES),
        "insert into ledger_journal select * from ledger_journal on conflict (id) do update set memo = 'x'",
        "with gone as (delete from ledger_posting returning 1) select count(*) from gone",
        "merge into ledger_posting p using ledger_journal j on p.journal_id = j.id when matched then delete",
    ],
)
def test_what_is_booked_is_never_changed_or_removed(statement: str) -> None:
    fund(100_00)
    settle_constraints()
    with refused("ledger_append_only"):
        sql(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_accountbalance set balance = balance + 1",
        "update ledger_accountbalance set floor = null",
        "delete from ledger_accountbalance",
        "truncate ledger_accountbalance",
        "insert into ledger_accountbalance (account_id, balance, floor) values (0, 0, null)",
    ],
)
def test_balances_are_written_by_nobody_but_the_books(statement: str) -> None:
    fund(100_00)
    settle_constraints()
    with refused("ledger_balances_kept"):
        sql(statement)


@pytest.mark.parametrize(
    ("legs", "guard"),
    [
        ([], "ledger_journal_legs"),
        ([(FREE, 5)], "ledger_journal_legs"),
        ([(FREE, 5), (APPROPRIATION, -4)], "ledger_journal_sum_zero"),
        ([(FREE, 5), (APPROPRIATION, 5)], "ledger_journal_sum_zero"),
        ([(FREE, 5), (APPROPRIATION, -5), (FREE, 1)], "ledger_journal_sum_zero"),
        ([(FREE, 0), (APPROPRIATION, 0)], "ledger_posting_not_zero"),
    ],
)
def test_a_journal_has_two_legs_and_sums_to_zero(legs: list[tuple[str, int]], guard: str) -> None:
    fund(100_00)
    with refused(guard):
        journal = raw_journal()
        if legs:
            raw_legs(journal, *((account(path), amount) for path, amount in legs))


def test_legs_may_be_saved_one_by_one_within_the_transaction() -> None:
    fund(100_00)
    journal = raw_journal()
    with transaction.atomic():
        raw_legs(journal, (account(FREE), 7))
        with transaction.atomic():
            raw_legs(journal, (account(APPROPRIATION), -7))
    settle_constraints()
    assert balance(PROGRAMME, FREE, "HKD") == 100_07


def test_a_complete_journal_takes_nothing_more_in_its_own_transaction() -> None:
    journal = fund(100_00).pk
    with refused("ledger_posting_complete"):
        raw_legs(journal, (account(FREE), 7), (account(APPROPRIATION), -7))


def test_checking_early_opens_no_door() -> None:
    """A deferred check that was made to run early does not run again; the door is shut elsewhere."""
    fund(100_00)
    with refused("ledger_posting_complete"):
        journal = raw_journal()
        raw_legs(journal, (account(FREE), 7), (account(APPROPRIATION), -7))
        sql("set constraints all immediate")
        raw_legs(journal, (account(FREE), 1_000_00))


def test_switching_the_package_s_triggers_off_switches_nothing_off() -> None:
    fund(100_00)
    with refused("ledger_append_only"):
        sql("select set_config('pgtrigger.ignore', '{ledger_append_only}', true)")
        sql("delete from ledger_posting")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("depth", [0, 1, 2])
def test_a_balanced_pair_is_refused_in_an_older_journal(depth: int) -> None:
    journal = fund(100_00).pk
    with refused("ledger_posting_late"), ExitStack() as savepoints:
        for _ in range(depth):
            savepoints.enter_context(transaction.atomic())
        raw_legs(journal, (account(FREE), 7), (account(APPROPRIATION), -7))
    assert Posting.objects.filter(journal=journal).count() == 2
    assert balance(PROGRAMME, FREE, "HKD") == 100_00


@pytest.mark.django_db(transaction=True)
def test_a_journal_of_a_rolled_back_savepoint_leaves_nothing() -> None:
    fund(100_00)
    with transaction.atomic():
        point = transaction.savepoint()
        commit("AW-2026-0001", 60_00)
        transaction.savepoint_rollback(point)
        commit("AW-2026-0002", 80_00)
    assert balance(PROGRAMME, FREE, "HKD") == 20_00
    assert balance(PROGRAMME, committed("AW-2026-0001"), "HKD") == 0


def test_a_journal_cannot_claim_another_transaction_or_another_time() -> None:
    sql(
        "insert into ledger_journal (programme, cause, unit, memo, at, actor, details, tx, recorded_at) values"
        " (%s, 'forged', 'HKD', '', now(), '', '{}', '99999999999', '2001-01-01')",
        PROGRAMME,
    )
    journal = Journal.objects.get(cause="forged")
    assert journal.tx != "99999999999"
    assert journal.recorded_at.year > 2001
    fund(100_00)
    raw_legs(journal.pk, (account(FREE), 1), (account(APPROPRIATION), -1))


@pytest.mark.parametrize(
    ("unit", "programme"), [("USD", PROGRAMME), ("seconds:h800-node", PROGRAMME), ("HKD", "elsewhere")]
)
def test_a_leg_is_in_the_unit_and_programme_of_its_journal(unit: str, programme: str) -> None:
    fund(100_00)
    with refused("ledger_posting_unit"):
        journal = raw_journal(unit=unit, programme=programme)
        raw_legs(journal, (account(FREE), 1), (account(APPROPRIATION), -1))


def test_a_leg_cannot_come_before_its_journal() -> None:
    fund(100_00)
    with refused("ledger_posting_unit"):
        raw_legs(999_999, (account(FREE), 1), (account(APPROPRIATION), -1))


@pytest.mark.parametrize("path", [FREE, committed("AW-2026-0001")])
def test_the_floor_holds_against_the_console_too(path: str) -> None:
    fund(100_00)
    commit("AW-2026-0001", 60_00)
    with refused("ledger_balance_floor"):
        journal = raw_journal()
        raw_legs(journal, (account(path), -60_01), (account(APPROPRIATION), 60_01))


@pytest.mark.parametrize(("path", "floor"), [(FREE, None), (FREE, -5), (committed("AW-1"), None), (APPROPRIATION, 0)])
def test_the_floors_are_not_a_matter_of_choice(path: str, floor: int | None) -> None:
    with refused("ledger_account_floor"):
        sql(
            "insert into ledger_ledgeraccount (programme, path, unit, floor) values (%s, %s, 'HKD', %s)",
            PROGRAMME,
            path,
            floor,
        )


def test_every_account_has_its_balance_from_the_start() -> None:
    sql("insert into ledger_ledgeraccount (programme, path, unit, floor) values ('p', 'cash', 'HKD', null)")
    assert AccountBalance.objects.get(account__programme="p").balance == 0
