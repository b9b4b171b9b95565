"""Who may look after how others sign in."""

from __future__ import annotations

from lionrock.kernel.errors import NotAllowed
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor


def require_operator(actor: Actor) -> None:
    """Raise `NotAllowed` unless it is whoever sits at the machine's own terminal."""
    if not actor.operator:
        said = message(
            gettext_noop("{email} may not look after how others sign in. Ask who runs the machine."), email=actor.email
        )
        raise NotAllowed("identity.operator.needed", said)
