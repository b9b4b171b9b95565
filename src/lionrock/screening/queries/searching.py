"""Looking a name up in the lists as they stand; nothing is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lionrock.kernel.errors import Conflict, Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.screening.domain.chinese import Spelling
from lionrock.screening.domain.forms import forms_of
from lionrock.screening.domain.parties import Match, Party
from lionrock.screening.domain.rules import Strength, Thresholds
from lionrock.screening.memory import against_now, held_now
from lionrock.screening.policies import require_sight

LEAST_LETTERS = 2
LONGEST_NAME = 400


@dataclass(frozen=True, slots=True)
class Found:
    """What a name matches, against which versions, and by which thresholds."""

    party: Party
    matches: tuple[Match, ...]
    versions: Mapping[str, int]
    thresholds: Thresholds

    @property
    def strength(self) -> Strength:
        """How much the best match says."""
        return self.thresholds.strength(self.matches[0].score) if self.matches else Strength.NONE

    def strength_of(self, match: Match) -> Strength:
        """Return how much one match says."""
        return self.thresholds.strength(match.score)


def search(viewer: Actor, party: Party, now: datetime) -> Found:
    """Return what a party matches in all lists as they stand.

    Raises `NotAllowed`, `Invalid` for a name that says too little (one letter), `Conflict` while no list
    is on file: that nothing is found would say nothing.
    """
    require_sight(viewer)
    against = against_now(now)
    if against is None:
        raise Conflict(
            "screening.list.none",
            message(
                gettext_noop("No list is on file, so nobody can be screened. Import one: `lionrock screening import`.")
            ),
        )
    check_names(party)
    found = held_now(against).index.matches(party, least=against.thresholds.review)
    return Found(party, tuple(found), against.versions, against.thresholds)


def check_names(party: Party) -> None:
    """Raise `Invalid` with one fault for each name of which too little is left to be compared."""
    faults = [_too_short(name) for name in party.names if _says_too_little(name, party)]
    if not party.names:
        faults.append(_too_short(""))
    if faults:
        raise Invalid("screening.name.short", faults[0].message, faults=faults)


def _says_too_little(name: str, party: Party) -> bool:
    return len(name) > LONGEST_NAME or forms_of(name, party.kind, Spelling()).length < LEAST_LETTERS


def _too_short(name: str) -> Fault:
    said = message(
        gettext_noop(
            "“{value}” is too short or too long to be a name: it would match many, or nobody. Write the whole name."
        ),
        value=name[:60],
    )
    return Fault("screening.name.short", said, field="name", value=name[:60])
