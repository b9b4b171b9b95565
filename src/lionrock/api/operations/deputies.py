"""Who stands in for whom, and for how long; and leaving an organisation."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPStatus

from lionrock.api.declared.answers import facts, shape
from lionrock.api.declared.things import listed, make
from lionrock.api.domain.tokens import Scope
from lionrock.people import actions
from lionrock.people.domain import NAME_STAFF, Actor, Role
from lionrock.people.models import Deputyship
from lionrock.people.policies import require
from lionrock.people.queries import deputyship_seen, deputyships

_DEPUTY = shape(
    "DeputyShown",
    Deputyship,
    "number=pk holder=holder.email deputy=deputy.email role programme named_by named_at ended_at ended_by",
    first=(date, lambda row: row.first),
    last=(date, lambda row: row.last),
)


def name_deputy(
    *, actor: Actor, holder: str, deputy: str, role: Role, programme: str, first: date, last: date, now: datetime
) -> Deputyship:
    """Let somebody do a role of somebody else for a programme, from the first day to the last, both included."""
    # A service's token is its person's, and may nothing where it does not hold.
    require(actor, *NAME_STAFF, role, programme=programme)
    return actions.name_deputy(
        actor=actor, holder=holder, deputy=deputy, role=role, programme=programme, first=first, last=last, now=now
    )


def end_deputyship(*, actor: Actor, number: int, now: datetime) -> Deputyship:
    """End a deputyship before its last day; the holder, the deputy and who names the staff may."""
    deputyship_seen(actor, number)
    return actions.end_deputyship(actor=actor, number=number, now=now)


def leave_organisation(
    *, actor: Actor, organisation: str, email: str, now: datetime, colleague: str = "", reason: str = ""
) -> dict[str, bool]:
    """Let somebody belong to an organisation no longer: oneself, or anybody by an administrator or an office.

    `colleague`, another member, looks after what is open; the last member leaves with a `reason` instead.
    """
    handed = {"colleague": colleague, "reason": reason}
    actions.leave_organisation(actor=actor, organisation=organisation, email=email, now=now, **handed)
    return {"done": True}


listed("deputies", "list_deputies", "List who stands in for whom, now or later, as far as one has to do with it.",
       deputyships, _DEPUTY, by={"programme": "programme"}, pages=("staff:deputies", "people:account"),
       commands=("person deputies",))  # fmt: skip
make(name_deputy, "programmes/{programme}/deputies", Scope.PEOPLE, _DEPUTY, pages=("staff:deputies",),
     commands=("person name-deputy",))  # fmt: skip
make(end_deputyship, "deputies/{number}/end", Scope.PEOPLE, _DEPUTY, status=HTTPStatus.OK,
     pages=("people:end_deputy",), commands=("person end-deputy",))  # fmt: skip
make(leave_organisation, "organisations/{organisation}/leave", Scope.PEOPLE, facts("Left", done=bool),
     status=HTTPStatus.OK, pages=("people:leave",), commands=("organisation leave",))  # fmt: skip
