"""Asking reviewers, what they declare, what they find on items, and what they ask the applicants."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.applications.actions import admit, shut_out
from lionrock.applications.actions.admissions import check_reason
from lionrock.applications.models import Standing
from lionrock.applications.parties import applicants_of
from lionrock.assurance.actions.filing import require_item
from lionrock.assurance.actions.recording import (
    keep_step,
    record_of,
    reread,
    take_step,
    tell_applicants,
    tell_reviewers,
)
from lionrock.assurance.domain.states import UNDER_REVIEW, DossierState, Expertise, Judgement, ReviewerState
from lionrock.assurance.models import Asked, Dossier, Opinion, Reviewer
from lionrock.assurance.queries.dossiers import (
    concludes,
    dossier_by_code,
    require_concluding,
    require_reviewing,
    reviewer_by_number,
)
from lionrock.assurance.queries.standing import edition_of
from lionrock.kernel.errors import Conflict, Fault, Invalid, Refused
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_paragraph
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.people.domain import Actor, Role
from lionrock.people.queries import holders_of


@transaction.atomic
def ask_reviewer(*, actor: Actor, application: str, person: str, expertise: Expertise, now: datetime) -> Reviewer:
    """Ask somebody to review the items of one expertise; who concludes the review may. Who is asked is told.

    Takes a person with the role assessor or compliance of the programme. Raises `Invalid` for anybody else,
    `Refused` for who belongs to the applicants or was shut out of the application. Twice asks once.
    """
    dossier = dossier_by_code(actor, application, lock=True)
    require_concluding(actor, dossier)
    known = {
        email.casefold(): email for email in holders_of(Role.ASSESSOR, Role.COMPLIANCE, programme=dossier.programme)
    }
    if person.strip().casefold() not in known:
        said = message(
            gettext_noop("“{value}” has neither the role assessor nor compliance of this programme. Ask another."),
            value=person,
        )
        raise Invalid(
            "assurance.reviewer.unknown",
            said,
            faults=[Fault("assurance.reviewer.unknown", said, field="person", value=person)],
        )
    email = known[person.strip().casefold()]
    _refuse_the_barred(dossier, email)
    row, made = Reviewer.objects.get_or_create(
        dossier=dossier, person=email, expertise=expertise.value, defaults={"asked_by": actor.email, "asked_at": now}
    )
    if made:
        record_of("ask_reviewer", dossier, actor, now, {"person": email, "expertise": expertise.value})
        said = message(
            gettext_noop("You are asked to review {application} for responsible AI. Declare your interests first."),
            application=application,
        )
        notify(to=[email], said=said, about=Subject("reviewer", str(row.pk)), now=now)
    return row


def _refuse_the_barred(dossier: Dossier, email: str) -> None:
    out = dossier.application.admissions.filter(standing=Standing.SHUT_OUT).values_list("person", flat=True)
    barred = {each.casefold() for each in (*applicants_of(dossier.application), *out)}
    if email.casefold() in barred:
        said = message(
            gettext_noop("{person} cannot review {application} because of a conflict of interest. Ask another."),
            person=email,
            application=dossier.application.code,
        )
        raise Refused("assurance.reviewer.conflict", said)


@transaction.atomic
def declare_interest(*, actor: Actor, reviewer: int, conflict: bool, text: str, now: datetime) -> Reviewer:
    """Declare whether one has an interest in an application; only who was asked may.

    Without one, it is read and reviewed from now on; with one, somebody is shut out of it for good, also when it
    is declared later. Raises `Invalid` for an interest without words.
    """
    row = reviewer_by_number(actor, reviewer, lock=True)
    application = row.dossier.application
    if row.state == ReviewerState.CONFLICT.value:
        return row
    row.declared = check_reason(text) if conflict else check_paragraph(text, field="text")
    row.state = (ReviewerState.CONFLICT if conflict else ReviewerState.CLEARED).value
    row.declared_at = now
    row.save(update_fields=["declared", "state", "declared_at"])
    because = "responsible-AI review"
    if conflict:
        shut_out(application, row.person, because=because, by=actor.email, now=now)
        tell_reviewers(
            row.dossier,
            gettext_noop("{person} has an interest in {application} and does not review it. Ask another."),
            now,
            person=row.person,
        )
    else:
        admit(application, row.person, because=because, by=actor.email, now=now)
    record_of("declare_interest", row.dossier, actor, now, {"expertise": row.expertise, "state": row.state})
    return row


@transaction.atomic
def give_opinion(
    *, actor: Actor, application: str, item: str, judgement: Judgement, text: str, now: datetime
) -> Opinion:
    """Say of one item whether what is on file is enough; reviewers of its expertise may, interests declared.

    At any time from its handing in: items that bind later are put on file later. "Not enough" needs words, which
    the applicants read. Raises `Invalid` without them, `Conflict` while it is with the applicants for the first time.
    """
    dossier = dossier_by_code(actor, application, lock=True)
    require_item(dossier, item)
    expertise = next(each.expertise for each in edition_of(dossier).items if each.id == item)
    require_reviewing(actor, dossier, expertise)
    if not dossier.round:
        raise _not_handed_in(dossier)
    words = check_paragraph(text, field="text") if judgement is Judgement.ENOUGH else check_reason(text)
    made = Opinion.objects.create(
        dossier=dossier, item=item, judgement=judgement.value, text=words.strip(), round=dossier.round,
        by=actor.email, at=now,
    )  # fmt: skip
    reread(dossier)
    record_of("give_opinion", dossier, actor, now, {"item": item, "judgement": judgement.value, "text": made.text})
    if judgement is Judgement.NOT_ENOUGH:
        tell_applicants(
            dossier, gettext_noop("{item} of {application} needs more: {text}"), now, item=item, text=made.text
        )
    return made


def _not_handed_in(dossier: Dossier) -> Conflict:
    said = message(
        gettext_noop("The dossier of {application} has not been handed in yet. Wait until it is."),
        application=dossier.application.code,
    )
    return Conflict("assurance.dossier.not_handed_in", said)


@transaction.atomic
def ask_applicants(*, actor: Actor, application: str, text: str, now: datetime, item: str = "") -> Asked:
    """Ask the applicants something, on one item or on the whole: the dossier is with them until they answer.

    Reviewers may, and who concludes the review. Raises `Invalid` without a question, `Conflict` when it is not
    under review.
    """
    dossier = dossier_by_code(actor, application, lock=True)
    if not concludes(actor, dossier):
        require_reviewing(actor, dossier)
    if item:
        require_item(dossier, item)
    made = Asked.objects.create(dossier=dossier, item=item, text=check_reason(text), by=actor.email, at=now)
    if dossier.state in [each.value for each in (*UNDER_REVIEW, DossierState.QUESTIONED)]:
        take_step(dossier, "ask", actor, now, made.text)
    else:
        keep_step(dossier, "ask", actor, now, made.text)
    record_of("ask_applicants", dossier, actor, now, {"item": item, "text": made.text})
    tell_applicants(dossier, gettext_noop("The reviewers of {application} ask: {text}"), now, text=made.text)
    return made
