"""Many at once, and a crash between: each payment counts once, and nothing is paid twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from tests.receivables.ledgers import bill
from tests.receivables.till import DELTA, FINANCE, HARBOUR, LATER, PROGRAMME, SECOND, Till, hkd

from lionrock.kernel.errors import LionrockError
from lionrock.kernel.periods import Month
from lionrock.ledger.check import check_books
from lionrock.ledger.queries import balance
from lionrock.receivables.actions import (
    agree_to_write_off,
    import_bank_file,
    record_payment,
    reverse_payment,
    write_off,
)
from lionrock.receivables.actions import payments as acting
from lionrock.receivables.models import Payment

pytestmark = pytest.mark.django_db(transaction=True)


def all_at_once(acts: list[Callable[[], object]]) -> list[str]:
    """Start each in a thread of its own at the same moment; return what stood in the way of those that failed."""
    start = threading.Barrier(len(acts))
    errors: list[str] = []

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except LionrockError as error:
            errors.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def pay(text: str, reference: str, by: str = HARBOUR) -> Payment:
    given = {"actor": FINANCE, "programme": PROGRAMME, "organisation": by, "paid_on": date(2026, 6, 10), "now": LATER}
    return record_payment(amount=hkd(text), reference=reference, **given)[0]  # type: ignore[arg-type]


def wrong() -> list[object]:
    return [fault for check in check_books() for fault in check.faults]


def test_payments_at_once_pay_one_after_the_other(till: Till) -> None:
    bill(Month(2026, 4), **{DELTA: 50_00, HARBOUR: 100_00})
    acts = [lambda n=n: pay("15.00", f"P{n}", HARBOUR if n % 2 else DELTA) for n in range(16)]
    assert all_at_once(acts) == []  # type: ignore[arg-type]
    assert (till.open(), sum(till.credit().values())) == ({}, 16 * 15_00 - 150_00)
    assert till.owed() == {HARBOUR: -20_00, DELTA: -70_00}
    assert (balance(PROGRAMME, "cash", "HKD"), wrong()) == (240_00, [])


def test_one_payment_told_many_times_at_once_counts_once(till: Till) -> None:
    bill(Month(2026, 4), **{HARBOUR: 100_00})
    assert all_at_once([lambda: pay("15.00", "SAME")] * 8) == []
    assert (Payment.objects.count(), till.open()) == (1, {"2026-04-0": 85_00})
    assert (balance(PROGRAMME, "cash", "HKD"), wrong()) == (15_00, [])


def test_of_two_contents_under_one_reference_one_stands(till: Till) -> None:
    bill(Month(2026, 4), **{HARBOUR: 100_00})
    errors = all_at_once([lambda: pay("15.00", "SAME"), lambda: pay("16.00", "SAME")])
    assert errors in (["receivables.payment.reference_taken"], ["ledger.journal.cause_taken"])
    paid = Payment.objects.get().amount
    assert (till.open(), balance(PROGRAMME, "cash", "HKD")) == ({"2026-04-0": 100_00 - paid}, paid)


def test_a_close_and_payments_at_once_leave_nothing_unpaid_that_could_be_paid(till: Till) -> None:
    till.books.use(HARBOUR, "1", 100)
    acts: list[Callable[[], object]] = [lambda n=n: pay("100.00", f"P{n}") for n in range(4)]
    assert all_at_once([*acts, lambda: till.books.close(Month(2026, 4))]) == []
    assert till.owed() == {HARBOUR: 80_00}
    assert sum(till.open().values()) - sum(till.credit().values()) == 80_00
    till.pay("0.01", "LAST")
    assert (sum(till.open().values()), till.credit(), wrong()) == (79_99, {}, [])


def test_a_payment_a_return_and_a_write_off_at_once_never_pay_more_than_is_owed(till: Till) -> None:
    bill(Month(2026, 4), **{HARBOUR: 1000_00})
    first = pay("600.00", "A")
    asked = write_off(actor=FINANCE, document="2026-04-0", amount=hkd("400.00"), reason="gone", now=LATER)
    assert hasattr(asked, "answer")
    larger = {"document": "2026-04-0", "reason": "gone", "now": LATER}
    reverse_payment(actor=FINANCE, payment=first.pk, reason="returned", now=LATER)
    second = write_off(actor=FINANCE, amount=hkd("600.00"), **larger)  # type: ignore[arg-type]
    errors = all_at_once(
        [
            lambda: pay("600.00", "B"),
            lambda: agree_to_write_off(actor=SECOND, number=second.pk, now=LATER),
        ]
    )
    assert errors in ([], ["receivables.write_off.paid_meanwhile"])
    assert sum(till.open().values()) == 0
    assert till.owed().get(HARBOUR, 0) == -sum(till.credit().values())
    assert wrong() == []


def test_a_crash_between_posting_and_matching_leaves_nothing(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    bill(Month(2026, 4), **{HARBOUR: 100_00})

    def crash(*_args: object, **_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(acting, "match_account", crash)
        with pytest.raises(KeyboardInterrupt):
            pay("15.00", "A")
    assert (Payment.objects.count(), till.owed(), balance(PROGRAMME, "cash", "HKD")) == (0, {HARBOUR: 100_00}, 0)
    pay("15.00", "A")
    assert till.open() == {"2026-04-0": 85_00}


def test_an_import_that_is_killed_goes_on_where_it_stopped(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    bill(Month(2026, 4), **{HARBOUR: 100_00})
    rows = "".join(f"2026-06-1{n},10.00,HKD,R{n},{HARBOUR}\n" for n in range(4))
    content = f"date,amount,currency,reference,payer\n{rows}".encode()
    given = {"actor": FINANCE, "programme": PROGRAMME, "content": content, "name": "june.csv", "now": LATER}
    whole = acting.match_account

    def killed(*args: object, **more: object) -> None:
        if Payment.objects.filter(reference="R2").exists():
            raise KeyboardInterrupt
        whole(*args, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(acting, "match_account", killed)
        with pytest.raises(KeyboardInterrupt):
            import_bank_file(**given)  # type: ignore[arg-type]
    assert (Payment.objects.count(), till.open()) == (2, {"2026-04-0": 80_00})
    assert import_bank_file(**given).tally == {"new": 2, "repeated": 2, "held": 0}  # type: ignore[arg-type]
    assert (till.open(), balance(PROGRAMME, "cash", "HKD"), wrong()) == ({"2026-04-0": 60_00}, 40_00, [])
