"""Who may see and do what of supply. Orders, papers and equipment belong to a programme; suppliers to the house."""

from __future__ import annotations

from typing import Final

from lionrock.kernel.errors import NotAllowed
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Role

SEE: Final = (Role.OFFICE, Role.COMPLIANCE, Role.FINANCE, Role.CLUSTER_ADMIN, Role.AUDITOR)
"""Who sees orders, what holds them, and capacity; nobody else sees anything."""
SEE_PRICES: Final = (Role.OFFICE, Role.COMPLIANCE, Role.FINANCE, Role.AUDITOR)
ACT: Final = (Role.OFFICE, Role.COMPLIANCE)
"""Who orders, and keeps papers and shipments."""
RELEASE: Final = (Role.COMPLIANCE,)
RUN: Final = (Role.CLUSTER_ADMIN,)
"""Who commissions and retires."""


def sees_supply(viewer: Actor) -> bool:
    """Tell whether the viewer sees the supply of some programme."""
    return viewer.operator or bool(viewer.programmes(*SEE))


def require_anywhere(actor: Actor, *roles: Role) -> None:
    """Raise `NotAllowed` unless the actor has one of the roles for some programme."""
    if actor.operator or actor.programmes(*roles):
        return
    said = message(
        gettext_noop("{email} may not see or do this: it takes the role {roles}. Ask the programme office for it."),
        email=actor.email,
        roles=" / ".join(role.value for role in roles),
    )
    raise NotAllowed("supply.role.missing", said)
