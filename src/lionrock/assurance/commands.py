"""`lionrock assurance`: items, questions and tier from a terminal; they need no database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click

from lionrock.assurance.domain.assessing import Assessment, assess
from lionrock.assurance.domain.rules import Book
from lionrock.assurance.reading.answers import read_answers, sheet_of
from lionrock.assurance.reading.book import load_book
from lionrock.assurance.showing import ask_text, assessment_data, item_data, item_text, tier_text
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.rules.commands import rulebook_option
from lionrock.rules.shape import nearest
from lionrock.terminal.errors import Group
from lionrock.terminal.output import Table, json_option, show

day_option = click.option(
    "--on",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day whose edition asks, such as 2026-02-01; the file's day, or today, by default.",
)
answers_argument = click.argument("file", type=click.Path(path_type=Path))


def _book(folder: Path | None) -> Book:
    configured = click.get_current_context().find_root().obj
    given = folder or getattr(configured, "rulebook", None)
    if given is None:
        raise click.UsageError("No rulebook is configured. Give one with --rulebook.")
    return load_book(Path(given))


def _day(given: datetime | None, otherwise: date | None = None) -> date:
    """Return the day given, else the file's, else today: the command line reads the clock once."""
    return given.date() if given else otherwise or datetime.now(UTC).date()


@click.group(cls=Group)
def assurance() -> None:
    """The responsible-AI gate: items, ask, tier."""


@assurance.command("items")
@click.argument("item", required=False)
@day_option
@rulebook_option
@json_option
def items_(*, item: str | None, day: datetime | None, folder: Path | None, as_json: bool) -> None:
    """List the items of review that stand on a day, or show one with its sources.

    Example: lionrock assurance items RA-17 --on 2026-02-01
    """
    standing = _book(folder).at(_day(day)).items
    if item is None:
        rows = [(each.id, each.profile, each.binds.value, each.names) for each in standing]
        show(
            [item_data(each) for each in standing],
            Table(("Item", "Profile", "Binds", "Question"), rows),
            as_json=as_json,
        )
        return
    found = next((each for each in standing if each.id == item.upper()), None)
    if found is None:
        said = message(
            gettext_noop("{item} is no item that stands on that day. Perhaps you meant: {known}."),
            item=item,
            known=nearest(item.upper(), [each.id for each in standing]),
        )
        raise NotFound("assurance.item.unknown", said)
    show(item_data(found), item_text(found), as_json=as_json)


@assurance.command("ask")
@answers_argument
@day_option
@rulebook_option
@json_option
def ask_(*, file: Path, day: datetime | None, folder: Path | None, as_json: bool) -> None:
    """Print the questions that a file of answers (YAML or JSON) still leaves open.

    Example: lionrock assurance ask answers.yaml
    """
    found = _assessed(file, day, folder)
    data = assessment_data(found)
    show({key: data[key] for key in ("editions", "next", "later")}, ask_text(found), as_json=as_json)


@assurance.command("tier")
@answers_argument
@day_option
@rulebook_option
@json_option
def tier_(*, file: Path, day: datetime | None, folder: Path | None, as_json: bool) -> None:
    """Say the tier by a file of answers, why, what would lower it, and which items are open.

    Example: lionrock assurance tier answers.yaml --json
    """
    found = _assessed(file, day, folder)
    show(assessment_data(found), tier_text(found), as_json=as_json)


def _assessed(path: Path, day: datetime | None, folder: Path | None) -> Assessment:
    book, file = _book(folder), read_answers(path)
    return assess(sheet_of(book, file, _day(day, file.on), path), file.items)
