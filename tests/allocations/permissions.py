"""Who may do what with limits on clusters and with lending, and with what it is tried; see tests/config/rows.py."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.calls.world import OPERATOR, World
from tests.config import rows as pages
from tests.config.rows import CommandRow, PageRow
from tests.people import rows as people
from tests.people.rows import ActionRow

from lionrock.allocations.actions import lend_idle_nodes
from lionrock.allocations.models import Lending
from lionrock.applications.domain import Request
from lionrock.awards.models import Award
from lionrock.sites.models import Site

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
AT = "--at 2026-03-02T10:00+08:00"
RUN_IT = {"cluster_admin", "office"}
LOOK = {*RUN_IT, "auditor"}
NOT_CONNECTED = frozenset({7})


def cluster(_scene: people.Scene | pages.Scene) -> str:
    """Put a site with a cluster on file that nobody has said how to reach, and return its code."""
    given = {"name": "A centre", "time_zone": "Asia/Hong_Kong", "programme": pages.OWN, "driver": "slurm"}
    return Site.objects.get_or_create(code="asc", defaults={**given, "created_at": NOW})[0].code


def lease(_scene: people.Scene | pages.Scene) -> str:
    """Award a lease, and return its code; once for each scene."""
    found = Award.objects.filter(item="h800-node").first()
    if found is None:
        world = World(request=Request("h800-node", 1, 3, date(2026, 4, 1)))
        world.put_fund("3000000.00", cause="for a lease")
        found = world.awarded(world.open_call())
    return found.code


def lent(scene: people.Scene | pages.Scene) -> str:
    """Award a lease that lends its idle nodes, and return its code."""
    code = lease(scene)
    if not Lending.objects.filter(award__code=code).exists():
        lend_idle_nodes(actor=OPERATOR, award=code, now=NOW)
    return code


ACTIONS = {
    "allocations.lend_idle_nodes": ActionRow("member", lambda scene: {"award": lease(scene)}),
    "allocations.stop_lending": ActionRow("member", lambda scene: {"award": lent(scene)}),
}
NO_PERMISSION = {
    "allocations.push_site": "asks for cluster_admin or office before anything else: tests/allocations/test_pushing.py",
}
COMMANDS = {
    ("allocation", "plan"): CommandRow(LOOK, lambda scene: f"--site {cluster(scene)} {AT}", ends=NOT_CONNECTED),
    ("allocation", "drift"): CommandRow(LOOK, lambda scene: f"--site {cluster(scene)} {AT}", ends=NOT_CONNECTED),
    ("allocation", "push"): CommandRow(RUN_IT, lambda scene: f"--site {cluster(scene)} {AT}", ends=NOT_CONNECTED),
    ("allocation", "use"): CommandRow(LOOK, lambda scene: f"--site {cluster(scene)} {AT}"),
    ("allocation", "lend"): CommandRow({"member"}, lambda scene: f"{lease(scene)} {AT}"),
}
ELSEWHERE = {f"{role} elsewhere" for role in LOOK}
PAGES = {
    "allocations:sites": PageRow(LOOK | ELSEWHERE),
    "allocations:site": PageRow(LOOK, lambda scene: [cluster(scene)]),
    "allocations:push": PageRow(RUN_IT, lambda scene: [cluster(scene)], posted=lambda _: {}),
    "allocations:lend": PageRow({"member"}, lambda scene: [lease(scene)], posted=lambda _: {}),
}
