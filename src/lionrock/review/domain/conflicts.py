"""Hints at conflicts of interest: what Lionrock itself knows ties a person to an application.

A hint is no judgement. Some are bars all the same: who belongs to the applicant, writes in the
application, or is shut out of it cannot assess it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from lionrock.kernel.messages import Message, gettext_noop, message

SHORTEST_NAME: Final = 4
"""Names shorter than this are found in any text, and so are not looked for."""


class Tie(StrEnum):
    """What ties a person to an application."""

    MEMBER = "member"
    AUTHOR = "author"
    SHUT_OUT = "shut_out"
    PARTNER = "partner"
    COLLEAGUE = "colleague"
    EARLIER = "earlier"


BARS: Final = frozenset({Tie.MEMBER, Tie.AUTHOR, Tie.SHUT_OUT})

_SAID: Final[Mapping[Tie, str]] = {
    Tie.MEMBER: gettext_noop("Belongs to the organisation that applies."),
    Tie.AUTHOR: gettext_noop("Writes in this application, or was invited to."),
    Tie.SHUT_OUT: gettext_noop("Is shut out of this application because of a conflict declared before."),
    Tie.PARTNER: gettext_noop("The application names {organisation}, to which this person belongs."),
    Tie.COLLEAGUE: gettext_noop("Wrote in another application of the same organisation."),
    Tie.EARLIER: gettext_noop("Declared a conflict about the same organisation before."),
}


@dataclass(frozen=True, slots=True)
class Hint:
    """One tie, and the sentence that says it."""

    tie: Tie
    said: Message

    @property
    def bars(self) -> bool:
        """Whether nobody with this tie can be assigned."""
        return self.tie in BARS


@dataclass(frozen=True, slots=True)
class Ties:
    """What is on file about a person: organisations with their names, and by application and organisation."""

    organisations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names in every language, by the code of an organisation that the person belongs to."""
    writes_in: frozenset[int] = frozenset()
    """Applications, by their key, in which the person may write or that the person began."""
    shut_out_of: frozenset[int] = frozenset()
    wrote_for: frozenset[str] = frozenset()
    """Organisations for which the person wrote in other applications."""
    declared_about: frozenset[str] = frozenset()
    """Organisations about which the person declared a conflict before."""


@dataclass(frozen=True, slots=True)
class Case:
    """The application that is to be assessed: its key, who applies, and all that was typed, as one text."""

    application: int
    organisation: str
    text: str


def hints(ties: Ties, case: Case) -> tuple[Hint, ...]:
    """Return all that ties the person to the application, the bars first."""
    found = [tie for tie, holds in _holds(ties, case).items() if holds]
    partners = [Hint(Tie.PARTNER, message(_SAID[Tie.PARTNER], organisation=name)) for name in _partners(ties, case)]
    return (*(Hint(tie, message(_SAID[tie])) for tie in found), *partners)


def _holds(ties: Ties, case: Case) -> dict[Tie, bool]:
    writes = case.application in ties.writes_in
    return {
        Tie.MEMBER: case.organisation in ties.organisations,
        Tie.AUTHOR: writes,
        Tie.SHUT_OUT: case.application in ties.shut_out_of,
        Tie.COLLEAGUE: case.organisation in ties.wrote_for and not writes,
        Tie.EARLIER: case.organisation in ties.declared_about,
    }


def _partners(ties: Ties, case: Case) -> list[str]:
    """Return the person's organisations, other than the applicant, that the text names; one name for each."""
    text = case.text.casefold()
    found = []
    for code, names in sorted(ties.organisations.items()):
        named = [name for name in names if len(name) >= SHORTEST_NAME and name.casefold() in text]
        if named and code != case.organisation:
            found.append(named[0])
    return found


def is_barred(found: tuple[Hint, ...]) -> bool:
    """Tell whether one of the hints is a bar."""
    return any(hint.bars for hint in found)
