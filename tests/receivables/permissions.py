"""Who may do what with payments, write-offs, claims and remittances; see tests/people/rows.py."""

from __future__ import annotations

from datetime import date

from tests.calls.world import NOW, OPERATOR
from tests.config import rows as pages
from tests.config.rows import EVERYBODY, OWN, SEE_ALL, SEES, CommandRow, PageRow
from tests.people import rows as people
from tests.people.rows import ActionRow

from lionrock.charging.actions import close_month
from lionrock.charging.models import MonthClose
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.ledger.actions import lock_period
from lionrock.ledger.models import PeriodLock
from lionrock.receivables.actions import import_bank_file, record_payment
from lionrock.receivables.models import HeldRow, Payment, WriteOff
from lionrock.statements.models import Document, Settlement

HARBOUR, CLOSED = "harbour-university", NOW.replace(month=6)
FILE = b"date,amount,currency,reference,payer\n2026-05-01,1.00,HKD,F1,nobody-known\n"
Scene = people.Scene | pages.Scene


def invoice() -> str:
    """Return the number of an invoice of Harbour that asks for money; closes April once, if need be."""
    found = Document.objects.filter(user__gt=0).first()
    if found is None:
        close_month(actor=OPERATOR, programme=OWN, month=Month(2026, 4), now=CLOSED)
        found = Document.objects.filter(user__gt=0).get()
    return found.number


def paper(kind: str = "claim") -> str:
    """Return the number of a claim or a remittance."""
    invoice()
    return Settlement.objects.filter(kind=kind).values_list("number", flat=True)[0]


def old_claim() -> str:
    """Return the number of a claim that was issued before now."""
    issued = NOW.replace(month=2)
    close, _ = MonthClose.objects.get_or_create(
        programme=OWN,
        month=date(2026, 1, 1),
        defaults={
            "closed_at": issued, "closed_by": "f", "last_record": 0, "gross": 1_00, "subsidy": 1_00, "user": 0,
            "currency": "HKD",
        },
    )  # fmt: skip
    lines = [{"award": "AW-2026-0001", "organisation": HARBOUR, "subsidy": 1_00}]
    given = {"programme": OWN, "month": close.month, "issued_at": issued, "currency": "HKD", "amount": 1_00}
    made, _ = Settlement.objects.get_or_create(
        close=close, kind="claim", defaults={"number": "OLD-CLM", "lines": lines, **given}
    )
    return made.number


def paid() -> Payment:
    """Return a payment of Harbour."""
    given = {"actor": OPERATOR, "programme": OWN, "organisation": HARBOUR, "paid_on": date(2026, 5, 4)}
    return record_payment(amount=Money(1_00, "HKD"), reference="P1", now=CLOSED, **given)[0]  # type: ignore[arg-type]


def held() -> int:
    """Return the number of a held row."""
    import_bank_file(actor=OPERATOR, programme=OWN, content=FILE, name="may.csv", now=CLOSED)
    return HeldRow.objects.values_list("pk", flat=True)[0]


def asked() -> int:
    """Return the number of a write-off that another person asked for."""
    document = Document.objects.get(number=invoice())
    given = {"amount": 1_00, "reason": "gone", "authority": "finance", "asked_at": CLOSED, "asked_by": "a@example.org"}
    return WriteOff.objects.get_or_create(invoice=document, defaults=given)[0].pk


def locked() -> str:
    """Lock the books of the programme once, and return its name."""
    if not PeriodLock.objects.exists():
        lock_period(actor=OPERATOR, programme=OWN, month=Month(2025, 1), reason="audit", now=CLOSED)
    return OWN


def after(made: object, words: str = "") -> str:
    """Return the words of a command that is to find what was made."""
    return words if made else ""


MONEY = {"finance", "auditor", "office", "chair"}
AT = "--at 2026-06-20T09:00+08:00"
TO = f"--programme {OWN}"
PAYMENT = {"programme": OWN, "organisation": HARBOUR, "amount": Money(1_00, "HKD"), "paid_on": date(2026, 2, 1)}
ACTIONS = {
    "receivables.record_payment": ActionRow("finance", lambda _: {**PAYMENT, "reference": "P2"}),
    "receivables.reverse_payment": ActionRow("finance", lambda _: {"payment": paid().pk, "reason": "returned"}),
    "receivables.import_bank_file": ActionRow(
        "finance", lambda _: {"programme": OWN, "content": FILE, "name": "may.csv"}
    ),
    "receivables.drop_held_row": ActionRow("finance", lambda _: {"row": held(), "reason": "no payment"}),
    "receivables.write_off": ActionRow(
        "finance", lambda _: {"document": invoice(), "amount": Money(1_00, "HKD"), "reason": "gone"}
    ),
    "receivables.agree_to_write_off": ActionRow("finance, chair", lambda _: {"number": asked()}),
    "receivables.refuse_write_off": ActionRow("finance, chair", lambda _: {"number": asked(), "reason": "they pay"}),
    "receivables.settle_paper": ActionRow(
        "finance", lambda _: {"number": old_claim(), "on": date(2026, 2, 10), "reference": "S1"}
    ),
    "ledger.lock_period": ActionRow(
        "finance", lambda _: {"programme": OWN, "month": Month(2025, 1), "reason": "audit"}
    ),
    "ledger.reopen_period": ActionRow("finance", lambda _: {"programme": locked(), "month": None, "reason": "audit"}),
    "ledger.bring_in_balances": ActionRow(
        "finance",
        lambda _: {
            "programme": OWN,
            "text": "account,unit,amount\ncash,HKD,1.00\nopening,HKD,-1.00\n",
            "name": "balances.csv",
            "on": date(2020, 1, 1),
        },
    ),
}
NO_PERMISSION = {
    "receivables.match_after_close": "a reaction",
    "statements.issue_settlements": "a reaction",
}
HIDDEN = dict.fromkeys(
    [
        "receivables.payment.unknown",
        "receivables.held.unknown",
        "receivables.write_off.unknown",
        "statements.document.unknown",
        "statements.settlement.unknown",
    ]
)
COMMANDS = {
    ("payments", "record"): CommandRow(
        {"finance"}, lambda _: f"{TO} --payer {HARBOUR} --amount 1.00 --on 2026-05-04 --reference P3 {AT}"
    ),
    ("payments", "import"): CommandRow({"finance"}, lambda scene: f"{bank_file(scene)} {TO} {AT}"),
    ("payments", "list"): CommandRow(SEES, lambda _: after(paid(), TO), shows=lambda _: paid().reference),
    ("payments", "reverse"): CommandRow({"finance"}, lambda _: f"{paid().pk} --reason returned {AT}"),
    ("payments", "held"): CommandRow(MONEY, lambda _: TO),
    ("payments", "drop"): CommandRow({"finance"}, lambda _: f"{held()} --reason none {AT}"),
    ("payments", "files"): CommandRow(MONEY, lambda _: TO),
    ("receivables", "open"): CommandRow(MONEY, lambda _: f"{TO} {AT}"),
    ("receivables", "ageing"): CommandRow(MONEY, lambda _: f"{TO} {AT}"),
    ("receivables", "write-off"): CommandRow({"finance"}, lambda _: f"{invoice()} --amount 1.00 --reason gone {AT}"),
    ("receivables", "agree"): CommandRow({"finance", "chair"}, lambda _: f"{asked()} {AT}"),
    ("receivables", "refuse"): CommandRow({"finance", "chair"}, lambda _: f"{asked()} --reason no {AT}"),
    ("receivables", "write-offs"): CommandRow(MONEY, lambda _: after(asked()), shows=lambda _: invoice()),
    ("receivables", "settle"): CommandRow({"finance"}, lambda _: f"{paper()} --on 2026-06-19 --reference S2 {AT}"),
    ("settlement", "list"): CommandRow(SEE_ALL, shows=lambda _: paper()),
    ("settlement", "show"): CommandRow(SEE_ALL, lambda _: paper("remittance")),
    ("settlement", "write"): CommandRow(SEE_ALL, lambda _: f"{paper()} --format json"),
    ("ledger", "trial"): CommandRow(SEE_ALL, lambda _: TO),
    ("ledger", "statement"): CommandRow(SEE_ALL, lambda _: TO),
    ("ledger", "lock"): CommandRow({"finance"}, lambda _: f"{TO} --month 2025-01 --reason audit {AT}"),
    ("ledger", "reopen"): CommandRow({"finance"}, lambda _: f"{TO} --reason audit {AT}", ends=frozenset({6})),
    ("ledger", "locks"): CommandRow(SEE_ALL, lambda _: TO),
    ("ledger", "begin"): CommandRow(
        {"finance"}, lambda scene: f"{balances(scene)} {TO} --on 2020-01-01 {AT}", ends=frozenset({0})
    ),
}


def bank_file(scene: pages.Scene) -> str:
    """Write a bank statement beside the scene's other files, and return its name."""
    file = scene.usage.with_name("bank.csv")
    file.write_bytes(FILE)
    return str(file)


def balances(scene: pages.Scene) -> str:
    """Write a table of balances beside the scene's other files, and return its name."""
    file = scene.usage.with_name("balances.csv")
    file.write_text("account,unit,amount\ncash,HKD,1.00\nopening,HKD,-1.00\n")
    return str(file)


PAGES = {
    "ledger:trial": PageRow(SEE_ALL, lambda _: [OWN]),
    "settlements:list": PageRow(SEE_ALL, shows=lambda _: paper()),
    "settlements:show": PageRow(SEE_ALL, lambda _: [paper()]),
    "settlements:file": PageRow(SEE_ALL, lambda _: [paper("remittance"), "json"]),
    "receivables:list": PageRow(EVERYBODY),
    "receivables:owed": PageRow(MONEY, lambda _: [OWN]),
    "receivables:payments": PageRow(MONEY, lambda _: [OWN]),
    "receivables:bank_file": PageRow({"finance"}, lambda _: [OWN], posted=lambda _: {}),
    "receivables:write_offs": PageRow(MONEY, lambda _: [OWN]),
    "receivables:payment": PageRow(SEES, lambda _: [str(paid().pk)]),
    "receivables:reverse": PageRow({"finance"}, lambda _: [str(paid().pk)], posted=lambda _: {"reason": "returned"}),
    "receivables:drop": PageRow({"finance"}, lambda _: [str(held())], posted=lambda _: {"reason": "none"}),
    "receivables:agree": PageRow({"finance", "chair"}, lambda _: [str(asked())], posted=lambda _: {}),
    "receivables:refuse": PageRow({"finance", "chair"}, lambda _: [str(asked())], posted=lambda _: {"reason": "no"}),
    "receivables:ask": PageRow(
        {"finance"}, lambda _: [invoice()], posted=lambda _: {"amount": "1.00", "reason": "gone"}
    ),
    "receivables:settle": PageRow(
        {"finance"}, lambda _: [paper()], posted=lambda _: {"on": "2026-06-19", "reference": "S3"}
    ),
}
