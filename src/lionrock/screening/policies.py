"""Who may see and do what of screening: those who answer for compliance, of any programme, and auditors to look.

Lists and parties belong to the house and not to one programme: an organisation that may be on a list
may be so for all of them.
"""

from __future__ import annotations

from lionrock.kernel.errors import NotAllowed
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Role


def answers_for_it(actor: Actor) -> bool:
    """Tell whether the actor decides cases and imports lists."""
    return actor.operator or bool(actor.programmes(Role.COMPLIANCE))


def sees_it(actor: Actor) -> bool:
    """Tell whether the actor may see lists, names and cases."""
    return answers_for_it(actor) or bool(actor.programmes(Role.AUDITOR))


def require_compliance(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor answers for compliance."""
    if not answers_for_it(actor):
        raise _refused(actor, Role.COMPLIANCE.value)


def require_sight(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor may see lists, names and cases."""
    if not sees_it(actor):
        raise _refused(actor, f"{Role.COMPLIANCE.value} / {Role.AUDITOR.value}")


def _refused(actor: Actor, roles: str) -> NotAllowed:
    said = message(
        gettext_noop("{email} may not see or do this: it takes the role {roles}. Ask the programme office for it."),
        email=actor.email,
        roles=roles,
    )
    return NotAllowed("screening.role.missing", said)
