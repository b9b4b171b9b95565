"""`lionrock meeting`: the committee's meetings, from their plan to their minutes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from lionrock.committee.actions import (
    add_to_agenda,
    cancel_meeting,
    cast_vote,
    close_meeting,
    note_attendance,
    open_meeting,
    plan_meeting,
    postpone_item,
    propose_decision,
    recuse_member,
    reorder_agenda,
    resolve_item,
)
from lionrock.committee.board import board_of, per_cent
from lionrock.committee.domain import Choice, MeetingState, read_proposal
from lionrock.committee.exports import ranking_json
from lionrock.committee.models import AgendaItem
from lionrock.committee.protocols import Protocol, protocol_of, protocol_pdf
from lionrock.committee.queries import items, meeting_by_code, meetings, proposal_of
from lionrock.kernel.money import Money
from lionrock.people.commands import as_option
from lionrock.people.domain import Actor
from lionrock.terminal.clock import at_option, read_instant
from lionrock.terminal.output import Table, json_option, show

LANGUAGES = ("en", "zh-hant", "zh-hans")


@click.group()
def meeting() -> None:
    """Meetings of a committee: plan, agenda, rank, open, vote, resolve, close, minutes."""


@meeting.command("plan")
@click.option("--programme", required=True, metavar="ID")
@click.option("--title", required=True)
@click.option("--title-zh-hant", default="")
@click.option("--title-zh-hans", default="")
@click.option("--when", required=True, metavar="INSTANT", help="When it begins, such as 2026-04-01T10:00+08:00.")
@click.option("--place", default="")
@as_option
@at_option
def plan(
    programme: str,
    title: str,
    title_zh_hant: str,
    title_zh_hans: str,
    when: str,
    place: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Plan a meeting, and tell the members.

    Example: lionrock meeting plan --programme hk-aiss --title "First meeting" --when 2026-04-01T10:00+08:00
    """
    made = plan_meeting(
        actor=actor,
        programme=programme,
        title=title,
        title_zh_hant=title_zh_hant,
        title_zh_hans=title_zh_hans,
        when=read_instant(when),
        place=place,
        now=now,
    )
    click.echo(f"{made.code} is planned.")


@meeting.command("list")
@click.option("--programme", metavar="ID", help="Only those of one programme.")
@as_option
@json_option
def list_(programme: str | None, actor: Actor, as_json: bool) -> None:
    """List meetings, the latest first.

    Example: lionrock meeting list --programme hk-aiss
    """
    found = meetings(actor).filter(programme=programme) if programme else meetings(actor)
    data = [
        {"code": each.code, "programme": each.programme, "title": each.title, "when": each.when, "state": each.state}
        for each in found
    ]
    columns = ["code", "programme", "title", "when", "state"]
    show(data, Table(columns, [[row[column] for column in columns] for row in data]), as_json=as_json)


@meeting.command("agenda")
@click.argument("code")
@click.option("--add", "added", multiple=True, metavar="APPLICATION", help="Put on the agenda; may be repeated.")
@click.option("--order", multiple=True, metavar="APPLICATION", help="The whole agenda in a new order, one by one.")
@as_option
@at_option
@json_option
def agenda(
    code: str, added: tuple[str, ...], order: tuple[str, ...], actor: Actor, now: datetime, as_json: bool
) -> None:
    """Show the agenda of a meeting, after putting applications on it or ordering it.

    Example: lionrock meeting agenda MTG-2026-0001 --add APP-2026-0001 --add APP-2026-0002
    """
    if added:
        add_to_agenda(actor=actor, meeting=code, applications=added, now=now)
    if order:
        reorder_agenda(actor=actor, meeting=code, order=order, now=now)
    found = items(actor, meeting_by_code(actor, code)).select_related("resolution")
    data = [_item(number, each) for number, each in enumerate(found, start=1)]
    columns = ["number", "application", "organisation", "state", "proposed", "share_per_cent", "count", "months"]
    rows = [["" if row[column] is None else row[column] for column in columns] for row in data]
    show(data, Table(columns, rows, frozenset({"number", "share_per_cent", "count", "months"})), as_json=as_json)


def _item(number: int, each: AgendaItem) -> dict[str, object]:
    proposal = proposal_of(each)
    return {
        "number": number,
        "application": each.application.code,
        "organisation": each.application.organisation.code,
        "state": each.state,
        "proposed": each.decision if each.round else None,
        "share_per_cent": per_cent(proposal.rate) if proposal.rate is not None else None,
        "count": each.count,
        "months": each.months,
        "starts": each.starts,
        "conditions": each.conditions,
        "reason": each.reason,
    }


@meeting.command("ranking")
@click.argument("code")
@as_option
@at_option
@json_option
def ranking(code: str, actor: Actor, now: datetime, as_json: bool) -> None:
    """Show who fits the fund and the free devices in the order of the agenda, and the suggestion beside it.

    Example: lionrock meeting ranking MTG-2026-0001
    """
    data = ranking_json(board_of(actor, meeting_by_code(actor, code), now))
    columns = ["rank", "application", "score", "share_per_cent", "count", "months", "commits", "outcome", "suggested"]
    currency = str(data["currency"])
    rows = [
        ["" if cell is None else cell for cell in (_cell(row[column], column, currency) for column in columns)]
        for row in data["rows"]
    ]
    show(data, Table(columns, rows, frozenset(columns) - {"application", "outcome", "suggested"}), as_json=as_json)


def _cell(value: object, column: str, currency: str) -> object:
    if column == "commits" and isinstance(value, int):
        return Money(value, currency)
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


@meeting.command("propose")
@click.argument("code")
@click.argument("application")
@click.argument("decision", type=click.Choice(["approve", "decline"]))
@click.option("--rate", default="", metavar="PER-CENT", help="Another share than the general one, such as 90.")
@click.option("--count", default="")
@click.option("--months", default="")
@click.option("--starts", default="", metavar="DATE")
@click.option("--conditions", default="", help="What the award is tied to, one a line.")
@click.option("--reason", default="", help="Needed to decline, and for another rate than the general one.")
@as_option
@at_option
def propose(code: str, application: str, actor: Actor, now: datetime, **typed: str) -> None:
    """Propose a decision to the committee.

    Example: lionrock meeting propose MTG-2026-0001 APP-2026-0001 approve --months 6
    """
    proposal = read_proposal(typed)
    made = propose_decision(actor=actor, meeting=code, application=application, proposal=proposal, now=now)
    click.echo(f"{application}: proposal {made.round} is to {made.decision}.")


@meeting.command("open")
@click.argument("code")
@click.option("--present", multiple=True, required=True, metavar="EMAIL", help="A member in the room; may be repeated.")
@as_option
@at_option
def open_(code: str, present: tuple[str, ...], actor: Actor, now: datetime) -> None:
    """Open a meeting, or note who is in the room of one that sits.

    Example: lionrock meeting open MTG-2026-0001 --present chair@example.org --present ann@example.org
    """
    if meeting_by_code(actor, code).state == MeetingState.IN_SESSION.value:
        note_attendance(actor=actor, meeting=code, present=present, now=now)
    else:
        open_meeting(actor=actor, meeting=code, present=present, now=now)
    click.echo(f"{code} is in session; in the room: {len(set(present))}.")


@meeting.command("recuse")
@click.argument("code")
@click.argument("application")
@click.option("--person", metavar="EMAIL", help="The member (default: whoever acts).")
@click.option("--reason", required=True)
@as_option
@at_option
def recuse(code: str, application: str, person: str | None, reason: str, actor: Actor, now: datetime) -> None:
    """Keep a member out of an item, for good.

    Example: lionrock meeting recuse MTG-2026-0001 APP-2026-0001 --reason "My former student" --as ann@example.org
    """
    who = person or actor.email
    recuse_member(actor=actor, meeting=code, application=application, person=who, reason=reason, now=now)
    click.echo(f"{who} is kept out of {application}.")


@meeting.command("vote")
@click.argument("code")
@click.argument("application")
@click.argument("choice", type=click.Choice([choice.value for choice in Choice]))
@as_option
@at_option
def vote(code: str, application: str, choice: str, actor: Actor, now: datetime) -> None:
    """Vote on what is proposed.

    Example: lionrock meeting vote MTG-2026-0001 APP-2026-0001 for --as ann@example.org
    """
    cast_vote(actor=actor, meeting=code, application=application, choice=Choice(choice), now=now)
    click.echo(f"{actor.email} is {choice}." if choice != "abstain" else f"{actor.email} abstains.")


@meeting.command("resolve")
@click.argument("code")
@click.argument("application")
@as_option
@at_option
def resolve(code: str, application: str, actor: Actor, now: datetime) -> None:
    """Declare a proposal carried, which decides the application.

    Example: lionrock meeting resolve MTG-2026-0001 APP-2026-0001 --as chair@example.org
    """
    made = resolve_item(actor=actor, meeting=code, application=application, now=now)
    votes = f"{made.in_favour} for, {made.against} against, {made.abstained} abstained"
    click.echo(f"{application}: {made.decision}, {votes}.{f' {made.award} is offered.' if made.award else ''}")


@meeting.command("postpone")
@click.argument("code")
@click.argument("application")
@click.option("--reason", required=True)
@as_option
@at_option
def postpone(code: str, application: str, reason: str, actor: Actor, now: datetime) -> None:
    """Put an item off to another meeting.

    Example: lionrock meeting postpone MTG-2026-0001 APP-2026-0001 --reason "The plan is to be clarified"
    """
    postpone_item(actor=actor, meeting=code, application=application, reason=reason, now=now)
    click.echo(f"{application} is postponed.")


@meeting.command("close")
@click.argument("code")
@click.option("--cancel", metavar="REASON", help="Call off a meeting that has not begun, instead.")
@as_option
@at_option
def close(code: str, cancel: str | None, actor: Actor, now: datetime) -> None:
    """Close a meeting and fix its minutes; what was not reached is postponed.

    Example: lionrock meeting close MTG-2026-0001 --as chair@example.org
    """
    if cancel is not None:
        cancel_meeting(actor=actor, meeting=code, reason=cancel, now=now)
        click.echo(f"{code} does not take place.")
        return
    made = close_meeting(actor=actor, meeting=code, now=now)
    click.echo(f"{code} is closed. SHA-256 of its minutes: {made.sha256}")


@meeting.command("minutes")
@click.argument("code")
@click.option("--pdf", type=click.Path(path_type=Path, dir_okay=False), help="Write them as a PDF.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="Language of the PDF.")
@as_option
@json_option
def minutes(code: str, pdf: Path | None, language: str, actor: Actor, as_json: bool) -> None:
    """Show the minutes of a meeting; a draft until it is closed.

    Example: lionrock meeting minutes MTG-2026-0001 --pdf minutes.pdf --language zh-hant
    """
    protocol = protocol_of(actor, meeting_by_code(actor, code))
    if pdf is not None:
        pdf.write_bytes(protocol_pdf(protocol, language))
        click.echo(f"{pdf} is written.")
        return
    show({**protocol.kept, "sha256": protocol.sha256}, "\n".join(_lines(protocol)), as_json=as_json)


def _lines(protocol: Protocol) -> Iterator[str]:
    yield f"{protocol.meeting.code} {protocol.title}, {'closed' if protocol.sha256 else 'a draft'}"
    yield f"present: {', '.join(person['name'] for person in protocol.kept['present']) or '–'}"
    for number, entry in enumerate(protocol.entries, start=1):
        made = entry.kept["resolution"]
        ending = f"{made['decision']} {made['award']}".strip() if made else entry.kept["state"]
        yield f"{number}. {entry.kept['application']} {entry.title}: {ending}"
    if protocol.sha256:
        yield f"SHA-256: {protocol.sha256}"
