"""Declaring interests, before anything of an application is shown and whenever a conflict is seen later."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from lionrock.applications.actions import admit, dismiss, shut_out
from lionrock.kernel.errors import Fault, Invalid, Refused
from lionrock.kernel.findings import Finding, Outcome
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.states import advance
from lionrock.kernel.texts import check_paragraph
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.people.domain import Actor, Role
from lionrock.people.queries import holders_of
from lionrock.review.actions.assigning import require_assessing
from lionrock.review.actions.recording import move, record_of
from lionrock.review.domain import TRANSITIONS, AssignmentState, Declared, Ground, Hint, hints, is_barred
from lionrock.review.models import Assignment, Declaration
from lionrock.review.queries import assessment_by_id, case_of, scheme_for, ties_of
from lionrock.rules.parameters import Anonymity

STATEMENT_LENGTH: Final = 4000
"""Characters of what is declared, at most."""

_TOLD: Final = {
    Declared.CONFLICT: gettext_noop(
        "{assessor} declared a conflict of interest in {application}. Ask another assessor."
    ),
    Declared.REFUSE: gettext_noop("{assessor} does not assess {application}. Ask another assessor."),
}


@transaction.atomic
def declare_interests(
    *, actor: Actor, assignment: int, declared: Declared, now: datetime, ground: str = "", text: str = ""
) -> Assignment:
    """Record what an assessor declares about one application: no conflict, a conflict, or "I will not do it".

    Without a conflict the assessor reads it from now on; with one they are shut out of it for good.
    A conflict can be declared as late as after scoring; then the scores no longer count. Only who
    is assigned may do it. The office is told of everything but a clear declaration. Raises `Invalid`
    for a conflict without ground or words, `Refused` for a clear declaration of somebody who is barred.
    """
    found = assessment_by_id(actor, assignment, lock=True)
    check_declaration(declared, ground, text)
    thing = f"{found.application.code} / {found.assessor.email}"
    state = advance(TRANSITIONS, AssignmentState(found.state), declared.value, thing=thing)
    shown = hints(ties_of([found.assessor])[found.assessor_id], case_of(found.application))
    if declared is Declared.CLEAR:
        require_assessing(found.application)
        _refuse_the_barred(shown)
    _keep(found, declared, ground, text, shown, actor, now)
    move(found, state.value, now)
    _open_or_shut(found, declared, actor, now)
    details: dict[str, object] = {"assessor": found.assessor.email, "declared": declared.value, "ground": ground}
    record_of("review.declare_interests", found.application, actor, now, details)
    _tell_the_office(found, declared, now)
    return found


def check_declaration(declared: Declared, ground: str, text: str) -> None:
    """Check what is declared, by field; raises `Invalid` with every fault."""
    faults = []
    if declared is Declared.CONFLICT and ground not in list(Ground):
        known = ", ".join(each.value for each in Ground)
        said = message(gettext_noop("“{value}” is no ground. Choose one of: {known}."), value=ground, known=known)
        faults.append(Fault("review.declaration.ground", said, field="ground", value=ground))
    if declared is Declared.CONFLICT and not text.strip():
        said = message(gettext_noop("Say in a sentence what the conflict is. Only the office reads it."))
        faults.append(Fault("review.declaration.text", said, field="text", value=""))
    if faults:
        raise Invalid("review.declaration", faults[0].message, faults=faults)
    check_paragraph(text, field="text", longest=STATEMENT_LENGTH)


def _refuse_the_barred(shown: tuple[Hint, ...]) -> None:
    if not is_barred(shown):
        return
    said = message(gettext_noop("You cannot assess this application because of a conflict of interest. Declare it."))
    findings = [Finding(f"review.tie.{hint.tie.value}", Outcome.NOT_MET, hint.said) for hint in shown if hint.bars]
    raise Refused("review.declaration.barred", said, findings=findings)


def _keep(
    found: Assignment,
    declared: Declared,
    ground: str,
    text: str,
    shown: tuple[Hint, ...],
    actor: Actor,
    now: datetime,
) -> None:
    Declaration.objects.create(
        assignment=found,
        declared=declared.value,
        ground=ground if declared is Declared.CONFLICT else "",
        text=text,
        hints=[{"tie": hint.tie.value, "said": str(hint.said)} for hint in shown],
        declared_by=actor.email,
        declared_at=now,
    )


def _open_or_shut(found: Assignment, declared: Declared, actor: Actor, now: datetime) -> None:
    """Let the assessor in, or out.

    Where assessors are not to know who applies, the application's own page would tell; so they read
    it on the page of the assessment alone, and are not admitted to it.
    """
    person, because = found.assessor.email, f"declared: {declared.value}"
    if declared is Declared.CONFLICT:
        shut_out(found.application, person, because=because, by=actor.email, now=now)
    elif declared is Declared.REFUSE:
        dismiss(found.application, person, because=because, by=actor.email, now=now)
    elif scheme_for(found.application).anonymity is not Anonymity.BOTH_UNNAMED:
        admit(found.application, person, because=because, by=actor.email, now=now)


def _tell_the_office(found: Assignment, declared: Declared, now: datetime) -> None:
    if declared not in _TOLD:
        return
    said: Message = message(_TOLD[declared], assessor=found.assessor.name, application=found.application.code)
    office = holders_of(Role.OFFICE, programme=found.application.call.programme)
    notify(to=office, said=said, about=Subject("application", found.application.code), now=now)
