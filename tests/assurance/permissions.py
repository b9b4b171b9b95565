"""Who may do what at the gate: rows of the tables of permissions (tests/people/rows.py, tests/config/rows.py)."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

from tests.calls.world import NOW, OPERATOR, holder
from tests.config import rows as pages
from tests.config.rows import OWN, SEES, PageRow
from tests.people import rows as people
from tests.people.rows import ActionRow

from lionrock.applications.actions import Change, admit
from lionrock.applications.models import Application
from lionrock.assurance import actions
from lionrock.assurance.domain.answering import Answers
from lionrock.assurance.domain.concluding import Conclusion
from lionrock.assurance.domain.rules import Binding
from lionrock.assurance.domain.states import Expertise, Judgement
from lionrock.assurance.models import Condition, Dossier, Reviewer
from lionrock.assurance.queries.standing import NONE, assessed
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role
from lionrock.people.models import Person

Scene = people.Scene | pages.Scene
ASSESSOR = f"assessor@{OWN}.example"
"""The address of the table's actor with that role."""
HARMLESS: Answers = {"reach": ("team",), "dangerous": ("no",), "supervised": ("no",), "declaration": ("yes",)}
PEOPLE: Answers = HARMLESS | {"use": ("people",)}
PICTURE = b"\x89PNG\r\n\x1a\n" + (0).to_bytes(4, "big") + b"IEND\xae\x42\x60\x82"


def _answered(code: str, wanted: Answers) -> Dossier:
    """Return the dossier of an application with these answers, none of anything else; once for each scene."""
    actions.begin_dossier(actor=OPERATOR, application=code, now=NOW)
    while following := assessed(Dossier.objects.get(application__code=code)).next:
        question = following[0]
        chosen = wanted.get(question.id, ())
        change = Change(f"q.{question.id}", list(chosen or (NONE,)) if question.many else chosen[0], 0)
        actions.save_written(actor=OPERATOR, application=code, changes=[change], now=NOW)
    return Dossier.objects.get(application__code=code)


def begun(scene: Scene) -> str:
    return _answered(scene.submitted, PEOPLE).application.code


def passed(scene: Scene) -> str:
    """Have the application pass by its declaration, and return its code."""
    if _answered(scene.submitted, HARMLESS).state == "draft":
        actions.hand_in(actor=OPERATOR, application=scene.submitted, now=NOW)
    return scene.submitted


def under_review(scene: Scene) -> str:
    """Have a dossier handed in that has to be reviewed, and return its application's code."""
    if _answered(scene.submitted, PEOPLE).state == "draft":
        actions.hand_in(actor=OPERATOR, application=scene.submitted, now=NOW)
    return scene.submitted


def asked(scene: Scene, email: str = ASSESSOR) -> int:
    """Have somebody asked to review it, and return the number of that."""
    dossier = Dossier.objects.get(application__code=under_review(scene))
    facts = {"asked_by": OPERATOR.email, "asked_at": NOW}
    return Reviewer.objects.get_or_create(dossier=dossier, person=email, expertise="governance", defaults=facts)[0].pk


def reviewed(scene: Scene) -> str:
    """Have the table's assessor review it, interests declared."""
    Reviewer.objects.filter(pk=asked(scene)).update(state="cleared")
    application = Application.objects.get(code=scene.submitted)
    admit(application, ASSESSOR, because="review", by=OPERATOR.email, now=NOW)
    return scene.submitted


def question(scene: Scene) -> dict[str, Any]:
    made = actions.ask_applicants(actor=OPERATOR, application=under_review(scene), text="Who?", now=NOW)
    return {"application": scene.submitted, "asked": made.pk, "text": "We."}


def lower(scene: Scene) -> str:
    """Have the table's compliance officer ask for a lower tier."""
    officer, code = holder(Role.COMPLIANCE, OWN), under_review(scene)
    actions.set_tier(actor=officer, application=code, tier="low", reason="Invented persons.", now=NOW)
    return code


def condition(scene: Scene, *, handed_in: bool = False) -> str:
    """Have a condition on it, and return the code of the application."""
    dossier = Dossier.objects.get(application__code=reviewed(scene))
    Condition.objects.get_or_create(
        dossier=dossier, number=1, item="RA-12",
        defaults={
            "owner": "owner@example.org", "due": date(2026, 4, 1), "proof": "report", "laid_at": NOW,
            "laid_by": OPERATOR.email, "binds": Binding.BEFORE_RELEASE.value,
            "handed_in_at": NOW if handed_in else None,
        },
    )  # fmt: skip
    return scene.submitted


def file(scene: Scene) -> int:
    return actions.put_on_file(
        actor=OPERATOR, application=begun(scene), item="RA-02", name="a.png", content=io.BytesIO(PICTURE), now=NOW
    ).pk


def somebody() -> str:
    """Put an assessor on file who can be asked."""
    email = "asked@example.org"
    if not Person.objects.filter(email=email).exists():
        register_person(actor=OPERATOR, email=email, name="Asked", now=NOW)
        grant_role(actor=OPERATOR, email=email, role=Role.ASSESSOR, programme=OWN, now=NOW)
    return email


CHANGES = [Change("item.RA-02", "For the harbour.", 0)]
CONDITION = {
    "item": "RA-12", "due": (NOW + timedelta(days=30)).date(), "proof": "report", "binds": Binding.BEFORE_RELEASE,
}  # fmt: skip
WHY = {"reason": "As it stands."}
ACTIONS = {
    "assurance.begin_dossier": ActionRow("member", lambda scene: {"application": scene.submitted}),
    "assurance.save_written": ActionRow("member", lambda scene: {"application": begun(scene), "changes": CHANGES}),
    "assurance.hand_in": ActionRow("member", lambda scene: {"application": begun(scene)}),
    "assurance.answer_reviewer": ActionRow("member", question),
    "assurance.put_on_file": ActionRow(
        "member",
        lambda scene: {
            "application": begun(scene), "item": "RA-02", "name": "b.png", "content": io.BytesIO(PICTURE),
        },
    ),
    "assurance.take_off_file": ActionRow(
        "member", lambda scene: {"evidence": file(scene), "application": scene.submitted}
    ),
    "assurance.pass_point": ActionRow(
        "member",
        lambda scene: {"application": passed(scene), "point": Binding.BEFORE_MILESTONE, "milestone": "pilot"},
    ),
    "assurance.ask_reviewer": ActionRow(
        "compliance",
        lambda scene: {"application": under_review(scene), "person": somebody(), "expertise": Expertise.DATA},
    ),
    "assurance.declare_interest": ActionRow(
        "assessor", lambda scene: {"reviewer": asked(scene), "conflict": False, "text": ""}
    ),
    "assurance.give_opinion": ActionRow(
        "assessor",
        lambda scene: {
            "application": reviewed(scene), "item": "RA-12", "judgement": Judgement.NOT_ENOUGH, "text": "More.",
        },
    ),
    "assurance.ask_applicants": ActionRow(
        "compliance, assessor", lambda scene: {"application": reviewed(scene), "text": "Who?"}
    ),
    "assurance.conclude": ActionRow(
        "compliance", lambda scene: {"application": under_review(scene), "conclusion": Conclusion.REFUSE, **WHY}
    ),
    "assurance.reopen_dossier": ActionRow("compliance", lambda scene: {"application": passed(scene), **WHY}),
    "assurance.set_tier": ActionRow(
        "compliance", lambda scene: {"application": under_review(scene), "tier": "high", **WHY}
    ),
    "assurance.agree_to_lower": ActionRow(
        "compliance", lambda scene: {"application": lower(scene), "agree": True, **WHY}
    ),
    "assurance.lay_condition": ActionRow(
        "compliance", lambda scene: {"application": under_review(scene), "owner": _owner(scene), **CONDITION}
    ),
    "assurance.hand_in_proof": ActionRow(
        "member", lambda scene: {"application": condition(scene), "number": 1, "text": "On file."}
    ),
    "assurance.answer_proof": ActionRow(
        "compliance, assessor",
        lambda scene: {"application": condition(scene, handed_in=True), "number": 1, "accept": True, **WHY},
    ),
}  # fmt: skip
HIDDEN = dict.fromkeys(["assurance.dossier.unknown", "assurance.reviewer.not_asked"])


def _owner(scene: Scene) -> str:
    return Application.objects.get(code=scene.submitted).applicant


def _with(scene: pages.Scene, made: str) -> list[str]:
    """Return the arguments of a page of the dossier of this application, once it is made."""
    assert made == scene.submitted
    return [made]


PAGES: dict[str, PageRow] = {
    "assurance:show": PageRow(SEES, lambda scene: _with(scene, under_review(scene))),
    "assurance:begin": PageRow({"member"}, lambda scene: [scene.submitted], posted=lambda _: {}),
    "assurance:questions": PageRow({"member"}, lambda scene: _with(scene, begun(scene))),
    "assurance:answers": PageRow(
        {"member"}, lambda scene: _with(scene, begun(scene)), posted=lambda _: {}, ends=frozenset({422})
    ),
    "assurance:item": PageRow(SEES, lambda scene: [*_with(scene, under_review(scene)), "RA-12"]),
    "assurance:evidence": PageRow(SEES, lambda scene: [scene.submitted, str(file(scene))]),
    "assurance:remove": PageRow({"member"}, lambda scene: [scene.submitted, str(file(scene))], posted=lambda _: {}),
    "assurance:act": PageRow({"compliance"}, lambda scene: [*_with(scene, under_review(scene)), "conclude"]),
    "assurance:condition": PageRow(SEES, lambda scene: [*_with(scene, condition(scene)), "1"]),
    "assurance:declare": PageRow({"assessor"}, lambda scene: [str(asked(scene, "assessor@example.org"))]),
    "assurance_conditions:list": PageRow(
        SEES, lambda scene: _with(scene, condition(scene))[1:], shows=lambda scene: scene.submitted
    ),
}
PAGES_FOR_EVERYBODY = {
    "assurance:list": "shows to each what waits for them; tested in tests/assurance",
    "assurance_items:list": "the items are for all to read",
    "assurance_items:show": "the items are for all to read",
}
