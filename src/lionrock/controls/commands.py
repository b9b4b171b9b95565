"""`lionrock controls`: determinations from a terminal; they need no database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from lionrock.controls.domain.answers import Question
from lionrock.controls.domain.determining import determine
from lionrock.controls.domain.rules import Book
from lionrock.controls.reading.book import load_book
from lionrock.controls.reading.described import catalogued, with_figures
from lionrock.controls.rows import answer_rows, read_day
from lionrock.controls.showing import full_data, row_data, text
from lionrock.kernel.errors import Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.rules.commands import rulebook_option
from lionrock.terminal.errors import Group
from lionrock.terminal.output import Table, json_option, show


def _book(folder: Path | None) -> Book:
    configured = click.get_current_context().find_root().obj
    given = folder or getattr(configured, "rulebook", None)
    if given is None:
        raise click.UsageError("No rulebook is configured. Give one with --rulebook.")
    return load_book(Path(given))


@click.group(cls=Group)
def controls() -> None:
    """Export controls: determine, compare, alternatives, catalogue."""


@controls.command("determine")
@click.option("--csv", "file", type=click.Path(path_type=Path), help="A file of questions, one a row.")
@click.option(
    "--chip", "chips", multiple=True, metavar="ID", help="A chip of the catalogue; again for each kind in a server."
)
@click.option("--figure", "figures", multiple=True, metavar="NAME=VALUE", help="A first figure, such as fp16=989.5.")
@click.option("--date", "day", help="The day of shipment, such as 2026-02-01; today by default.")
@click.option("--to", "destination", help="Country of destination, such as SG.")
@click.option("--from", "exporting_from", help="Country that it is exported from.")
@click.option("--headquarters", help="Country of the ultimate parent of whoever receives it.")
@click.option("--datacentre/--no-datacentre", default=None, help="Whether it is designed or marketed for data centres.")
@click.option("--planar/--nonplanar", "planar", default=None, help="How the logic of a described chip is made.")
@click.option("--use", "uses", multiple=True, help="An end use or party that an officer has to judge.")
@click.option("--exporter", type=click.Choice(["foundry"]), help="A fab or a packager exports it.")
@rulebook_option
@json_option
def determine_(
    *,
    file: Path | None,
    chips: tuple[str, ...],
    figures: tuple[str, ...],
    day: str | None,
    destination: str | None,
    exporting_from: str | None,
    headquarters: str | None,
    datacentre: bool | None,
    planar: bool | None,
    uses: tuple[str, ...],
    exporter: str | None,
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
    if destination is None:
        raise click.UsageError("Say where it goes with --to, or give a file with --csv.")
    items = catalogued(book.items, chips)
    if figures:
        given = [_pair(each) for each in figures]
        described = with_figures(
            items[0] if items else None, given, datacentre=datacentre, nonplanar=None if planar is None else not planar
        )
        items = (described, *items[1:])
    on = read_day(day) if day else datetime.now(UTC).date()
    question = Question(
        items, on, destination.upper(), _code(exporting_from), _code(headquarters), datacentre, uses, exporter
    )
    answer = determine(book, question)
    show(full_data(answer), text(answer), as_json=as_json)


def _code(text: str | None) -> str | None:
    return text.upper() if text else None


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip()


def _file(book: Book, file: Path, *, as_json: bool) -> None:
    """Answer a file; its faulty rows are named and end with exit code 2, after all answers were printed."""
    answered = list(answer_rows(book, file))
    data = [row_data(row) for row in answered]
    names = ["case_id", "eccn_para", "authorisation", "review_policy"]
    show(data, Table(names, [[row[name] for name in names] for row in data]), as_json=as_json)
    faults = [fault for row in answered for fault in row.faults]
    if faults:
        said = message(gettext_noop("{count} faults; the other rows were answered."), count=len(faults))
        raise Invalid("controls.rows.faults", said, faults=faults)
