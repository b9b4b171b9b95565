"""The minutes of a meeting as one plain value: what was there, what was decided, by which votes, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lionrock.applications.queries import request_of
from lionrock.committee.domain import Content
from lionrock.committee.models import AgendaItem, Attendance, Meeting, Recusal, Resolution
from lionrock.committee.queries import why_recused
from lionrock.kernel.messages import Message
from lionrock.kernel.money import Money
from lionrock.people.models import Person
from lionrock.people.programmes import programme_on_file
from lionrock.rules.shape import Names


def minutes_content(meeting: Meeting) -> Content:
    """Return the minutes as they stand, with everything on them; JSON values only.

    A constant number of queries. Instants are in UTC, in ISO form; amounts are in minor units.
    """
    programme = programme_on_file(meeting.programme)
    attendances = list(meeting.attendances.all())
    found = list(meeting.items.select_related("application__organisation", "application__call", "resolution"))
    recusals = _recusals(found)
    return {
        "meeting": meeting.code,
        "programme": meeting.programme,
        "programme_name": _names(programme.names),
        "title": _localised(meeting, "title"),
        "place": meeting.place,
        "when": meeting.when.isoformat(),
        "opened_at": meeting.opened_at.isoformat() if meeting.opened_at else None,
        "closed_at": meeting.closed_at.isoformat() if meeting.closed_at else None,
        "present": _people(attendances, present=True),
        "absent": _people(attendances, present=False),
        "items": [_item(item, recusals[item.pk]) for item in found],
        "left_out": 0,
    }


def _people(attendances: list[Attendance], *, present: bool) -> list[dict[str, str]]:
    return [{"email": each.person, "name": each.name} for each in attendances if each.present is present]


def _recusals(found: list[AgendaItem]) -> dict[int, list[dict[str, Any]]]:
    rows = list(Recusal.objects.filter(item__in=found))
    names = dict(Person.objects.filter(email__in=[row.person for row in rows]).values_list("email", "name"))
    by_item: dict[int, list[dict[str, Any]]] = {item.pk: [] for item in found}
    for row in rows:
        told = {"email": row.person, "name": names.get(row.person, row.person), "reason": _said(why_recused(row))}
        by_item[row.item_id].append(told)
    return by_item


def _item(item: AgendaItem, away: list[dict[str, Any]]) -> dict[str, Any]:
    application, asked = item.application, request_of(item.application)
    return {
        "application": application.code,
        "title": _localised(application, "title"),
        "organisation": _localised(application.organisation, "name"),
        "state": item.state,
        "end_reason": item.end_reason,
        "asked": {
            "item": asked.item,
            "count": asked.count,
            "months": asked.months,
            "starts": asked.starts.isoformat(),
            "hours": asked.hours,
        },
        "proposal": _proposal(item) if item.round else None,
        "recused": away,
        "resolution": _resolution(_resolution_of(item)),
    }


def _resolution_of(item: AgendaItem) -> Resolution | None:
    return getattr(item, "resolution", None)


def _proposal(item: AgendaItem) -> dict[str, Any]:
    return {
        "decision": item.decision,
        "rate": None if item.rate is None else f"{item.rate:f}",
        "count": item.count,
        "months": item.months,
        "starts": item.starts.isoformat() if item.starts else None,
        "conditions": item.conditions,
        "reason": item.reason,
    }


def _resolution(made: Resolution | None) -> dict[str, Any] | None:
    if made is None:
        return None
    return {
        "decision": made.decision,
        "votes": {"for": made.in_favour, "against": made.against, "abstain": made.abstained},
        "present": made.present,
        "decided_by": made.decided_by,
        "reason": made.reason,
        "award": made.award,
        "committed": made.committed_minor,
        "currency": made.currency,
        "at": made.at.isoformat(),
    }


def _names(names: Names) -> dict[str, str]:
    return {"en": names.en, "zh_hant": names.zh_hant or "", "zh_hans": names.zh_hans or ""}


def _localised(thing: object, field: str) -> dict[str, str]:
    endings = {"en": field, "zh_hant": f"{field}_zh_hant", "zh_hans": f"{field}_zh_hans"}
    return {language: str(getattr(thing, name)) for language, name in endings.items()}


def _said(said: Message) -> dict[str, Any]:
    return {"template": said.template, "fields": {name: str(value) for name, value in said.fields.items()}}


def money_of(resolution: Mapping[str, Any]) -> Money | None:
    """Return what a resolution in minutes committed; None for one that declines."""
    return None if resolution["committed"] is None else Money(resolution["committed"], resolution["currency"])
