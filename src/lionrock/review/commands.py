"""`lionrock assessment`: asking assessors, declaring interests, scoring, moderating, passing on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import click

from lionrock.applications.queries import application_by_code
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.findings import as_json as finding_as_json
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.review.actions import (
    assign_assessor,
    conclude_assessment,
    declare_interests,
    describe_assessor,
    moderate_scores,
    reopen_scores,
    save_scores,
    submit_scores,
    unassign_assessor,
)
from lionrock.review.domain import Declared, Ground, Typed, shown
from lionrock.review.models import Assignment
from lionrock.review.queries import Result, assessments, assignments, results
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, json_option, show

GIVEN = click.option("--give", "given", multiple=True, metavar="BOX=TEXT", help="One box of the sheet; repeatable.")
"""Such as alignment.1=4 or alignment.comment="Convincing.\""""


@click.group()
def assessment() -> None:
    """Assessing: assign, declare, score, moderate, conclude, list, show."""


@assessment.command("assign")
@click.argument("application")
@click.argument("assessor", metavar="EMAIL")
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Last day (default: as pledged).")
@as_option
@at_option
def assign(application: str, assessor: str, due: datetime | None, actor: Actor, now: datetime) -> None:
    """Ask an assessor to score an application.

    Example: lionrock assessment assign APP-2026-0001 lam@example.org
    """
    last = due.date() if due else None
    made = assign_assessor(actor=actor, application=application, assessor=assessor, due=last, now=now)
    until = f", until {made.due}" if made.due else ""
    click.echo(f"{made.assessor.email} is asked to assess {application}{until}. It is assessment {made.pk}.")


@assessment.command("unassign")
@click.argument("assessment", type=int)
@click.option("--reason", default="")
@as_option
@at_option
def unassign(assessment: int, reason: str, actor: Actor, now: datetime) -> None:
    """Take an assignment back before its scores are in.

    Example: lionrock assessment unassign 7
    """
    unassign_assessor(actor=actor, assignment=assessment, reason=reason, now=now)
    click.echo(f"Assessment {assessment} is taken back.")


@assessment.command("describe")
@click.argument("assessor", metavar="EMAIL")
@click.option("--expertise", multiple=True, metavar="ID", help="A subject, as the form's options spell it; repeatable.")
@click.option("--organisation", default="", metavar="CODE", help="Where the assessor works.")
@click.option("--most", type=int, help="Open assignments at once, at most.")
@click.option("--away-until", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE")
@as_option
@at_option
def describe(assessor: str, away_until: datetime | None, actor: Actor, now: datetime, **known: Any) -> None:
    """Keep what is known of an assessor; what is left out is forgotten.

    Example: lionrock assessment describe lam@example.org --expertise robotics --most 5
    """
    until = away_until.date() if away_until else None
    describe_assessor(actor=actor, assessor=assessor, away_until=until, now=now, **known)
    click.echo(f"{assessor} is described.")


@assessment.command("declare")
@click.argument("assessment", type=int)
@click.argument("declared", type=click.Choice([each.value for each in Declared]))
@click.option("--ground", default="", type=click.Choice(["", *(each.value for each in Ground)]), metavar="GROUND")
@click.option("--text", default="", help="What the conflict is.")
@as_option
@at_option
def declare(assessment: int, declared: str, ground: str, text: str, actor: Actor, now: datetime) -> None:
    """Declare your interests: clear, conflict or refuse.

    Example: lionrock assessment declare 7 conflict --ground collaboration --text "We publish together."
    """
    made = declare_interests(
        actor=actor, assignment=assessment, declared=Declared(declared), ground=ground, text=text, now=now
    )
    click.echo(f"Assessment {assessment} is {made.state}.")


@assessment.command("score")
@click.argument("assessment", type=int)
@GIVEN
@click.option("--submit", is_flag=True, help="Hand the sheet in.")
@as_option
@at_option
def score(assessment: int, given: Sequence[str], submit: bool, actor: Actor, now: datetime) -> None:
    """Write marks and comments into a sheet, and hand it in when asked to.

    Example: lionrock assessment score 7 --give alignment.1=4 --give "alignment.comment=Convincing." --submit
    """
    typed = {key: Typed(text) for key, text in _boxes(given).items()}
    saved = save_scores(actor=actor, assignment=assessment, typed=typed, now=now)
    if submit:
        submit_scores(actor=actor, assignment=assessment, now=now)
    click.echo(f"{len(saved.written)} boxes are saved." + (" The sheet is handed in." if submit else ""))


def _boxes(given: Sequence[str]) -> dict[str, str]:
    faults = []
    for each in given:
        if "=" not in each:
            said = message(gettext_noop("“{value}” names no box. Write BOX=TEXT, such as alignment.1=4."), value=each)
            faults.append(Fault("review.command.box", said, field="--give", value=each))
    if faults:
        raise Invalid("review.command.box", faults[0].message, faults=faults)
    return dict(each.split("=", 1) for each in given)


@assessment.command("reopen")
@click.argument("assessment", type=int)
@click.option("--reason", required=True)
@as_option
@at_option
def reopen(assessment: int, reason: str, actor: Actor, now: datetime) -> None:
    """Give a sheet back to its assessor.

    Example: lionrock assessment reopen 7 --reason "The second project was left out."
    """
    reopen_scores(actor=actor, assignment=assessment, reason=reason, now=now)
    click.echo(f"Assessment {assessment} is open again.")


@assessment.command("moderate")
@click.argument("application")
@click.option("--reason", required=True)
@click.option("--apart", is_flag=True, help="Keep the scores apart; the mean counts.")
@GIVEN
@as_option
@at_option
def moderate(application: str, reason: str, apart: bool, given: Sequence[str], actor: Actor, now: datetime) -> None:
    """Settle a difference between assessors: agreed marks, or kept apart.

    Example: lionrock assessment moderate APP-2026-0001 --apart --reason "Both stand by their view."
    """
    agreed = None if apart else _boxes(given)
    moderate_scores(actor=actor, application=application, reason=reason, agreed=agreed, now=now)
    click.echo(f"The difference about {application} is settled.")


@assessment.command("conclude")
@click.argument("application")
@as_option
@at_option
def conclude(application: str, actor: Actor, now: datetime) -> None:
    """Pass an application on to the committee.

    Example: lionrock assessment conclude APP-2026-0001
    """
    result = conclude_assessment(actor=actor, application=application, now=now)
    for finding in (*result.checks, *result.findings):
        click.echo(f"{finding.outcome.value:>8}  {finding.message}")
    click.echo(f"{application} is with the committee.")


@assessment.command("list")
@click.option("--mine", is_flag=True, help="Only your own, where you also run the programme.")
@as_option
@json_option
def list_(mine: bool, actor: Actor, as_json: bool) -> None:
    """List your assessments, or those of the programme that you run.

    Example: lionrock assessment list --as lam@example.org
    """
    own = {each.pk: each for each in assessments(actor)}
    found = own if mine else own | {each.pk: each for each in assignments(actor)}
    data = [_data(each) for _, each in sorted(found.items())]
    columns = ["assessment", "application", "state", "due", "round"]
    show(data, Table(columns, [[row[column] for column in columns] for row in data]), as_json=as_json)


def _data(each: Assignment) -> dict[str, object]:
    return {
        "assessment": each.pk,
        "application": each.application.code,
        "state": each.state,
        "assigned_at": each.assigned_at,
        "due": each.due,
        "round": each.round,
    }


@assessment.command("show")
@click.argument("application")
@as_option
@json_option
def show_(application: str, actor: Actor, as_json: bool) -> None:
    """Show what the assessors of an application gave.

    Example: lionrock assessment show APP-2026-0001
    """
    found = application_by_code(actor, application)
    result = results(actor, [found]).get(found.pk)
    data = {"application": application, "result": result_data(result) if result else None}
    show(data, _table(result) if result else "There are no scores of it for you.", as_json=as_json)


def result_data(result: Result) -> dict[str, object]:
    """Return what assessors gave as plain values; names are there only where the viewer may know them."""
    return {
        "score": result.score,
        "criteria": dict(result.criteria),
        "spread": result.spread,
        "needs_moderation": result.needs_moderation,
        "assessors": result.assessors,
        "still_open": result.still_open,
        "given": [
            {
                "number": each.number,
                "assessor": each.assessor,
                "marks": dict(each.marks),
                "total": each.total,
                "comments": [
                    {"criterion": said.criterion, "applicant": said.for_applicant, "committee": said.for_committee}
                    for said in each.said
                ],
            }
            for each in result.given
        ],
        "findings": [finding_as_json(finding) for finding in (*result.checks, *result.findings)],
    }


def _table(result: Result) -> str:
    ids: Mapping[str, int] = {measure.id: measure.weight for measure in result.scheme.measures}
    rows = [
        [each.assessor or f"assessor {each.number}", *(shown(each.criteria[key]) for key in ids), shown(each.total)]
        for each in result.given
    ]
    if result.score is not None:
        rows.append(["counts", *(shown(result.criteria[key]) for key in ids), shown(result.score)])
    table = Table(["of 100", *ids, "total"], rows, frozenset({*ids, "total"})).render()
    return "\n".join([table, *(f"{each.outcome.value:>8}  {each.message}" for each in result.checks)])
