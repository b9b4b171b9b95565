"""Which calls a viewer may see, and the rules of the programme that they belong to."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lionrock.calls.domain import CallState
from lionrock.calls.models import Call
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor


def calls(viewer: Actor) -> QuerySet[Call]:
    """Return the calls for this viewer: all of one's own programmes, and those that were opened."""
    if viewer.operator:
        return Call.objects.all()
    return Call.objects.filter(Q(programme__in=viewer.programmes()) | ~Q(state=CallState.DRAFT.value))


def call_by_code(viewer: Actor, code: str, *, lock: bool = False) -> Call:
    """Return one call; with `lock`, keep others from changing it until the transaction ends.

    Raises `NotFound` when there is none that this viewer may see.
    """
    found = calls(viewer).filter(code=code)
    call = (found.select_for_update() if lock else found).first()
    if call is None:
        raise NotFound(
            "calls.call.unknown",
            message(gettext_noop("There is no call {code} for you. See `lionrock call list`."), code=code),
        )
    return call
