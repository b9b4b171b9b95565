"""Findings and rulebook reads that were kept as JSON, read back so that a page can show them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from lionrock.kernel.findings import Citation, Finding, Grade, Outcome, ParameterRead
from lionrock.kernel.messages import Message


def finding(kept: Mapping[str, Any]) -> Finding:
    """Return the finding that `kernel.findings.as_json` wrote."""
    return Finding(
        rule=kept["rule"],
        outcome=Outcome(kept["outcome"]),
        message=_message(kept["message"]),
        facts=kept["facts"],
        parameters=tuple(read(each) for each in kept["parameters"]),
        remedy=_message(kept["remedy"]) if kept["remedy"] else None,
    )


def read(kept: Mapping[str, Any]) -> ParameterRead:
    """Return the rulebook value that `kernel.findings.read_as_json` wrote."""
    source = kept["source"]
    return ParameterRead(kept["path"], kept["value"], _day(kept["since"]), _citation(source) if source else None)


def _message(kept: Mapping[str, Any]) -> Message:
    return Message(kept["template"], {name: _field(value) for name, value in kept["fields"].items()})


def _field(kept: object) -> object:
    return _message(kept) if isinstance(kept, Mapping) else kept


def _citation(kept: Mapping[str, Any]) -> Citation:
    return Citation(
        source=kept["id"],
        publisher=kept["publisher"],
        title=kept["title"],
        dated=_day(kept["dated"]),
        address=kept["address"],
        grade=Grade(kept["grade"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
