"""Pages of sites: what each offers, how its nodes are now, and how that differs from what is on file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import Message, gettext_noop
from lionrock.people.viewer import viewer_of
from lionrock.sites.domain.discovery import Difference, Kind, differences, measured_pools, remarks
from lionrock.sites.domain.inventory import Inventory, Node, typed_devices
from lionrock.sites.models import Site
from lionrock.sites.queries import logins, on_file, pools, site_looked_after, sites_looked_after
from lionrock.sites.slurm.commands import slurm_of
from lionrock.sites.slurm.discovering import inventory

PATIENCE_SECONDS = 8
"""How long a page waits for a cluster before it shows what is on file without it."""

_KINDS = {
    Kind.NEW: gettext_noop("not on file"),
    Kind.GONE: gettext_noop("not on the cluster"),
    Kind.CHANGED: gettext_noop("of another size"),
}


@dataclass(frozen=True, slots=True)
class NodeLine:
    """One node in the table: `used` of `total` devices are held by jobs."""

    name: str
    state: str
    is_out: bool
    device: str
    used: int
    total: int
    why: str


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One difference in the table."""

    pool: str
    device: str
    said: str
    on_file: str
    measured: str


@dataclass(frozen=True, slots=True)
class Live:
    """What the cluster said for this page, or why it did not."""

    found: Inventory | None = None
    away: Message | None = None


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the sites that the viewer looks after, with what each offers."""
    sites = [(each, ZoneInfo(each.time_zone)) for each in sites_looked_after(viewer_of(request))]
    return render(request, "sites/list.html", {"sites": sites})


@require_safe
def site(request: HttpRequest, code: str) -> HttpResponse:
    """Show one site: its pools, its nodes as they are now, what differs, and who has an account there."""
    shown = site_looked_after(viewer_of(request), code)
    live = _ask(shown)
    found = live.found
    context = {
        "site": shown,
        "zone": ZoneInfo(shown.time_zone),
        "pools": pools(shown),
        "logins": logins(shown),
        "live": live,
        "nodes": node_lines(found.nodes) if found else [],
        "out": sum(node.is_out for node in found.nodes) if found else 0,
        "differences": [_line(one) for one in differences(on_file(shown), measured_pools(found))] if found else [],
        "remarks": remarks(found) if found else [],
        "seen": _seen(shown),
    }
    return render(request, "sites/show.html", context)


def _ask(shown: Site) -> Live:
    """Ask the cluster, where the site is one and somebody has said how it is reached."""
    if not shown.connection.get("cluster"):
        return Live()
    try:
        return Live(found=inventory(slurm_of(shown), seconds=PATIENCE_SECONDS))
    except Unavailable as away:
        return Live(away=away.message)


def node_lines(nodes: Sequence[Node]) -> list[NodeLine]:
    """Return the rows of the table of nodes: one for each device of a node, those that are out first."""
    lines = [
        NodeLine(node.name, node.state, node.is_out, device, node.used.get(device, 0), total, node.why)
        for node in nodes
        for device, total in typed_devices(node).items()
    ]
    return sorted(lines, key=lambda line: (not line.is_out, line.device, line.name))


def _line(one: Difference) -> DifferenceLine:
    known = one.on_file or one.measured
    return DifferenceLine(
        pool=one.pool,
        device=known.device if known else "",
        said=gettext(_KINDS[one.kind]),
        on_file=f"{one.on_file.nodes} × {one.on_file.devices_per_node}" if one.on_file else "–",
        measured=f"{one.measured.nodes} × {one.measured.devices_per_node}" if one.measured else "–",
    )


def _seen(shown: Site) -> list[tuple[str, int]]:
    """Return in which states the nodes were when they were last noted, and how many of each."""
    return sorted(Counter(node["state"] for node in shown.seen.get("nodes", [])).items())
