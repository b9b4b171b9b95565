"""Events and what they set off: one table, filled once by `config/reactions.py` before the first event.

A room that may not import another says what happened (`publish`); the table says who acts on it.
Everything runs in the publisher's transaction, in the order of the table, so that an error in a
reaction undoes the event too. There is no way to react to an event but through the table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from inspect import signature
from threading import Lock
from typing import Any, Final

from lionrock.kernel.errors import Broken
from lionrock.kernel.messages import gettext_noop, message


class Timing(StrEnum):
    """When a reaction runs."""

    SAME_TRANSACTION = "same transaction"


@dataclass(frozen=True, slots=True)
class Reaction:
    """One row of the table: when `event` (a class) is published, `action` is called with its fields.

    The fields of the event are the keyword arguments of the action, by name.
    """

    event: type
    action: Callable[..., object]
    timing: Timing
    why: str

    @property
    def event_name(self) -> str:
        """The event as people write it: "awards.AwardMade"."""
        return f"{_room(self.event)}.{self.event.__name__}"

    @property
    def action_name(self) -> str:
        """The action as people write it: "allocations.grant_allocation"."""
        return f"{_room(self.action)}.{self.action.__name__}"

    @property
    def fits(self) -> bool:
        """Whether the event is a frozen dataclass whose fields are what the action takes."""
        if not is_dataclass(self.event) or not callable(self.event.__hash__):
            return False
        try:
            signature(self.action).bind(**{field.name: None for field in fields(self.event)})
        except TypeError:
            return False
        return True


def _room(thing: Any) -> str:
    return str(thing.__module__).removeprefix("lionrock.").split(".")[0]


_installed: Final[dict[type, tuple[Reaction, ...]]] = {}
_awaited: Final[list[Callable[[], None]]] = []
_filling: Final = Lock()


def install_when_needed(fill: Callable[[], None]) -> None:
    """Have `fill` install the table when the first event is published.

    Its actions are of every room; a command that changes nothing starts without them.
    """
    _installed.clear()
    _awaited[:] = [fill]


def install(table: Sequence[Reaction]) -> None:
    """Make this the table, in place of any before.

    Raises `Broken` when a row stands there twice, or its event does not fit its action.
    """
    rows = [(row.event, row.action) for row in table]
    for row in table:
        if not row.fits or rows.count((row.event, row.action)) > 1:
            raise Broken(
                "kernel.events.row",
                message(
                    gettext_noop("The reaction {action} to {event} stands twice, or takes other fields."),
                    action=row.action_name,
                    event=row.event_name,
                ),
            )
    _installed.clear()
    for event in dict.fromkeys(row.event for row in table):
        _installed[event] = tuple(row for row in table if row.event is event)
    _awaited.clear()


def publish(event: object) -> None:
    """Run the reactions to an event, in the order of the table.

    Raises `Broken` for an event that no row names: an award without its allocation would be worse.
    """
    _be_filled()
    if not is_dataclass(event) or type(event) not in _installed:
        raise Broken(
            "kernel.events.unheard",
            message(
                gettext_noop("Nothing reacts to {event}. Add a row to config/reactions.py, or install the table."),
                event=type(event).__name__,
            ),
        )
    arguments = {field.name: getattr(event, field.name) for field in fields(event)}
    for reaction in _installed[type(event)]:
        reaction.action(**arguments)


def _be_filled() -> None:
    with _filling:
        for fill in tuple(_awaited):
            fill()
