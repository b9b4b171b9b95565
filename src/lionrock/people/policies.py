"""How an action asks for permission, in one line."""

from __future__ import annotations

from lionrock.kernel.errors import NotAllowed
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Role


def require(actor: Actor, *roles: Role, programme: str) -> None:
    """Raise `NotAllowed` unless the actor has one of the roles for the programme."""
    if not actor.holds(*roles, programme=programme):
        raise NotAllowed(
            "people.role.missing",
            message(
                gettext_noop(
                    "{email} may not do this for {programme}: it takes the role {roles}. "
                    "Ask the programme office for it."
                ),
                email=actor.email,
                programme=programme,
                roles=" / ".join(role.value for role in roles),
            ),
        )


def require_member(actor: Actor, organisation: str) -> None:
    """Raise `NotAllowed` unless the actor belongs to the organisation."""
    if not actor.belongs_to(organisation):
        raise NotAllowed(
            "people.organisation.not_a_member",
            message(
                gettext_noop("{email} does not belong to {organisation}. Ask one of its administrators to invite you."),
                email=actor.email,
                organisation=organisation,
            ),
        )


def looks_after(actor: Actor, organisation: str) -> bool:
    """Tell whether the actor decides who belongs to an organisation: its administrators, and every office."""
    return actor.administers(organisation) or bool(actor.programmes(Role.OFFICE))


def require_caretaker(actor: Actor, organisation: str) -> None:
    """Raise `NotAllowed` unless the actor decides who belongs to the organisation."""
    if not looks_after(actor, organisation):
        raise NotAllowed(
            "people.organisation.not_an_administrator",
            message(
                gettext_noop(
                    "{email} does not look after who belongs to {organisation}. Ask one of its administrators."
                ),
                email=actor.email,
                organisation=organisation,
            ),
        )
