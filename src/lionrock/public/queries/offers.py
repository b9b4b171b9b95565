"""What is open to everybody: the programmes on file, and their calls that take applications now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from lionrock.applications.domain import Circumstances
from lionrock.calls.domain import CallState
from lionrock.calls.models import Call
from lionrock.people.programmes import programmes_on_file
from lionrock.rules.programme import Programme


@dataclass(frozen=True, slots=True)
class OnOffer:
    """A programme and those of its calls that take applications now."""

    programme: Programme
    calls: tuple[Call, ...]


def open_calls(now: datetime, programme: str | None = None) -> list[Call]:
    """Return the calls that take applications at `now`, those that close first in front."""
    found = Call.objects.filter(Q(closes__isnull=True) | Q(closes__gt=now), state=CallState.OPEN.value, opens__lte=now)
    chosen = found.filter(programme=programme) if programme else found
    return list(chosen.order_by("closes", "code"))


def on_offer(now: datetime) -> list[OnOffer]:
    """Return every programme on file with its open calls: those that have one first."""
    calls = open_calls(now)
    offers = [
        OnOffer(programme, tuple(call for call in calls if call.programme == name))
        for name, programme in programmes_on_file().items()
    ]
    return sorted(offers, key=lambda offer: not offer.calls)


def circumstances(programme: str, now: datetime) -> Circumstances:
    """Return what is known besides a visitor's request: the call that is open, if one is."""
    calls = open_calls(now, programme)
    return Circumstances(calls[0].code if calls else "–", call_open=bool(calls), live_applications=0)
