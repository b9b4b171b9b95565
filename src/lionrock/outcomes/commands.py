"""`lionrock report` and `lionrock outcome`: what awards owe and bring."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from lionrock.awards.queries import award_by_code
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.outcomes.actions import (
    accept_report,
    add_outcome,
    remove_outcome,
    return_report,
    save_report,
    submit_report,
)
from lionrock.outcomes.actions.reporting import Written
from lionrock.outcomes.cards import card_for
from lionrock.outcomes.domain import Scheme
from lionrock.outcomes.domain.cards import card_data, card_markdown
from lionrock.outcomes.models import Outcome
from lionrock.outcomes.queries import outcomes, standings
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, json_option, show


@click.group()
def report() -> None:
    """Reports of awards: list, write, accept, return."""


@report.command("list")
@click.argument("award")
@as_option
@json_option
def list_reports(award: str, actor: Actor, as_json: bool) -> None:
    """List the reports that an award owes, and how they stand.

    Example: lionrock report list AW-2026-0001
    """
    columns = ["which", "covers_from", "covers_to", "due", "state"]
    found = standings(award_by_code(actor, award))
    owed = [(each.owed, each.state.value) for each in found]
    rows = [[each.which, each.covers_from, each.covers_to, each.due, state] for each, state in owed]
    show([dict(zip(columns, row, strict=True)) for row in rows], Table(columns, rows), as_json=as_json)


@report.command("write")
@click.argument("award")
@click.argument("which")
@click.option("--done", type=click.Path(path_type=Path), required=True, metavar="FILE", help="A text file.")
@click.option("--differs", default="", help="What differs from the plan, and why.")
@click.option("--next", "next_", default="", help="What comes next.")
@click.option("--submit", is_flag=True, help="Hand it in.")
@as_option
@at_option
def write(
    award: str, which: str, done: Path, differs: str, next_: str, submit: bool, actor: Actor, now: datetime
) -> None:
    """Write a report (1, 2, … or final), and hand it in.

    Example: lionrock report write AW-2026-0001 1 --done report.txt --submit
    """
    written = Written(_text_of(done), differs, next_)
    act = submit_report if submit else save_report
    click.echo(f"{award}/{which} is {act(actor=actor, award=award, which=which, written=written, now=now).state}.")


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as unreadable:
        said = message(
            gettext_noop("“{value}” cannot be read as a text in UTF-8. Name a file that can."), value=str(file)
        )
        fault = Fault("outcomes.report.file", said, file=str(file), field="done", value=str(file))
        raise Invalid("outcomes.report.file", said, faults=[fault]) from unreadable


@report.command("accept")
@click.argument("award")
@click.argument("which")
@as_option
@at_option
def accept(award: str, which: str, actor: Actor, now: datetime) -> None:
    """Accept a report that was handed in.

    Example: lionrock report accept AW-2026-0001 1
    """
    click.echo(f"{award}/{which} is {accept_report(actor=actor, award=award, which=which, now=now).state}.")


@report.command("return")
@click.argument("award")
@click.argument("which")
@click.option("--remark", required=True, help="What the team is asked.")
@as_option
@at_option
def return_(award: str, which: str, remark: str, actor: Actor, now: datetime) -> None:
    """Give a report back with a question.

    Example: lionrock report return AW-2026-0001 1 --remark "Which model is it?"
    """
    given = return_report(actor=actor, award=award, which=which, remark=remark, now=now)
    click.echo(f"{award}/{which} is {given.state}.")


@click.group()
def outcome() -> None:
    """Results of awards: list, add, remove."""


@outcome.command("list")
@click.option("--award", metavar="CODE", help="Only those of one award.")
@as_option
@json_option
def list_outcomes(award: str | None, actor: Actor, as_json: bool) -> None:
    """List papers, patents, models and data sets with their identifiers.

    Example: lionrock outcome list --award AW-2026-0001
    """
    found = outcomes(actor).filter(award__code=award) if award else outcomes(actor)
    columns = ["number", "award", "kind", "title", "year", "scheme", "identifier", "orcid"]
    rows = [[each.pk, each.award.code, *(getattr(each, name) for name in columns[2:])] for each in found]
    show([dict(zip(columns, row, strict=True)) for row in rows], Table(columns, rows), as_json=as_json)


@outcome.command("add")
@click.argument("award")
@click.option("--kind", type=click.Choice(Outcome.Kind.values), required=True)
@click.option("--title", required=True)
@click.option("--year", type=int, required=True)
@click.option("--scheme", type=click.Choice([scheme.value for scheme in Scheme]), required=True, help="Known by.")
@click.option("--identifier", required=True)
@click.option("--orcid", default="", help="Of the one who answers for it.")
@as_option
@at_option
def add(award: str, actor: Actor, now: datetime, year: int, **facts: str) -> None:
    """Put a result on file.

    Example: lionrock outcome add AW-2026-0001 --kind paper --title "Typhoon tracks" --year 2026
    --scheme doi --identifier 10.1000/182
    """
    made = add_outcome(actor=actor, award=award, now=now, year=year, **facts)
    click.echo(f"{made.identifier} is on file as number {made.pk}.")


@outcome.command("remove")
@click.argument("award")
@click.argument("number", type=int)
@as_option
@at_option
def remove(award: str, number: int, actor: Actor, now: datetime) -> None:
    """Take a wrong result off the list; it stays on file.

    Example: lionrock outcome remove AW-2026-0001 12
    """
    removed = remove_outcome(actor=actor, award=award, outcome=number, now=now)
    click.echo(f"{removed.identifier} is off the list.")


@outcome.command("card")
@click.argument("award")
@click.argument("number", type=int)
@as_option
@at_option
@json_option
def card(award: str, number: int, actor: Actor, now: datetime, as_json: bool) -> None:
    """Print the card of a model or a data set, made of what is known; what is missing says so.

    Example: lionrock outcome card AW-2026-0001 3
    """
    found = card_for(actor, award, number, now)
    show(card_data(found), card_markdown(found), as_json=as_json)
