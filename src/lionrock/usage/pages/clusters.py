"""The pages of clusters as they are now; an open page asks again by itself, and without scripts by a link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lionrock.jobs.domain.waiting import explain_waiting
from lionrock.kernel.messages import Message
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.usage.domain.live import Live, Place, Queue, Reason
from lionrock.usage.pages.asking import device_name, span_said
from lionrock.usage.queries import live


@dataclass(frozen=True, slots=True)
class Offered:
    """A partition's devices of one kind, as they are shown."""

    place: Place
    device: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What runs and waits in a partition, and for how long the oldest has waited."""

    queue: Queue
    oldest: str


@dataclass(frozen=True, slots=True)
class Why:
    """How many jobs wait, and why in plain words."""

    reason: Reason
    said: Message | None


@require_safe
def clusters(request: HttpRequest) -> HttpResponse:
    """List the clusters; the only one is shown at once."""
    found = live.clusters(viewer_of(request))
    if len(found) == 1:
        return redirect("usage_live:show", found[0].code)
    return render(request, "usage/clusters.html", {"sites": found})


@require_safe
def cluster(request: HttpRequest, code: str) -> HttpResponse:
    """Show a cluster as it is now; one that is away as it was last seen, with its time."""
    now = timezone.now()
    seen = live.cluster_now(viewer_of(request), code, now)
    at = seen.seen_at or now
    context = {
        "seen": seen,
        "site": seen.site,
        "zone": programme_on_file(seen.site.programme).zone,
        **(_parts(seen.live, at) if seen.live else {}),
    }
    return render(request, "usage/cluster.html", context)


def _parts(found: Live, at: datetime) -> dict[str, object]:
    return {
        "live": found,
        "offers": [Offered(place, device_name(place.device)) for place in found.places],
        "queues": [Waiting(queue, _waited(queue, at)) for queue in found.queues],
        "reasons": [Why(reason, explain_waiting(reason.code)) for reason in found.reasons],
    }


def _waited(queue: Queue, at: datetime) -> str:
    return span_said(max(0, int((at - queue.oldest).total_seconds()))) if queue.oldest else ""
