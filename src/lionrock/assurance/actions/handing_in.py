"""Handing a dossier in: a harmless project passes by its declaration, any other goes to the reviewers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.assurance.actions.answering import faults_in
from lionrock.assurance.actions.recording import record_of, take_step, tell_reviewers
from lionrock.assurance.domain.assessing import Assessment
from lionrock.assurance.domain.conditions import holds
from lionrock.assurance.domain.rules import Binding
from lionrock.assurance.domain.states import DossierState
from lionrock.assurance.models import Dossier
from lionrock.assurance.queries.dossiers import dossier_by_code, require_writing
from lionrock.assurance.queries.standing import assessed, laid_down, sheet_of
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_paragraph
from lionrock.people.domain import Actor


@transaction.atomic
def hand_in(*, actor: Actor, application: str, now: datetime) -> Dossier:
    """Hand a dossier in. Its authors may.

    In the lowest tier, with nothing open that binds before the award, it passes at once; any other goes to the
    reviewers. Raises `Invalid` with a fault for each contradiction, open question and question of a reviewer
    without an answer; what was written stays.
    """
    dossier = dossier_by_code(actor, application, lock=True)
    require_writing(actor, dossier)
    found = assessed(dossier)
    faults = [*faults_in(dossier), *_open(found), *_unanswered(dossier)]
    if faults:
        said = message(
            gettext_noop("{count} things are open in this self-assessment. Nothing that you wrote is lost."),
            count=len(faults),
        )
        raise Invalid("assurance.dossier.open", said, faults=faults)
    verb = "reply" if dossier.state == DossierState.QUESTIONED.value else "submit"
    if verb == "submit" and passes_by_declaration(dossier):
        verb = "declare"
    dossier.round += 1
    dossier.save(update_fields=["round"])
    take_step(dossier, verb, actor, now)
    record_of("hand_in", dossier, actor, now, {"tier": found.tier.id, "state": dossier.state})
    if verb != "declare":
        tell_reviewers(dossier, gettext_noop("The responsible-AI dossier of {application} was handed in."), now)
    return dossier


def passes_by_declaration(dossier: Dossier) -> bool:
    """Tell whether a dossier is of the lowest tier, with nothing open that binds before the award."""
    found, lowest = assessed(dossier, accepted=True), min(sheet_of(dossier).edition.tiers, key=lambda tier: tier.rank)
    return found.tier == lowest and found.settled and not holds(found, laid_down(dossier), Binding.BEFORE_AWARD)


def _open(found: Assessment) -> list[Fault]:
    return [
        Fault(
            "assurance.question.open",
            message(gettext_noop("A question is open: {question}"), question=question.names),
            field=question.id,
        )
        for question in found.next
    ]


def _unanswered(dossier: Dossier) -> list[Fault]:
    return [
        Fault(
            "assurance.asked.open",
            message(gettext_noop("The reviewers asked: {text}"), text=asked.text[:200]),
            field=f"asked-{asked.pk}",
        )
        for asked in dossier.asked.filter(answered_at=None)
    ]


@transaction.atomic
def answer_reviewer(*, actor: Actor, application: str, asked: int, text: str, now: datetime) -> Dossier:
    """Answer what a reviewer asked; what was answered stays. Its authors may, while it is with them."""
    dossier = dossier_by_code(actor, application, lock=True)
    require_writing(actor, dossier)
    found = dossier.asked.filter(pk=asked, answered_at=None).first()
    if not text.strip() or found is None:
        said = message(gettext_noop("Nothing was answered: write an answer to a question that is still open."))
        fault = Fault("assurance.asked.answer", said, field=f"asked-{asked}", value=text)
        raise Invalid("assurance.asked.answer", said, faults=[fault])
    found.answer, found.answered_by, found.answered_at = check_paragraph(text, field="text"), actor.email, now
    found.save(update_fields=["answer", "answered_by", "answered_at"])
    record_of("answer_reviewer", dossier, actor, now, {"asked": asked})
    return dossier
