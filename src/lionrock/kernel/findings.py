"""Findings: what a check found, from which facts, by which dated and cited rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from lionrock.kernel.messages import Message


class Outcome(StrEnum):
    """The answer of one check. `UNKNOWN` is an answer, and never turns into `MET`."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class Grade(StrEnum):
    """How good a source is; `OWN_DECISION` is what the programme's owner decided in Lionrock."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    OWN_DECISION = "own_decision"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a value comes from."""

    source: str
    publisher: str
    title: str
    dated: date | None
    address: str | None
    grade: Grade


@dataclass(frozen=True, slots=True)
class ParameterRead:
    """One rulebook value that an answer rests on: its path, value as written, and first day."""

    path: str
    value: str | None
    since: date | None
    citation: Citation | None


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one rule, with all that is needed to check it by hand.

    `message` says what was found; `remedy` what would change it, where anything would.
    """

    rule: str
    outcome: Outcome
    message: Message
    facts: Mapping[str, str] = field(default_factory=dict)
    parameters: tuple[ParameterRead, ...] = ()
    remedy: Message | None = None


def overall(findings: tuple[Finding, ...]) -> Outcome:
    """Return the outcome of all together: one `NOT_MET` decides, then one `UNKNOWN`."""
    outcomes = {finding.outcome for finding in findings}
    for decisive in (Outcome.NOT_MET, Outcome.UNKNOWN):
        if decisive in outcomes:
            return decisive
    return Outcome.MET
