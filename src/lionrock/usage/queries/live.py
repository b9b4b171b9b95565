"""Clusters as they are now, or were when they last answered; for who sees all of the programme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lionrock.kernel.errors import NotAllowed, NotFound
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.metering.actions.collecting import metered_sites
from lionrock.people.domain import Actor
from lionrock.sites.models import Site
from lionrock.usage.actions import look_at
from lionrock.usage.domain.live import Live, read_back
from lionrock.usage.models import LastSeen
from lionrock.usage.queries.scope import sees_all_of_something


@dataclass(frozen=True, slots=True)
class Seen:
    """A cluster: what it said when it last answered (None: never), when, and why it does not now."""

    site: Site
    live: Live | None
    seen_at: datetime | None
    away: Message | None
    away_since: datetime | None


def clusters(viewer: Actor) -> list[Site]:
    """Return the clusters of the programmes that the viewer sees all of; raises `NotAllowed` for others."""
    if not sees_all_of_something(viewer):
        said = gettext_noop("What a cluster is at is for those who work for its programme. Your own jobs are listed.")
        raise NotAllowed("usage.clusters.staff", message(said))
    return [site for site in metered_sites() if viewer.sees_programme(site.programme)]


def cluster_now(viewer: Actor, code: str, now: datetime) -> Seen:
    """Return a cluster as it is now; one that is away as it was last seen. Raises `NotAllowed`, `NotFound`."""
    site = next((site for site in clusters(viewer) if site.code == code), None)
    if site is None:
        said = message(gettext_noop("There is no cluster {code} whose programme you work for."), code=code)
        raise NotFound("usage.clusters.unknown", said)
    return _seen(site, look_at(site, now))


def _seen(site: Site, kept: LastSeen) -> Seen:
    return Seen(
        site=site,
        live=read_back(kept.content) if kept.content else None,
        seen_at=kept.seen_at,
        away=Message(kept.failure["template"], kept.failure["fields"]) if kept.away_since else None,
        away_since=kept.away_since,
    )
