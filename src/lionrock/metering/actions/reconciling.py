"""Reconciling: whether the seconds counted here are those that Slurm itself reports, and charging's."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import connection, transaction

from lionrock.kernel.errors import LionrockError
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import Interval, zone
from lionrock.metering.actions.asking import SACCT_SECONDS
from lionrock.metering.actions.collecting import collect, metered_sites
from lionrock.metering.domain.totals import (
    Difference,
    Totals,
    add_up,
    check_hours,
    compare,
    days_to_compare,
    read_report,
)
from lionrock.metering.models import Collection, Reconciliation
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.queries import holders_of
from lionrock.sites.models import Pool, Site
from lionrock.sites.queries import site_as_actor, site_by_code
from lionrock.sites.slurm.commands import Slurm, slurm_of

AGAIN_AFTER: Final = timedelta(hours=6)
"""A day that differs is compared again after this: somebody may have mended it on the cluster."""


def reconcile(*, actor: Actor, site: str, now: datetime, start: datetime, end: datetime) -> Reconciliation:
    """Compare the device-seconds of a span of whole hours with `sreport`; takes the role cluster_admin.

    Where they differ the span is read again first. What differs then is kept, shown, and told to the
    programme's cluster administrators, once. Raises `Invalid` for parts of hours, `Unavailable` when
    the cluster is away.
    """
    found = site_by_code(actor, site)
    require(actor, Role.CLUSTER_ADMIN, programme=found.programme)
    span = Interval(start, end)
    check_hours(span)
    slurm, devices = slurm_of(found), devices_of(found)
    reported, counted = _reported(slurm, span, devices), counted_in(found, span, devices)
    if compare(reported, counted):
        collect(actor=actor, site=site, now=now, since=start, until=end)
        reported, counted = _reported(slurm, span, devices), counted_in(found, span, devices)
    return _keep(found, span, reported, counted, now)


def reconcile_due(now: datetime) -> int:
    """Compare every day of every site that is over and was not, or differed; return how many were compared."""
    done = 0
    for site in metered_sites():
        try:
            done += sum(_reconcile_day(site, day, now) for day in _due(site, now))
        except LionrockError:
            continue
    return done


def devices_of(site: Site) -> list[str]:
    """Return the devices that a site sells, in the cluster's words."""
    return sorted(set(Pool.objects.filter(site=site).values_list("device", flat=True)))


def _due(site: Site, now: datetime) -> list[Interval]:
    state = Collection.objects.filter(site=site).first()
    if state is None or not devices_of(site):
        return []
    days = days_to_compare(state.since, state.through, now, zone(site.time_zone))
    known = Reconciliation.objects.filter(site=site)
    done = {(one.start, one.end) for one in known if one.agrees or one.checked_at > now - AGAIN_AFTER}
    return [day for day in days if (day.start, day.end) not in done]


def _reconcile_day(site: Site, day: Interval, now: datetime) -> int:
    reconcile(actor=site_as_actor(site), site=site.code, now=now, start=day.start, end=day.end)
    return 1


def _reported(slurm: Slurm, span: Interval, devices: list[str]) -> Totals:
    said = slurm.run(
        "sreport",
        "--noheader",
        "--parsable2",
        f"--cluster={slurm.cluster}",
        f"--tres={','.join(devices)}",
        "-t",
        "Seconds",
        "cluster",
        "AccountUtilizationByUser",
        f"start=uts{int(span.start.timestamp())}",
        f"end=uts{int(span.end.timestamp())}",
        "format=Account,Login,TRESName,Used",
        seconds=SACCT_SECONDS,
    )
    return read_report(said, slurm.cluster)


def counted_in(site: Site, span: Interval, devices: list[str]) -> Totals:
    """Return the device-seconds of a span as they are counted here, whoever's they are and whoever pays."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, {"site": site.pk, "start": span.start, "end": span.end})
        rows = [(account, tres, int(busy), int(seconds)) for account, tres, busy, seconds in cursor.fetchall()]
    return add_up(rows, devices)


def _in_charging(site: Site, span: Interval) -> dict[str, int]:
    """Return how many runs charging was told of, and how many of these stand there just so."""
    given: dict[str, int | str | datetime] = {
        "site": site.pk,
        "code": site.code,
        "programme": site.programme,
        "start": span.start,
        "end": span.end,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CHARGED, given)
        told, standing = cursor.fetchone() or (0, 0)
    return {"told": told, "standing": standing}


@transaction.atomic
def _keep(site: Site, span: Interval, reported: Totals, counted: Totals, now: datetime) -> Reconciliation:
    differences = compare(reported, counted)
    charged = _in_charging(site, span)
    kept, _ = Reconciliation.objects.update_or_create(
        site=site,
        start=span.start,
        end=span.end,
        defaults={
            "checked_at": now,
            "agrees": not differences and charged["told"] == charged["standing"],
            "reported": _by_device(reported),
            "counted": _by_device(counted),
            "charged": charged,
            "differences": [asdict(one) for one in differences],
        },
    )
    if not kept.agrees and kept.told_at is None:
        _tell(kept, differences, now)
    return kept


def _by_device(totals: Totals) -> dict[str, int]:
    sums: dict[str, int] = {}
    for (_, device), seconds in sorted(totals.items()):
        sums[device] = sums.get(device, 0) + seconds
    return sums


def _tell(kept: Reconciliation, differences: list[Difference], now: datetime) -> None:
    """Tell the programme's cluster administrators of a day that differs, once."""
    said = message(
        gettext_noop(
            "The use of {site} from {start} to {end} (UTC) is not what Slurm reports: {count} accounts differ. What "
            "differs stands on the page of the site's metering."
        ),
        site=kept.site.code,
        start=f"{kept.start.astimezone(UTC):%Y-%m-%d %H:%M}",
        end=f"{kept.end.astimezone(UTC):%Y-%m-%d %H:%M}",
        count=len({one.account for one in differences}),
    )
    to = holders_of(Role.CLUSTER_ADMIN, programme=kept.site.programme)
    notify(to=to, said=said, about=Subject("metering", kept.site.code), now=now)
    kept.told_at = now
    kept.save(update_fields=["told_at"])


# A run that lies in the span in part counts with that part of its busy seconds.
_COUNTED = """
SELECT account, tres, sum(CASE WHEN "end" IS NULL OR span = busy THEN overlap ELSE busy * overlap / span END),
    sum(overlap)
FROM (
    SELECT account, tres, busy, "end",
        extract(epoch FROM "end" - start)::bigint AS span,
        extract(epoch FROM least(coalesce("end", %(end)s), %(end)s) - greatest(start, %(start)s))::bigint AS overlap
    FROM metering_meteredrun
    WHERE site_id = %(site)s AND start < %(end)s AND ("end" > %(start)s OR "end" IS NULL)
) AS run
GROUP BY account, tres
"""

_CHARGED = """
SELECT count(*), count(*) FILTER (WHERE EXISTS (
    SELECT FROM charging_recordedrun record
    WHERE record.programme = %(programme)s AND record.site = %(code)s AND record.job = run.told_job
        AND record.start = run.told_start AND record.standing AND record."end" = run.told_until
        AND record.award = run.told_award AND record.cluster_key = run.key
))
FROM metering_meteredrun run
WHERE run.site_id = %(site)s AND run.told_until > run.told_start
    AND run.told_start < %(end)s AND run.told_until > %(start)s
"""
