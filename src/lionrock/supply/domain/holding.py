"""What holds a line of an order: what the rules ask for, against the papers that are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from lionrock.controls.domain.rules import Authorisation as Required
from lionrock.kernel.errors import Fault, Invalid, Refused
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.texts import check_paragraph
from lionrock.supply.domain.states import AuthorisationState, Kind


class Why(StrEnum):
    """Why a line, or a whole order, is held."""

    SUPPLIER = "supplier"
    UNKNOWN = "control_unknown"
    BREACH = "control_breach"
    MISSING = "authorisation_missing"
    APPLIED = "authorisation_applied"
    DENIED = "authorisation_denied"
    WITHDRAWN = "authorisation_withdrawn"
    EXPIRED = "authorisation_expired"
    KIND = "authorisation_kind"
    SHORT = "authorisation_short"
    STATEMENT = "statement_missing"


ENOUGH: Final[Mapping[Required, frozenset[Kind]]] = MappingProxyType(
    {
        Required.NONE: frozenset(),
        Required.ACA: frozenset(),
        Required.NAC: frozenset({Kind.LICENCE, Kind.NAC}),
        Required.LICENCE: frozenset({Kind.LICENCE}),
        Required.BY_LETTER: frozenset({Kind.LICENCE}),
    }
)
"""What authorises what is required; exception ACA takes no notice, so no paper. What is absent, no paper mends."""


@dataclass(frozen=True, slots=True)
class Paper:
    """An authorisation as a line sees it: `covers` are the chips of that line that it reaches for."""

    id: int
    number: str
    kind: Kind
    state: AuthorisationState
    expires_on: date | None
    covers: int
    needs_statement: bool

    @property
    def basis(self) -> str:
        """What tells it from another, and from itself in another state."""
        return f"{self.id}/{self.state.value}/{self.expires_on}/{self.covers}"


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it stands: what is required of it by which answer, on which day it is to come, and its papers."""

    position: int
    chips: int
    due: date
    required: Required
    answer: str
    missing: tuple[str, ...]
    paper: Paper | None
    statement: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason to hold: `line` is 0 for the whole order.

    `basis` is what it rests on: what was released holds again when that is another. `chips` are those
    that it stands for, where it is not all of the line.
    """

    why: Why
    line: int
    basis: str
    said: Message
    chips: int | None = None

    @property
    def key(self) -> tuple[str, int, str]:
        """What tells a reason from any other."""
        return self.why.value, self.line, self.basis


def reasons_of(line: Line) -> Iterator[Reason]:
    """Yield what holds a line; nothing where nothing is required, or it is all there."""
    if line.required is Required.UNKNOWN:
        said = message(
            gettext_noop("What line {line} needs is not known. Missing: {missing}."),
            line=line.position,
            missing=", ".join(line.missing) or "–",
        )
        yield Reason(Why.UNKNOWN, line.position, line.answer, said)
    elif line.required not in ENOUGH:
        said = message(
            gettext_noop("The chip of line {line} is presumed to have been made in breach of the rules."),
            line=line.position,
        )
        yield Reason(Why.BREACH, line.position, line.answer, said)
    elif ENOUGH[line.required]:
        yield from _of_paper(line, ENOUGH[line.required])


def _of_paper(line: Line, enough: frozenset[Kind]) -> Iterator[Reason]:
    paper = line.paper
    if paper is None:
        said = message(gettext_noop("Line {line} needs an authorisation, and names none."), line=line.position)
        yield Reason(Why.MISSING, line.position, line.answer, said)
        return
    basis = f"{line.answer}/{paper.basis}"
    why = _wrong(line, paper, enough)
    if why is not None:
        fields = {"line": line.position, "number": paper.number, "day": paper.expires_on or "–"}
        yield Reason(why, line.position, basis, message(_SAID[why], **fields))
        return
    if paper.covers < line.chips:
        lacking = line.chips - paper.covers
        said = message(
            gettext_noop("{number} covers {covers} of the {chips} accelerators of line {line}."),
            number=paper.number,
            covers=paper.covers,
            chips=line.chips,
            line=line.position,
        )
        yield Reason(Why.SHORT, line.position, basis, said, chips=lacking)
    if paper.needs_statement and not line.statement:
        said = message(
            gettext_noop("{number} needs an end-user statement for the site of line {line}, in force on {day}."),
            number=paper.number,
            line=line.position,
            day=line.due,
        )
        yield Reason(Why.STATEMENT, line.position, basis, said)


_SAID: Final[Mapping[Why, str]] = MappingProxyType(
    {
        Why.APPLIED: gettext_noop("Authorisation {number} of line {line} is applied for, and not granted yet."),
        Why.DENIED: gettext_noop("Authorisation {number} of line {line} was denied."),
        Why.WITHDRAWN: gettext_noop("Authorisation {number} of line {line} was withdrawn."),
        Why.KIND: gettext_noop("Authorisation {number} of line {line} is an exception; a licence is needed."),
        Why.EXPIRED: gettext_noop("Authorisation {number} expires on {day}, before line {line} is to come."),
    }
)
_BY_STATE: Final[Mapping[AuthorisationState, Why]] = MappingProxyType(
    {
        AuthorisationState.APPLIED: Why.APPLIED,
        AuthorisationState.DENIED: Why.DENIED,
        AuthorisationState.WITHDRAWN: Why.WITHDRAWN,
    }
)


def _wrong(line: Line, paper: Paper, enough: frozenset[Kind]) -> Why | None:
    """Return what is wrong with a paper as a whole; it counts on the day of its expiry itself."""
    if paper.state in _BY_STATE:
        return _BY_STATE[paper.state]
    if paper.kind not in enough:
        return Why.KIND
    return Why.EXPIRED if paper.expires_on is not None and paper.expires_on < line.due else None


def check_four_eyes(placed_by: str, asked_by: str, person: str) -> None:
    """Raise `Refused` for who placed the order, and for who asked when it is the second pair of eyes."""
    if person.casefold() not in (placed_by.casefold(), asked_by.casefold()):
        return
    raise Refused(
        "supply.hold.four_eyes",
        message(
            gettext_noop(
                "{person} has placed this order or asked to release it, and cannot do this. Ask a colleague of "
                "the compliance office."
            ),
            person=person,
        ),
    )


def check_why(reason: str) -> str:
    """Return the reason; raises `Invalid` when nothing is written, as every step is kept with its reason."""
    if not reason.strip():
        said = message(gettext_noop("Nothing is written in {field}. Say why, in a sentence."), field="reason")
        raise Invalid("supply.reason", said, faults=[Fault("supply.reason", said, field="reason", value="")])
    return check_paragraph(reason, field="reason").strip()
