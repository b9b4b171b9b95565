"""State machines as tables: (state, verb) → state."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from lionrock.kernel.errors import Conflict
from lionrock.kernel.messages import gettext_noop, message

State = TypeVar("State", bound=StrEnum)


def advance(table: Mapping[tuple[State, str], State], state: State, verb: str, *, thing: str) -> State:
    """Return the state after the verb.

    Raises `Conflict` naming the verbs that are open from here.
    """
    if (state, verb) in table:
        return table[state, verb]
    open_verbs = sorted(known for source, known in table if source == state)
    raise Conflict(
        "kernel.states.not_now",
        message(
            gettext_noop("{thing} is {state}, so nobody can {verb} it now. What can be done from here: {open}."),
            thing=thing,
            state=state.value,
            verb=verb,
            open=", ".join(open_verbs) or "nothing",
        ),
    )
