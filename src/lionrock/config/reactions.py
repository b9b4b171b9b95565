"""What follows from what: the one table of upward effects.

A room that may not import another publishes an event; here stands who acts on it. The rows of an
event run in this order, in the publisher's transaction; the fields of the event are the arguments
of the action. An error in a reaction undoes the event.
"""

from __future__ import annotations

from typing import Final

from lionrock.allocations.actions import close_allocation, grant_allocation
from lionrock.awards.domain import AwardEnded, AwardMade
from lionrock.kernel.events import Reaction, Timing

TABLE: Final = (
    Reaction(AwardMade, grant_allocation, Timing.SAME_TRANSACTION, "an award without quota cannot be used"),
    Reaction(AwardEnded, close_allocation, Timing.SAME_TRANSACTION, "quota must not outlive its award"),
)


def page() -> str:
    """Return the table as a page of the reference."""
    rows = [f"| `{row.event_name}` | `{row.action_name}` | {row.timing.value} | {row.why} |" for row in TABLE]
    head = ["| event | action | when | why |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *rows])
