"""Trial balance, statement of the fund, and balances that books begin with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from click.testing import CliRunner
from tests.ledger.books import AWARD, NOW, OPERATOR, PROGRAMME, commit, fund, two_months

from lionrock.kernel.errors import Conflict, Invalid
from lionrock.kernel.periods import Month
from lionrock.ledger.actions import bring_in_balances
from lionrock.ledger.check import check_books
from lionrock.ledger.commands import ledger
from lionrock.ledger.domain.reports import AwardMoves
from lionrock.ledger.models import Journal
from lionrock.ledger.queries import balances, fund_overview, fund_statement, months_of_books, trial_of

pytestmark = pytest.mark.django_db

FEBRUARY, MARCH, MAY = Month(2026, 2), Month(2026, 3), Month(2026, 5)


def test_a_trial_balance_opens_where_the_month_before_has_closed() -> None:
    two_months()
    assert months_of_books(OPERATOR, PROGRAMME) == (FEBRUARY, MAY)
    months = [trial_of(OPERATOR, PROGRAMME, Month(2026, number), Month(2026, number)) for number in (2, 3, 4, 5)]
    for before, after in pairwise(months):
        closing = {(row.account, row.unit): row.closing for row in before.rows}
        assert all(row.opening == closing.get((row.account, row.unit), 0) for row in after.rows)
    for month in months:
        assert all((row.opening, row.closing, row.debit - row.credit) == (0, 0, 0) for row in month.totals())
    whole = trial_of(OPERATOR, PROGRAMME, FEBRUARY, MAY)
    held = balances(PROGRAMME, "", "HKD") | balances(PROGRAMME, "", "seconds:h800-node")
    assert {row.account: row.closing for row in whole.rows} == held


def test_the_statement_of_the_fund_tells_what_became_of_each_award() -> None:
    two_months()
    february = fund_statement(OPERATOR, PROGRAMME, FEBRUARY, FEBRUARY)
    assert (february.opening, february.appropriated, february.closing) == (0, 1_000_00, 300_00)
    later = fund_statement(OPERATOR, PROGRAMME, MARCH, MAY)
    assert later.awards == (
        AwardMoves(AWARD, 700_00, 0, 489_67, 210_33),
        AwardMoves("AW-2026-0002", 0, 100_01, 0, 0),
    )
    overview = fund_overview(OPERATOR, PROGRAMME)
    assert (later.opening, later.closing) == (300_00, overview.free.minor)
    assert (later.moves.closing, february.moves.closing) == (overview.committed.minor, 700_00)


def test_the_commands_say_the_same() -> None:
    two_months()
    ran = CliRunner().invoke(ledger, ["trial", "--from", "2026-03", "--to", "2026-03"])
    assert ran.exit_code == 0, ran.output
    assert f"budget/committed/{AWARD} 700.00 0.00 210.33 489.67" in " ".join(ran.output.split())
    ran = CliRunner().invoke(ledger, ["statement"])
    assert "Free at the end HKD 689.66" in " ".join(ran.output.split())


BALANCES = """account,unit,amount
budget/appropriation,HKD,-1000.00
budget/free,HKD,400.00
budget/committed/AW-2025-0001,HKD,500.00
budget/spent/AW-2025-0001,HKD,100.00
receivable/user/harbour-university,HKD,43.00
receivable/scheme/AW-2025-0001,HKD,100.00
cash,HKD,10.00
revenue/here,HKD,-153.00
quota/granted/AW-2025-0001/cpu-node,seconds:cpu-node,-3600
quota/remaining/AW-2025-0001/cpu-node,seconds:cpu-node,3600
"""


def begin(text: str, on: date = date(2026, 1, 1)) -> tuple[Journal, ...]:
    return bring_in_balances(actor=OPERATOR, programme=PROGRAMME, text=text, name="b.csv", on=on, now=NOW)


def test_books_begin_with_balances() -> None:
    first = begin(BALANCES)
    assert begin(BALANCES) == first
    assert Journal.objects.count() == 2
    assert balances(PROGRAMME, "budget/free", "HKD") == {"budget/free": 400_00}
    assert [fault for check in check_books() for fault in check.faults] == []
    assert first[0].at == datetime(2025, 12, 31, 16, tzinfo=UTC)
    commit("AW-2026-0009", 400_00)
    assert fund_overview(OPERATOR, PROGRAMME).free.minor == 0


@pytest.mark.parametrize(
    ("was", "written", "codes"),
    [
        ("cash,HKD,10.00", "cash,HKD,10.01", ["ledger.opening.balance"]),
        ("cash,HKD,10.00", "till,HKD,10.00", ["ledger.opening.account", "ledger.opening.balance"]),
        ("cash,HKD,10.00", "cash,XXX,10.00", ["ledger.opening.account", "ledger.opening.balance"]),
        ("cash,HKD,10.00", "cash,HKD,ten", ["kernel.money.decimal", "ledger.opening.balance"]),
        ("cash,HKD,10.00", "cash,HKD,10.00\ncash,HKD,10.00", ["ledger.opening.twice"]),
        ("budget/free,HKD,400.00", "budget/free,HKD,-400.00", ["ledger.opening.floor", "ledger.opening.balance"]),
        ("cpu-node,3600", "cpu-node,1.5", ["kernel.money.places", "ledger.opening.balance"]),
        ("account,unit", "konto,unit", ["ledger.opening.columns"]),
    ],
)
def test_every_fault_is_named_and_nothing_is_booked(was: str, written: str, codes: list[str]) -> None:
    with pytest.raises(Invalid) as wrong:
        begin(BALANCES.replace(was, written))
    assert [fault.code for fault in wrong.value.faults] == codes
    assert not Journal.objects.exists()


def test_balances_come_first() -> None:
    fund(100, at=datetime(2025, 12, 1, tzinfo=UTC))
    with pytest.raises(Conflict, match="have begun before 2026-01-01"):
        begin(BALANCES)
