"""How the room's actions are recorded and told."""

from __future__ import annotations

from datetime import datetime

from lionrock.applications.models import Application
from lionrock.audit.actions import record
from lionrock.people.domain import Actor
from lionrock.review.models import Assignment


def record_of(
    action: str, application: Application, actor: Actor, now: datetime, details: dict[str, object] | None = None
) -> None:
    """Append the audit record of something done about the assessment of an application."""
    record(
        action,
        application.code,
        actor=actor.email,
        now=now,
        programme=application.call.programme,
        organisation=application.organisation.code,
        details=details or {},
    )


def move(assignment: Assignment, state: str, now: datetime, **changes: object) -> None:
    """Bring an assignment into a state, which its table of transitions has allowed."""
    assignment.state, assignment.state_since = state, now
    for name, value in changes.items():
        setattr(assignment, name, value)
    assignment.save(update_fields=["state", "state_since", *changes])
