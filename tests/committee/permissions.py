"""Who may do what in the committee: rows of the tables of permissions (tests/people/rows.py, tests/config/rows.py)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.calls.world import NOW, OPERATOR
from tests.config.rows import EVERYBODY, CommandRow, PageRow
from tests.config.rows import Scene as Pages
from tests.people.rows import OWN, ActionRow, Scene

from lionrock.applications.models import Application
from lionrock.committee.actions import (
    add_to_agenda,
    cast_vote,
    keep_trial,
    open_meeting,
    plan_meeting,
    propose_decision,
)
from lionrock.committee.domain import Choice, Line, Proposal
from lionrock.committee.models import AgendaItem, Meeting
from lionrock.committee.queries import members_of_committee
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role
from lionrock.people.models import Person
from lionrock.people.queries import actor_by_email

MEMBERS = [f"member-{number}@committee.example" for number in (1, 2, 3)]
AT = "2026-03-02T10:00+08:00"


def _planned() -> str:
    found = Meeting.objects.filter(programme=OWN, title="Rows").first()
    if found is not None:
        return found.code
    for email in MEMBERS:
        if not Person.objects.filter(email=email).exists():
            register_person(actor=OPERATOR, email=email, name=email, now=NOW)
            grant_role(actor=OPERATOR, email=email, role=Role.COMMITTEE, programme=OWN, now=NOW)
    when = NOW + timedelta(days=1)
    return plan_meeting(actor=OPERATOR, programme=OWN, title="Rows", when=when, now=NOW).code


def _assessed(application: str) -> str:
    Application.objects.filter(code=application, state="submitted").update(state="assessed")
    return application


def _with_item(application: str) -> str:
    code = _planned()
    if not AgendaItem.objects.filter(application__code=application).exists():
        add_to_agenda(actor=OPERATOR, meeting=code, applications=[_assessed(application)], now=NOW)
    return code


def _sitting(application: str) -> str:
    code = _with_item(application)
    if Meeting.objects.get(code=code).state == "planned":
        present = [member.email for member in members_of_committee(OWN)]
        open_meeting(actor=OPERATOR, meeting=code, present=present, now=NOW)
    return code


def _proposed(application: str) -> str:
    code = _sitting(application)
    propose_decision(actor=OPERATOR, meeting=code, application=application, proposal=Proposal(), now=NOW)
    return code


def _voted(application: str) -> str:
    code = _proposed(application)
    for email in MEMBERS:
        actor = actor_by_email(email)
        cast_vote(actor=actor, meeting=code, application=application, choice=Choice.FOR, now=NOW)
    return code


def _tried(application: str) -> str:
    code = _with_item(application)
    keep_trial(actor=OPERATOR, meeting=code, rule=Line.STOP, rows=[], now=NOW)
    return code


def _item(scene: Scene, code: str, **more: Any) -> dict[str, Any]:
    return {"meeting": code, "application": scene.submitted, **more}


LEADS, ALL_BUT_AUDITORS = "office, chair", "office, committee, chair"
ACTIONS: dict[str, ActionRow] = {
    "committee.plan_meeting": ActionRow(LEADS, lambda _: {"programme": OWN, "title": "A meeting", "when": NOW}),
    "committee.cancel_meeting": ActionRow(LEADS, lambda _: {"meeting": _planned(), "reason": "A typhoon."}),
    "committee.add_to_agenda": ActionRow(
        LEADS, lambda scene: {"meeting": _planned(), "applications": [_assessed(scene.submitted)]}
    ),
    "committee.reorder_agenda": ActionRow(
        ALL_BUT_AUDITORS, lambda scene: {"meeting": _with_item(scene.submitted), "order": [scene.submitted]}
    ),
    "committee.postpone_item": ActionRow(
        LEADS, lambda scene: _item(scene, _with_item(scene.submitted), reason="Not ready.")
    ),
    "committee.recuse_member": ActionRow(
        LEADS, lambda scene: _item(scene, _with_item(scene.submitted), person=MEMBERS[0], reason="Kin.")
    ),
    "committee.propose_decision": ActionRow(
        ALL_BUT_AUDITORS, lambda scene: _item(scene, _with_item(scene.submitted), proposal=Proposal(months=2))
    ),
    "committee.keep_trial": ActionRow(
        ALL_BUT_AUDITORS, lambda scene: {"meeting": _with_item(scene.submitted), "rule": Line.SKIP, "rows": []}
    ),
    "committee.drop_trial": ActionRow(ALL_BUT_AUDITORS, lambda scene: {"meeting": _tried(scene.submitted)}),
    "committee.adopt_ranking": ActionRow(
        ALL_BUT_AUDITORS,
        lambda scene: {"meeting": _with_item(scene.submitted), "proposals": {scene.submitted: Proposal()}},
    ),
    "committee.open_meeting": ActionRow("chair", lambda _: {"meeting": _planned(), "present": MEMBERS}),
    "committee.note_attendance": ActionRow(
        LEADS, lambda scene: {"meeting": _sitting(scene.submitted), "present": MEMBERS[:2]}
    ),
    "committee.cast_vote": ActionRow(
        "committee, chair", lambda scene: _item(scene, _proposed(scene.submitted), choice=Choice.FOR)
    ),
    "committee.resolve_item": ActionRow("chair", lambda scene: _item(scene, _voted(scene.submitted))),
    "committee.close_meeting": ActionRow("chair", lambda scene: {"meeting": _sitting(scene.submitted)}),
}
ELSEWHERE_RECORDED = {
    "committee.cast_vote": "the operator sits on no committee; tested with members, in tests/committee",
    "committee.reorder_agenda": "one item has one order; tested with three, in tests/committee",
    "committee.keep_trial": "what a member tries is that member's alone, and decides nothing",
    "committee.drop_trial": "as keep_trial",
}
HIDDEN = {"committee.meeting.unknown": "", "committee.item.unknown": ""}

SIT, SEE = {"committee", "chair"}, {"committee", "chair", "office", "auditor"}
LEAD, WORK = {"office", "chair"}, {"office", "committee", "chair"}


def _words(code: str, scene: Pages, more: str = "") -> str:
    return f"{code} {scene.submitted} {more} --at {AT}"


COMMANDS: dict[tuple[str, ...], CommandRow] = {
    ("meeting", "plan"): CommandRow(LEAD, lambda _: f"--programme {OWN} --title Second --when {AT}"),
    ("meeting", "list"): CommandRow(SEE, lambda _: f"--programme {OWN}" if _planned() else "", shows=lambda _: "Rows"),
    ("meeting", "agenda"): CommandRow(SEE, lambda scene: _with_item(scene.submitted)),
    ("meeting", "ranking"): CommandRow(SEE, lambda scene: f"{_with_item(scene.submitted)} --at {AT}"),
    ("meeting", "propose"): CommandRow(
        WORK, lambda scene: _words(_with_item(scene.submitted), scene, "approve --months 2")
    ),
    ("meeting", "open"): CommandRow({"chair"}, lambda _: f"{_planned()} --present {MEMBERS[0]} --at {AT}"),
    ("meeting", "recuse"): CommandRow(
        LEAD, lambda scene: _words(_with_item(scene.submitted), scene, f"--person {MEMBERS[0]} --reason kin")
    ),
    ("meeting", "vote"): CommandRow(
        SIT, lambda scene: _words(_proposed(scene.submitted), scene, "for"), ends=frozenset({0, 6})
    ),
    ("meeting", "resolve"): CommandRow({"chair"}, lambda scene: _words(_voted(scene.submitted), scene)),
    ("meeting", "postpone"): CommandRow(
        LEAD, lambda scene: _words(_with_item(scene.submitted), scene, "--reason later")
    ),
    ("meeting", "close"): CommandRow({"chair"}, lambda scene: f"{_sitting(scene.submitted)} --at {AT}"),
    ("meeting", "minutes"): CommandRow(SEE, lambda scene: _with_item(scene.submitted)),
}
PAGES: dict[str, PageRow] = {
    "committee:index": PageRow(EVERYBODY),
    "committee:list": PageRow(SEE, lambda _: [OWN]),
    "committee:show": PageRow(SEE, lambda scene: [_with_item(scene.submitted)]),
    "committee:ranking": PageRow(SEE, lambda scene: [_with_item(scene.submitted)]),
    "committee:ranking_file": PageRow(SEE, lambda scene: [_with_item(scene.submitted), "json"]),
    "committee:minutes": PageRow(SEE, lambda scene: [_with_item(scene.submitted)]),
    "committee:minutes_pdf": PageRow(SEE, lambda scene: [_with_item(scene.submitted)]),
    "committee:item": PageRow(SEE, lambda scene: [_with_item(scene.submitted), scene.submitted]),
}
