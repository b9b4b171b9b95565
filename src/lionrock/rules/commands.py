"""`lionrock programme` and `lionrock quote`: the rulebook from a terminal."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import click

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import parse_decimal, parse_share
from lionrock.kernel.periods import FIRST_YEAR, LAST_YEAR, local_date
from lionrock.rules.checking import check
from lionrock.rules.presenting import (
    programme_data,
    programme_table,
    programme_text,
    quote_data,
    quote_text,
)
from lionrock.rules.programme import Programme
from lionrock.rules.quotes import Exceptional, Request
from lionrock.rules.quotes import quote as priced
from lionrock.rules.rulebook import Rulebook, load_rulebook, refusal
from lionrock.terminal.errors import Group
from lionrock.terminal.output import json_option, show

rulebook_option = click.option(
    "--rulebook",
    "folder",
    type=click.Path(path_type=Path),
    help="Folder of programmes and sources; the configured one by default.",
)


def rulebook_folder(given: Path | None) -> Path:
    """Return the folder given, or the configured one that the root command holds."""
    configured = click.get_current_context().find_root().obj
    folder = given or getattr(configured, "rulebook", None)
    if folder is None:
        raise click.UsageError("No rulebook is configured. Give one with --rulebook.")
    return Path(folder)


def _rulebook(given: Path | None) -> Rulebook:
    return load_rulebook(rulebook_folder(given))


def _day(text: str | None, programme: Programme) -> date:
    """Read --on; today in the programme's zone when it is not given."""
    if text is None:
        return local_date(datetime.now(UTC), programme.zone)
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValueError(text)
        return day
    except ValueError as wrong:
        said = message(gettext_noop("“{value}” in --on is not a date. Write it as 2025-03-01."), value=text)
        fault = Fault("rules.commands.date", said, field="on", value=text)
        raise Invalid("rules.commands.date", said, faults=[fault]) from wrong


@click.group(cls=Group)
def programme() -> None:
    """List, show and check the programmes of the rulebook."""


@programme.command("list")
@rulebook_option
@json_option
def list_(folder: Path | None, as_json: bool) -> None:
    """List the programmes.

    Example: lionrock programme list
    """
    programmes = list(_rulebook(folder).programmes.values())
    data = [
        {
            "id": each.id,
            "name": each.names.en,
            "currency": each.currency,
            "time_zone": each.zone.key,
            "opens": each.opens,
            "extends": each.identity.extends,
        }
        for each in programmes
    ]
    show(data, programme_table(programmes), as_json=as_json)


@programme.command("show")
@click.argument("programme_id", metavar="ID")
@click.option("--on", "day", help="The day whose terms are shown, such as 2025-03-01; today by default.")
@rulebook_option
@json_option
def show_(programme_id: str, day: str | None, folder: Path | None, as_json: bool) -> None:
    """Show the terms of a programme on a day, each with its source and grade.

    Example: lionrock programme show hk-aiss --on 2026-03-01
    """
    found = _rulebook(folder).programme(programme_id)
    terms = found.at(_day(day, found))
    show(programme_data(terms), programme_text(terms), as_json=as_json)


@programme.command("check")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@rulebook_option
@json_option
def check_(path: Path | None, folder: Path | None, as_json: bool) -> None:
    """Check a rulebook, or the folder of one programme: every fault with file and line.

    Example: lionrock programme check rulebook
    """
    target = path or rulebook_folder(folder)
    checked = check(target)
    if checked.faults:
        raise refusal(target, checked.faults)
    counts = {
        "programmes": checked.programmes,
        "values": checked.values,
        "prices": checked.prices,
        "questions": checked.questions,
        "cases": checked.cases,
        "faults": 0,
    }
    said = "no faults: " + ", ".join(f"{count} {what}" for what, count in counts.items() if what != "faults")
    show(counts, said, as_json=as_json)


@click.command("quote", context_settings={"max_content_width": 100})
@click.option("--programme", "programme_id", required=True, help="Id of the programme, such as hk-aiss.")
@click.option("--category", required=True, help="Category of the applicant.")
@click.option("--item", required=True, help="Item of the price list.")
@click.option("--count", type=int, default=1, show_default=True, help="How many of the item.")
@click.option("--months", type=int, help="Whole months, for an item that is leased.")
@click.option("--hours", help="Hours of each, for an item that is metered.")
@click.option("--on", "day", help="The day of the terms and the price; today by default.")
@click.option("--exceptional-rate", help="A share above the general level, such as 0.90.")
@click.option("--reason", help="Why the exceptional rate is justified.")
@click.option("--decided-by", help="The body that decided the exceptional rate.")
@rulebook_option
@json_option
def quote(
    *,
    programme_id: str,
    category: str,
    item: str,
    count: int,
    months: int | None,
    hours: str | None,
    day: str | None,
    exceptional_rate: str | None,
    reason: str | None,
    decided_by: str | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Price a request at the list price and split it between scheme and user.

    Example: lionrock quote --programme hk-aiss --category startup --item h800-node --count 3 --months 6
    --on 2025-03-01
    """
    found = _rulebook(folder).programme(programme_id)
    request = Request(
        category=category,
        item=item,
        count=count,
        on=_day(day, found),
        months=months,
        hours=_hours(hours),
        exceptional=_exceptional(exceptional_rate, reason, decided_by),
    )
    answer = priced(found, request)
    show(quote_data(answer), quote_text(answer), as_json=as_json)


def _hours(text: str | None) -> Decimal | None:
    return None if text is None else parse_decimal(text, places=6, field="hours")


def _exceptional(rate: str | None, reason: str | None, decided_by: str | None) -> Exceptional | None:
    if rate is not None:
        return Exceptional(parse_share(rate, field="exceptional_rate"), reason, decided_by)
    if reason is None and decided_by is None:
        return None
    said = message(
        gettext_noop("A reason or a deciding body is given without {field}. Add it, or leave both out."),
        field="exceptional_rate",
    )
    fault = Fault("rules.commands.no_rate", said, field="exceptional_rate")
    raise Invalid("rules.commands.no_rate", said, faults=[fault])
