"""Commands about what is owed and paid: payments, what is open, write-offs; claims and remittances."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.notices.domain import told
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.receivables.actions import (
    agree_to_write_off,
    drop_held_row,
    import_bank_file,
    record_payment,
    refuse_write_off,
    reverse_payment,
    settle_paper,
    write_off,
)
from lionrock.receivables.domain import Wish
from lionrock.receivables.models import HeldRow, Payment
from lionrock.receivables.queries import (
    ageing,
    asked_to_write_off,
    files,
    held_rows,
    open_items,
    payments,
    require_money,
    today_of,
)
from lionrock.statements.queries import document_by_number, settlement_by_number
from lionrock.terminal.clock import at_option
from lionrock.terminal.files import content_of
from lionrock.terminal.output import Table, json_option, show

_programme = click.option("--programme", required=True, metavar="ID")
LATE_HEADINGS = ("not late", "1-30", "31-60", "61-90", "over 90")


def read_day(text: str, field: str) -> date:
    """Read a date such as 2026-06-10; raises `Invalid`."""
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        said = message(
            gettext_noop("“{value}” in {field} is not a date. Write it as 2026-01-31."), value=text, field=field
        )
        raise Invalid(
            "receivables.day", said, faults=[Fault("receivables.day", said, field=field, value=text)]
        ) from wrong


@click.group("payments")
def payments_group() -> None:
    """Payments: record, import a bank statement, list, reverse; what is held."""


@payments_group.command("record")
@_programme
@click.option("--payer", required=True, metavar="CODE", help="The organisation.")
@click.option("--amount", required=True, help="In the programme's currency, such as 1234.50.")
@click.option("--on", "paid_on", required=True, metavar="DAY", help="When it arrived, such as 2026-06-10.")
@click.option("--reference", required=True, help="The bank's; the same again changes nothing.")
@click.option("--document", "documents", multiple=True, metavar="NUMBER", help="What it pays first; may be repeated.")
@click.option("--note", default="")
@as_option
@at_option
def record_one(
    programme: str,
    payer: str,
    amount: str,
    paid_on: str,
    reference: str,
    documents: tuple[str, ...],
    note: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Record money that an organisation paid: it pays what it names, then the oldest, and the rest stays on account.

    Example: lionrock payments record --programme hk-aiss-demo --payer harbour-university --amount 48.00
    --on 2026-06-10 --reference FT26161-77
    """
    made, is_new = record_payment(
        actor=actor,
        programme=programme,
        organisation=payer,
        amount=Money.parse(amount, programme_on_file(programme).currency),
        paid_on=read_day(paid_on, "on"),
        reference=reference,
        wishes=[Wish(number) for number in documents],
        note=note,
        now=now,
    )
    click.echo(f"{reference} is recorded." if is_new else f"{reference} was recorded before. Nothing was done twice.")
    click.echo(_paid(made))


def _paid(payment: Payment) -> str:
    rows = payment.matchings.select_related("invoice").order_by("pk")
    parts = [f"{Money(each.amount, payment.currency)} of {each.invoice.number}" for each in rows]
    left = payment.amount - sum(each.amount for each in rows)
    return "; ".join([*parts, *([f"{Money(left, payment.currency)} on account"] if left else [])])


@payments_group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@_programme
@as_option
@at_option
@json_option
def import_file(file: Path, programme: str, actor: Actor, now: datetime, as_json: bool) -> None:
    """Take in a bank statement (CSV); good rows are recorded, the others held with every fault.

    Its columns: docs/reference/bank-statements.md. The same file again records nothing twice.

    Example: lionrock payments import june.csv --programme hk-aiss-demo
    """
    taken = import_bank_file(actor=actor, programme=programme, content=content_of(file), name=file.name, now=now)
    held = [_held(row) for row in taken.held_rows.order_by("line")]
    counts = Table(["rows", "count"], [[name, count] for name, count in taken.tally.items()], frozenset({"count"}))
    text = "\n".join(
        [counts.render(), *(f"{row['file']}:{row['line']}: {fault}" for row in held for fault in row["faults"])]
    )
    show({"file": taken.name, "rows": taken.tally, "held": held}, text, as_json=as_json)


def _held(row: HeldRow) -> dict[str, Any]:
    faults = [str(told(fault)) for fault in row.faults]
    return {"number": row.pk, "file": row.file.name, "line": row.line, "raw": row.raw, "faults": faults}


@payments_group.command("list")
@click.option("--programme", metavar="ID", help="Only those of one programme.")
@click.option("--payer", metavar="CODE", help="Only those of one organisation.")
@as_option
@json_option
def list_payments(programme: str | None, payer: str | None, actor: Actor, as_json: bool) -> None:
    """List the payments that you may see, the latest first.

    Example: lionrock payments list --programme hk-aiss-demo
    """
    found = payments(actor)
    found = found.filter(programme=programme) if programme else found
    found = found.filter(organisation__code=payer) if payer else found
    rows = [
        {
            "number": each.pk,
            "programme": each.programme,
            "payer": each.organisation.code,
            "paid_on": each.paid_on,
            "reference": each.reference,
            "amount": each.amount,
            "currency": each.currency,
            "reversed": hasattr(each, "reversal"),
        }
        for each in found
    ]
    cells = [
        [
            row["number"],
            row["paid_on"],
            row["payer"],
            row["reference"],
            Money(int(str(row["amount"])), str(row["currency"])),
            "reversed" if row["reversed"] else "",
        ]
        for row in rows
    ]
    show(
        rows, Table(["number", "on", "payer", "reference", "amount", ""], cells, frozenset({"amount"})), as_json=as_json
    )


@payments_group.command("reverse")
@click.argument("number", type=int)
@click.option("--reason", required=True)
@as_option
@at_option
def reverse(number: int, reason: str, actor: Actor, now: datetime) -> None:
    """Record that a payment did not stand; what it paid is open again.

    Example: lionrock payments reverse 12 --reason "Returned by the bank"
    """
    found = reverse_payment(actor=actor, payment=number, reason=reason, now=now)
    click.echo(f"{found.reference} is reversed; what it paid is open again.")


@payments_group.command("held")
@_programme
@as_option
@json_option
def held(programme: str, actor: Actor, as_json: bool) -> None:
    """List the rows of bank statements that could not be taken, with every fault.

    Example: lionrock payments held --programme hk-aiss-demo
    """
    rows = [_held(row) for row in held_rows(actor, programme)]
    cells = [[row["number"], row["file"], row["line"], fault] for row in rows for fault in row["faults"]]
    show(rows, Table(["number", "file", "line", "what is wrong"], cells), as_json=as_json)


@payments_group.command("drop")
@click.argument("number", type=int)
@click.option("--reason", required=True)
@as_option
@at_option
def drop(number: int, reason: str, actor: Actor, now: datetime) -> None:
    """Take a held row off the list: it was recorded otherwise, or is no payment.

    Example: lionrock payments drop 3 --reason "Interest of the bank"
    """
    row = drop_held_row(actor=actor, row=number, reason=reason, now=now)
    click.echo(f"{row.file.name}:{row.line} is off the list.")


@payments_group.command("files")
@_programme
@as_option
@json_option
def list_files(programme: str, actor: Actor, as_json: bool) -> None:
    """List the bank statements that were taken in, the latest first.

    Example: lionrock payments files --programme hk-aiss-demo
    """
    rows = list(files(actor, programme).values("name", "digest", "tally", "taken_at", "taken_by"))
    cells = [[row["name"], row["taken_at"].isoformat(), *row["tally"].values()] for row in rows]
    show(rows, Table(["file", "taken at", "new", "repeated", "held"], cells), as_json=as_json)


@click.group("receivables")
def receivables_group() -> None:
    """What is owed: what is open, its age, write-offs, claims and remittances settled."""


@receivables_group.command("open")
@_programme
@click.option("--organisation", metavar="CODE", help="Only what one organisation owes.")
@click.option("--on", "on", metavar="DAY", help="As at the end of that day (default: today).")
@as_option
@at_option
@json_option
def show_open(
    programme: str, organisation: str | None, on: str | None, actor: Actor, now: datetime, as_json: bool
) -> None:
    """List the documents of which something is open, the oldest first.

    Example: lionrock receivables open --programme hk-aiss-demo
    """
    rules = require_money(actor, programme)
    day = read_day(on, "on") if on else today_of(rules, now)
    found = open_items(rules, organisations=[organisation] if organisation else None, on=day)
    rows = [
        {
            "number": item.number,
            "organisation": item.organisation,
            "issued": item.issued,
            "due": item.due,
            "days_late": item.days_late(day),
            "currency": item.currency,
            "total": item.total,
            "open": item.open,
        }
        for item in found
    ]
    cells = [
        [item.number, item.organisation, item.due or "–", item.days_late(day), Money(item.open, item.currency)]
        for item in found
    ]
    table = Table(["number", "organisation", "due", "days late", "open"], cells, frozenset({"days late", "open"}))
    show(rows, table, as_json=as_json)


@receivables_group.command("ageing")
@_programme
@click.option("--on", "on", metavar="DAY", help="As at the end of that day (default: today).")
@as_option
@at_option
@json_option
def show_ageing(programme: str, on: str | None, actor: Actor, now: datetime, as_json: bool) -> None:
    """Show what every organisation owes, by how many days it is late, and that the books agree.

    Example: lionrock receivables ageing --programme hk-aiss-demo --on 2026-06-30
    """
    day = read_day(on, "on") if on else today_of(require_money(actor, programme), now)
    found = ageing(actor, programme, day)
    rows = [
        {"organisation": row.organisation, "buckets": row.buckets, "credit": row.credit, "balance": row.balance}
        for row in found.rows
    ]
    data = {"on": day, "currency": found.programme.currency, "rows": rows, "total": found.total.buckets} | {
        "credit": found.total.credit,
        "booked": found.booked,
        "without_document": found.without_document,
    }
    cells = [
        [row.organisation or "Total", *(found.money(each).decimal for each in (*row.buckets, row.credit, row.balance))]
        for row in (*found.rows, found.total)
    ]
    headings = ["organisation", *LATE_HEADINGS, "credit", "balance"]
    text = Table(headings, cells, frozenset(headings[1:])).render()
    text += f"\n\nIn the books: {found.money(found.booked)}; without a document: {found.money(found.without_document)}"
    show(data, text, as_json=as_json)


@receivables_group.command("write-off")
@click.argument("document")
@click.option("--amount", required=True, help="In the document's currency, such as 12.00.")
@click.option("--reason", required=True)
@as_option
@at_option
def ask_write_off(document: str, amount: str, reason: str, actor: Actor, now: datetime) -> None:
    """Ask to write off what nobody will collect; a small amount is booked at once, if the programme lets one person.

    Example: lionrock receivables write-off HK-AISS-DEMO-INV-2026-0001 --amount 12.00 --reason "In liquidation"
    """
    currency = document_by_number(actor, document).currency
    asked = write_off(actor=actor, document=document, amount=Money.parse(amount, currency), reason=reason, now=now)
    booked = hasattr(asked, "answer")
    click.echo(f"Write-off {asked.pk} is booked." if booked else f"Write-off {asked.pk} waits for {asked.authority}.")


@receivables_group.command("agree")
@click.argument("number", type=int)
@as_option
@at_option
def agree(number: int, actor: Actor, now: datetime) -> None:
    """Agree to a write-off that somebody else has asked for; it is booked.

    Example: lionrock receivables agree 3 --as chair@example.org
    """
    agree_to_write_off(actor=actor, number=number, now=now)
    click.echo(f"Write-off {number} is booked.")


@receivables_group.command("refuse")
@click.argument("number", type=int)
@click.option("--reason", required=True)
@as_option
@at_option
def refuse(number: int, reason: str, actor: Actor, now: datetime) -> None:
    """Refuse a write-off, or take back what you have asked.

    Example: lionrock receivables refuse 3 --reason "They have promised to pay"
    """
    refuse_write_off(actor=actor, number=number, reason=reason, now=now)
    click.echo(f"Write-off {number} is refused.")


@receivables_group.command("write-offs")
@as_option
@json_option
def list_write_offs(actor: Actor, as_json: bool) -> None:
    """List what was asked to be written off, and what became of it.

    Example: lionrock receivables write-offs
    """
    rows = [
        {
            "number": each.pk,
            "document": each.invoice.number,
            "amount": each.amount,
            "currency": each.invoice.currency,
            "takes": each.authority,
            "asked_by": each.asked_by,
            "reason": each.reason,
            "state": ("booked" if each.answer.agreed else "refused") if hasattr(each, "answer") else "waiting",
        }
        for each in asked_to_write_off(actor).select_related("answer").order_by("pk")
    ]
    cells = [
        [
            row["number"],
            row["document"],
            Money(int(str(row["amount"])), str(row["currency"])),
            row["takes"],
            row["state"],
        ]
        for row in rows
    ]
    show(rows, Table(["number", "document", "amount", "takes", "state"], cells, frozenset({"amount"})), as_json=as_json)


@receivables_group.command("settle")
@click.argument("number")
@click.option("--on", "on", required=True, metavar="DAY", help="When it was paid, such as 2026-06-10.")
@click.option("--reference", required=True, help="The bank's.")
@as_option
@at_option
def settle(number: str, on: str, reference: str, actor: Actor, now: datetime) -> None:
    """Record that the scheme has paid a claim, or that a site was paid its remittance; in full, once.

    Example: lionrock receivables settle HK-AISS-DEMO-CLM-2026-0001 --on 2026-06-10 --reference FT26161-80
    """
    settle_paper(actor=actor, number=number, on=read_day(on, "on"), reference=reference, now=now)
    paper = settlement_by_number(actor, number)
    click.echo(f"{number} is settled: {Money(paper.amount, paper.currency)}.")
