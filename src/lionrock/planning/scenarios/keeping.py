"""Outcomes as JSON and back: exact, fractions as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from lionrock.planning.scenarios.measures import GroupUse, MonthUse, Outcome, Waits


def to_data(found: Outcome) -> dict[str, Any]:
    """Return an outcome as JSON has it."""
    measures = {name: None if value is None else str(value) for name, value in found.measures.items()}
    return asdict(found) | {"measures": measures}


def from_data(data: Mapping[str, Any]) -> Outcome:
    """Return an outcome out of JSON; raises `ValueError`, `KeyError` or `TypeError` for what is none."""
    return Outcome(
        {name: None if value is None else Fraction(value) for name, value in data["measures"].items()},
        tuple(Waits(**each) for each in data["waits"]),
        tuple(GroupUse(**each) for each in data["groups"]),
        tuple(MonthUse(**each) for each in data["months"]),
        data["jobs"],
        data["left_out"],
    )
