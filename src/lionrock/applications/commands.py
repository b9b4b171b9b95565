"""`lionrock application`: what organisations ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import click

from lionrock.applications.actions import draft_application, submit_application, withdraw_application
from lionrock.applications.domain import Request
from lionrock.applications.models import Application
from lionrock.applications.queries import application_by_code, applications, findings_now
from lionrock.kernel.findings import as_json as finding_as_json
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, facts, json_option, show

MARKS = {"met": "yes", "not_met": "NO", "unknown": "?"}


@click.group()
def application() -> None:
    """Applications: draft, submit, list, show, withdraw."""


@application.command("draft")
@click.argument("call")
@click.option("--organisation", required=True, metavar="CODE")
@click.option("--category", required=True, metavar="ID")
@click.option("--title", required=True)
@click.option("--title-zh-hant", default="")
@click.option("--title-zh-hans", default="")
@click.option("--purpose", default="")
@click.option("--item", required=True, metavar="ID", help="What is asked for, from the programme's price list.")
@click.option("--count", required=True, type=int, help="How many of it.")
@click.option("--months", required=True, type=int)
@click.option("--hours", type=int, help="Metered items: hours of each (default: the whole time).")
@click.option("--starts", required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="First day of use.")
@click.option("--declare", "declarations", multiple=True, metavar="ID", help="Sign a declaration; may be repeated.")
@click.option("--other-subsidy/--no-other-subsidy", default=None, help="Has the same scope another public subsidy?")
@as_option
@at_option
def draft(
    item: str, count: int, months: int, starts: datetime, hours: int | None, actor: Actor, now: datetime, **facts: Any
) -> None:
    """Begin an application to a call.

    Example: lionrock application draft CALL-2026-0001 --organisation harbour-university --category university
    --title "Weather models" --item h800-node --count 2 --months 6 --starts 2026-03-01 --no-other-subsidy
    """
    request = Request(item, count, months, starts.date(), hours)
    made = draft_application(actor=actor, request=request, now=now, **facts)
    findings = findings_now(made, now)
    click.echo(_findings([finding_as_json(finding) for finding in findings]))
    click.echo(f"{made.code} is drafted. Hand it in with: lionrock application submit {made.code}")


@application.command("submit")
@click.argument("code")
@as_option
@at_option
def submit(code: str, actor: Actor, now: datetime) -> None:
    """Hand an application in; what the rules say is shown, and a rule that says no refuses it.

    Example: lionrock application submit APP-2026-0001 --as chan@example.org
    """
    found = submit_application(actor=actor, application=code, now=now)
    click.echo(_findings(found.findings))
    click.echo(f"{code} is submitted.")


@application.command("withdraw")
@click.argument("code")
@as_option
@at_option
def withdraw(code: str, actor: Actor, now: datetime) -> None:
    """Take an application back before it is decided.

    Example: lionrock application withdraw APP-2026-0001
    """
    withdraw_application(actor=actor, application=code, now=now)
    click.echo(f"{code} is withdrawn.")


@application.command("list")
@click.option("--call", metavar="CODE", help="Only those of one call.")
@as_option
@json_option
def list_(call: str | None, actor: Actor, as_json: bool) -> None:
    """List applications.

    Example: lionrock application list --call CALL-2026-0001
    """
    found = applications(actor).select_related("call", "organisation")
    data = [_data(each) for each in (found.filter(call__code=call) if call else found)]
    columns = ["code", "call", "organisation", "state", "item", "count", "months", "starts", "title"]
    rows = [[row[column] for column in columns] for row in data]
    show(data, Table(columns, rows, frozenset({"count", "months"})), as_json=as_json)


@application.command("show")
@click.argument("code")
@as_option
@json_option
def show_(code: str, actor: Actor, as_json: bool) -> None:
    """Show one application with what was found at its submission.

    Example: lionrock application show APP-2026-0001
    """
    data = _data(application_by_code(actor, code))
    lines = facts(data, without=["findings"])
    shown = data["findings"] if isinstance(data["findings"], list) else []
    show(data, "\n".join([*lines, _findings(shown)]), as_json=as_json)


def _findings(findings: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(_line(finding) for finding in findings)


def _line(finding: Mapping[str, Any]) -> str:
    remedy = f" {finding['remedy']['text']}" if finding["remedy"] else ""
    return f"{MARKS[finding['outcome']]:>3}  {finding['message']['text']}{remedy}"


def _data(each: Application) -> dict[str, object]:
    plain = (
        "code applicant category title title_zh_hant title_zh_hans purpose item count months hours starts "
        "declarations other_subsidy state submitted_at decided_at decided_by decision_reason findings"
    )
    places = {"call": each.call.code, "organisation": each.organisation.code}
    return {"code": each.code, **places, **{name: getattr(each, name) for name in plain.split()}}
