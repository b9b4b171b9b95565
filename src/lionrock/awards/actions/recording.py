"""The record of what was done with an award."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lionrock.audit.actions import record
from lionrock.awards.models import Award
from lionrock.people.domain import Actor


def record_of(action: str, award: Award, actor: Actor, now: datetime, details: Mapping[str, object]) -> None:
    """Append an audit record about an award."""
    record(
        action,
        award.code,
        actor=actor.email,
        now=now,
        programme=award.programme,
        organisation=award.organisation.code,
        details=details,
    )
