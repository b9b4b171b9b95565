"""What can be done with a call, and when it takes applications."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.findings import Finding, Outcome
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.ledger.domain.journals import LARGEST
from lionrock.rules.terms import Terms, Unset


class CallState(StrEnum):
    """A call is prepared, takes applications, and is closed."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


TRANSITIONS: Final[Mapping[tuple[CallState, str], CallState]] = MappingProxyType(
    {
        (CallState.DRAFT, "open"): CallState.OPEN,
        (CallState.OPEN, "close"): CallState.CLOSED,
    }
)


def check_window(opens: datetime, closes: datetime | None) -> None:
    """Raise `Invalid` when a call would close before, or at the instant when, it opens."""
    if closes is not None and closes <= opens:
        said = message(
            gettext_noop("The call would close at {value}, not after it opens at {opens}. Choose a later end."),
            value=closes,
            opens=opens,
        )
        fault = Fault("calls.window", said, field="closes", value=closes.isoformat())
        raise Invalid("calls.window", said, faults=[fault])


def check_budget(budget: Money | None, currency: str) -> None:
    """Raise `Invalid` for a budget below zero, or in another currency than the programme's."""
    if budget is not None and (budget.currency != currency or not 0 <= budget.minor <= LARGEST):
        said = message(
            gettext_noop("“{value}” cannot be the budget of this call. Write an amount of zero or more in {currency}."),
            value=budget,
            currency=currency,
        )
        raise Invalid("calls.budget", said, faults=[Fault("calls.budget", said, field="budget", value=str(budget))])


def takes_applications(state: CallState, opens: datetime, closes: datetime | None, now: datetime) -> bool:
    """Tell whether a call takes applications: it is open and `now` lies in [opens, closes)."""
    return state is CallState.OPEN and opens <= now and (closes is None or now < closes)


def opening(terms: Terms) -> tuple[Finding, ...]:
    """Return one finding for each value that a call needs and the owner has not set."""
    return tuple(_unset(unset, terms) for unset in terms.needed_to_open())


def _unset(unset: Unset, terms: Terms) -> Finding:
    return Finding(
        "calls.needed_to_open",
        Outcome.UNKNOWN,
        message(gettext_noop("“{label}” ({path}) is not set."), label=unset.label, path=unset.path),
        facts={"on": terms.on.isoformat()},
        parameters=(terms.record(unset.path),),
        remedy=message(gettext_noop("The programme's owner must set it, with a source.")),
    )
