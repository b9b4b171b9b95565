"""`lionrock site`: where jobs run."""

from __future__ import annotations

from datetime import datetime

import click

from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.sites.actions import register_site
from lionrock.sites.drivers.registry import DRIVERS
from lionrock.sites.queries import sites
from lionrock.terminal.clock import at_option
from lionrock.terminal.output import Table, json_option, show

_COLUMNS = ("code", "name", "name_zh_hant", "name_zh_hans", "time_zone", "programme", "driver")


@click.group()
def site() -> None:
    """Sites, where jobs run: add, list."""


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
