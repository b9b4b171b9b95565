"""The office's desk from the terminal: list, take, judge, return, accept, reject; and how the service was.

They join the group `lionrock application`, whose other commands are in the room below.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

import click

from lionrock.applications.commands import application
from lionrock.applications.commands.showing import data_of
from lionrock.applications.domain.eligibility import key_of
from lionrock.applications.progress import findings_of_round
from lionrock.applications.queries import application_by_code, applications
from lionrock.intake.actions import (
    accept_application,
    judge_findings,
    reject_application,
    return_application,
    take_application,
)
from lionrock.intake.domain.judging import Judgement, is_open, judged
from lionrock.intake.exports import spreadsheet
from lionrock.intake.queries import judgements_of
from lionrock.intake.report import COLUMNS, service_csv, service_json, service_report
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.findings import Outcome
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import Month
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, json_option, show

__all__ = ["application"]

Command = TypeVar("Command", bound=Callable[..., Any])


def judging_options(command: Command) -> Command:
    """Add `--met` and `--not-met`, by which the office judges what the rules leave open."""
    met = click.option("--met", multiple=True, metavar="RULE=REASON", help="Hold an open rule met; may be repeated.")
    not_met = click.option("--not-met", multiple=True, metavar="RULE=REASON", help="Hold an open rule not met.")
    return met(not_met(command))


def _judgements(met: Sequence[str], not_met: Sequence[str]) -> list[Judgement]:
    held = [_judgement(text, Outcome.MET, "met") for text in met]
    return held + [_judgement(text, Outcome.NOT_MET, "not-met") for text in not_met]


def _judgement(text: str, outcome: Outcome, field: str) -> Judgement:
    key, equals, reason = text.partition("=")
    if not equals:
        template = gettext_noop("“{value}” is no judgement. Write the rule, an equals sign and the reason.")
        said = message(template, value=text)
        fault = Fault("intake.check.option", said, field=field, value=text)
        raise Invalid("intake.check.option", said, faults=[fault])
    return Judgement(key.strip(), outcome, reason.strip())


@application.command("take")
@click.argument("code")
@as_option
@at_option
def take(code: str, actor: Actor, now: datetime) -> None:
    """Take an application in hand, so that the rest of the office sees who has it.

    Example: lionrock application take APP-2026-0001 --as wong@example.org
    """
    take_application(actor=actor, application=code, now=now)
    click.echo(f"{code} is in the hands of {actor.email}.")


@application.command("judge")
@click.argument("code")
@judging_options
@as_option
@at_option
@json_option
def judge(code: str, met: Sequence[str], not_met: Sequence[str], actor: Actor, now: datetime, *, as_json: bool) -> None:
    """Judge what the rules leave open, each with its reason; without a judgement, list what is open.

    Example: lionrock application judge APP-2026-0001 --met "applications.last_day:calls.closes=As the guide says."
    """
    if met or not_met:
        judge_findings(actor=actor, application=code, judgements=_judgements(met, not_met), now=now)
    found = application_by_code(actor, code)
    opened = is_open(findings_of_round(found, now))
    held = {key_of(finding): finding for finding in judged(opened, judgements_of(found))}
    data = [{"rule": key, "held": each.outcome.value, "said": str(each.message)} for key, each in held.items()]
    rows = [[row["rule"], row["held"], row["said"]] for row in data]
    show(data, Table(["rule", "held", "said"], rows), as_json=as_json)


@application.command("return")
@click.argument("code")
@click.option("--question", required=True, help="What the applicant is to clarify or to send.")
@judging_options
@as_option
@at_option
def return_(code: str, question: str, met: Sequence[str], not_met: Sequence[str], actor: Actor, now: datetime) -> None:
    """Ask the applicants for clarification; the form is open to them again.

    Example: lionrock application return APP-2026-0001 --question "Which institute signs the agreement?"
    """
    held = _judgements(met, not_met)
    return_application(actor=actor, application=code, question=question, judgements=held, now=now)
    click.echo(f"{code} is back with its applicants, with your question.")


@application.command("accept")
@click.argument("code")
@click.option("--note", default="", help="What the applicants read with it.")
@judging_options
@as_option
@at_option
def accept(code: str, note: str, met: Sequence[str], not_met: Sequence[str], actor: Actor, now: datetime) -> None:
    """Find an application complete and eligible; it goes on to the assessors.

    Example: lionrock application accept APP-2026-0001
    """
    held = _judgements(met, not_met)
    accept_application(actor=actor, application=code, reason=note, judgements=held, now=now)
    click.echo(f"{code} is accepted. Assign its assessors: lionrock assessment assign {code}")


@application.command("reject")
@click.argument("code")
@click.option("--note", default="", help="What the applicants read with the rules that are not met.")
@judging_options
@as_option
@at_option
def reject(code: str, note: str, met: Sequence[str], not_met: Sequence[str], actor: Actor, now: datetime) -> None:
    """Find an application ineligible, for the rules that are not met; there must be one.

    Example: lionrock application reject APP-2026-0001 --not-met "applications.last_day:calls.closes=It has ended."
    """
    held = _judgements(met, not_met)
    reject_application(actor=actor, application=code, reason=note, judgements=held, now=now)
    click.echo(f"{code} is rejected; its applicants read which rules are not met.")


@application.command("service")
@click.argument("programme")
@click.option("--until", metavar="MONTH", help="Last month of the year reported (default: this one).")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV for spreadsheets.")
@as_option
@at_option
@json_option
def service(programme: str, until: str | None, actor: Actor, now: datetime, *, as_csv: bool, as_json: bool) -> None:
    """Show how long each step took, month by month, and how often its pledge was kept.

    Example: lionrock application service hk-aiss-demo --until 2026-03
    """
    last = Month.parse(until) if until else Month.of(now, programme_on_file(programme).zone)
    report = service_report(actor, programme, last)
    if as_csv:
        click.echo(service_csv(report), nl=False)
        return
    data = service_json(report)
    rows = [["–" if row[name] is None else row[name] for name in COLUMNS] for row in data]
    show(data, Table(COLUMNS, rows, frozenset(COLUMNS[2:])), as_json=as_json)


@application.command("list")
@click.option("--call", metavar="CODE", help="Only those of one call.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV for spreadsheets, with prices and pledges.")
@as_option
@at_option
@json_option
def list_(call: str | None, actor: Actor, now: datetime, *, as_csv: bool, as_json: bool) -> None:
    """List applications.

    Example: lionrock application list --call CALL-2026-0001
    """
    found = applications(actor).select_related("call", "organisation")
    found = found.filter(call__code=call) if call else found
    if as_csv:
        click.echo(spreadsheet(actor, found, now), nl=False)
        return
    data = [data_of(each) for each in found]
    columns = ["code", "call", "organisation", "state", "item", "count", "months", "starts", "title"]
    rows = [["–" if row[column] is None else row[column] for column in columns] for row in data]
    show(data, Table(columns, rows, frozenset({"count", "months"})), as_json=as_json)
