"""Reading how sites are metered; for those who see all of the programme whose site it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, QuerySet, Sum

from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.metering.models import Collection, HeldRow, MeteredRun, Reconciliation
from lionrock.people.domain import Actor
from lionrock.sites.models import Site

LATE_AFTER: Final = timedelta(hours=1)
"""A site that was read less far than this is said to lag."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a site is metered: how far it was read, how long ago that is, what is held, what differs."""

    site: Site
    collection: Collection | None
    lag: timedelta | None
    held: int
    running: int
    differing: int

    @property
    def late(self) -> bool:
        """Tell whether it was not read for too long."""
        return self.lag is not None and self.lag > LATE_AFTER


def standings(viewer: Actor, now: datetime) -> list[Standing]:
    """Return the standing of each site with an accounting that the viewer may see, by code."""
    return [_standing(site, now) for site in _seen(viewer)]


def standing_of(viewer: Actor, code: str, now: datetime) -> Standing:
    """Return the standing of one site; raises `NotFound`, also for a site of a programme that is not the viewer's."""
    found = next((site for site in _seen(viewer) if site.code == code), None)
    if found is None:
        raise NotFound(
            "metering.site.unknown",
            message(
                gettext_noop("There is no site {code} that is metered. See `lionrock metering status`."), code=code
            ),
        )
    return _standing(found, now)


def _seen(viewer: Actor) -> list[Site]:
    sites = Site.objects.filter(driver="slurm").order_by("code")
    return [site for site in sites if viewer.sees_programme(site.programme)]


def _standing(site: Site, now: datetime) -> Standing:
    collection = Collection.objects.filter(site=site).first()
    return Standing(
        site,
        collection,
        now - collection.through if collection else None,
        HeldRow.objects.filter(site=site).count(),
        MeteredRun.objects.filter(site=site, end__isnull=True).count(),
        Reconciliation.objects.filter(site=site, agrees=False).count(),
    )


def held_rows(viewer: Actor, site: str | None = None) -> QuerySet[HeldRow]:
    """Return what is held, the oldest first, of one site or all that the viewer may see."""
    held = HeldRow.objects.filter(site__in=_seen(viewer)).select_related("site").order_by("since", "pk")
    return held.filter(site__code=site) if site else held


def reconciliations(viewer: Actor, site: str) -> QuerySet[Reconciliation]:
    """Return the spans of a site that were compared, the latest first."""
    return Reconciliation.objects.filter(site__in=_seen(viewer), site__code=site).order_by("-start", "-end")


def outcomes_of(site: Site, start: datetime, end: datetime) -> dict[str, tuple[int, int]]:
    """Return runs and busy seconds by what became of them, of the runs of a site that began in a span."""
    runs = MeteredRun.objects.filter(site=site, start__gte=start, start__lt=end).order_by()
    rows = (
        runs.values("outcome").annotate(runs=Count("pk"), seconds=Sum("busy")).values_list("outcome", "runs", "seconds")
    )
    return {outcome: (count, int(seconds)) for outcome, count, seconds in rows}
