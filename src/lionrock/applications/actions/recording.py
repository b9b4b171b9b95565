"""How the room's actions are recorded: with the application, its programme and its organisation."""

from __future__ import annotations

from datetime import datetime

from lionrock.applications.models import Application
from lionrock.audit.actions import record
from lionrock.people.domain import Actor


def record_of(
    action: str, application: Application, actor: Actor, now: datetime, details: dict[str, object] | None = None
) -> None:
    """Append the audit record of something done to an application; `details` holds plain JSON values."""
    record(
        action,
        application.code,
        actor=actor.email,
        now=now,
        programme=application.call.programme,
        organisation=application.organisation.code,
        details=details or {},
    )
