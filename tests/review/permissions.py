"""Who may do what in assessing: rows of the tables of permissions (tests/people/rows.py, tests/config/rows.py)."""

from __future__ import annotations

from typing import Any

from tests.calls.world import NOW, OPERATOR
from tests.config.rows import SEES, CommandRow, PageRow
from tests.config.rows import Scene as Pages
from tests.people.rows import OWN, ActionRow, Scene
from tests.review import sheets

from lionrock.applications.models import Application
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role
from lionrock.people.models import Person
from lionrock.review.actions import assign_assessor, declare_interests, save_scores, submit_scores
from lionrock.review.domain import Declared, Typed
from lionrock.review.models import Assignment

ASSESSOR = f"assessor@{OWN}.example"
"""The address of the table's actor with that role."""
SECOND = f"second@{OWN}.example"


def _put_assessor(email: str) -> None:
    if not Person.objects.filter(email=email).exists():
        register_person(actor=OPERATOR, email=email, name="Somebody", now=NOW)
        grant_role(actor=OPERATOR, email=email, role=Role.ASSESSOR, programme=OWN, now=NOW)


def _with_assessors(application: str) -> str:
    Application.objects.filter(code=application).update(state="eligible")
    _put_assessor(ASSESSOR)
    _put_assessor(SECOND)
    return application


def _assigned(application: str, email: str = ASSESSOR) -> Assignment:
    _with_assessors(application)
    found = Assignment.objects.filter(application__code=application, assessor__email=email).first()
    return found or assign_assessor(actor=OPERATOR, application=application, assessor=email, now=NOW)


def _cleared(application: str, email: str = ASSESSOR) -> Assignment:
    found = _assigned(application, email)
    if found.state != "invited":
        return found
    return declare_interests(actor=OPERATOR, assignment=found.pk, declared=Declared.CLEAR, now=NOW)


def _filled(application: str, email: str = ASSESSOR, mark: int = 3) -> Assignment:
    found = _cleared(application, email)
    typed = {key: Typed(text) for key, text in sheets.typed(found.application, mark).items()}
    save_scores(actor=OPERATOR, assignment=found.pk, typed=typed, now=NOW)
    return found


def _scored(application: str, email: str = ASSESSOR, mark: int = 3) -> Assignment:
    found = _cleared(application, email)
    if found.state == "cleared":
        _filled(application, email, mark)
        submit_scores(actor=OPERATOR, assignment=found.pk, now=NOW)
    return found


def _apart(application: str) -> str:
    _scored(application, ASSESSOR, 0)
    _scored(application, SECOND, 5)
    return application


def _agreeing(application: str) -> str:
    _scored(application, ASSESSOR, 3)
    _scored(application, SECOND, 3)
    return application


def _assessed(application: str) -> str:
    Application.objects.filter(code=application).update(state="assessed")
    return application


def _asked(scene: Scene) -> dict[str, Any]:
    return {"application": _with_assessors(scene.submitted), "assessor": ASSESSOR}


ACTIONS: dict[str, ActionRow] = {
    "applications.mark_assessed": ActionRow("office", lambda scene: {"application": _with_assessors(scene.submitted)}),
    "applications.reopen_assessment": ActionRow(
        "office, chair", lambda scene: {"application": _assessed(scene.submitted), "reason": "news"}
    ),
    "review.assign_assessor": ActionRow("office", _asked),
    "review.unassign_assessor": ActionRow("office", lambda scene: {"assignment": _assigned(scene.submitted).pk}),
    "review.describe_assessor": ActionRow("office", lambda scene: {"assessor": _asked(scene)["assessor"]}),
    "review.declare_interests": ActionRow(
        "assessor", lambda scene: {"assignment": _assigned(scene.submitted).pk, "declared": Declared.CLEAR}
    ),
    "review.save_scores": ActionRow(
        "assessor", lambda scene: {"assignment": _cleared(scene.submitted).pk, "typed": {"alignment.1": Typed("4")}}
    ),
    "review.submit_scores": ActionRow("assessor", lambda scene: {"assignment": _filled(scene.submitted).pk}),
    "review.reopen_scores": ActionRow(
        "office", lambda scene: {"assignment": _scored(scene.submitted).pk, "reason": "one project was left out"}
    ),
    "review.moderate_scores": ActionRow(
        "office, chair", lambda scene: {"application": _apart(scene.submitted), "reason": "both stand by it"}
    ),
    "review.conclude_assessment": ActionRow("office", lambda scene: {"application": _agreeing(scene.submitted)}),
}
HIDDEN = {"review.assignment.unknown": "an assessment that is somebody else's"}


VIEWER = "assessor@example.org"
"""The address of the assessor among those who try commands and pages."""
READ = {"office", "committee", "chair", "auditor"}
"""Who reads what assessors gave."""
AT = "--at 2026-03-02T10:00+08:00"


def _boxes(application: str) -> str:
    found = _cleared(application, VIEWER)
    return f"{found.pk} --give alignment.1=4 {AT}"


def _looked_at(application: str) -> str:
    _scored(application, SECOND)
    _assigned(application, VIEWER)
    return application


COMMANDS: dict[tuple[str, ...], CommandRow] = {
    ("assessment", "assign"): CommandRow({"office"}, lambda scene: f"{_with_assessors(scene.submitted)} {VIEWER} {AT}"),
    ("assessment", "unassign"): CommandRow({"office"}, lambda scene: f"{_assigned(scene.submitted, VIEWER).pk} {AT}"),
    ("assessment", "describe"): CommandRow({"office"}, lambda _: f"{VIEWER} --expertise robotics {AT}"),
    ("assessment", "declare"): CommandRow(
        {"assessor"}, lambda scene: f"{_assigned(scene.submitted, VIEWER).pk} clear {AT}"
    ),
    ("assessment", "score"): CommandRow({"assessor"}, lambda scene: _boxes(scene.submitted)),
    ("assessment", "reopen"): CommandRow(
        {"office"}, lambda scene: f"{_scored(scene.submitted, VIEWER).pk} --reason news {AT}"
    ),
    ("assessment", "moderate"): CommandRow(
        {"office", "chair"}, lambda scene: f"{_apart(scene.submitted)} --apart --reason both {AT}"
    ),
    ("assessment", "conclude"): CommandRow({"office"}, lambda scene: f"{_agreeing(scene.submitted)} {AT}"),
    ("assessment", "list"): CommandRow(
        READ | {"assessor"},
        lambda scene: _looked_at(scene.submitted)[:0],
        shows=lambda scene: scene.submitted,
    ),
    ("assessment", "show"): CommandRow(SEES, lambda scene: _looked_at(scene.submitted)),
}


def _asked_of_the_viewer(scene: Pages) -> list[str]:
    _assigned(scene.submitted, VIEWER)
    return []


def _person(email: str) -> str:
    return str(Person.objects.get(email=email).pk)


PAGES: dict[str, PageRow] = {
    "review:list": PageRow({"assessor"}, _asked_of_the_viewer, shows=lambda scene: scene.submitted),
    "review:show": PageRow({"assessor"}, lambda scene: [str(_cleared(scene.submitted, VIEWER).pk)]),
    "review:declare": PageRow({"assessor"}, lambda scene: [str(_assigned(scene.submitted, VIEWER).pk)]),
    "review:autosave": PageRow(
        {"assessor"},
        lambda scene: [str(_cleared(scene.submitted, VIEWER).pk)],
        posted=lambda _: {},
        ends=frozenset({422}),
    ),
    "review:unassign": PageRow(
        {"office"}, lambda scene: [str(_assigned(scene.submitted, VIEWER).pk)], posted=lambda _: {}
    ),
    "review:reopen": PageRow({"office"}, lambda scene: [str(_scored(scene.submitted, VIEWER).pk)]),
    "review:assessors": PageRow({"office", "auditor"}, lambda scene: [_with_assessors(scene.submitted)]),
    "review:moderation": PageRow(READ, lambda scene: [_apart(scene.submitted)]),
    "review:conclude": PageRow({"office"}, lambda scene: [_agreeing(scene.submitted)], posted=lambda _: {}),
    "review:take_back": PageRow(
        {"office", "chair"}, lambda scene: [_assessed(scene.submitted)], posted=lambda _: {"reason": "news"}
    ),
    "review:file": PageRow(READ, lambda _: [OWN, "csv"]),
    "review:roster": PageRow({"office"}, lambda _: [OWN]),
    "review:profile": PageRow({"office"}, lambda _: [OWN, _person(VIEWER)]),
}
