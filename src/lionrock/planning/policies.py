"""Who may publish studies."""

from __future__ import annotations

from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file


def require_publisher(actor: Actor, programme: str) -> None:
    """Raise `NotAllowed` unless the actor may publish for the programme, `NotFound` for a programme that is none."""
    require(actor, Role.OFFICE, programme=programme_on_file(programme).id)
