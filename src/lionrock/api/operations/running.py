"""Where work runs: sites, their pools and logins, what their clusters hold, what was metered, how they are used."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet

from lionrock.allocations import actions as limiting
from lionrock.allocations.actions.pushing import Pushed
from lionrock.allocations.models import Lending
from lionrock.allocations.queries import compared, sites_for, use_on
from lionrock.api.declared.answers import Shape, facts, plain, printed, shape
from lionrock.api.declared.things import Thing, figures, listed, make
from lionrock.api.domain.tokens import Scope
from lionrock.api.registry import Effect
from lionrock.metering import actions as metering
from lionrock.metering.models import HeldRow, Reconciliation
from lionrock.metering.queries import Standing, held_rows, reconciliations, standing_of, standings
from lionrock.people.domain import Actor
from lionrock.people.programmes import house_zone
from lionrock.sites import actions
from lionrock.sites.actions.discovering import Discovery
from lionrock.sites.models import Login, Pool, Site
from lionrock.sites.queries import logins, pools, site_looked_after
from lionrock.usage.domain.periods import read_period
from lionrock.usage.exports import decimal_share, idle_sheet
from lionrock.usage.queries.efficiency import efficiency
from lionrock.usage.queries.idle import HALF, idle_awards
from lionrock.usage.queries.live import cluster_now, clusters
from lionrock.usage.queries.waiting import queue_waits

_SITE = Thing(
    path="sites/{code}",
    scope=Scope.SITES,
    shape=shape(
        "SiteLookedAfter",
        Site,
        "code name name_zh_hant name_zh_hans time_zone programme driver seen seen_at",
    ),
    find=lambda viewer, code, **_lock: site_looked_after(viewer, code),
    names={"code": "site"},
    reader="read_site",
)
_SITE.read("read_site", "Show a site that one looks after.", pages=("sites:show",))
_SITE.make(actions.register_site, pages=("sites:list",), commands=("site add",))
_SITE.do(actions.connect_site, "connect", pages=("sites:show",), commands=("site connect",))
_POOL = shape(
    "PoolShown", Pool, "site=site.code name partition item device devices_per_unit nodes devices_per_node measured_at"
)
_LOGIN = shape("LoginShown", Login, "site=site.code person=person.email username created_at")
_SITE.do(actions.add_pool, "pools", answers=_POOL, pages=("sites:show",), commands=("site pool add",))
_SITE.do(actions.add_login, "logins", answers=_LOGIN, pages=("sites:show",), commands=("site login add",))


def _pools(viewer: Actor, code: str) -> QuerySet[Pool]:
    return pools(site_looked_after(viewer, code))


def _logins(viewer: Actor, code: str) -> QuerySet[Login]:
    return logins(site_looked_after(viewer, code))


listed(
    "sites/{code}/pools",
    "list_pools",
    "List the pools of a site.",
    _pools,
    _POOL,
    pages=("sites:show",),
    commands=("site pool list",),
)
listed(
    "sites/{code}/logins",
    "list_logins",
    "List who has a login at a site.",
    _logins,
    _LOGIN,
    pages=("sites:show",),
    commands=("site login list",),
)


_CHANGES = facts("SiteDone", changes=list[Any], left=list[Any], notes=list[str])


def _discovered(found: Discovery) -> dict[str, Any]:
    return {"changes": printed(found.differences), "left": [], "notes": printed(found.remarks)}


def _pushed(done: Pushed) -> dict[str, Any]:
    return {
        "changes": [str(each.sentence) for each in done.applied],
        "left": [str(each.sentence) for each in done.left.changes],
        "notes": [str(note) for note in done.left.notes],
    }


for _action, _verb, _told, _page, _command in (
    (actions.discover_site, "discover", _discovered, "sites:show", "site discover"),
    (limiting.push_site, "push", _pushed, "allocations:push", "allocation push"),
):
    _SITE.do(
        _action,
        _verb,
        effect=Effect.APART,
        answers=Shape(_CHANGES.model, whole=_told),
        pages=(_page,),
        commands=(_command,),
    )
_LENDING = shape("LendingShown", Lending, "award=award.code given_at given_by revoked_at revoked_by")
for _lending, _verb in ((limiting.lend_idle_nodes, "lend"), (limiting.stop_lending, "stop-lending")):
    make(
        _lending,
        f"awards/{{code}}/{_verb}",
        Scope.AWARDS,
        _LENDING,
        given={"code": "award"},
        status=HTTPStatus.OK,
        pages=("allocations:lend",),
        commands=("allocation lend",),
    )


def _plan(viewer: Actor, code: str, now: datetime) -> dict[str, Any]:
    found = compared(viewer, code, now)
    changes = [str(each.sentence) for each in found.plan.changes]
    return {"changes": changes, "by_hand": bool(found.drift), "notes": [str(note) for note in found.plan.notes]}


def _counted(viewer: Actor, code: str, now: datetime) -> list[dict[str, Any]]:
    names = ("award", "device", "limit", "counted", "booked", "standing")
    return [{name: getattr(row, name) for name in names} for row in use_on(viewer, code, now)]


figures(
    _plan,
    "sites/{code}/plan",
    name="read_plan",
    said="Tell what a push would change on a cluster, and whether somebody changed it by hand; nothing is changed.",
    pages=("allocations:site",),
    commands=("allocation plan", "allocation drift"),
)
figures(
    _counted,
    "sites/{code}/counted",
    name="read_counted_use",
    said="Show what a cluster has counted of each award beside what is booked, in device-minutes.",
    tell=printed,
    rows=True,
    pages=("allocations:site",),
    commands=("allocation use",),
)
listed(
    "clusters",
    "list_clusters",
    "List the clusters whose limits one looks after.",
    sites_for,
    shape("ClusterShown", Site, "code name programme seen_at"),
    pages=("allocations:sites",),
)

_HELD = shape("HeldMeasure", HeldRow, "number=pk site=site.code key job code raw since seen_at")
_CHECKED = shape(
    "ReconciliationShown",
    Reconciliation,
    "site=site.code start end checked_at agrees reported counted charged differences",
)
listed("held-measures", "list_held_measures", "List what was measured and could not be taken in.", held_rows, _HELD,
       by={"site": "site__code"}, pages=("metering:site",), commands=("metering held",))  # fmt: skip
listed(
    "metering/{site}/reconciliations",
    "list_reconciliations",
    "List the spans of a site in which what was measured, counted and charged was compared.",
    reconciliations,
    _CHECKED,
    pages=("metering:site",),
)


def _standing(each: Standing) -> dict[str, Any]:
    return {
        "site": each.site.code,
        "through": each.collection.through if each.collection else None,
        "lag_seconds": None if each.lag is None else int(each.lag.total_seconds()),
        "late": each.late,
        "held": each.held,
        "running": each.running,
        "differing": each.differing,
    }


def _standings(viewer: Actor, now: datetime) -> list[dict[str, Any]]:
    return [_standing(each) for each in standings(viewer, now)]


def _metered(viewer: Actor, site: str, now: datetime) -> dict[str, Any]:
    return _standing(standing_of(viewer, site, now))


figures(_metered, "metering/{site}", name="read_metering", said="Tell how far a site's accounting was read.",
        tell=printed, pages=("metering:site",), commands=("metering status",))  # fmt: skip
figures(_standings, "metering", name="list_metering", said="Tell how far the accounting of each site was read.",
        tell=printed, rows=True, pages=("metering:list",), commands=("metering status",))  # fmt: skip
make(
    metering.collect,
    "metering/{site}/collect",
    Scope.SITES,
    facts("MeteringCollected", site=str, tally=dict[str, int]),
    effect=Effect.APART,
    status=HTTPStatus.OK,
    commands=("metering collect",),
)
make(
    metering.reconcile,
    "metering/{site}/reconcile",
    Scope.SITES,
    _CHECKED,
    effect=Effect.APART,
    status=HTTPStatus.OK,
    commands=("metering reconcile",),
)


def _clusters(viewer: Actor) -> list[dict[str, Any]]:
    return [{"code": each.code, "name": each.name, "programme": each.programme} for each in clusters(viewer)]


figures(_clusters, "live", name="list_live", said="List the clusters of the programmes that one works for.",
        rows=True, pages=("usage_live:list",))  # fmt: skip
figures(cluster_now, "live/{code}", name="read_live", said="Tell what a cluster is at now, or when it was last seen.",
        pages=("usage_live:show",))  # fmt: skip


def _waits(viewer: Actor, now: datetime, first: str = "", last: str = "") -> list[Any]:
    return list(plain(queue_waits(viewer, read_period(first, last, now, house_zone()))))


def _efficiency(viewer: Actor, now: datetime, first: str = "", last: str = "") -> list[dict[str, Any]]:
    found = efficiency(viewer, read_period(first, last, now, house_zone()))
    names = ("site", "award", "organisation", "jobs", "cpu_jobs", "memory_jobs")
    return [
        {name: getattr(each.of, name) for name in names}
        | {"cpu_share": decimal_share(each.processors), "memory_share": decimal_share(each.memory)}
        for each in found
    ]


def _idle(viewer: Actor, now: datetime, below: Fraction = HALF) -> list[Any]:
    return list(idle_sheet(idle_awards(viewer, now, below)).rows)


figures(_waits, "usage/waits", name="read_waits", said="Tell how long jobs waited, by what they asked for.",
        tell=printed, rows=True, pages=("usage_waits:list", "usage_waits:file"))  # fmt: skip
figures(_efficiency, "usage/efficiency", name="read_efficiency", said="Tell how much of what jobs held they used.",
        tell=printed, rows=True, pages=("usage_efficiency:list", "usage_efficiency:file"),
        commands=("job efficiency",))  # fmt: skip
figures(_idle, "usage/idle", name="read_idle", said="List the awards that used less than a part of what was planned.",
        tell=printed, rows=True, pages=("usage_idle:list", "usage_idle:file"), commands=("usage idle",))  # fmt: skip
