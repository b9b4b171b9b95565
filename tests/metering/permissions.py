"""Who may do what with metering, and with what it is tried; see tests/people/rows.py and tests/config/rows.py."""

from __future__ import annotations

from typing import Any

from tests.calls.world import NOW
from tests.config.rows import EVERYBODY, OWN, SEE_ALL, CommandRow, PageRow
from tests.people.rows import ActionRow

from lionrock.metering.models import HeldRow
from lionrock.sites.models import Site

AWAY = frozenset({7})
"""Who may is told that the cluster does not answer."""
SPAN = "--from 2026-03-01T00:00Z --to 2026-03-01T01:00Z"


def hill() -> str:
    """Put a cluster on file that does not answer, with a row that is held, and return its code; once a scene."""
    site, made = Site.objects.get_or_create(
        code="hill",
        defaults={
            "name": "Hill",
            "time_zone": "Asia/Hong_Kong",
            "programme": OWN,
            "driver": "slurm",
            "connection": {"cluster": "hill", "conf": "/nowhere/slurm.conf"},
            "created_at": NOW,
        },
    )
    if made:
        HeldRow.objects.create(site=site, key="7@1", job="7", code="x.y", template="Held.", since=NOW, seen_at=NOW)
    return site.code


def _span(_scene: object) -> dict[str, Any]:
    start = NOW.replace(minute=0, second=0, microsecond=0)
    return {"site": hill(), "start": start.replace(hour=1), "end": start.replace(hour=2)}


ACTIONS = {
    "metering.collect": ActionRow("cluster_admin", lambda _: {"site": hill()}),
    "metering.reconcile": ActionRow("cluster_admin", _span),
}
ELSEWHERE_RECORDED = {
    "metering.collect": "what is passed on is recorded by charging.record_usage",
    "metering.reconcile": "the result is kept, whoever asked for it: tests/metering/test_reconciling.py",
}
COMMANDS = {
    ("metering", "collect"): CommandRow({"cluster_admin"}, lambda _: f"--site {hill()}", ends=AWAY),
    ("metering", "reconcile"): CommandRow({"cluster_admin"}, lambda _: f"--site {hill()} {SPAN}", ends=AWAY),
    ("metering", "status"): CommandRow(
        SEE_ALL, lambda _: f"--at {NOW.isoformat()}{hill()[:0]}", shows=lambda _: "hill"
    ),
    ("metering", "held"): CommandRow(SEE_ALL, lambda _: f"--site {hill()}", shows=lambda _: "Held."),
}
PAGES = {
    "metering:list": PageRow(EVERYBODY),
    "metering:site": PageRow(SEE_ALL, lambda _: [hill()]),
}
