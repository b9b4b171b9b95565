"""`lionrock controls`: determinations from a terminal; they need no database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from lionrock.controls.domain.answers import Question
from lionrock.controls.domain.catalogue import Item
from lionrock.controls.domain.choosing import OUT_OF_REACH, choices
from lionrock.controls.domain.comparing import compare
from lionrock.controls.domain.determining import determine
from lionrock.controls.domain.rules import Book
from lionrock.controls.reading.book import load_book
from lionrock.controls.reading.described import catalogued, with_figures
from lionrock.controls.rows import answer_rows, read_day
from lionrock.controls.showing import (
    choice_data,
    comparison_data,
    comparison_text,
    full_data,
    item_data,
    item_lines,
    row_data,
    text,
)
from lionrock.kernel.errors import Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import parse_decimal
from lionrock.rules.commands import rulebook_option
from lionrock.terminal.errors import Group
from lionrock.terminal.output import Table, json_option, show, to_json_line


def _book(folder: Path | None) -> Book:
    configured = click.get_current_context().find_root().obj
    given = folder or getattr(configured, "rulebook", None)
    if given is None:
        raise click.UsageError("No rulebook is configured. Give one with --rulebook.")
    return load_book(Path(given))


@click.group(cls=Group)
def controls() -> None:
    """Export controls: determine, compare, alternatives, catalogue."""


def journey_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a journey: to, from, headquarters, marketing, uses."""
    options = (
        click.option("--to", "destination", help="Country of destination, such as SG."),
        click.option("--from", "exporting_from", help="Country that it is exported from."),
        click.option("--headquarters", help="Country of the ultimate parent of whoever receives it."),
        click.option(
            "--datacentre/--no-datacentre", default=None, help="Whether it is designed or marketed for data centres."
        ),
        click.option("--use", "uses", multiple=True, help="An end use or party that an officer has to judge."),
        click.option("--exporter", type=click.Choice(["foundry"]), help="A fab or a packager exports it."),
    )

    @wraps(command)
    def asked(
        *,
        destination: str | None,
        exporting_from: str | None,
        headquarters: str | None,
        datacentre: bool | None,
        uses: tuple[str, ...],
        exporter: str | None,
        **more: Any,
    ) -> Any:
        to = (destination or "").upper()
        journey = Question((), date.max, to, _code(exporting_from), _code(headquarters), datacentre, uses, exporter)
        return command(journey=journey, **more)

    for option in reversed(options):
        asked = option(asked)
    return asked


def item_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of an item: chips of the catalogue, first figures."""
    options = (
        click.option(
            "--chip", "chips", multiple=True, metavar="ID", help="A chip on file; again for each kind in a server."
        ),
        click.option(
            "--figure", "figures", multiple=True, metavar="NAME=VALUE", help="A first figure, such as fp16=989.5."
        ),
        click.option("--planar/--nonplanar", default=None, help="How the logic of a described chip is made."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@controls.command("determine")
@click.option("--csv", "file", type=click.Path(path_type=Path), help="A file of questions, one a row.")
@item_options
@click.option("--date", "day", help="The day of shipment, such as 2026-02-01; today by default.")
@journey_options
@rulebook_option
@json_option
def determine_(
    *,
    file: Path | None,
    chips: tuple[str, ...],
    figures: tuple[str, ...],
    planar: bool | None,
    day: str | None,
    journey: Question,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Say which paragraph, which authorisation and which review policy, with every source.

    Example: lionrock controls determine --chip nvidia-h800-sxm5-80gb --date 2026-02-01 --to HK --from US
    --headquarters HK
    """
    book = _book(folder)
    if file is not None:
        _file(book, file, as_json=as_json)
        return
    items = _items(book, chips, figures, journey, planar)
    answer = determine(book, replace(_somewhere(journey), items=items, on=_day(day)))
    show(full_data(answer), text(answer), as_json=as_json)


@controls.command("compare")
@item_options
@click.option("--between", "first", required=True, help="The first day, such as 2023-10-01.")
@click.option("--and", "last", help="The last day; today by default.")
@journey_options
@rulebook_option
@json_option
def compare_(
    *,
    chips: tuple[str, ...],
    figures: tuple[str, ...],
    planar: bool | None,
    first: str,
    last: str | None,
    journey: Question,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Say what changed between two days, and by which text.

    Example: lionrock controls compare --chip nvidia-h800-sxm5-80gb --to HK --from US --headquarters HK
    --between 2023-10-01 --and 2026-02-01
    """
    book = _book(folder)
    question = replace(_somewhere(journey), items=_items(book, chips, figures, journey, planar))
    found = compare(book, question, _day(first), _day(last))
    show(comparison_data(found), comparison_text(found), as_json=as_json)


@controls.command("alternatives")
@click.option("--date", "day", help="The day of shipment; today by default.")
@click.option("--price", "prices", multiple=True, metavar="ID=AMOUNT", help="What one costs, in one currency for all.")
@click.option("--all", "everything", is_flag=True, help="Also what is presumed denied, in breach or not known.")
@journey_options
@rulebook_option
@json_option
def alternatives(
    *, day: str | None, prices: tuple[str, ...], everything: bool, journey: Question, folder: Path | None, as_json: bool
) -> None:
    """List what could be bought instead, the easiest way first, with rate, power and price.

    Example: lionrock controls alternatives --to HK --from US --headquarters HK --date 2026-02-01
    """
    book = _book(folder)
    given = {name: parse_decimal(value, places=2, field=name) for name, value in map(_pair, prices)}
    catalogued(book.items, list(given))
    question = replace(_somewhere(journey), on=_day(day))
    found = [each for each in choices(book, question, given) if everything or each.way not in OUT_OF_REACH]
    data = [choice_data(each) for each in found]
    names = [
        "chip_id",
        "way",
        "eccn_para",
        "authorisation",
        "review_policy",
        "fp16",
        "power_w",
        "per_watt",
        "per_price",
    ]
    rows = [["–" if row[name] is None else row[name] for name in names] for row in data]
    show(data, Table(names, rows, right=frozenset(names[5:])), as_json=as_json)


@controls.command("catalogue")
@click.argument("chip", required=False)
@rulebook_option
@json_option
def catalogue(chip: str | None, folder: Path | None, as_json: bool) -> None:
    """List the accelerators on file, or show one with the source of each figure.

    Example: lionrock controls catalogue nvidia-h20-96gb
    """
    book = _book(folder)
    if chip is not None:
        data = item_data(catalogued(book.items, [chip])[0])
        show(data, "\n".join(item_lines(data)), as_json=as_json)
        return
    rows = [item_data(item) for item in book.items.values()]
    names = ["chip_id", "name", "launch", "tpp", "density", "transfer", "memory"]
    show(
        rows, Table(names, [[row[name] for name in names] for row in rows], right=frozenset(names[3:])), as_json=as_json
    )


def _items(
    book: Book, chips: tuple[str, ...], figures: tuple[str, ...], journey: Question, planar: bool | None
) -> tuple[Item, ...]:
    """Return the items that are asked about; figures belong to the first chip, or describe one of their own."""
    items = catalogued(book.items, chips)
    if not figures:
        return items
    nonplanar = None if planar is None else not planar
    given = [_pair(each) for each in figures]
    described = with_figures(items[0] if items else None, given, datacentre=journey.datacentre, nonplanar=nonplanar)
    return (described, *items[1:])


def _somewhere(journey: Question) -> Question:
    if not journey.destination:
        raise click.UsageError("Say where it goes with --to.")
    return journey


def _day(written: str | None) -> date:
    return read_day(written) if written else datetime.now(UTC).date()


def _code(text: str | None) -> str | None:
    return text.upper() if text else None


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip()


def _file(book: Book, file: Path, *, as_json: bool) -> None:
    """Answer a file, as a table or one JSON object a row, each on a line of its own.

    Its faulty rows are named and end with exit code 2, after all answers were printed.
    """
    answered = list(answer_rows(book, file))
    data = [row_data(row) for row in answered]
    names = ["case_id", "eccn_para", "authorisation", "review_policy"]
    table = Table(names, [[row[name] for name in names] for row in data]).render()
    click.echo("\n".join(map(to_json_line, data)) if as_json else table)
    faults = [fault for row in answered for fault in row.faults]
    if faults:
        said = message(gettext_noop("{count} faults; the other rows were answered."), count=len(faults))
        raise Invalid("controls.rows.faults", said, faults=faults)
