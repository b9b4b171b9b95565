"""Recording what was done; called inside the transaction that does it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lionrock.audit.models import AuditRecord


def record(
    action: str,
    subject: str,
    *,
    actor: str,
    now: datetime,
    programme: str = "",
    organisation: str = "",
    details: Mapping[str, object] | None = None,
) -> None:
    """Append one audit record: who (`actor`, an address), did what, to what, when, and with what.

    `details` holds plain JSON values: what was decided, from which findings.
    """
    AuditRecord.objects.create(
        action=action,
        subject=subject,
        actor=actor,
        at=now,
        programme=programme,
        organisation=organisation,
        details=dict(details or {}),
    )
