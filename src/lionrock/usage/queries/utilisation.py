"""Use against capacity in a period: by site, pool, programme, category or award."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from lionrock.allocations.domain.naming import award_of
from lionrock.allocations.models import Allocation
from lionrock.awards.models import Award
from lionrock.kernel.errors import NotAllowed, NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import Interval
from lionrock.metering.models import Collection
from lionrock.people.domain import Actor
from lionrock.rules.items import Mode
from lionrock.sites.models import Pool, Site
from lionrock.usage.domain.capacity import Capacity, Reading, capacity_in, granted_in, share_of, together
from lionrock.usage.domain.figures import By, Figure, Key, Piece, Used, add_up, by_step
from lionrock.usage.domain.periods import Period
from lionrock.usage.models import CapacityReading
from lionrock.usage.queries.scope import awards_seen, scope_of, sees_all_of_something, sites_seen
from lionrock.usage.reading import metered, recorded

OUTSIDE = "outside"
"""The category of use under no award of the programme's."""


class Asked(NamedTuple):
    """What is asked for: a period, what the rows are, and perhaps one site alone."""

    period: Period
    by: By
    site: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A step of the period: its first day, what was used of a device, and of which capacity."""

    first: date
    used: Used
    capacity: Capacity | None

    @property
    def share(self) -> Fraction | None:
        """Utilisation of the step; None where it is not known."""
        return share_of(self.used.seconds, self.capacity.seconds if self.capacity else None)


@dataclass(frozen=True, slots=True)
class Report:
    """Use of a period. `counted` is as far as the period has gone; `series` has a row of bars for each device.

    `unplaced` are seconds of runs in partitions that are no pool: they are in no figure. `read_to` says up
    to when each cluster's accounting was read.
    """

    asked: Asked
    counted: Interval
    figures: tuple[Figure, ...]
    series: dict[str, tuple[Bar, ...]]
    unplaced: int
    read_to: dict[str, datetime]
    quotas: dict[tuple[str, str], int] = field(default_factory=dict)
    awards: dict[str, Award] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)


def utilisation(viewer: Actor, asked: Asked, now: datetime) -> Report:
    """Return the use of a period against its capacity; a constant number of queries.

    By site, pool, programme and category for who sees all of a programme; by award for everybody, each
    of the own awards. Raises `NotAllowed`, `NotFound` for a site that the viewer does not know.
    """
    if asked.by is not By.AWARD and not sees_all_of_something(viewer):
        said = gettext_noop("How much of a centre is used is for those who work for its programme. Ask by award.")
        raise NotAllowed("usage.report.staff", message(said))
    world = _World.load(viewer, asked)
    counted = asked.period.until(now)
    pieces, unplaced = world.pieces(asked)
    given = _given(world, counted) if asked.by is By.AWARD else {}
    series = {} if asked.by is By.AWARD else _series(world, asked.period, counted, pieces)
    return Report(
        asked=asked,
        counted=counted,
        figures=tuple(_figures(world, asked.by, pieces, counted, given)),
        series=series,
        unplaced=unplaced,
        read_to={world.sites[key].code: through for key, through in world.read_to.items()},
        quotas={key: each.quota for key, each in given.items()},
        awards=world.awards,
        sites={site.code: site for site in world.sites.values()},
    )


@dataclass
class _World:
    """What the figures of a viewer rest on: sites and pools, readings of capacity, awards and their categories.

    The awards themselves are there only where it is by award that is asked.
    """

    viewer: Actor
    only: str
    sites: dict[int, Site]
    pools: dict[int, Pool]
    readings: dict[tuple[int, str, str], list[Reading]]
    awards: dict[str, Award]
    categories: dict[str, str]
    read_to: dict[int, datetime]
    accounted: dict[int, datetime]

    @classmethod
    def load(cls, viewer: Actor, asked: Asked) -> _World:
        """Read all of it; raises `NotFound` for a site that the viewer does not know."""
        only, awards = asked.site, awards_seen(viewer).order_by("code")
        everything = {site.pk: site for site in Site.objects.order_by("code")}
        seen = set(sites_seen(viewer).values_list("pk", flat=True))
        sites = {pk: site for pk, site in everything.items() if not only or site.code == only}
        if only and not sites:
            said = message(gettext_noop("There is no site {code}. See `lionrock site list`."), code=only)
            raise NotFound("usage.site.unknown", said)
        readings: dict[tuple[int, str, str], list[Reading]] = defaultdict(list)
        for row in CapacityReading.objects.filter(site__in=seen).order_by("since"):
            readings[row.site_id, row.pool, row.device].append(Reading(row.since, row.devices, row.down))
        collections = {row.site_id: row for row in Collection.objects.all()}
        return cls(
            viewer=viewer,
            only=only,
            sites=sites,
            pools={pool.pk: pool for pool in Pool.objects.order_by("pk")},
            readings=readings,
            awards={award.code: award for award in awards} if asked.by is By.AWARD else {},
            categories=dict(awards.values_list("code", "application__category")),
            read_to={pk: row.through for pk, row in collections.items() if pk in sites and pk in seen},
            accounted={pk: row.since for pk, row in collections.items()},
        )

    def pieces(self, asked: Asked) -> tuple[list[Piece], int]:
        """Return the pieces of use, and the seconds of runs outside all pools."""
        edges, scope = asked.period.edges(), scope_of(self.viewer)
        found, unplaced = [], 0
        for row in metered(edges, scope):
            if row.site not in self.sites:
                continue
            if row.pool is None:
                unplaced += row.seconds
                continue
            site, pool = self.sites[row.site], self.pools[row.pool]
            award = award_of(row.account) or ""
            known = self._award(award)
            lent = row.account.endswith(".lent")
            found.append(Piece(row.step, site.code, site.programme, pool.name, pool.device, *known, lent, row.seconds))
        sold = self.sold()
        for each in recorded(edges, scope):
            if self.only and each.site != self.only:
                continue
            name, device, per = sold.get((each.site, each.item), ("", each.item, 1))
            place = (each.step, each.site, each.programme, name, device)
            found.append(Piece(*place, *self._award(each.award), False, each.seconds * per))
        return [piece for piece in found if self._may_see(asked.by, piece)], unplaced

    def _award(self, code: str) -> tuple[str, str]:
        category = self.categories.get(code)
        return ("", OUTSIDE) if category is None else (code, category)

    def _may_see(self, by: By, piece: Piece) -> bool:
        """Tell whether a piece is in the report: of a centre only what the viewer sees all of."""
        return by is By.AWARD or self.viewer.sees_programme(piece.programme)

    def sold(self) -> dict[tuple[str, str], tuple[str, str, int]]:
        """Return pool, device and devices in a unit for each item of a site; no pool where several sell it."""
        found: dict[tuple[str, str], tuple[str, str, int]] = {}
        for pool in self.pools.values():
            site = self.sites.get(pool.site_id)
            if site and pool.item:
                key = (site.code, pool.item)
                name = "" if key in found else pool.name
                found[key] = (name, pool.device, pool.devices_per_unit)
        return found

    @property
    def codes(self) -> dict[int, str]:
        """The codes of the awards by their numbers."""
        return {award.pk: code for code, award in self.awards.items()}

    def accounted_items(self) -> set[str]:
        """Return the items that are sold where a cluster accounts for all that runs."""
        return {pool.item for pool in self.pools.values() if pool.site_id in self.accounted}

    def seen_sites(self) -> list[Site]:
        """Return the sites of which the viewer sees all."""
        return [site for site in self.sites.values() if self.viewer.sees_programme(site.programme)]

    def pools_of(self, site: Site) -> list[Pool]:
        """Return the pools of a site."""
        return [pool for pool in self.pools.values() if pool.site_id == site.pk]

    def devices_of(self, site: Site) -> list[str]:
        """Return the kinds of device that a site offers."""
        return sorted({pool.device for pool in self.pools_of(site)})

    def of_pool(self, site: Site, pool: Pool, span: Interval) -> Capacity | None:
        """Return the capacity of a pool: as it was noted over time, else as it is on file.

        It counts from when the pool came on file, or from where the cluster's accounting is read on if that is earlier.
        """
        on_file = Reading(pool.created_at, pool.nodes * pool.devices_per_node, None)
        since = min(pool.created_at, self.accounted.get(site.pk, pool.created_at))
        return capacity_in(self.readings.get((site.pk, pool.name, pool.device)) or [on_file], span, since)

    def of_site(self, site: Site, device: str, span: Interval) -> Capacity | None:
        """Return the capacity of a site in one kind of device: each node once, where nodes were ever seen."""
        noted = self.readings.get((site.pk, "", device))
        pools = [pool for pool in self.pools_of(site) if pool.device == device]
        if noted and pools:
            first = min(pool.created_at for pool in pools)
            return capacity_in(noted, span, min(first, self.accounted.get(site.pk, first)))
        return together(self.of_pool(site, pool, span) for pool in pools)

    def of_programme(self, programme: str, device: str, span: Interval) -> Capacity | None:
        """Return the capacity of all sites of a programme that offer a kind of device."""
        sites = [site for site in self.seen_sites() if site.programme == programme and device in self.devices_of(site)]
        return together(self.of_site(site, device, span) for site in sites)


def _figures(
    world: _World, by: By, pieces: Sequence[Piece], counted: Interval, given: dict[tuple[str, str], Given]
) -> list[Figure]:
    used = add_up(pieces, by)
    if by is By.AWARD:
        return _by_award(world, used, given)
    keys = {*used, *_offered(world, by)}
    return [Figure(key, used.get(key, Used()), _capacity(world, by, key, counted)) for key in sorted(keys)]


def _offered(world: _World, by: By) -> Iterable[Key]:
    """Yield the rows that there are although nobody used anything of them."""
    for site in world.seen_sites():
        for pool in world.pools_of(site):
            if by is By.POOL:
                yield Key(site.programme, site.code, pool.name, pool.device)
            elif by is By.SITE:
                yield Key(site.programme, site.code, "", pool.device)
            elif by is By.PROGRAMME:
                yield Key(site.programme, "", "", pool.device)


def _capacity(world: _World, by: By, key: Key, span: Interval) -> Capacity | None:
    if by in {By.PROGRAMME, By.CATEGORY}:
        return world.of_programme(key.programme, key.device, span)
    site = next((site for site in world.sites.values() if site.code == key.site), None)
    if site is None:
        return None
    if by is By.SITE:
        return world.of_site(site, key.device, span)
    pool = next((pool for pool in world.pools_of(site) if (pool.name, pool.device) == (key.name, key.device)), None)
    return world.of_pool(site, pool, span) if pool else None


class Given(NamedTuple):
    """What an award gives: the part of its quota that falls into a period, and all of it, in device-seconds."""

    capacity: Capacity
    quota: int


def _by_award(world: _World, used: dict[Key, Used], given: dict[tuple[str, str], Given]) -> list[Figure]:
    """Return the use of each award of what its quota gives in the span, spread evenly over its time."""
    found = []
    for key, each in used.items():
        gives = given.get((key.name, key.device))
        found.append(Figure(key, each, gives.capacity if gives else None))
    seen = {(key.name, key.device) for key in used}
    found += [
        Figure(Key(world.awards[award].programme, "", award, device), Used(), gives.capacity)
        for (award, device), gives in given.items()
        if (award, device) not in seen
    ]
    return sorted(found, key=lambda figure: figure.key)


def _given(world: _World, span: Interval) -> dict[tuple[str, str], Given]:
    """Return what each award gives in the span, in the devices of the pools that sell its item.

    A lease is left out where no cluster accounts for what runs on it: nobody knows its use. Where one
    site alone is asked for, so is what it does not sell.
    """
    sold = {item: (device, per) for (_, item), (_, device, per) in world.sold().items()}
    accounted, codes = world.accounted_items(), world.codes
    latest: dict[str, Allocation] = {}
    for row in Allocation.objects.filter(award__code__in=world.awards).order_by("number"):
        latest[codes[row.award_id]] = row
    found = {}
    for code, row in latest.items():
        device, per = sold.get(row.item, (row.item, 1))
        if world.awards[code].mode == Mode.LEASE.value and row.item not in accounted:
            continue
        if world.only and row.item not in sold:
            continue
        reach = Interval(row.starts, row.ends)
        usable = reach.overlap(Interval(span.start, min(span.end, row.closed_at or span.end)))
        if usable:
            quota = row.device_seconds * per
            found[code, device] = Given(Capacity(granted_in(quota, reach, usable)), quota)
    return found


def _series(world: _World, period: Period, counted: Interval, pieces: Sequence[Piece]) -> dict[str, tuple[Bar, ...]]:
    """Return the steps of the period for each kind of device, of all sites together."""
    starts, edges = period.starts(), period.edges()
    offered = {device for site in world.seen_sites() for device in world.devices_of(site)}
    devices = sorted({piece.device for piece in pieces} | offered)
    steps = [Interval(*pair).overlap(counted) for pair in pairwise(edges)]
    return {
        device: tuple(
            Bar(first, used, _of_all(world, device, step) if step else None)
            for first, used, step in zip(starts, by_step(pieces, device, len(starts)), steps, strict=True)
        )
        for device in devices
    }


def _of_all(world: _World, device: str, span: Interval) -> Capacity | None:
    sites = [site for site in world.seen_sites() if device in world.devices_of(site)]
    return together(world.of_site(site, device, span) for site in sites)
