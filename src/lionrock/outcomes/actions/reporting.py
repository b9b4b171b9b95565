"""Writing a report, handing it in, accepting it or asking back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lionrock.awards.actions.recording import record_of
from lionrock.awards.domain import check_reason
from lionrock.awards.models import Award
from lionrock.awards.projects import people_of
from lionrock.awards.queries import award_by_code
from lionrock.kernel.errors import Fault, Invalid, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.states import advance
from lionrock.kernel.texts import check_paragraph
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.outcomes.domain import TRANSITIONS, ReportState
from lionrock.outcomes.models import Report
from lionrock.outcomes.queries import Standing, standing_of, use_so_far
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require, require_member
from lionrock.people.queries import holders_of


@dataclass(frozen=True, slots=True)
class Written:
    """What a team writes: what was done, how that differs from the plan, what is next."""

    done: str = ""
    differs: str = ""
    next: str = ""


@transaction.atomic
def save_report(*, actor: Actor, award: str, which: str, written: Written, now: datetime) -> Report:
    """Keep what is written of a report so far; takes a member of the award's organisation.

    Raises `NotFound` for a report that the award does not owe, `Invalid` for a text that cannot be
    kept, `Conflict` while the report is with the office, or is accepted.
    """
    found = _members_award(actor, award)
    report = _keep(standing_of(found, which), written, actor, now)
    record_of("outcomes.save_report", found, actor, now, {"which": which})
    return report


@transaction.atomic
def submit_report(*, actor: Actor, award: str, which: str, written: Written, now: datetime) -> Report:
    """Hand a report in, with the use that the books show now; takes a member of the award's organisation.

    Raises `Invalid` while it does not say what was done, otherwise as `save_report`.
    """
    found = _members_award(actor, award)
    if not written.done.strip():
        said = message(gettext_noop("The report does not say what was done. Write it in {field}."), field="done")
        fault = Fault("outcomes.report.done", said, field="done", value="")
        raise Invalid("outcomes.report.done", said, faults=[fault])
    report = _keep(standing_of(found, which), written, actor, now)
    report.state = advance(TRANSITIONS, ReportState(report.state), "submit", thing=f"{award}/{which}").value
    report.submitted_at, report.use = now, use_so_far(found, report.covers_to)
    report.save(update_fields=["state", "submitted_at", "use"])
    record_of("outcomes.submit_report", found, actor, now, {"which": which, "use": report.use})
    office = holders_of(Role.OFFICE, programme=found.programme)
    _tell(office, report, gettext_noop("A report on {award} is handed in. Accept it, or ask."), now)
    return report


def _keep(standing: Standing, written: Written, actor: Actor, now: datetime) -> Report:
    texts = {"done": written.done, "differs": written.differs, "next": written.next}
    faults: list[Fault] = []
    for field, text in texts.items():
        with collecting(faults):
            check_paragraph(text, field=field)
    if faults:
        raise Invalid("outcomes.report", faults[0].message, faults=faults)
    owed = standing.owed
    state = advance(TRANSITIONS, standing.state, "save", thing=f"{standing.award.code}/{owed.which}")
    dates = {"covers_from": owed.covers_from, "covers_to": owed.covers_to, "due": owed.due}
    kept, _ = Report.objects.update_or_create(
        award=standing.award,
        which=owed.which,
        defaults={**dates, **texts, "state": state.value, "saved_at": now, "saved_by": actor.email},
    )
    return kept


@transaction.atomic
def accept_report(*, actor: Actor, award: str, which: str, now: datetime) -> Report:
    """Accept a report that was handed in; takes the role office. Raises `Conflict` for any other."""
    report = _decide(actor, award, which, "accept", "", now)
    _tell(people_of(report.award), report, gettext_noop("Your report on {award} is accepted."), now)
    return report


@transaction.atomic
def return_report(*, actor: Actor, award: str, which: str, remark: str, now: datetime) -> Report:
    """Give a report back with a question; takes the role office. Raises `Invalid` without one, `Conflict`."""
    report = _decide(actor, award, which, "return", check_reason(remark), now)
    said = gettext_noop("The office has a question on your report on {award}: {remark}")
    _tell(people_of(report.award), report, said, now, remark=report.remark)
    return report


def _decide(actor: Actor, award: str, which: str, verb: str, remark: str, now: datetime) -> Report:
    found = award_by_code(actor, award, lock=True)
    require(actor, Role.OFFICE, programme=found.programme)
    standing = standing_of(found, which)
    state = advance(TRANSITIONS, standing.state, verb, thing=f"{award}/{which}")
    report = found.reports.get(which=which)
    report.state, report.decided_at, report.remark = state.value, now, remark
    report.save(update_fields=["state", "decided_at", "remark"])
    record_of(f"outcomes.{verb}_report", found, actor, now, {"which": which, "remark": remark})
    return report


def _members_award(actor: Actor, award: str) -> Award:
    found = award_by_code(actor, award, lock=True)
    require_member(actor, found.organisation.code)
    return found


def _tell(to: list[str], report: Report, template: str, now: datetime, **fields: object) -> None:
    code = report.award.code
    notify(
        to=to, said=message(template, award=code, **fields), about=Subject("report", f"{code}/{report.which}"), now=now
    )
