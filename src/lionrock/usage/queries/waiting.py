"""How long jobs waited, by pool and by the hours that they asked for."""

from __future__ import annotations

from typing import Final

from lionrock.people.domain import Actor
from lionrock.usage.domain.periods import Period
from lionrock.usage.queries.scope import scope_of
from lionrock.usage.reading import Waited, waits

CLASSES: Final = (1, 4, 24, 72, 168)
"""Up to so many hours were asked for; beyond the last there is one more class."""


def queue_waits(viewer: Actor, period: Period) -> list[Waited]:
    """Return the waits of what started in a period: of all of the viewer's programmes, or of the own awards."""
    return waits(period.span, scope_of(viewer), CLASSES)
