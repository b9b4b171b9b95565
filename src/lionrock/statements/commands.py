"""Commands about statements: list, show, write as PDF, CSV or JSON."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TextIO

import click
from django.utils import timezone

from lionrock.kernel.errors import Invalid, Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.statements.explaining import Explanation, explain_line
from lionrock.statements.exports import explanation_to_json, to_csv, to_json
from lionrock.statements.focus.reading import DATASETS, write_focus
from lionrock.statements.models import Document, Settlement
from lionrock.statements.papers import Note, Paper
from lionrock.statements.queries import document_by_number, documents, paper_of, settlement_by_number, settlements
from lionrock.statements.settlements import SettlementPaper, settlement_csv, settlement_json, settlement_paper
from lionrock.terminal.output import Table, json_option, show
from lionrock.terminal.output import to_json as json_text

STANDARD_OUTPUT = Path("-")
LANGUAGES = ("en", "zh-hant", "zh-hans")


@click.group()
def statement() -> None:
    """Statements of closed months: list, show, write."""


@statement.command("list")
@click.option("--programme", metavar="ID", help="Only those of one programme.")
@click.option("--month", help="Such as 2026-10.")
@click.option("--organisation", metavar="CODE", help="Only those of one organisation.")
@as_option
@json_option
def list_statements(
    programme: str | None, month: str | None, organisation: str | None, actor: Actor, as_json: bool
) -> None:
    """List the statements that you may see.

    Example: lionrock statement list --month 2026-10
    """
    found = documents(actor)
    if programme:
        found = found.filter(programme=programme)
    if month:
        found = found.filter(month=Month.parse(month).first_day)
    if organisation:
        found = found.filter(organisation__code=organisation)
    rows = [document_data(one) for one in found]
    amounts = ("gross", "subsidy", "user")
    cells = [
        [row["number"], row["organisation"], row["month"], row["kind"]]
        + [Money(int(str(row[name])), str(row["currency"])) for name in amounts]
        for row in rows
    ]
    headings = ["number", "organisation", "month", "kind", *amounts]
    show(rows, Table(headings, cells, right=frozenset(amounts)), as_json=as_json)


def document_data(one: Document) -> dict[str, object]:
    """Return a document without its lines as plain values, in minor units of its currency."""
    return {
        "number": one.number,
        "kind": one.kind,
        "programme": one.programme,
        "organisation": one.organisation.code,
        "month": str(Month.containing(one.month)),
        "currency": one.currency,
        "gross": one.gross,
        "subsidy": one.subsidy,
        "user": one.user,
    }


@statement.command("show")
@click.argument("number")
@as_option
@json_option
def show_statement(number: str, actor: Actor, as_json: bool) -> None:
    """Show a statement with its lines.

    Example: lionrock statement show HK-AISS-DEMO-INV-2026-0001
    """
    paper = paper_of(document_by_number(actor, number))
    show(to_json(paper), _text(paper), as_json=as_json)


def _text(paper: Paper) -> str:
    rows = [
        [
            line.what.en,
            line.site,
            "" if line.quantity is None else f"{line.quantity:,f} {line.unit}",
            line.unit_price.decimal if line.unit_price else "",
            str(line.corrects or ""),
            line.gross.decimal,
            line.subsidy.decimal,
            line.user.decimal,
        ]
        for line in paper.lines
    ]
    rows.append(["Total", "", "", "", "", paper.gross.decimal, paper.subsidy.decimal, paper.user.decimal])
    right = frozenset({"quantity", "price", "list price", "scheme", "user"})
    table = Table(["item", "site", "quantity", "price", "corrects", "list price", "scheme", "user"], rows, right)
    heading = f"{paper.kind} {paper.number} · {paper.organisation.en} · {paper.month} · {paper.currency}"
    return f"{heading}\n\n{table.render()}"


@statement.command("focus")
@click.option("--dataset", type=click.Choice(list(DATASETS)), default="cost-and-usage", show_default=True)
@click.option("--programme", metavar="ID", required=True, help="Whose statements.")
@click.option("--from", "first", metavar="MONTH", help="The first month, such as 2026-01 (default: all).")
@click.option("--to", "last", metavar="MONTH", help="The last month.")
@click.option("--organisation", metavar="CODE", help="Only those of one organisation.")
@click.option("--output", type=click.File("w", encoding="utf-8", atomic=True), default="-", help="File to write.")
@as_option
def focus_statements(
    dataset: str,
    programme: str,
    first: str | None,
    last: str | None,
    organisation: str | None,
    output: TextIO,
    actor: Actor,
) -> None:
    """Write statements as one of the datasets of FOCUS 1.4 (CSV), for tools that read it.

    Example: lionrock statement focus --programme hk-aiss-demo --from 2026-01 --to 2026-12 --output 2026.csv
    """
    found = documents(actor).filter(programme=programme_on_file(programme).id)
    if first:
        found = found.filter(month__gte=Month.parse(first).first_day)
    if last:
        found = found.filter(month__lte=Month.parse(last).first_day)
    if organisation:
        found = found.filter(organisation__code=organisation)
    count = write_focus(dataset, found, output, timezone.now())
    click.echo(f"{count:,} rows", err=True)


@statement.command("write")
@click.argument("number")
@click.option("--format", "form", type=click.Choice(["pdf", "csv", "json"]), default="pdf", show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the PDF.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="File to write; - is standard output (default: NUMBER.pdf).",
)
@as_option
def write_statement(number: str, form: str, language: str, output: Path | None, actor: Actor) -> None:
    """Write a statement as a file.

    Example: lionrock statement write HK-AISS-DEMO-INV-2026-0001 --language zh-hant --output statement.pdf
    """
    paper = paper_of(document_by_number(actor, number))
    _write(content_of(paper, form, language), output or Path(f"{number}.{form}"))


def _write(content: bytes, target: Path) -> None:
    if target == STANDARD_OUTPUT:
        sys.stdout.buffer.write(content)
        return
    try:
        target.write_bytes(content)
    except OSError as wrong:
        raise Unavailable(
            "statements.write.failed",
            message(
                gettext_noop("{file} could not be written: {reason}. Name another with --output."),
                file=str(target),
                reason=wrong.strerror or str(wrong),
            ),
        ) from wrong
    click.echo(str(target))


def content_of(paper: Paper, form: str, language: str) -> bytes:
    """Return the statement in a format: "pdf", "csv" or "json"."""
    if form == "csv":
        return to_csv(paper).encode("utf-8-sig")
    if form == "json":
        return json_text(to_json(paper)).encode()
    from lionrock.web.pdf import render_pdf  # noqa: PLC0415 - its libraries take half a second to load

    return render_pdf("statements/document.html", {"paper": paper}, language)


SHOWN_RUNS = 20


@click.command("explain")
@click.argument("line", metavar="DOCUMENT/LINE")
@click.option("--runs", default=SHOWN_RUNS, show_default=True, help="How many runs are listed; --json lists all.")
@as_option
@json_option
def explain(line: str, runs: int, actor: Actor, as_json: bool) -> None:
    """Explain a line of a document, down to the runs, the price, the share and what limited it.

    Lines are counted from 1, as the document shows them.

    Example: lionrock charge explain HK-AISS-DEMO-INV-2026-0001/1
    """
    number, position = _line_of(line)
    told = explain_line(document_by_number(actor, number), position)
    show(explanation_to_json(told), _explained(told, runs), as_json=as_json)


def _line_of(text: str) -> tuple[str, int]:
    number, _, position = text.rpartition("/")
    if not number or not position.isdecimal():
        said = gettext_noop("“{value}” names no line of a document. Write it as HK-AISS-DEMO-INV-2026-0001/1.")
        raise Invalid("statements.line.written", message(said, value=text))
    return number, int(position)


def _explained(told: Explanation, runs: int) -> str:
    place = f"line {told.position} of {told.positions}"
    heading = f"{told.number}, {place} · {told.organisation.en} · {told.month} · {told.line.gross.currency}"
    said = [f"{number}. {note.message}{_rests_on(note)}" for number, note in enumerate(told.steps, start=1)]
    billed = [f"Billed before: {one.gross} on {one.document}/{one.position}" for one in told.billed]
    return "\n".join([heading, "", *said, *billed, *_runs_listed(told, runs)])


def _rests_on(note: Note) -> str:
    return "".join(
        f"\n   {read.path} = {read.value}{f' since {read.since}' if read.since else ''}"
        + (f" [{read.citation.publisher}: {read.citation.title}]" if read.citation else "")
        for read in note.reads
    )


def _runs_listed(told: Explanation, most: int) -> list[str]:
    if not told.runs:
        return []
    headings = ["job", "site", "state", "from", "to", "devices", "device-hours", "before", "at list price"]
    rows = [
        [row.job, row.site, row.state, row.start, row.end, row.devices, row.hours, row.before, row.amount]
        for row in told.runs[:most]
    ]
    more = len(told.runs) - len(rows)
    listed = ["", Table(headings, rows, right=frozenset(headings[5:])).render()]
    return [*listed, f"… and {more:,} more; --json lists all."] if more else listed


@click.group()
def settlement() -> None:
    """Claims on the scheme and remittances to sites: list, show, write."""


@settlement.command("list")
@click.option("--programme", metavar="ID", help="Only those of one programme.")
@click.option("--month", help="Such as 2026-10.")
@as_option
@json_option
def list_settlements(programme: str | None, month: str | None, actor: Actor, as_json: bool) -> None:
    """List the claims and remittances that you may see.

    Example: lionrock settlement list --month 2026-10
    """
    found = settlements(actor)
    found = found.filter(programme=programme) if programme else found
    found = found.filter(month=Month.parse(month).first_day) if month else found
    rows = [settlement_data(one) for one in found]
    cells = [
        [row["number"], row["kind"], row["site"], row["month"], Money(int(str(row["amount"])), str(row["currency"]))]
        for row in rows
    ]
    show(rows, Table(["number", "kind", "site", "month", "amount"], cells, frozenset({"amount"})), as_json=as_json)


def settlement_data(one: Settlement) -> dict[str, object]:
    """Return a claim or a remittance without its lines as plain values, in minor units of its currency."""
    plain = {name: getattr(one, name) for name in ("number", "kind", "programme", "site", "currency", "amount")}
    return {**plain, "month": str(Month.containing(one.month))}


@settlement.command("show")
@click.argument("number")
@as_option
@json_option
def show_settlement(number: str, actor: Actor, as_json: bool) -> None:
    """Show a claim or a remittance with its lines.

    Example: lionrock settlement show HK-AISS-DEMO-CLM-2026-0001
    """
    paper = settlement_paper(settlement_by_number(actor, number))
    rows = [
        [
            line.code or line.kind,
            line.organisation_code,
            *(_decimal(each) for each in (line.gross, line.scheme, line.user)),
        ]
        for line in paper.lines
    ]
    rows.append(["Total", "", *(_decimal(each) for each in (paper.gross, paper.scheme, paper.user))])
    right = frozenset({"list price", "scheme", "user"})
    table = Table(["what", "organisation", "list price", "scheme", "user"], rows, right)
    heading = f"{paper.kind} {paper.number} · {paper.to.en} · {paper.month} · {paper.currency}"
    show(settlement_json(paper), f"{heading}\n\n{table.render()}", as_json=as_json)


def _decimal(amount: Money | None) -> str:
    return str(amount.decimal) if amount else ""


@settlement.command("write")
@click.argument("number")
@click.option("--format", "form", type=click.Choice(["pdf", "csv", "json"]), default="pdf", show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the PDF.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="File to write; - is standard output (default: NUMBER.pdf).",
)
@as_option
def write_settlement(number: str, form: str, language: str, output: Path | None, actor: Actor) -> None:
    """Write a claim or a remittance as a file.

    Example: lionrock settlement write HK-AISS-DEMO-CLM-2026-0001 --language zh-hant --output claim.pdf
    """
    paper = settlement_paper(settlement_by_number(actor, number))
    _write(_settlement_content(paper, form, language), output or Path(f"{number}.{form}"))


def _settlement_content(paper: SettlementPaper, form: str, language: str) -> bytes:
    if form == "csv":
        return settlement_csv(paper).encode()
    if form == "json":
        return json_text(settlement_json(paper)).encode()
    from lionrock.web.pdf import render_pdf  # noqa: PLC0415 - its libraries take half a second to load

    return render_pdf("statements/settlement_document.html", {"paper": paper}, language)
