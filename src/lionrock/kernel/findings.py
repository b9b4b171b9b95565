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
    """How good a source is.

    `OWN_DECISION` is what the programme's owner decided in Lionrock; `RECALLED` was read nowhere: confirm it.
    """

    PRIMARY = "primary"
    SECONDARY = "secondary"
    OWN_DECISION = "own_decision"
    RECALLED = "recalled"


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


def as_json(finding: Finding) -> dict[str, object]:
    """Return a finding as plain JSON values, to be kept with what it was found about.

    The sentences stay templates with their fields, so that a reader gets them in any language.
    """
    return {
        "rule": finding.rule,
        "outcome": finding.outcome.value,
        "message": _said(finding.message),
        "remedy": _said(finding.remedy) if finding.remedy else None,
        "facts": dict(finding.facts),
        "parameters": [read_as_json(read) for read in finding.parameters],
    }


def _said(said: Message) -> dict[str, object]:
    fields = {name: _field(value) for name, value in said.fields.items()}
    return {"text": str(said), "template": said.template, "fields": fields}


def _field(value: object) -> object:
    """Return a field of a sentence as it is kept: a sentence within it stays one, all else is text."""
    return _said(value) if isinstance(value, Message) else str(value)


def read_as_json(read: ParameterRead) -> dict[str, object]:
    """Return a rulebook value that was read, with its source, as plain JSON values."""
    cited = read.citation
    return {
        "path": read.path,
        "value": read.value,
        "since": read.since.isoformat() if read.since else None,
        "source": {
            "id": cited.source,
            "publisher": cited.publisher,
            "title": cited.title,
            "dated": cited.dated.isoformat() if cited.dated else None,
            "address": cited.address,
            "grade": cited.grade.value,
        }
        if cited
        else None,
    }
