"""Who may look after how others sign in."""

from __future__ import annotations

from typing import Final

from lionrock.kernel.errors import NotAllowed, NotFound
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.texts import check_paragraph
from lionrock.people.domain import NAME_STAFF, Actor
from lionrock.people.models import Person

LONGEST_REASON: Final = 300


def require_operator(actor: Actor) -> None:
    """Raise `NotAllowed` unless it is whoever sits at the machine's own terminal."""
    if not actor.operator:
        said = message(
            gettext_noop("{email} may not look after how others sign in. Ask who runs the machine."), email=actor.email
        )
        raise NotAllowed("identity.operator.needed", said)


def missing_reason(reason: str) -> Message | None:
    """Return what is said where somebody ought to say why and does not; raises `Invalid` for what cannot be shown."""
    if check_paragraph(reason, field="reason", longest=LONGEST_REASON).strip():
        return None
    return message(gettext_noop("The {field} is empty. Write one."), field="reason")


def require_over_sign_ins(actor: Actor, person: Person) -> str:
    """Return for which programme the actor may end somebody's sign-ins; raises `NotFound` for none.

    The operator may for everybody, which is no programme's business ("" then); the office and the owner of a programme
    for who holds a role of it. Who belongs to an organisation has no say over its members. What is said is the same
    whether or not the person is on file.
    """
    if actor.operator:
        return ""
    held = set(person.role_grants.exclude(programme="").values_list("programme", flat=True))
    theirs = sorted(each for each in held if actor.holds(*NAME_STAFF, programme=each))
    if not theirs:
        raise nobody_here(person.email)
    return theirs[0]


def nobody_here(email: str) -> NotFound:
    """Return what is said of somebody whose sign-ins are none of the actor's business, or who is not there."""
    said = gettext_noop("Nobody with the address {email} holds a role of a programme whose staff you name.")
    return NotFound("identity.staff.unknown", message(said, email=email))
