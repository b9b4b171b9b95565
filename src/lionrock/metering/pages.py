"""The pages of metering: which sites are read, and how one of them stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from lionrock.kernel.messages import Message
from lionrock.metering.domain.terms import OUTCOME_WORDS, Outcome
from lionrock.metering.models import HeldRow, Reconciliation
from lionrock.metering.queries import held_rows, outcomes_of, reconciliations, standing_of, standings
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.web.sentences import translate

HELD_SHOWN: Final = 100
DAYS_SHOWN: Final = 35
_HOUR: Final = 60


@dataclass(frozen=True, slots=True)
class Held:
    """A held row with its reason in the reader's language."""

    row: HeldRow
    reason: str


@dataclass(frozen=True, slots=True)
class Became:
    """How many runs became what, and their hours."""

    what: str
    runs: int
    hours: int


@dataclass(frozen=True, slots=True)
class Day:
    """A span that was compared, with the device-seconds of all devices: as reported, as counted."""

    span: Reconciliation
    reported: int
    counted: int


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the sites that are metered; the only one is shown at once."""
    found = standings(viewer_of(request), timezone.now())
    if len(found) == 1:
        return redirect("metering:site", found[0].site.code)
    return render(request, "metering/list.html", {"standings": found})


@require_safe
def site(request: HttpRequest, code: str) -> HttpResponse:
    """Show how far a site was read, what became of its runs, what is held and why, and which days agree."""
    viewer, now = viewer_of(request), timezone.now()
    standing = standing_of(viewer, code, now)
    held = [Held(row, translate(Message(row.template, row.fields))) for row in held_rows(viewer, code)[:HELD_SHOWN]]
    collection = standing.collection
    failure = collection.failure if collection else {}
    context = {
        "standing": standing,
        "collection": collection,
        "failure": translate(Message(failure["template"], failure["fields"])) if failure else "",
        "became": _became(viewer, code, now),
        "held": held,
        "days": [_day(one) for one in reconciliations(viewer, code)[:DAYS_SHOWN]],
        "lag": _in_words(standing.lag) if standing.lag is not None else "",
        "zone": programme_on_file(standing.site.programme).zone,
    }
    return render(request, "metering/site.html", context)


def _became(viewer: Actor, code: str, now: datetime) -> list[Became]:
    found = outcomes_of(standing_of(viewer, code, now).site, now - timedelta(days=30), now)
    return [
        Became(gettext(OUTCOME_WORDS[outcome]), found[outcome.value][0], found[outcome.value][1] // 3600)
        for outcome in Outcome
        if outcome.value in found
    ]


def _day(span: Reconciliation) -> Day:
    return Day(span, sum(span.reported.values()), sum(span.counted.values()))


def _in_words(lag: timedelta) -> str:
    """Write how far behind the reading is, in the largest unit that has one of it."""
    minutes = max(0, int(lag.total_seconds()) // 60)
    if minutes < _HOUR:
        return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
    hours = minutes // _HOUR
    return ngettext("{count} hour", "{count} hours", hours).format(count=hours)
