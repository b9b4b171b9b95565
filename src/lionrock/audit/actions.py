"""Recording what was done; called inside the transaction that does it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lionrock.audit.events import Recorded
from lionrock.audit.models import AuditRecord
from lionrock.audit.standing import stood_in_for
from lionrock.kernel.events import publish


def record(
    action: str,
    subject: str,
    *,
    actor: str,
    now: datetime,
    on_behalf_of: str = "",
    reason: str = "",
    programme: str = "",
    organisation: str = "",
    details: Mapping[str, object] | None = None,
) -> None:
    """Append one audit record: who (`actor`, an address), did what, to what, when, why, and with what.

    `on_behalf_of` is the address of whom the actor stands in for, if anybody; who was made an actor while
    standing in for somebody for this programme (`standing.py`) need not be told of it again. `reason` is what the
    actor gave as theirs. `details` holds plain JSON values: what was decided, from which findings. What is recorded is
    published too, for those who wait for it.
    """
    AuditRecord.objects.create(
        action=action,
        subject=subject,
        actor=actor,
        on_behalf_of=on_behalf_of or stood_in_for(actor, programme),
        reason=reason,
        at=now,
        programme=programme,
        organisation=organisation,
        details=dict(details or {}),
    )
    publish(Recorded(action, subject, programme, organisation, details or {}, now))
