"""Looking at one application: what it says, what is missing from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import click

from lionrock.applications.commands.group import application
from lionrock.applications.domain.completeness import Completeness
from lionrock.applications.models import Application
from lionrock.applications.queries import application_by_code, completeness_of, findings_now
from lionrock.kernel.errors import Invalid
from lionrock.kernel.findings import as_json as finding_as_json
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import facts, json_option, show

MARKS = {"met": "yes", "not_met": "NO", "unknown": "?"}


@application.command("show")
@click.argument("code")
@as_option
@json_option
def show_(code: str, actor: Actor, as_json: bool) -> None:
    """Show one application with what was found at its submission.

    Example: lionrock application show APP-2026-0001
    """
    data = data_of(application_by_code(actor, code))
    lines = facts(data, without=["findings"])
    shown = data["findings"] if isinstance(data["findings"], list) else []
    show(data, "\n".join([*lines, told(shown)]), as_json=as_json)


@application.command("check")
@click.argument("code")
@as_option
@at_option
@json_option
def check(code: str, actor: Actor, now: datetime, as_json: bool) -> None:
    """Say what is missing from an application, and what the rules find; nothing is changed.

    Example: lionrock application check APP-2026-0001
    """
    found = application_by_code(actor, code)
    done, findings = completeness_of(found, now), findings_of(found, now)
    data = {
        "required": done.required,
        "filled": done.filled,
        "gaps": [{"key": gap.key, "text": str(gap.said), "answered": gap.answered} for gap in done.gaps],
        "findings": findings,
    }
    show(data, "\n".join([*_gaps(done), told(findings)]), as_json=as_json)


def findings_of(found: Application, now: datetime) -> list[dict[str, object]]:
    """Return what the rules say of an application; nothing while it does not say what it asks for."""
    try:
        return [finding_as_json(finding) for finding in findings_now(found, now)]
    except Invalid:
        return []


def _gaps(done: Completeness) -> list[str]:
    lines = [f"{gap.key}: {gap.said}" for gap in done.gaps]
    return [*lines, f"{done.filled} of {done.required} required are there."]


def told(findings: Sequence[Mapping[str, Any]]) -> str:
    """Return findings for people, a line each."""
    return "\n".join(_line(finding) for finding in findings)


def _line(finding: Mapping[str, Any]) -> str:
    remedy = f" {finding['remedy']['text']}" if finding["remedy"] else ""
    return f"{MARKS[finding['outcome']]:>3}  {finding['message']['text']}{remedy}"


def data_of(each: Application) -> dict[str, object]:
    """Return an application as plain values, for people and machines."""
    plain = (
        "code applicant category title title_zh_hant title_zh_hans purpose item count months hours starts "
        "declarations other_subsidy state round submitted_at decided_at decided_by decision_reason findings"
    )
    places = {"call": each.call.code, "organisation": each.organisation.code}
    return {"code": each.code, **places, **{name: getattr(each, name) for name in plain.split()}}
