"""`lionrock custody`: data of projects from a terminal."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from lionrock.custody import actions
from lionrock.custody.certificates import certificate_of, certificate_pdf_of
from lionrock.custody.domain.chain import HANDLED, Event, broken, custody_of
from lionrock.custody.models import DataSet
from lionrock.custody.queries.placing import places_seen, zones_of_places
from lionrock.custody.queries.sets import data_set_by_code, data_sets, events_of, transfers_of
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.terminal.clock import at_option, read_instant
from lionrock.terminal.output import Table, json_option, show

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def custody() -> None:
    """Data of projects: places, chain of custody, transfers, certificates."""


@custody.command("place")
@click.argument("code")
@click.option("--programme", required=True)
@click.option("--zone", required=True, help="Such as no_egress, park, gba or open; the rulebook has them.")
@click.option("--why", required=True, help="Why, and who said so.")
@click.option("--name", default="", help="What it is called (default: the site's name).")
@click.option("--partner", is_flag=True, help="A partner runs it.")
@click.option("--abroad", is_flag=True, help="It lies across the border of the programme.")
@as_option
@at_option
def place(
    *, code: str, programme: str, zone: str, why: str, name: str, partner: bool, abroad: bool, actor: Actor,
    now: datetime,
) -> None:  # fmt: skip
    """Say in which zone a site, or another place for data, lies.

    Example: lionrock custody place centre --programme hk-aiss --zone park --why "Plan of the park, sheet 3"
    """
    actions.set_place(
        actor=actor, programme=programme, code=code, zone=zone, why=why, name=name, partner=partner, abroad=abroad,
        now=now,
    )  # fmt: skip
    click.echo(f"{code} lies in the zone {zone}.")


@custody.command("places")
@as_option
@json_option
def places(actor: Actor, as_json: bool) -> None:
    """List the places for data with their zones.

    Example: lionrock custody places
    """
    rows = list(places_seen(actor))
    known = zones_of_places(rows)
    data = [
        {
            "code": row.code,
            "name": row.name,
            "zone": known[row.code].zone,
            "partner": known[row.code].partner,
            "abroad": known[row.code].abroad,
        }
        for row in rows
    ]
    columns = ["code", "name", "zone", "partner", "abroad"]
    show(data, Table(columns, [[str(row[name]) for name in columns] for row in data]), as_json=as_json)


@custody.command("register")
@click.argument("award")
@click.option("--name", required=True)
@click.option("--owner", required=True, help="Who may say in which zone they lie.")
@click.option("--zone", required=True)
@click.option("--personal/--not-personal", default=True, show_default=True)
@click.option("--keep-until", required=True, type=_DAY, help="The last day on which a copy may lie anywhere.")
@click.option("--about", default="")
@as_option
@at_option
def register(
    *, award: str, name: str, owner: str, zone: str, personal: bool, keep_until: datetime, about: str, actor: Actor,
    now: datetime,
) -> None:  # fmt: skip
    """Put data of an award on file; its jobs run only where such data may lie from then on.

    Example: lionrock custody register AW-2026-0007 --name Scans --owner "North Clinic" --zone no_egress
    --keep-until 2027-03-31
    """
    made = actions.register_data_set(
        actor=actor, award=award, name=name, owner=owner, zone=zone, personal=personal,
        keep_until=keep_until.date(), about=about, now=now,
    )  # fmt: skip
    click.echo(f"{made.code} is on file.")


@custody.command("list")
@as_option
@json_option
def list_(actor: Actor, as_json: bool) -> None:
    """List the data sets on file.

    Example: lionrock custody list
    """
    data = [_data(each) for each in data_sets(actor)]
    columns = ["code", "award", "name", "zone", "keep_until", "deleted_at"]
    show(data, Table(columns, [[row[name] or "–" for name in columns] for row in data]), as_json=as_json)


def _data(each: DataSet) -> dict[str, Any]:
    return {
        "code": each.code,
        "award": each.award.code,
        "name": each.name,
        "owner": each.owner,
        "zone": each.zone,
        "personal": each.personal,
        "keep_until": each.keep_until,
        "deleted_at": each.deleted_at,
    }


@custody.command("show")
@click.argument("code")
@as_option
@json_option
def show_(code: str, actor: Actor, as_json: bool) -> None:
    """Show a data set with its chain; a chain that does not seal what is on file ends with an error.

    Example: lionrock custody show DS-2026-0001 --json
    """
    found = data_set_by_code(actor, code)
    events = events_of(found)
    wrong = broken(found.code, events)
    data = {
        **_data(found),
        "lying": [copy.place for copy in custody_of(events).lying],
        "chain": [_event(each) for each in events],
        "broken": list(wrong),
        "transfers": [
            {
                "source": each.source.code,
                "target": each.target.code,
                "instrument": each.instrument,
                "effective": each.effective,
                "filings": [
                    {"number": one.pk, "duty": one.duty, "due": one.due, "done_on": one.done_on}
                    for one in each.filings.all()
                ],
            }
            for each in transfers_of(found)
        ],
    }
    rows = [[each.number, each.kind.value, each.at, each.place, each.by, each.digest[:12]] for each in events]
    show(data, Table(["event", "kind", "at", "place", "by", "seal"], rows), as_json=as_json)
    if wrong:
        click.echo(f"The chain is broken at event {', '.join(map(str, wrong))}.", err=True)
        raise SystemExit(1)


def _event(each: Event) -> dict[str, object]:
    return {name: getattr(each, name) for name in each.__slots__}


@custody.command("record")
@click.argument("code")
@click.argument("kind", type=click.Choice([kind.value for kind in HANDLED]))
@click.option("--place", required=True)
@click.option("--medium", required=True, help="What holds the data, with its number.")
@click.option("--from", "source", default="", help="The place that a copy was made from.")
@click.option("--checksum", default="", help="sha256:… or sha512:…")
@click.option("--witness", default="", help="Who else saw a deletion.")
@click.option("--note", default="", help="How a copy was deleted.")
@click.option("--when", "given", default="", help="When it happened (default: now).")
@as_option
@at_option
def record(
    *, code: str, kind: str, place: str, medium: str, source: str, checksum: str, witness: str, note: str, given: str,
    actor: Actor, now: datetime,
) -> None:  # fmt: skip
    """Append an event to the chain of custody of a data set.

    Example: lionrock custody record DS-2026-0001 arrived --place vault --medium "disk 4711" --checksum sha256:…
    """
    made = actions.record_event(
        actor=actor, data_set=code, kind=kind, place=place, medium=medium, source=source, checksum=checksum,
        witness=witness, note=note, at=read_instant(given) if given else now, now=now,
    )  # fmt: skip
    click.echo(f"Event {made.number} of {code}, seal {made.digest}.")


@custody.command("zone")
@click.argument("code")
@click.argument("zone")
@click.option("--why", required=True, help="Who declared it, where that is written, and why.")
@as_option
@at_option
def zone_(code: str, zone: str, why: str, actor: Actor, now: datetime) -> None:
    """Declare another zone for a data set.

    Example: lionrock custody zone DS-2026-0001 open --why "Letter of the owner of 3 June"
    """
    actions.change_zone(actor=actor, data_set=code, zone=zone, why=why, now=now)
    click.echo(f"{code} is in the zone {zone}.")


@custody.command("transfer")
@click.argument("code")
@click.argument("source")
@click.argument("target")
@click.option("--effective", required=True, type=_DAY, help="The day on which the instrument takes effect.")
@click.option("--instrument", default="", help="Under which the data cross the border.")
@click.option("--prepared-on", type=_DAY, help="The day on which what has to be done before was done.")
@as_option
@at_option
def transfer(
    *, code: str, source: str, target: str, effective: datetime, instrument: str, prepared_on: datetime | None,
    actor: Actor, now: datetime,
) -> None:  # fmt: skip
    """Agree that data go from one place to another; prints what has to be filed, and by when.

    Example: lionrock custody transfer DS-2026-0001 vault partner --effective 2026-12-01
    --instrument gba-standard-contract --prepared-on 2026-11-20
    """
    made = actions.agree_transfer(
        actor=actor, data_set=code, source=source, target=target, effective=effective.date(), instrument=instrument,
        prepared_on=prepared_on.date() if prepared_on else None, now=now,
    )  # fmt: skip
    click.echo(f"{code} may go from {source} to {target}.")
    for each in made.filings.all():
        click.echo(f"Filing {each.pk}, {each.duty}: due on {each.due}.")


@custody.command("file")
@click.argument("number", type=int)
@click.option("--on", "done_on", required=True, type=_DAY)
@click.option("--reference", required=True)
@as_option
@at_option
def file(number: int, done_on: datetime, reference: str, actor: Actor, now: datetime) -> None:
    """Note that something was filed.

    Example: lionrock custody file 3 --on 2026-12-10 --reference F-123
    """
    day: date = done_on.date()
    actions.record_filing(actor=actor, filing=number, done_on=day, reference=reference, now=now)
    click.echo(f"Filing {number} was done on {day}.")


@custody.command("certificate")
@click.argument("code")
@click.option("--to", "path", required=True, type=click.Path(path_type=Path), help="The PDF that is written.")
@click.option("--language", default="en", type=click.Choice(["en", "zh-hant", "zh-hans"]))
@as_option
def certificate(code: str, path: Path, language: str, actor: Actor) -> None:
    """Write the certificate of deletion of a data set as a PDF.

    Example: lionrock custody certificate DS-2026-0001 --to deletion.pdf
    """
    path.write_bytes(certificate_pdf_of(certificate_of(data_set_by_code(actor, code)), language))
    click.echo(f"{path} is written.")
