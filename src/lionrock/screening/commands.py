"""`lionrock screening`: lists, names, cases, owners."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.screening import actions
from lionrock.screening.actions.owners import owned_code, per_cent
from lionrock.screening.domain.names import Kind
from lionrock.screening.domain.parties import Match, Party
from lionrock.screening.models import Case, ListedEntry, ListVersion, Owner, Particular, Stake, SubjectKind
from lionrock.screening.policies import require_compliance, require_sight
from lionrock.screening.queries.cases import case_by_number, cases, to_do
from lionrock.screening.queries.lists import difference, version_of, versions
from lionrock.screening.queries.searching import Found, search
from lionrock.terminal.clock import at_option
from lionrock.terminal.files import content_of
from lionrock.terminal.output import Table, json_option, show

_KINDS = click.Choice([Kind.PERSON.value, Kind.ORGANISATION.value])


@click.group()
def screening() -> None:
    """Parties on lists: import lists, screen names, decide cases."""


@screening.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--list", "list_code", required=True, metavar="CODE", help="The list, such as us-csl; made when it is new."
)
@click.option(
    "--dated", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day of the file, by its publisher."
)
@click.option("--name", default="", help="What the list is called, when it is new.")
@click.option("--smaller", is_flag=True, help="Let a file pass that has far fewer entries than the version before.")
@as_option
@at_option
@json_option
def import_(
    file: Path, list_code: str, dated: datetime, name: str, smaller: bool, actor: Actor, now: datetime, as_json: bool
) -> None:
    """Import a list whole, as its next version, or nothing of it; everybody is screened anew when it is due.

    The US Consolidated Screening List as CSV or JSON, or the plain form; any of them may be packed (gz).

    Example: lionrock screening import consolidated.csv --list us-csl --dated 2026-11-20
    """
    made = actions.import_list(
        actor=actor, list_code=list_code, data=content_of(file), file=file.name, dated=dated.date(), name=name,
        smaller=smaller, now=now,
    )  # fmt: skip
    data = _version(made)
    said = (
        f"{list_code}: version {made.number} of {made.dated}, {made.entries} entries: {made.added} added, "
        f"{made.removed} removed, {made.changed} changed."
    )
    show(data, said, as_json=as_json)


def _version(each: ListVersion) -> dict[str, object]:
    return {
        "list": each.list.code,
        "name": each.list.name,
        "version": each.number,
        "dated": each.dated,
        "file": each.file,
        "sha256": each.sha256,
        "entries": each.entries,
        "added": each.added,
        "removed": each.removed,
        "changed": each.changed,
        "imported_at": each.imported_at,
        "imported_by": each.imported_by,
    }


@screening.command("lists")
@as_option
@json_option
def lists_(actor: Actor, as_json: bool) -> None:
    """List the lists with all their versions.

    Example: lionrock screening lists
    """
    data = [_version(each) for each in versions(actor)]
    columns = ["list", "version", "dated", "entries", "added", "removed", "changed"]
    rows = [[row[name] for name in columns] for row in data]
    show(data, Table(columns, rows, frozenset(columns[3:])), as_json=as_json)


@screening.command("difference")
@click.argument("list_code", metavar="LIST")
@click.option("--from", "earlier", type=click.IntRange(1), help="The earlier version (default: the last but one).")
@click.option("--to", "later", type=click.IntRange(1), help="The later version (default: the latest).")
@as_option
@json_option
def difference_(list_code: str, earlier: int | None, later: int | None, actor: Actor, as_json: bool) -> None:
    """Tell what a version of a list has, or has no more, beside another.

    Example: lionrock screening difference us-csl --from 1 --to 2
    """
    data = difference_data(actor, list_code, earlier, later)
    table = Table(["what", "name", "list"], [[row["what"], row["name"], row["source"]] for row in data])
    show(data, table, as_json=as_json)


def difference_data(
    viewer: Actor, list_code: str, earlier: int | None = None, later: int | None = None
) -> list[dict[str, object]]:
    """Return what is different between two versions of a list, the last two unless told, as plain values."""
    last = version_of(viewer, list_code, later)
    found = difference(version_of(viewer, list_code, earlier or max(1, last.number - 1)), last)
    rows = [
        *(("added", each) for each in found.added),
        *(("removed", each) for each in found.removed),
        *(("changed", each) for _, each in found.changed),
    ]
    return [{"what": what, "key": each.key, **_named(each)} for what, each in rows]


def _named(entry: ListedEntry) -> dict[str, object]:
    return {"name": entry.content["name"], "source": entry.content["source"]}


@screening.command("screen")
@click.argument("names", nargs=-1)
@click.option("--csv", "file", type=click.Path(path_type=Path), help="A file with a column “name”.")
@click.option("--kind", type=_KINDS, help="What is looked for (default: either).")
@click.option("--country", "countries", multiple=True, metavar="XX", help="A country, by two letters.")
@click.option("--identifier", "identifiers", multiple=True, metavar="NUMBER", help="A number in a register.")
@click.option("--address", "addresses", multiple=True, metavar="TEXT")
@as_option
@at_option
@json_option
def screen(
    names: tuple[str, ...], file: Path | None, kind: str | None, countries: tuple[str, ...],
    identifiers: tuple[str, ...], addresses: tuple[str, ...], actor: Actor, now: datetime, as_json: bool,
) -> None:  # fmt: skip
    """Look names up in all lists: each match with its score, how it came about, and the entry that it met.

    Example: lionrock screening screen "Kite Robotics Limited" --kind organisation
    """
    asked = [*names, *(_names_in(file) if file else [])]
    if not asked:
        raise _nothing_asked()
    known = Party(
        names=(),
        kind=Kind(kind) if kind else Kind.ANY,
        countries=frozenset(each.upper() for each in countries),
        identifiers=frozenset(identifiers),
        addresses=addresses,
    )
    found = [search(actor, replace(known, names=(name,)), now) for name in asked]
    data = [found_data(each) for each in found]
    rows = [_row(each, match) for each in found for match in each.matches]
    for each in found:
        if not each.matches:
            rows.append([each.party.names[0], "–", "none", "", "", ""])
    show(data, Table(["asked", "score", "says", "listed", "list", "how"], rows, frozenset({"score"})), as_json=as_json)


def _names_in(file: Path) -> list[str]:
    with io.StringIO(content_of(file).decode("utf-8-sig", "replace"), newline="") as opened:
        reader = csv.DictReader(opened)
        if "name" not in (reader.fieldnames or []):
            said = message(
                gettext_noop("{file} has no column “name”. Put its heading on the first line."), file=file.name
            )
            raise Invalid(
                "screening.names.column", said, faults=[Fault("screening.names.column", said, file.name, 1, "name")]
            )
        return [row["name"].strip() for row in reader if (row["name"] or "").strip()]


def _nothing_asked() -> Invalid:
    said = message(gettext_noop("No name is given. Write one, or name a file with --csv."))
    return Invalid("screening.names.none", said, faults=[Fault("screening.names.none", said, field="names", value="")])


def found_data(each: Found) -> dict[str, object]:
    """Return what a name matches as plain values."""
    return {
        "name": each.party.names[0],
        "says": each.strength.value,
        "review": each.thresholds.review,
        "block": each.thresholds.block,
        "versions": dict(each.versions),
        "matches": [_match(match) | {"says": each.strength_of(match).value} for match in each.matches],
    }


def _match(match: Match) -> dict[str, object]:
    entry = match.entry
    return {**match.as_json(), "key": entry.key, "name": entry.name, "source": entry.source, "said": dict(entry.said)}


def _row(each: Found, match: Match) -> list[object]:
    return [match.asked, match.score, each.strength_of(match).value, match.listed, match.entry.source[:48], match.way]


@screening.command("rescreen")
@as_option
@at_option
def rescreen(actor: Actor, now: datetime) -> None:
    """Screen everybody who has not been screened against the lists as they are; `lionrock due` does it by itself.

    Example: lionrock screening rescreen
    """
    require_compliance(actor)
    click.echo(f"{actions.screen_due(now)} screened.")


@screening.command("cases")
@click.option("--all", "everything", is_flag=True, help="Those that are settled, too.")
@as_option
@json_option
def cases_(everything: bool, actor: Actor, as_json: bool) -> None:
    """List the cases that wait to be settled.

    Example: lionrock screening cases
    """
    found = cases(actor) if everything else to_do(actor)
    data = [_case(each) for each in found]
    columns = ["number", "kind", "name", "score", "says", "state", "since"]
    show(data, Table(columns, [[row[name] for name in columns] for row in data], frozenset({"score"})), as_json=as_json)


def _case(each: Case) -> dict[str, object]:
    return {
        "number": each.pk,
        "kind": each.kind,
        "code": each.code,
        "name": each.name,
        "score": each.score,
        "says": each.strength,
        "state": each.state,
        "since": each.state_since,
        "asked_by": each.asked_by,
    }


@screening.command("case")
@click.argument("number", type=int)
@as_option
@json_option
def case_(number: int, actor: Actor, as_json: bool) -> None:
    """Show one case: its hits with what each rests on, and every step with its reason.

    Example: lionrock screening case 1
    """
    found = case_by_number(actor, number)
    hits = [
        {
            **hit.match,
            "says": hit.strength,
            "cleared_at": hit.cleared_at,
            "entry": hit.entry.content,
            "reads": hit.reads,
        }
        for hit in found.hits.select_related("entry")
    ]
    steps = list(found.steps.values("verb", "state", "actor", "reason", "at"))
    lines = [f"{found.name}: {found.state}, {found.score} of 100"]
    lines += [f"  {hit['score']} {hit['listed']} · {hit['entry']['source']} · {hit['way']}" for hit in hits]
    lines += [f"  {step['at']:%Y-%m-%d} {step['actor']} {step['verb']}: {step['reason']}" for step in steps]
    show(_case(found) | {"hits": hits, "steps": steps}, "\n".join(lines), as_json=as_json)


def _deciding(name: str, act: Callable[..., Case], text: str) -> None:
    """Add a command that takes one step of a case."""

    @screening.command(name, help=f'{text}\n\nExample: lionrock screening {name} 1 --reason "Another person."')
    @click.argument("number", type=int)
    @click.option("--reason", required=True, help="Why; it is kept with the case.")
    @as_option
    @at_option
    def decide(number: int, reason: str, actor: Actor, now: datetime) -> None:
        found = act(actor=actor, case=number, reason=reason, now=now)
        click.echo(f"Case {number} is {found.state}.")


_deciding("escalate", actions.escalate_case, "Put a case before whoever decides in hard cases.")
_deciding("confirm", actions.confirm_case, "Say that it is the party on the list, which stays held.")
_deciding("clear", actions.clear_case, "Say that it is somebody else; a second person has to agree.")
_deciding(
    "agree", actions.agree_to_clear, "Agree that it is somebody else, as the second person; what was held goes on."
)
_deciding("disagree", actions.disagree_to_clear, "Say that it is not clear; the case is escalated.")


@screening.command("owner")
@click.argument("code")
@click.option("--name", required=True)
@click.option("--kind", type=_KINDS, required=True)
@as_option
@at_option
def owner(code: str, name: str, kind: str, actor: Actor, now: datetime) -> None:
    """Put an owner on file, who is screened from then on.

    Example: lionrock screening owner lagoon-holding --name "Lagoon Holding" --kind organisation
    """
    actions.register_owner(actor=actor, code=code, name=name, kind=kind, now=now)
    click.echo(f"{code} is on file.")


@screening.command("owners")
@as_option
@json_option
def owners(actor: Actor, as_json: bool) -> None:
    """List the owners on file and what they own.

    Example: lionrock screening owners
    """
    found = owners_on_file(actor)
    data = owners_data(actor)
    rows = [[each.code, each.name, *_owned(stake)] for each in found for stake in (each.stakes.all() or [None])]
    columns = ["owner", "name", "stake", "in", "per cent", "since", "until"]
    show(data, Table(columns, rows, frozenset({"stake", "per cent"})), as_json=as_json)


def owners_on_file(viewer: Actor) -> list[Owner]:
    """Return the owners on file with their stakes; raises `NotAllowed` for who may not see them."""
    require_sight(viewer)
    return list(Owner.objects.prefetch_related("stakes__organisation", "stakes__of_owner"))


def owners_data(viewer: Actor) -> list[dict[str, object]]:
    """Return the owners on file and what they own as plain values."""
    return [
        {
            "owner": each.code,
            "name": each.name,
            "kind": each.kind,
            "owns": [_stake(stake) for stake in each.stakes.all()],
        }
        for each in owners_on_file(viewer)
    ]


def _owned(stake: Stake | None) -> list[object]:
    if stake is None:
        return ["–"] * 5
    share = "?" if stake.share is None else stake.share
    return [stake.pk, owned_code(stake), share, stake.since, stake.until or "–"]


def _stake(each: Stake) -> dict[str, object]:
    return {
        "number": each.pk,
        "owned": owned_code(each),
        "share": each.share,
        "since": each.since,
        "until": each.until,
        "source": each.source,
        "ended_because": each.ended_because,
    }


@screening.command("end-stake")
@click.argument("number", type=int)
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The first day without it.")
@click.option("--reason", required=True, help="Why, and where that is said; it is kept.")
@as_option
@at_option
def end_stake_(number: int, until: datetime, reason: str, actor: Actor, now: datetime) -> None:
    """Say that a stake is held no more; it takes another person than who recorded it.

    Example: lionrock screening end-stake 3 --until 2026-10-01 --reason "Sold, by the register of members"
    """
    actions.end_stake(actor=actor, stake=number, until=until.date(), reason=reason, now=now)
    click.echo(f"Stake {number} has ended.")


@screening.command("stake")
@click.argument("owner_code", metavar="OWNER")
@click.argument("owned")
@click.option("--share", default="", metavar="PERCENT", help="Leave it out where it is not known.")
@click.option("--since", required=True, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--source", required=True, help="Where that is said.")
@as_option
@at_option
def stake_(owner_code: str, owned: str, share: str, since: datetime, source: str, actor: Actor, now: datetime) -> None:
    """Record what an owner has of an organisation, or of another owner (owner:CODE).

    Example: lionrock screening stake lagoon-holding kite-ai --share 35 --since 2024-01-01 --source "Annual return 2024"
    """
    actions.record_stake(
        actor=actor, owner=owner_code, owned=owned, share=per_cent(share), since=since.date(), source=source, now=now
    )
    click.echo(f"{owner_code} owns {share or 'an unknown share'} of {owned} from {since.date()}.")


@screening.command("note")
@click.argument("kind", type=click.Choice(SubjectKind.values))
@click.argument("code")
@click.argument("what", type=click.Choice(Particular.What.values))
@click.argument("value")
@as_option
@at_option
def note(kind: str, code: str, what: str, value: str, actor: Actor, now: datetime) -> None:
    """Note something more of a party, by which matches are told apart.

    Example: lionrock screening note organisation kite-ai country PT
    """
    actions.note_particular(actor=actor, kind=kind, code=code, what=what, value=value, now=now)
    click.echo(f"Noted of {code}: {what} {value}.")
