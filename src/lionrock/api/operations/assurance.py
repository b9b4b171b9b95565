"""Responsible-AI dossiers: begun, written, handed in, reviewed, asked about, concluded; conditions and their proof."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from io import BytesIO
from typing import Any

from django.db.models import QuerySet

from lionrock.api.declared.answers import facts, printed, shape
from lionrock.api.declared.things import Thing, figures, listed, make, sent_file
from lionrock.api.domain.tokens import Scope
from lionrock.assurance import actions
from lionrock.assurance.models import Asked as AskedOfApplicants
from lionrock.assurance.models import Condition, Dossier, Evidence, Opinion, Reviewer, TierRuling
from lionrock.assurance.queries.desk import open_conditions
from lionrock.assurance.queries.dossiers import dossier_by_code, dossiers
from lionrock.assurance.queries.standing import assessed, book_now
from lionrock.assurance.showing import assessment_data, item_data
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor
from lionrock.people.programmes import house_zone

_DOSSIER = Thing(
    path="dossiers/{application}",
    scope=Scope.COMPLIANCE,
    shape=shape(
        "DossierShown",
        Dossier,
        "application=application.code programme profiles asked_on state state_since tier oversight round begun_at",
    ),
    find=lambda viewer, application, **_lock: dossier_by_code(viewer, application),
    names={"application": "application"},
    reader="read_dossier",
)
_DOSSIER.listed(
    "list_dossiers",
    "List the dossiers of applications that one may see, the newest first.",
    dossiers,
    by={"programme": "programme", "state": "state"},
    pages=("assurance:list",),
)
_DOSSIER.read("read_dossier", "Show the dossier of an application.", pages=("assurance:show", "assurance:questions"))
for _action, _verb in (
    (actions.hand_in, "hand-in"),
    (actions.conclude, "conclude"),
    (actions.reopen_dossier, "reopen"),
    (actions.pass_point, "pass"),
    (actions.answer_reviewer, "answer"),
):
    _DOSSIER.do(_action, _verb, pages=("assurance:act",))
make(
    actions.begin_dossier,
    "applications/{code}/dossier",
    Scope.APPLICATIONS,
    _DOSSIER.shape,
    given={"code": "application"},
    pages=("assurance:begin",),
)
_DOSSIER.do(
    actions.save_written,
    "answers",
    answers=facts("DossierSaved", whole=bool),
    pages=("assurance:questions", "assurance:answers"),
)
_DOSSIER.do(
    actions.ask_applicants,
    "questions",
    answers=shape("DossierQuestion", AskedOfApplicants, "number=pk item text at answer answered_at"),
    pages=("assurance:act",),
)
_DOSSIER.do(
    actions.ask_reviewer,
    "reviewers",
    answers=shape("ReviewerShown", Reviewer, "number=pk application=dossier.application.code person expertise state"),
    pages=("assurance:act",),
)
_DOSSIER.do(
    actions.give_opinion,
    "opinions",
    answers=shape("OpinionShown", Opinion, "item judgement text round at"),
    pages=("assurance:item",),
)
_RULING = shape("TierRulingShown", TierRuling, "by_answers to lowers reason asked_at agreed_at ended_at")
_DOSSIER.do(actions.set_tier, "tier", answers=_RULING, pages=("assurance:act",))
_DOSSIER.do(actions.agree_to_lower, "tier-answer", answers=_RULING, pages=("assurance:act",))
make(
    actions.declare_interest,
    "reviewers/{number}/declare",
    Scope.COMPLIANCE,
    shape("ReviewerDeclared", Reviewer, "number=pk application=dossier.application.code expertise state declared_at"),
    given={"number": "reviewer"},
    status=HTTPStatus.OK,
    pages=("assurance:declare",),
)
_CONDITION = shape(
    "ConditionShown",
    Condition,
    "application=dossier.application.code number item owner due proof binds milestone laid_at handed_in_at handed_in "
    "met_on",
)
_DOSSIER.do(actions.lay_condition, "conditions", answers=_CONDITION, pages=("assurance:act",))


def _condition(viewer: Actor, application: str, number: int, **_lock: bool) -> Condition:
    return dossier_by_code(viewer, application).conditions.get(number=number)


_OF = Thing(
    path="dossiers/{application}/conditions/{number}",
    scope=Scope.COMPLIANCE,
    shape=_CONDITION,
    find=_condition,
    names={"application": "application", "number": "number"},
)
_OF.read("read_condition", "Show a condition, its proof and whether it is met.", pages=("assurance:condition",))
_OF.do(actions.hand_in_proof, "proof", pages=("assurance:condition",))
_OF.do(actions.answer_proof, "judge", pages=("assurance:condition",))


def _open_conditions(viewer: Actor) -> QuerySet[Condition]:
    return open_conditions(viewer)


listed(
    "conditions",
    "list_conditions",
    "List the conditions that are not met, of applications that one may see.",
    _open_conditions,
    _CONDITION,
    pages=("assurance_conditions:list",),
)
_EVIDENCE = shape("EvidenceShown", Evidence, "number=pk item name media_type size pages added_by added_at removed_at")


def put_on_file(*, actor: Actor, application: str, item: str, name: str, content: bytes, now: datetime) -> Evidence:
    """Put a file on file for an item of a dossier: a PDF, a picture or a table; what it is, its content says."""
    return actions.put_on_file(
        actor=actor, application=application, item=item, name=name, content=BytesIO(content), now=now
    )


sent_file(
    put_on_file,
    "dossiers/{application}/files",
    Scope.COMPLIANCE,
    _EVIDENCE,
    content="content",
    takes=("application/octet-stream", "application/pdf", "image/png", "image/jpeg", "text/csv"),
    pages=("assurance:item", "assurance:evidence"),
)
make(
    actions.take_off_file,
    "dossiers/{application}/files/{number}/remove",
    Scope.COMPLIANCE,
    _EVIDENCE,
    given={"application": "application", "number": "evidence"},
    status=HTTPStatus.OK,
    pages=("assurance:remove",),
)


def _assessment(viewer: Actor, application: str) -> dict[str, Any]:
    return assessment_data(assessed(dossier_by_code(viewer, application)))


def _items(_viewer: Actor, now: datetime) -> list[dict[str, Any]]:
    return [item_data(each) for each in book_now().at(local_date(now, house_zone())).items]


figures(
    _assessment,
    "dossiers/{application}/assessment",
    name="read_assessment_of_dossier",
    said="Tell the tier by the answers, what it is owed to, and how each item stands.",
    tell=printed,
    pages=("assurance:show", "assurance:item"),
    commands=("assurance ask", "assurance tier"),
)
figures(
    _items,
    "assurance-items",
    name="list_assurance_items",
    said="Show the items of responsible AI that hold today, each with its sources.",
    tell=printed,
    rows=True,
    pages=("assurance_items:list", "assurance_items:show"),
    commands=("assurance items",),
)
