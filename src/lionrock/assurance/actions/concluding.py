"""How a review ends, a tier that it sets, and opening it again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.applications.actions.admissions import check_reason
from lionrock.assurance.actions.recording import (
    follow,
    keep_step,
    record_of,
    reread,
    take_step,
    tell_applicants,
    tell_reviewers,
)
from lionrock.assurance.domain.answering import Sheet
from lionrock.assurance.domain.concluding import (
    Conclusion,
    check_conclusion,
    check_second_person,
    check_tier,
    no_ruling,
)
from lionrock.assurance.domain.states import TRANSITIONS, DossierState
from lionrock.assurance.models import Dossier, TierRuling
from lionrock.assurance.queries.dossiers import dossier_by_code, require_concluding
from lionrock.assurance.queries.standing import answers_of, assessed, edition_of, laid_down, standing_ruling
from lionrock.kernel.errors import Refused
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.states import advance
from lionrock.people.domain import Actor

_TOLD = {
    Conclusion.THROUGH: gettext_noop("{application} passed the responsible-AI review."),
    Conclusion.WITH_CONDITIONS: gettext_noop(
        "{application} passed the responsible-AI review with conditions: {reason}"
    ),
    Conclusion.REFER: gettext_noop("The responsible-AI review of {application} goes to a specialist: {reason}"),
    Conclusion.REFUSE: gettext_noop("{application} did not pass the responsible-AI review: {reason}"),
}


@transaction.atomic
def conclude(*, actor: Actor, application: str, conclusion: Conclusion, reason: str, now: datetime) -> Dossier:
    """Conclude a review: pass, pass with conditions, refer to a specialist, refuse. Takes the role compliance.

    Not for who has a tie to the application. What stood in the dossier, and the editions of the rules, are kept with
    it. Raises `Invalid` without a reason, `Refused` while something that binds before the award is open, or a lower
    tier waits for its second person; `Conflict` when it is not under review.
    """
    dossier = dossier_by_code(actor, application, lock=True)
    require_concluding(actor, dossier)
    advance(TRANSITIONS, DossierState(dossier.state), conclusion.value, thing=application)
    why = check_reason(reason)
    ruling = standing_ruling(dossier)
    if ruling is not None and ruling.agreed_at is None:
        said = message(gettext_noop("A lower tier waits for a second person. Agree to it or refuse it first."))
        raise Refused("assurance.conclude.tier_waits", said)
    check_conclusion(conclusion, assessed(dossier, accepted=True), laid_down(dossier))
    take_step(dossier, conclusion.value, actor, now, why)
    record_of("conclude", dossier, actor, now, {"conclusion": conclusion.value, "reason": why, "tier": dossier.tier})
    tell_applicants(dossier, _TOLD[conclusion], now, reason=why)
    return dossier


@transaction.atomic
def reopen_dossier(*, actor: Actor, application: str, reason: str, now: datetime) -> Dossier:
    """Open a concluded review again, with the reason: the project changed, or the review erred. Takes compliance.

    The applicants answer anew, by the same editions; until it is concluded again it holds the project.
    """
    dossier = dossier_by_code(actor, application, lock=True)
    require_concluding(actor, dossier)
    return reopen(dossier, actor, reason, now)


def reopen(dossier: Dossier, actor: Actor, reason: str, now: datetime) -> Dossier:
    """Do what `reopen_dossier` promises with a dossier that is locked already, whoever may."""
    why = check_reason(reason)
    take_step(dossier, "reopen", actor, now, why)
    record_of("reopen_dossier", dossier, actor, now, {"reason": why})
    tell_applicants(
        dossier, gettext_noop("The responsible-AI review of {application} is open again: {reason}"), now, reason=why
    )
    return dossier


@transaction.atomic
def set_tier(*, actor: Actor, application: str, tier: str, reason: str, now: datetime) -> TierRuling:
    """Set another tier than that of the answers, with a reason; takes compliance. Lowering waits for a second person.

    A ruling before it ends. Raises `Invalid` for no other tier, `Refused` for a use that is not supported.
    """
    dossier = dossier_by_code(actor, application, lock=True)
    require_concluding(actor, dossier)
    by_answers = Sheet(edition_of(dossier), answers_of(dossier)).tier()
    to, why = check_tier(edition_of(dossier), by_answers, tier), check_reason(reason)
    _end(dossier, "another ruling", now)
    lowers = to.rank < by_answers.rank
    made = TierRuling.objects.create(
        dossier=dossier, by_answers=by_answers.id, to=to.id, lowers=lowers, reason=why, asked_by=actor.email,
        asked_at=now, agreed_by="" if lowers else actor.email, agreed_at=None if lowers else now,
    )  # fmt: skip
    follow(reread(dossier))
    keep_step(dossier, "ask_lower" if lowers else "raise", actor, now, why)
    record_of("set_tier", dossier, actor, now, {"from": by_answers.id, "to": to.id, "lowers": lowers, "reason": why})
    if lowers:
        tell_reviewers(dossier, gettext_noop("A lower tier of {application} waits for a second person to agree."), now)
    return made


@transaction.atomic
def agree_to_lower(*, actor: Actor, application: str, agree: bool, reason: str, now: datetime) -> TierRuling:
    """Agree to a lower tier as the second person, or refuse it, with the reason; takes compliance.

    Raises `Refused` for the person who asked, `Conflict` when nothing waits.
    """
    dossier = dossier_by_code(actor, application, lock=True)
    require_concluding(actor, dossier)
    ruling = standing_ruling(dossier)
    if ruling is None or ruling.agreed_at is not None:
        raise no_ruling(application)
    check_second_person(ruling.asked_by, actor.email)
    why = check_reason(reason)
    if agree:
        ruling.agreed_by, ruling.agreed_at = actor.email, now
        ruling.save(update_fields=["agreed_by", "agreed_at"])
    else:
        _end(dossier, f"{actor.email}: {why}", now)
    follow(reread(dossier))
    keep_step(dossier, "lower" if agree else "not_lower", actor, now, why)
    record_of("agree_to_lower", dossier, actor, now, {"to": ruling.to, "agreed": agree, "reason": why})
    return ruling


def _end(dossier: Dossier, because: str, now: datetime) -> None:
    ruling = standing_ruling(dossier)
    if ruling is not None:
        ruling.ended_at, ruling.ended_because = now, because
        ruling.save(update_fields=["ended_at", "ended_because"])
