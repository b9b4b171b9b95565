"""`lionrock site`: where jobs run."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.sites.actions import add_login, add_pool, connect_site, discover_site, register_site
from lionrock.sites.actions.discovering import Discovery
from lionrock.sites.domain.discovery import Difference
from lionrock.sites.drivers.registry import DRIVERS
from lionrock.sites.queries import logins, pools, site_looked_after, sites
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, json_option, show

_COLUMNS = ("code", "name", "name_zh_hant", "name_zh_hans", "time_zone", "programme", "driver")


@click.group()
def site() -> None:
    """Sites, where jobs run: add, list, connect, discover, pools, logins."""


@site.command("add")
@click.argument("code")
@click.option("--name", required=True)
@click.option("--name-zh-hant", default="")
@click.option("--name-zh-hans", default="")
@click.option("--programme", required=True, help="The programme whose jobs run there.")
@click.option("--driver", required=True, metavar="|".join(sorted(DRIVERS)), help="What speaks to it.")
@click.option("--time-zone", default="", help="Where its machines stand (default: the programme's zone).")
@as_option
@at_option
def add_site(
    code: str,
    name: str,
    name_zh_hant: str,
    name_zh_hans: str,
    programme: str,
    driver: str,
    time_zone: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Put a site on file.

    Example: lionrock site add local --name "This machine" --programme hk-aiss --driver local
    """
    register_site(
        actor=actor,
        code=code,
        name=name,
        name_zh_hant=name_zh_hant,
        name_zh_hans=name_zh_hans,
        programme=programme,
        driver=driver,
        time_zone=time_zone,
        now=now,
    )
    click.echo(f"{code} is on file.")


@site.command("list")
@as_option
@json_option
def list_sites(actor: Actor, as_json: bool) -> None:
    """List the sites on file.

    Example: lionrock site list
    """
    rows = list(sites(actor).values(*_COLUMNS))
    shown = ("code", "name", "programme", "driver", "time_zone")
    table = Table(
        ["code", "name", "programme", "driver", "time zone"], [[row[column] for column in shown] for row in rows]
    )
    show(rows, table, as_json=as_json)


@site.command("connect")
@click.argument("code")
@click.argument("file", type=click.Path(path_type=Path))
@as_option
@at_option
def connect(code: str, file: Path, actor: Actor, now: datetime) -> None:
    """Say how a cluster is reached: FILE is JSON, with cluster, folder, conf, as_user, service_user.

    Example: lionrock site connect centre connection.json
    """
    connect_site(actor=actor, site=code, connection=_connection(file), now=now)
    click.echo(f"{code} is connected. `lionrock site discover {code}` asks what it has.")


def _connection(file: Path) -> dict[str, Any]:
    try:
        read = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as wrong:
        raise _no_connection(str(file), str(getattr(wrong, "strerror", None) or wrong)) from wrong
    if not isinstance(read, dict):
        raise _no_connection(str(file), "{ }")
    return read


def _no_connection(name: str, why: str) -> Invalid:
    said = message(
        gettext_noop("{file} is not a JSON object with the words of a connection ({why})."), file=name, why=why
    )
    return Invalid("sites.connection.file", said, faults=[Fault("sites.connection.file", said, file=name)])


@site.command("discover")
@click.argument("code")
@click.option("--apply", is_flag=True, help="Put what differs on file.")
@as_option
@at_option
@json_option
def discover(code: str, apply: bool, actor: Actor, now: datetime, as_json: bool) -> None:
    """Ask a cluster what it has, and show how what is on file differs.

    Example: lionrock site discover centre --apply
    """
    found = discover_site(actor=actor, site=code, now=now, apply=apply)
    rows = [_difference(one) for one in found.differences]
    columns = ["", "pool", "device", "on file", "on the cluster"]
    table = Table(columns, [[row[name] for name in ("kind", "pool", "device", "on_file", "measured")] for row in rows])
    summary = {"version": found.inventory.version, "nodes": len(found.inventory.nodes), "applied": apply}
    remarks = [str(remark) for remark in found.remarks]
    if as_json:
        show({**summary, "differences": rows, "remarks": remarks}, table, as_json=True)
        return
    click.echo(_summary(code, found))
    if rows:
        show(rows, table, as_json=False)
    for remark in remarks:
        click.echo(remark)


def _summary(code: str, found: Discovery) -> str:
    has = f"{code} runs Slurm {found.inventory.version} with {len(found.inventory.nodes)} nodes."
    if not found.differences:
        return f"{has} What is on file agrees with it."
    return f"{has} {'Put on file:' if found.applied else 'What is on file differs; --apply takes it over:'}"


def _difference(one: Difference) -> dict[str, str]:
    known = one.on_file or one.measured
    return {
        "kind": one.kind.value,
        "pool": one.pool,
        "device": known.device if known else "",
        "on_file": f"{one.on_file.nodes} × {one.on_file.devices_per_node}" if one.on_file else "–",
        "measured": f"{one.measured.nodes} × {one.measured.devices_per_node}" if one.measured else "–",
    }


@site.group("pool")
def pool() -> None:
    """Which partition offers which price item: add, list."""


@pool.command("add")
@click.argument("code")
@click.argument("partition")
@click.option("--device", required=True, help="What is counted there, with its type: gres/gpu:h800, or cpu.")
@click.option("--item", required=True, help="The price item that it is sold as.")
@click.option(
    "--devices-per-unit", type=click.IntRange(1), default=1, show_default=True, help="Devices in one of the item."
)
@click.option("--name", default="", help="What the pool is called (default: as the partition).")
@as_option
@at_option
def pool_add(
    code: str, partition: str, device: str, item: str, devices_per_unit: int, name: str, actor: Actor, now: datetime
) -> None:
    """Say as which price item the devices of a partition are sold, or say it anew.

    Example: lionrock site pool add centre h800 --device gres/gpu:h800 --item h800-node --devices-per-unit 8
    """
    made = add_pool(
        actor=actor,
        site=code,
        partition=partition,
        device=device,
        item=item,
        devices_per_unit=devices_per_unit,
        name=name,
        now=now,
    )
    click.echo(f"{device} of {partition} at {code} is sold as {made.item}.")


@pool.command("list")
@click.argument("code")
@as_option
@json_option
def pool_list(code: str, actor: Actor, as_json: bool) -> None:
    """List what a site offers.

    Example: lionrock site pool list centre
    """
    columns = ("name", "partition", "device", "item", "devices_per_unit", "nodes", "devices_per_node")
    rows = list(pools(site_looked_after(actor, code)).values(*columns))
    cells = [[str(row[column]) for column in columns] for row in rows]
    show(rows, Table([column.replace("_", " ") for column in columns], cells), as_json=as_json)


@site.group("login")
def login() -> None:
    """Who has which account at a site: add, list."""


@login.command("add")
@click.argument("code")
@click.argument("person")
@click.argument("username")
@as_option
@at_option
def login_add(code: str, person: str, username: str, actor: Actor, now: datetime) -> None:
    """Say which account a person (an e-mail address) has at a site.

    Example: lionrock site login add centre ada@example.org ada
    """
    add_login(actor=actor, site=code, person=person, username=username, now=now)
    click.echo(f"{person} is {username} at {code}.")


@login.command("list")
@click.argument("code")
@as_option
@json_option
def login_list(code: str, actor: Actor, as_json: bool) -> None:
    """List who has an account at a site.

    Example: lionrock site login list centre
    """
    found = logins(site_looked_after(actor, code))
    rows = [{"person": one.person.email, "username": one.username} for one in found]
    show(rows, Table(["person", "username"], [[row["person"], row["username"]] for row in rows]), as_json=as_json)
