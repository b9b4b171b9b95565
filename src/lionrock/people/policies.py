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
                gettext_noop("{email} does not belong to {organisation}. Ask one of its members to add you."),
                email=actor.email,
                organisation=organisation,
            ),
        )
