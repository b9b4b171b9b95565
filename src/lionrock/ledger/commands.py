"""Commands about the books."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from lionrock.kernel.errors import Broken, Fault, Invalid, NotFound, Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month, local_date
from lionrock.ledger.actions import appropriate, bring_in_balances, lock_period, reopen_period
from lionrock.ledger.check import check_books
from lionrock.ledger.domain.accounts import amount_text, number_text
from lionrock.ledger.domain.beancount_text import beancount_lines
from lionrock.ledger.domain.books import Book, TrialLine
from lionrock.ledger.domain.exports import csv_lines, json_data
from lionrock.ledger.domain.fund import FundMonth, FundOverview
from lionrock.ledger.domain.hledger_text import hledger_lines
from lionrock.ledger.queries import (
    book,
    fund_overview,
    fund_statement,
    months_of_books,
    period_locks,
    programmes_with_books,
    trial_balance,
    trial_of,
)
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, json_option, show, to_json

FUND_COLUMNS = ("appropriated", "committed", "spent", "free")


def programme_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--programme`, which may be left out where the actor sees the books of one programme only."""

    @click.option("--programme", metavar="ID", help="May be left out where there is only one.")
    @wraps(command)
    def with_programme(*args: Any, actor: Actor, programme: str | None, **kwargs: Any) -> Any:
        return command(*args, actor=actor, programme=programme or _only_programme(actor), **kwargs)

    return with_programme


def _only_programme(actor: Actor) -> str:
    known = programmes_with_books(actor)
    if len(known) == 1:
        return known[0]
    if not known:
        raise NotFound(
            "ledger.commands.no_books",
            message(
                gettext_noop(
                    "There are no books yet that {email} may see. They begin with money in a fund: "
                    "`lionrock ledger appropriate`."
                ),
                email=actor.email,
            ),
        )
    said = message(
        gettext_noop("There are books of {count} programmes ({known}). Name one with --programme."),
        count=len(known),
        known=", ".join(known),
    )
    fault = Fault("ledger.commands.programme", said, field="programme", value="")
    raise Invalid("ledger.commands.programme", said, faults=[fault])


@click.group()
def ledger() -> None:
    """The books: check, export, show, fund, appropriate."""


@ledger.command("check")
@json_option
def check_ledger(as_json: bool) -> None:
    """Recompute all books from their postings; list every fault and end with 70 when there is one.

    Example: lionrock ledger check
    """
    results = check_books()
    faults = [fault for result in results for fault in result.faults]
    data = [
        {
            "check": result.code,
            "says": result.says,
            "examined": result.examined,
            "faults": [str(fault) for fault in result.faults],
        }
        for result in results
    ]
    rows = [[result.says, result.examined, len(result.faults)] for result in results]
    show(data, Table(["check", "examined", "faults"], rows, frozenset({"examined", "faults"})), as_json=as_json)
    if faults:
        raise Broken(
            "ledger.check.failed",
            message(
                gettext_noop(
                    "The books are wrong in {count} places. Post nothing more, keep the database as it is, "
                    "and compare with the last backup."
                ),
                count=len(faults),
            ),
            faults=faults,
        )


@ledger.command("export")
@click.option(
    "--format",
    "form",
    type=click.Choice(["beancount", "hledger", "journal-csv", "json"]),
    default="beancount",
    show_default=True,
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="Write here (default, and -: standard output).",
)
@as_option
@programme_option
def export(programme: str, form: str, output: Path | None, actor: Actor) -> None:
    """Export the books of a programme, for `bean-check`, `hledger check`, a spreadsheet or a program.

    Example: lionrock ledger export --programme hk-aiss --format beancount --output hk-aiss.beancount
    """
    lines = _exported(book(actor, programme), form)
    if output is None or str(output) == "-":
        for line in lines:
            click.echo(line)
        return
    _write(output, lines)
    click.echo(f"{output} is written.")


def _exported(books: Book, form: str) -> Iterable[str]:
    if form == "beancount":
        return beancount_lines(books)
    if form == "hledger":
        return hledger_lines(books)
    if form == "journal-csv":
        return csv_lines(books)
    return [to_json(json_data(books))]


def _write(output: Path, lines: Iterable[str]) -> None:
    try:
        with output.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)
    except OSError as wrong:
        raise Unavailable(
            "ledger.export.unwritable",
            message(
                gettext_noop("{file} could not be written: {reason}. Choose another place with --output."),
                file=output,
                reason=wrong.strerror,
            ),
        ) from wrong


@ledger.command("show")
@click.argument("prefix", default="", metavar="[ACCOUNT-PREFIX]")
@as_option
@programme_option
@json_option
def show_accounts(prefix: str, programme: str, actor: Actor, as_json: bool) -> None:
    """Show debits, credits and balance of an account and of all below it.

    Example: lionrock ledger show budget/committed --programme hk-aiss
    """
    lines = trial_balance(actor, programme, prefix)
    data = [account_data(line) for line in lines]
    rows = [
        [
            line.account,
            *(number_text(amount, line.unit) for amount in (line.debit, line.credit, line.balance)),
            line.unit,
        ]
        for line in lines
    ]
    headings = ["account", "debit", "credit", "balance", "unit"]
    show(data, Table(headings, rows, frozenset({"debit", "credit", "balance"})), as_json=as_json)


def account_data(line: TrialLine) -> dict[str, object]:
    """Return an account with its sums as plain values, in the smallest parts of its unit."""
    return {name: getattr(line, name) for name in ("account", "unit", "debit", "credit", "balance")}


@ledger.command("fund")
@as_option
@programme_option
@json_option
def show_fund(programme: str, actor: Actor, as_json: bool) -> None:
    """Show how a fund stood at the end of each month, and how it stands with everything booked.

    Example: lionrock ledger fund --programme hk-aiss
    """
    fund = fund_overview(actor, programme)
    rows = [[str(month.month), *_amounts(month)] for month in fund.months]
    rows.append(["now", *_amounts(fund)])
    table = Table(["end of", *FUND_COLUMNS], rows, frozenset(FUND_COLUMNS))
    show(fund_data(fund), f"{fund.programme}, in {fund.currency}\n\n{table.render()}", as_json=as_json)


def fund_data(fund: FundOverview) -> dict[str, object]:
    """Return a fund and its months as plain values, in minor units of its currency."""
    months = [{"month": str(month.month), **_minor(month)} for month in fund.months]
    return {"programme": fund.programme, "currency": fund.currency, **_minor(fund), "months": months}


def _stand(part: FundOverview | FundMonth) -> tuple[Money, ...]:
    return part.appropriated, part.committed, part.spent, part.free


def _amounts(part: FundOverview | FundMonth) -> list[str]:
    return [f"{amount.decimal:,}" for amount in _stand(part)]


def _minor(part: FundOverview | FundMonth) -> dict[str, int]:
    return {name: amount.minor for name, amount in zip(FUND_COLUMNS, _stand(part), strict=True)}


@ledger.command("appropriate")
@click.option("--programme", required=True, metavar="ID")
@click.option("--amount", required=True, help="In the fund's currency, such as 3000000000.00.")
@click.option("--reason", required=True, help="What the money is for.")
@click.option("--cause", required=True, help="Reference of the decision; booking it twice changes nothing.")
@as_option
@at_option
def put_into_fund(programme: str, amount: str, reason: str, cause: str, actor: Actor, now: datetime) -> None:
    """Put money into a programme's fund; a negative amount takes out what is free.

    Example: lionrock ledger appropriate --programme hk-aiss --amount 3000000000.00
    --reason "Vote of the year" --cause vote-2024-25
    """
    currency = programme_on_file(programme).currency
    journal = appropriate(
        actor=actor,
        programme=programme,
        amount=Money.parse(amount, currency),
        reason=reason,
        cause=cause,
        now=now,
    )
    fund = fund_overview(actor, programme)
    click.echo(f"Journal {journal.pk}. Free in the fund: {amount_text(fund.free.minor, fund.currency)}.")


def months_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--from` and `--to`, handed on as `first` and `last`: by default all months of the books."""

    @click.option("--from", "first", metavar="MONTH", help="The first month, such as 2026-01 (default: all).")
    @click.option("--to", "last", metavar="MONTH", help="The last month.")
    @wraps(command)
    def with_months(
        *args: Any, first: str | None, last: str | None, actor: Actor, programme: str, **kwargs: Any
    ) -> Any:
        known = months_of_books(actor, programme) or (Month(1970, 1), Month(1970, 1))
        span = (Month.parse(first) if first else known[0], Month.parse(last) if last else known[1])
        return command(*args, first=span[0], last=max(span), actor=actor, programme=programme, **kwargs)

    return with_months


@ledger.command("trial")
@as_option
@programme_option
@months_options
@json_option
def show_trial(programme: str, first: Month, last: Month, actor: Actor, as_json: bool) -> None:
    """Show the trial balance over months: what each account held, its debits, its credits, what it holds.

    Example: lionrock ledger trial --programme hk-aiss-demo --from 2026-01 --to 2026-06
    """
    found = trial_of(actor, programme, first, last)
    amounts = ("opening", "debit", "credit", "closing")
    rows = [
        {"account": row.account, "unit": row.unit, **{name: getattr(row, name) for name in amounts}}
        for row in found.rows
    ]
    cells = [
        [row.account or "Total", *(number_text(getattr(row, name), row.unit) for name in amounts), row.unit]
        for row in (*found.rows, *found.totals())
    ]
    data = {"programme": programme, "from": str(first), "to": str(last), "rows": rows}
    show(data, Table(["account", *amounts, "unit"], cells, frozenset(amounts)), as_json=as_json)


@ledger.command("statement")
@as_option
@programme_option
@months_options
@json_option
def show_statement(programme: str, first: Month, last: Month, actor: Actor, as_json: bool) -> None:
    """Show the statement of the fund over months: what was free, put in, given to awards, given back.

    Example: lionrock ledger statement --programme hk-aiss-demo --from 2026-01 --to 2026-06
    """
    found = fund_statement(actor, programme, first, last)
    moves = ("opening", "committed", "released", "spent", "closing")
    awards = [{"award": row.award, **{name: getattr(row, name) for name in moves}} for row in found.awards]
    data = {"programme": programme, "currency": found.currency, "from": str(first), "to": str(last)} | {
        "opening": found.opening,
        "appropriated": found.appropriated,
        "committed": found.moves.committed,
        "released": found.moves.released,
        "closing": found.closing,
        "awards": awards,
    }
    lines = [
        ("Free before", found.opening),
        ("Appropriated", found.appropriated),
        ("Committed to awards", -found.moves.committed),
        ("Released by awards", found.moves.released),
        ("Free at the end", found.closing),
    ]
    fund_table = Table(["fund", "amount"], [[said, found.money(minor)] for said, minor in lines], frozenset({"amount"}))
    cells = [
        [row.award or "Total", *(found.money(getattr(row, name)).decimal for name in moves)]
        for row in (*found.awards, found.moves)
    ]
    award_table = Table(["award", *moves], cells, frozenset(moves))
    show(data, f"{fund_table.render()}\n\n{award_table.render()}", as_json=as_json)


@ledger.command("lock")
@click.option("--programme", required=True, metavar="ID")
@click.option("--month", required=True, help="The last month that is locked, such as 2026-06.")
@click.option("--reason", required=True)
@as_option
@at_option
def lock(programme: str, month: str, reason: str, actor: Actor, now: datetime) -> None:
    """Let nothing be posted any more that is dated in a month or before it.

    Example: lionrock ledger lock --programme hk-aiss-demo --month 2026-06 --reason "Audited"
    """
    lock_period(actor=actor, programme=programme, month=Month.parse(month), reason=reason, now=now)
    click.echo(f"The books of {programme} are locked up to {month}, that month included.")


@ledger.command("reopen")
@click.option("--programme", required=True, metavar="ID")
@click.option("--month", help="The first month that is open again (default: all).")
@click.option("--reason", required=True)
@as_option
@at_option
def reopen(programme: str, month: str | None, reason: str, actor: Actor, now: datetime) -> None:
    """Open locked months again, and say why.

    Example: lionrock ledger reopen --programme hk-aiss-demo --month 2026-06 --reason "The auditor found an error"
    """
    given = Month.parse(month) if month else None
    reopen_period(actor=actor, programme=programme, month=given, reason=reason, now=now)
    click.echo(f"The books of {programme} are open again{f' from {month} on' if month else ''}.")


@ledger.command("locks")
@as_option
@programme_option
@json_option
def show_locks(programme: str, actor: Actor, as_json: bool) -> None:
    """Show which months are locked, by whom and why; the latest row holds.

    Example: lionrock ledger locks --programme hk-aiss-demo
    """
    zone = programme_on_file(programme).zone
    rows = [
        {
            "before": local_date(each.before, zone).isoformat() if each.before else None,
            "reason": each.reason,
            "at": each.locked_at,
            "by": each.locked_by,
        }
        for each in period_locks(actor, programme)
    ]
    cells = [[row["before"] or "all open", row["reason"], row["by"]] for row in rows]
    show(rows, Table(["locked before", "reason", "by"], cells), as_json=as_json)


@ledger.command("begin")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--programme", required=True, metavar="ID")
@click.option("--on", "on", required=True, metavar="DAY", help="The day that the books begin with, such as 2026-01-01.")
@as_option
@at_option
def begin(file: Path, programme: str, on: str, actor: Actor, now: datetime) -> None:
    """Begin the books with the balances of a table (CSV): account,unit,amount; debits positive, credits negative.

    Every fault is named before anything is booked. The same table again changes nothing.

    Example: lionrock ledger begin balances.csv --programme hk-aiss-demo --on 2026-01-01
    """
    try:
        day, text = date.fromisoformat(on), file.read_text(encoding="utf-8-sig")
    except (ValueError, OSError) as wrong:
        said = message(
            gettext_noop("{file} of {day} cannot be read: {reason}."), file=str(file), day=on, reason=str(wrong)
        )
        raise Invalid("ledger.opening.unreadable", said, faults=[Fault("ledger.opening.unreadable", said)]) from wrong
    posted = bring_in_balances(actor=actor, programme=programme, text=text, name=file.name, on=day, now=now)
    click.echo(f"The books of {programme} begin with journal {', '.join(str(journal.pk) for journal in posted)}.")
