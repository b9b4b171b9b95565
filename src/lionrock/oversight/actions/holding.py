"""Holding something back from erasure, and letting it go."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_lines
from lionrock.oversight.domain import HeldKind
from lionrock.oversight.models import Hold
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require


@transaction.atomic
def place_hold(
    *, actor: Actor, programme: str, kind: str, code: str, reason: str, now: datetime, until: date | None = None
) -> Hold:
    """Let nothing of a programme be erased that is about a person, an organisation, an application, or all of it.

    Takes the role compliance, and a reason. What is held need not be on file yet. Raises `Invalid`.
    """
    require(actor, Role.COMPLIANCE, programme=programme)
    check_lines({"code": code, "reason": reason})
    if kind not in set(HeldKind):
        template = gettext_noop("“{value}” cannot be held. A hold is on one of {known}.")
        said = message(template, value=kind, known=", ".join(HeldKind))
        fault = Fault("oversight.hold.kind", said, field="kind", value=kind)
        raise Invalid("oversight.hold.kind", said, faults=[fault])
    held = Hold.objects.create(
        programme=programme, kind=kind, code=code.strip(), reason=reason.strip()[:300], until=until,
        placed_at=now, placed_by=actor.email,
    )  # fmt: skip
    details = {"hold": held.pk, "kind": kind, "until": until.isoformat() if until else None}
    record(
        "oversight.place_hold", held.code, actor=actor.email, now=now, programme=programme, reason=held.reason,
        details=details,
    )  # fmt: skip
    return held


@transaction.atomic
def release_hold(*, actor: Actor, programme: str, number: int, reason: str, now: datetime) -> Hold:
    """Let go what was held; takes the role compliance, and a reason.

    Raises `NotFound` for a hold that the programme has not, `Conflict` for one that was released.
    """
    require(actor, Role.COMPLIANCE, programme=programme)
    check_lines({"reason": reason})
    held = Hold.objects.select_for_update().filter(pk=number, programme=programme).first()
    if held is None:
        said = message(gettext_noop("{programme} has no hold {number}."), programme=programme, number=number)
        raise NotFound("oversight.hold.unknown", said)
    if held.released_at is not None:
        said = message(gettext_noop("The hold {number} was released already."), number=number)
        raise Conflict("oversight.hold.released", said)
    held.released_at, held.released_by, held.released_why = now, actor.email, reason.strip()[:300]
    held.save()
    record(
        "oversight.release_hold", held.code, actor=actor.email, now=now, programme=programme, reason=reason.strip(),
        details={"hold": held.pk},
    )  # fmt: skip
    return held
