"""What becomes of a concern: taken up, assigned, noted, told, closed with measures, set aside, opened again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.concerns.domain.states import TRANSITIONS, ConcernState
from lionrock.concerns.models import Concern, ConcernNote, ConcernPerson, ConcernStep
from lionrock.concerns.queries import concern_by_code, concerned_by, works_on
from lionrock.concerns.rulebook import rules_now
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotAllowed, Refused
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.states import advance
from lionrock.kernel.texts import check_paragraph
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.queries import actor_by_email

_LONGEST = 8000


@transaction.atomic
def take_up_concern(*, actor: Actor, concern: str, severity: str, owner: str, reason: str, now: datetime) -> Concern:
    """Say who answers for a concern and how grave it is, with the reason; its deadlines follow from that.

    Takes the role compliance. Raises `Invalid` for an unknown severity, `NotFound` for an owner who is not on file,
    `Refused` for one whom it concerns.
    """
    found = _locked(actor, concern)
    known = rules_now().severities
    if severity not in known:
        said = message(
            gettext_noop("“{value}” is no severity. There are: {known}."), value=severity, known=", ".join(known)
        )
        raise Invalid("concerns.severity", said, faults=[Fault("concerns.severity", said, field="severity")])
    person = actor_by_email(owner).email
    _not_concerned(found, person)
    found.severity, found.owner = severity, person
    found.taken_up_at = found.taken_up_at or now
    _assign(found, person, actor, now)
    return _step(found, "take_up", reason, actor, now, severity=severity, owner=person)


@transaction.atomic
def tell_of_concern(*, actor: Actor, concern: str, reason: str, now: datetime) -> Concern:
    """Note that those who have to be told were told: `reason` says who, when and how. Takes the role compliance."""
    found = _locked(actor, concern)
    found.told_at = found.told_at or now
    return _step(found, "tell", reason, actor, now)


@transaction.atomic
def close_concern(*, actor: Actor, concern: str, measures: str, now: datetime) -> Concern:
    """Close a concern with the measures that were taken, which its sender reads; takes the role compliance."""
    found = _locked(actor, concern)
    found.measures, found.closed_at = _written(measures, "measures"), now
    return _step(found, "close", measures, actor, now)


@transaction.atomic
def set_aside_concern(*, actor: Actor, concern: str, reason: str, now: datetime) -> Concern:
    """Say that there is nothing in a concern, and why, which its sender reads; takes the role compliance."""
    found = _locked(actor, concern)
    found.owner = found.owner or actor.email
    found.closed_at = now
    return _step(found, "set_aside", reason, actor, now)


@transaction.atomic
def reopen_concern(*, actor: Actor, concern: str, reason: str, now: datetime) -> Concern:
    """Open a concern again; its deadlines stand as they did. Takes the role compliance."""
    found = _locked(actor, concern)
    found.closed_at = None
    return _step(found, "reopen", reason, actor, now)


@transaction.atomic
def assign_concern(*, actor: Actor, concern: str, person: str, now: datetime) -> ConcernPerson:
    """Let somebody on file see a concern and write on it; takes the role compliance.

    Raises `NotFound` for somebody who is not on file, `Refused` for one whom it concerns, `Conflict` when they see it.
    """
    found = _locked(actor, concern)
    email = actor_by_email(person).email
    _not_concerned(found, email)
    made = _assign(found, email, actor, now)
    if made is None:
        raise Conflict("concerns.assigned", message(gettext_noop("{person} sees it already."), person=email))
    _recorded("assign_concern", found, actor, now, person=email)
    return made


@transaction.atomic
def name_concerned(*, actor: Actor, concern: str, person: str, now: datetime) -> ConcernPerson:
    """Say whom a concern is about: they never see it, whatever their role. Takes the role compliance.

    Raises `Refused` for its owner and for whoever it was assigned to: give it to somebody else in a concern of its own.
    """
    found = _locked(actor, concern)
    email = actor_by_email(person).email
    if found.persons.filter(email__iexact=email).exists() or email.casefold() == actor.email.casefold():
        said = message(
            gettext_noop("{person} has a part in it already, and cannot be kept from what they have seen."),
            person=email,
        )
        raise Refused("concerns.concerned.sees", said)
    made = ConcernPerson.objects.create(concern=found, email=email, part="concerned", by=actor.email, at=now)
    _recorded("name_concerned", found, actor, now)
    return made


@transaction.atomic
def note_concern(*, actor: Actor, concern: str, said: str, shown: bool, now: datetime) -> ConcernNote:
    """Write a note on a concern; `shown`: its sender reads it. For compliance and those whom it was assigned to."""
    found = concern_by_code(actor, concern, lock=True)
    if not works_on(actor, found):
        raise NotAllowed(
            "concerns.note.not_yours",
            message(gettext_noop("Only compliance and those whom {code} is assigned to write on it."), code=found.code),
        )
    made = ConcernNote.objects.create(
        concern=found, author=actor.email, said=_written(said, "said"), shown=shown, at=now
    )
    _recorded("note_concern", found, actor, now, shown=shown)
    return made


def _locked(actor: Actor, concern: str) -> Concern:
    found = concern_by_code(actor, concern, lock=True)
    require(actor, Role.COMPLIANCE, programme=found.programme)
    return found


def _not_concerned(concern: Concern, person: str) -> None:
    if person.casefold() in concerned_by(concern):
        said = message(
            gettext_noop("It is about {person}, who cannot be given it. Choose somebody else."), person=person
        )
        raise Refused("concerns.concerned", said)


def _assign(concern: Concern, person: str, actor: Actor, now: datetime) -> ConcernPerson | None:
    if concern.persons.filter(email__iexact=person).exists():
        return None
    made = ConcernPerson.objects.create(concern=concern, email=person, part="assigned", by=actor.email, at=now)
    if person.casefold() != actor.email.casefold():
        said = message(gettext_noop("The concern {code} is assigned to you."), code=concern.code)
        notify(to=[person], said=said, about=Subject("concern", concern.code), now=now, urgent=True)
    return made


def _written(text: str, field: str) -> str:
    if not text.strip():
        said = message(gettext_noop("Nothing is written in {field}. Say it in a sentence."), field=field)
        raise Invalid("concerns.empty", said, faults=[Fault("concerns.empty", said, field=field, value="")])
    return check_paragraph(text, field=field, longest=_LONGEST).strip()


def _step(found: Concern, verb: str, reason: str, actor: Actor, now: datetime, **details: object) -> Concern:
    """Take one step of a concern (its row is locked), and keep it with its reason."""
    found.state = advance(TRANSITIONS, ConcernState(found.state), verb, thing=found.code).value
    why = _written(reason, "measures" if verb == "close" else "reason")
    found.save()
    ConcernStep.objects.create(concern=found, verb=verb, state=found.state, actor=actor.email, reason=why, at=now)
    name = {"take_up": "take_up_concern", "tell": "tell_of_concern"}.get(verb, f"{verb}_concern")
    _recorded(name, found, actor, now, state=found.state, **details)
    return found


def _recorded(name: str, found: Concern, actor: Actor, now: datetime, **details: object) -> None:
    """Record what was done; the record names no sender and nothing of what was said."""
    record(f"concerns.{name}", found.code, actor=actor.email, now=now, programme=found.programme, details=details)
