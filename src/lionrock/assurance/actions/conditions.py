"""Conditions: laid down whole or not at all, shown to be met, accepted, reminded of; and points that are passed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from lionrock.applications.actions.admissions import check_reason
from lionrock.applications.parties import applicants_of
from lionrock.assurance.actions.filing import require_item
from lionrock.assurance.actions.recording import (
    keep_step,
    record_of,
    reread,
    tell,
    tell_applicants,
    tell_reviewers,
    today_for,
)
from lionrock.assurance.domain.conditions import Condition as LaidDown
from lionrock.assurance.domain.conditions import Due, check_condition, due_state
from lionrock.assurance.domain.rules import Binding
from lionrock.assurance.models import Condition, Dossier
from lionrock.assurance.queries.dossiers import (
    concludes,
    dossier_by_code,
    require_concluding,
    require_reviewing,
    require_writing,
)
from lionrock.assurance.queries.holding import as_findings, choice_for, holds_in
from lionrock.assurance.queries.standing import laid_down
from lionrock.assurance.reading.choices import REMIND_DAYS
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotFound, Refused
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import SEE_ALL_OF_IT, Actor, Role
from lionrock.people.queries import holders_of

AGAIN_AFTER = timedelta(days=7)
"""How long after telling of a condition that is late one is told again."""


@transaction.atomic
def lay_condition(
    *,
    actor: Actor,
    application: str,
    item: str,
    owner: str,
    due: date,
    proof: str,
    binds: Binding,
    now: datetime,
    milestone: str = "",
) -> Condition:
    """Lay a condition down: it carries its item to the point before which it has to be met. Takes compliance.

    Owner and applicants are told. Raises `Invalid` with every fault: no owner, or one who is not on file; no proof;
    a day that has passed; a milestone where none is meant.
    """
    dossier = dossier_by_code(actor, application, lock=True)
    require_concluding(actor, dossier)
    require_item(dossier, item)
    number = dossier.conditions.count() + 1
    given = LaidDown(str(number), item, owner.strip(), due, proof.strip(), binds, milestone.strip() or None)
    _check(dossier, given, today_for(dossier, now))
    made = Condition.objects.create(
        dossier=dossier, number=number, item=item, owner=given.owner, due=due, proof=given.proof, binds=binds.value,
        milestone=given.milestone or "", laid_by=actor.email, laid_at=now,
    )  # fmt: skip
    details: dict[str, object] = {
        "number": number, "item": item, "owner": given.owner, "due": due.isoformat(), "proof": given.proof,
        "binds": binds.value, "milestone": given.milestone,
    }  # fmt: skip
    keep_step(reread(dossier), "lay_condition", actor, now, given.proof, condition=details)
    record_of("lay_condition", dossier, actor, now, details)
    said = gettext_noop("A condition on {item} of {application} is to be met by {due}: {proof}")
    tell_applicants(dossier, said, now, item=item, due=due, proof=given.proof)
    tell([given.owner], dossier, said, now, item=item, due=due, proof=given.proof)
    return made


def _check(dossier: Dossier, given: LaidDown, on: date) -> None:
    faults: list[Fault] = []
    try:
        check_condition(given, on)
    except Invalid as wrong:
        faults += wrong.faults
    known = {*applicants_of(dossier.application), *holders_of(*SEE_ALL_OF_IT, programme=dossier.programme)}
    if given.owner and given.owner.casefold() not in {email.casefold() for email in known}:
        said = message(
            gettext_noop("“{value}” is neither of the applicants nor of the programme, and could not be reminded."),
            value=given.owner,
        )
        faults.append(Fault("assurance.condition.owner", said, field="owner", value=given.owner))
    if faults:
        said = message(
            gettext_noop("The condition cannot be laid down yet. Complete it; nothing that you typed is lost.")
        )
        raise Invalid("assurance.condition", said, faults=faults)


@transaction.atomic
def hand_in_proof(*, actor: Actor, application: str, number: int, text: str, now: datetime) -> Condition:
    """Say that a condition is met, and by what; files go on the item. Authors of the application may, and its owner."""
    dossier = dossier_by_code(actor, application, lock=True)
    found = condition_by_number(dossier, number, lock=True)
    if found.owner.casefold() != actor.email.casefold():
        require_writing(actor, dossier)
    _refuse_the_met(found)
    found.handed_in, found.handed_in_by, found.handed_in_at = check_reason(text), actor.email, now
    found.save(update_fields=["handed_in", "handed_in_by", "handed_in_at"])
    keep_step(reread(dossier), "hand_in_proof", actor, now, found.handed_in, condition=number)
    record_of("hand_in_proof", dossier, actor, now, {"number": number, "text": found.handed_in})
    tell_reviewers(
        dossier,
        gettext_noop("Proof of condition {number} of {application} was handed in. Look at it."),
        now,
        number=number,
    )
    return found


@transaction.atomic
def answer_proof(*, actor: Actor, application: str, number: int, accept: bool, reason: str, now: datetime) -> Condition:
    """Accept the proof of a condition, which is met from then on, or send it back with the reason.

    Reviewers may, and who concludes the review; not the condition's owner. Raises `Conflict` when no proof waits.
    """
    dossier = dossier_by_code(actor, application, lock=True)
    if not concludes(actor, dossier):
        require_reviewing(actor, dossier)
    found = condition_by_number(dossier, number, lock=True)
    _refuse_the_met(found)
    if found.handed_in_at is None or found.owner.casefold() == actor.email.casefold():
        said = message(
            gettext_noop("No proof of condition {number} waits for you. Its owner hands it in."), number=number
        )
        raise Conflict("assurance.condition.no_proof", said)
    why = check_reason(reason)
    if accept:
        found.met_on, found.met_by = today_for(dossier, now), actor.email
    else:
        found.handed_in_at = None
    found.save(update_fields=["met_on", "met_by", "handed_in_at"])
    keep_step(reread(dossier), "accept_proof" if accept else "return_proof", actor, now, why, condition=number)
    record_of("answer_proof", dossier, actor, now, {"number": number, "accepted": accept, "reason": why})
    met = gettext_noop("Condition {number} of {application} is met.")
    lacking = gettext_noop("The proof of condition {number} of {application} is not enough: {reason}")
    tell_applicants(dossier, met if accept else lacking, now, number=number, reason=why)
    return found


def condition_by_number(dossier: Dossier, number: int, *, lock: bool = False) -> Condition:
    """Return a condition of a dossier; raises `NotFound`."""
    rows = dossier.conditions.filter(number=number)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        said = message(
            gettext_noop("{application} has no condition {number}."),
            application=dossier.application.code,
            number=number,
        )
        raise NotFound("assurance.condition.unknown", said)
    return found


def _refuse_the_met(found: Condition) -> None:
    if found.met_on is not None:
        said = message(gettext_noop("Condition {number} is met already. Nothing was changed."), number=found.number)
        raise Conflict("assurance.condition.met", said)


@transaction.atomic
def pass_point(*, actor: Actor, application: str, point: Binding, now: datetime, milestone: str = "") -> Dossier:
    """Say that a project passes a milestone or releases its results, which is kept; authors of the application may.

    Raises `Refused` with all that has to be met first, and what lifts each.
    """
    dossier = dossier_by_code(actor, application, lock=True)
    require_writing(actor, dossier)
    name = milestone.strip()
    if point not in (Binding.BEFORE_MILESTONE, Binding.BEFORE_RELEASE) or (point is Binding.BEFORE_MILESTONE) != bool(
        name
    ):
        said = message(gettext_noop("Say either that the results are released, or which milestone is passed."))
        raise Invalid(
            "assurance.point", said, faults=[Fault("assurance.point", said, field="milestone", value=milestone)]
        )
    found = holds_in(dossier, point, name or None)
    if found:
        said = message(gettext_noop("{count} things have to be settled first. Nothing was released."), count=len(found))
        raise Refused("assurance.point.held", said, findings=as_findings(found))
    keep_step(dossier, "release" if point is Binding.BEFORE_RELEASE else "milestone", actor, now, name)
    record_of("pass_point", dossier, actor, now, {"point": point.value, "milestone": name})
    return dossier


def remind_conditions(now: datetime) -> int:
    """Remind of conditions before their day, and tell more people once it has passed; return how many were told of.

    The owner and the applicants once, so many days before as the programme chose; after the day, every week, those
    and whoever concludes the review and runs the programme.
    """
    due = (
        Condition.objects.filter(met_on__isnull=True).select_related("dossier__application__call").order_by("due", "pk")
    )
    return sum(_remind(condition.pk, now) for condition in due)


@transaction.atomic
def _remind(number: int, now: datetime) -> int:
    found = Condition.objects.select_for_update().filter(pk=number, met_on__isnull=True).first()
    if found is None:
        return 0
    dossier = found.dossier
    choice = choice_for(dossier.application)
    value = next(each for each in laid_down(dossier) if each.id == str(found.number))
    stage = due_state(value, today_for(dossier, now), choice.remind_days if choice else REMIND_DAYS)
    fields = {"number": found.number, "item": found.item, "due": found.due}
    if stage is Due.REMIND and found.reminded_at is None:
        said = gettext_noop("Condition {number} on {item} of {application} is to be met by {due}.")
        found.reminded_at = now
    elif stage is Due.OVERDUE and (found.escalated_at is None or found.escalated_at + AGAIN_AFTER <= now):
        said = gettext_noop("Condition {number} on {item} of {application} was to be met by {due}, and is not.")
        found.escalated_at = now
        tell(holders_of(Role.COMPLIANCE, Role.OFFICE, programme=dossier.programme), dossier, said, now, **fields)
    else:
        return 0
    found.save(update_fields=["reminded_at", "escalated_at"])
    tell_applicants(dossier, said, now, **fields)
    tell([found.owner], dossier, said, now, **fields)
    return 1
