"""Who may do what with sites, and with what it is tried; see tests/people/rows.py and tests/config/rows.py."""

from __future__ import annotations

import json

from tests.calls.world import NOW, OPERATOR
from tests.config import rows as pages
from tests.config.rows import OWN, CommandRow, PageRow
from tests.people import rows as people
from tests.people.rows import ActionRow

from lionrock.people.models import Person
from lionrock.sites.actions import connect_site, register_site
from lionrock.sites.models import Site

CLUSTER = "rows-cluster"
AWAY = {"cluster": "rows", "folder": "/nowhere", "conf": "/nowhere/slurm.conf"}
ADMIN = {"cluster_admin"}
LOOKS = {"cluster_admin", "office", "auditor"}


def cluster(_: people.Scene | pages.Scene) -> str:
    """Put a cluster on file that does not answer, and return its code; once for each scene."""
    if not Site.objects.filter(code=CLUSTER).exists():
        given = {"name": "A cluster", "programme": OWN, "driver": "slurm"}
        register_site(actor=OPERATOR, code=CLUSTER, now=NOW, **given)
        connect_site(actor=OPERATOR, site=CLUSTER, connection=AWAY, now=NOW)
    return CLUSTER


def somebody(scene: people.Scene | pages.Scene) -> str:
    """Return the address of a person on file who has no account on the cluster."""
    cluster(scene)
    return Person.objects.exclude(logins__site__code=CLUSTER).order_by("id").values_list("email", flat=True)[0]


def connection(scene: pages.Scene) -> str:
    """Write a connection into a file, and return its name."""
    file = scene.usage.with_name("connection.json")
    file.write_text(json.dumps(AWAY))
    return str(file)


POOL = {"partition": "h800", "device": "gres/gpu:h800", "item": "h800-node", "devices_per_unit": 8}
ACTIONS = {
    "sites.connect_site": ActionRow("cluster_admin", lambda scene: {"site": cluster(scene), "connection": AWAY}),
    "sites.add_pool": ActionRow("cluster_admin", lambda scene: {"site": cluster(scene), **POOL}),
    "sites.add_login": ActionRow(
        "cluster_admin", lambda scene: {"site": cluster(scene), "person": somebody(scene), "username": "ada"}
    ),
    "sites.discover_site": ActionRow("cluster_admin", lambda scene: {"site": cluster(scene)}),
}
AT = "--at 2026-03-02T10:00+08:00"
COMMANDS = {
    ("site", "connect"): CommandRow(ADMIN, lambda scene: f"{cluster(scene)} {connection(scene)} {AT}"),
    ("site", "discover"): CommandRow(ADMIN, lambda scene: f"{cluster(scene)} {AT}", ends=frozenset({7})),
    ("site", "pool", "add"): CommandRow(
        ADMIN, lambda scene: f"{cluster(scene)} h800 --device gres/gpu:h800 --item h800-node --devices-per-unit 8 {AT}"
    ),
    ("site", "pool", "list"): CommandRow(LOOKS, cluster),
    ("site", "login", "add"): CommandRow(ADMIN, lambda scene: f"{cluster(scene)} {somebody(scene)} ada {AT}"),
    ("site", "login", "list"): CommandRow(LOOKS, cluster),
}
PAGES = {
    "sites:list": PageRow(LOOKS, shows=cluster),
    "sites:show": PageRow(LOOKS, lambda scene: [cluster(scene)]),
}
ELSEWHERE_RECORDED = {"sites.discover_site": "asks a cluster that answers: tests/slurm/test_discovery.py"}
