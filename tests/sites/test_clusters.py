"""Connecting clusters, finding what they have, and showing it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client
from tests.calls.world import OPERATOR

from lionrock.kernel.errors import Conflict, Invalid, NotFound, Unavailable
from lionrock.people.models import Person, RoleGrant
from lionrock.sites import pages
from lionrock.sites.actions import add_login, add_pool, connect_site, discover_site, discovering, register_site
from lionrock.sites.commands import site as site_command
from lionrock.sites.domain.connections import faults_of
from lionrock.sites.domain.discovery import Kind, OnFile, differences, measured_pools, remarks
from lionrock.sites.domain.inventory import Inventory, nodes, pairs, partitions, settings
from lionrock.sites.models import Site
from lionrock.sites.slurm.commands import slurm_of

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
CONNECTION = {"cluster": "centre", "folder": "/shared/lionrock", "as_user": ["sudo", "-u", "{user}", "--"]}

OLD = """\
NodeName=cpu-1 Arch=x86_64 CPUAlloc=2 CPUEfctv=64 CPUTot=64 Gres=(null) Version=22.05.8 OS=Linux 6.1 #1 SMP @0  \
RealMemory=512000 State=MIXED Partitions=cpu,all  BootTime=1795353627 CfgTRES=cpu=64,mem=500G,billing=64 \
AllocTRES=cpu=2,mem=2000M
NodeName=h800-1 Arch=x86_64 CPUAlloc=0 CPUTot=64 Gres=gpu:h800:8(S:0-1) RealMemory=512000 State=IDLE \
Partitions=h800,all  CfgTRES=cpu=64,mem=500G,billing=64,gres/gpu=8,gres/gpu:h800=8 AllocTRES=
NodeName=h800-2 Arch=x86_64 CPUAlloc=0 CPUTot=64 Gres=gpu:h800:8 RealMemory=512000 State=IDLE+DRAIN \
Partitions=h800,all  CfgTRES=cpu=64,mem=500G,billing=64,gres/gpu=8,gres/gpu:h800=8 AllocTRES= \
Reason=State=IDLE Gres=gpu:x:99 | broken "fan" [root@2026-11-22T11:00:00]
"""
NEW = """\
NodeName=h20-1 Arch=x86_64 CoresPerSocket=1 CPUAlloc=0 CPUEfctv=64 CPUTot=64 Gres=gpu:h20:8 Version=24.11.5 \
RealMemory=512000 State=IDLE* Partitions=h20 BootTime=1795353627 LastBusyTime=1795353627 ResumeAfterTime=None \
CfgTRES=cpu=64,mem=500G,billing=64,gres/gpu=8,gres/gpu:h20=8 AllocTRES=gres/gpu:h20=3 CurrentWatts=0 AveWatts=0
"""
SAFE = {
    "AccountingStorageEnforce": "associations,limits,qos,safe",
    "AccountingStorageTRES": "cpu,gres/gpu,gres/gpu:h800,gres/gpu:h20",
    "PriorityDecayHalfLife": "00:00:00",
    "PriorityType": "priority/multifactor",
}
FOUND = Inventory(nodes(OLD), partitions("PartitionName=h800 State=UP Nodes=h800-[1-2]\n\n"), SAFE, "22.05.8")


# -- reading


def test_nodes_of_both_versions() -> None:
    cpu, healthy, broken = nodes(OLD)
    assert (cpu.devices, cpu.used, cpu.partitions, cpu.is_out) == ({"cpu": 64}, {"cpu": 2}, ("cpu", "all"), False)
    assert healthy.devices["gres/gpu:h800"] == 8
    assert (broken.state, broken.is_out) == ("IDLE+DRAIN", True)
    assert broken.devices["gres/gpu:h800"] == 8
    (new,) = nodes(NEW)
    assert (new.devices["gres/gpu:h20"], new.used, new.is_out) == (8, {"gres/gpu:h20": 3}, True)


def test_a_reason_can_say_anything_and_changes_nothing() -> None:
    assert pairs("NodeName=a State=IDLE Reason=x State=DOWN NodeName=b")["State"] == "IDLE"


@pytest.mark.parametrize("text", ["", "\n\n", "No nodes in the system", "=", "slurm_load_node error: x=y"])
def test_answers_without_nodes_are_none(text: str) -> None:
    assert nodes(text) == ()


def test_settings_and_partitions() -> None:
    said = (
        "Configuration data as of 2026\nClusterName             = centre\nAccountingStorageTRES   = cpu,gres/gpu:a=b\n"
    )
    assert settings(said) == {"ClusterName": "centre", "AccountingStorageTRES": "cpu,gres/gpu:a=b"}
    assert [(one.name, one.nodes) for one in FOUND.partitions] == [("h800", "h800-[1-2]")]


def test_a_pool_for_each_device_of_each_partition() -> None:
    assert [(one.name, one.device, one.nodes, one.devices_per_node) for one in measured_pools(FOUND)] == [
        ("all-cpu", "cpu", 1, 64),
        ("all-h800", "gres/gpu:h800", 2, 8),
        ("cpu", "cpu", 1, 64),
        ("h800", "gres/gpu:h800", 2, 8),
    ]


def test_what_differs() -> None:
    filed = [
        OnFile("h800", "h800", "gres/gpu:h800", 1, 8, "h800-node"),
        OnFile("cpu", "cpu", "cpu", 1, 64),
        OnFile("old", "old", "gres/gpu:v100", 4, 4),
        OnFile("gone-already", "older", "gres/gpu:k80", 0, 4),
    ]
    assert [(one.kind, one.pool) for one in differences(filed, measured_pools(FOUND))] == [
        (Kind.NEW, "all-cpu"),
        (Kind.NEW, "all-h800"),
        (Kind.CHANGED, "h800"),
        (Kind.GONE, "old"),
    ]


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"AccountingStorageEnforce": "associations,limits,qos"}, "lacks safe"),
        ({"PriorityDecayHalfLife": "7-00:00:00"}, "PriorityDecayHalfLife is 7-00:00:00"),
        ({"PriorityType": "priority/basic"}, "only priority/multifactor"),
        ({"AccountingStorageTRES": "cpu,gres/gpu"}, "does not count gres/gpu:h800"),
    ],
)
def test_settings_with_which_no_budget_holds_are_named(changed: dict[str, str], word: str) -> None:
    assert not remarks(FOUND)
    said = remarks(Inventory(FOUND.nodes, FOUND.partitions, SAFE | changed))
    assert [word in str(one) for one in said] == [True]


@pytest.mark.parametrize(
    ("connection", "fields"),
    [
        (CONNECTION, []),
        ({}, ["cluster", "folder"]),
        (CONNECTION | {"as_user": ["sudo"]}, ["as_user"]),
        (CONNECTION | {"as_user": "sudo -u {user}"}, ["as_user"]),
        (CONNECTION | {"folder": "/shared/../etc"}, ["folder"]),
        (CONNECTION | {"conf": "slurm.conf", "service_user": "a b"}, ["conf", "service_user"]),
        (CONNECTION | {"longest_seconds": True}, ["longest_seconds"]),
        (CONNECTION | {"password": "x"}, ["password"]),
    ],
)
def test_what_is_wrong_with_a_connection(connection: dict[str, object], fields: list[str]) -> None:
    faults = faults_of(connection)
    assert [fault.field for fault in faults] == fields
    assert all("{" not in str(fault.message).replace("{user}", "") for fault in faults)


# -- on file


@pytest.fixture
def centre(db: None) -> Site:
    given = {"name": "Centre", "programme": "hk-aiss", "driver": "slurm"}
    register_site(actor=OPERATOR, code="centre", now=NOW, **given)
    return connect_site(actor=OPERATOR, site="centre", connection=CONNECTION, now=NOW)


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (discovering, pages):
        monkeypatch.setattr(module, "inventory", lambda *_, **__: FOUND)


def offers(site: Site) -> list[tuple[str, str, int, int]]:
    return list(site.pools.order_by("name").values_list("name", "item", "nodes", "devices_per_node"))


def test_discovering_shows_first_and_takes_over_when_told(centre: Site, answering: None) -> None:
    add_pool(
        actor=OPERATOR,
        site="centre",
        partition="h800",
        device="gres/gpu:h800",
        item="h800-node",
        devices_per_unit=8,
        now=NOW,
    )
    shown = discover_site(actor=OPERATOR, site="centre", now=NOW)
    assert len(shown.differences) == 4
    assert offers(centre) == [("h800", "h800-node", 0, 0)]
    discover_site(actor=OPERATOR, site="centre", now=LATER, apply=True)
    assert offers(centre)[-1] == ("h800", "h800-node", 2, 8)
    assert discover_site(actor=OPERATOR, site="centre", now=LATER).differences == ()
    centre.refresh_from_db()
    assert (centre.seen_at, centre.seen["version"], len(centre.seen["nodes"])) == (LATER, "22.05.8", 3)


def test_a_pool_says_what_is_wrong_all_at_once(centre: Site) -> None:
    with pytest.raises(Invalid) as refused:
        add_pool(
            actor=OPERATOR,
            site="centre",
            partition="-p",
            device="gres/gpu",
            item="gold",
            devices_per_unit=0,
            name="ok",
            now=NOW,
        )
    assert [fault.field for fault in refused.value.faults] == ["partition", "device", "item", "devices_per_unit"]


def test_an_account_belongs_to_one_person(centre: Site) -> None:
    ada = Person.objects.create(email="ada@example.org", name="Ada", created_at=NOW)
    Person.objects.create(email="ben@example.org", name="Ben", created_at=NOW)
    assert str(add_login(actor=OPERATOR, site="centre", person=ada.email, username="ada", now=NOW)) == "ada@centre"
    for person, username, kind in (
        ("ben@example.org", "ada", Conflict),
        ("ada@example.org", "ada2", Conflict),
        ("nobody@example.org", "nobody", NotFound),
        ("ben@example.org", "Ben; rm", Invalid),
    ):
        with pytest.raises(kind):
            add_login(actor=OPERATOR, site="centre", person=person, username=username, now=NOW)


def test_a_site_that_nobody_connected_says_so(db: None) -> None:
    given = {"name": "Lone", "programme": "hk-aiss", "driver": "slurm"}
    lone = register_site(actor=OPERATOR, code="lone", now=NOW, **given)
    with pytest.raises(Unavailable) as away:
        slurm_of(lone)
    assert away.value.code == "sites.slurm.not_connected"


def test_from_the_terminal(centre: Site, answering: None, tmp_path: Path) -> None:
    file = tmp_path / "connection.json"
    file.write_text(json.dumps(CONNECTION | {"conf": "/etc/slurm/slurm.conf"}))
    connected = CliRunner().invoke(site_command, ["connect", "centre", str(file)])
    assert (connected.exit_code, "is connected" in connected.output) == (0, True)
    shown = CliRunner().invoke(site_command, ["discover", "centre"])
    assert "What is on file differs" in shown.output
    taken = json.loads(CliRunner().invoke(site_command, ["discover", "centre", "--apply", "--json"]).output)
    assert (taken["nodes"], len(taken["differences"])) == (3, 4)
    assert "agrees with it" in CliRunner().invoke(site_command, ["discover", "centre"]).output
    listed = json.loads(CliRunner().invoke(site_command, ["pool", "list", "centre", "--json"]).output)
    assert [pool["name"] for pool in listed] == ["all-cpu", "all-h800", "cpu", "h800"]


@pytest.mark.parametrize("text", ["", "[]", "{", "cluster: x"])
def test_a_file_that_is_no_connection_is_refused(centre: Site, tmp_path: Path, text: str) -> None:
    file = tmp_path / "connection.json"
    file.write_text(text)
    result = CliRunner().invoke(site_command, ["connect", "centre", str(file)])
    assert isinstance(result.exception, Invalid | SystemExit)
    assert result.exit_code != 0


def admin(client: Client) -> Client:
    person = Person.objects.create(email="admin@example.org", name="Admin", created_at=NOW)
    RoleGrant.objects.create(person=person, role="cluster_admin", programme="hk-aiss", granted_at=NOW)
    client.force_login(person)
    return client


def test_the_page_shows_nodes_pools_and_what_differs(centre: Site, answering: None, client: Client) -> None:
    text = admin(client).get("/sites/centre").content.decode()
    for word in (
        "Slurm 22.05.8",
        "One node takes no jobs",
        "h800-2",
        "IDLE+DRAIN",
        "not on file",
        "broken &quot;fan&quot; [root@",
    ):
        assert word in text, word


def test_the_page_of_a_cluster_that_is_away_shows_what_was_noted(
    centre: Site, answering: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    discover_site(actor=OPERATOR, site="centre", now=NOW, apply=True)
    monkeypatch.undo()
    text = admin(client).get("/sites/centre").content.decode()
    assert "does not answer now" in text
    assert "1 × IDLE+DRAIN" in text
    assert "gres/gpu:h800" in text
