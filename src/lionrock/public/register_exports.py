"""The register as open data, with names that stay: CSV, one row a project, and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from lionrock.public.domain.register import Project
from lionrock.rules.shape import LANGUAGES, Names
from lionrock.web.spreadsheets import to_csv

FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "id": "The number of the award; it never changes, and is never given to another project.",
        "programme": "The programme's id.",
        "title": "What the project is called; empty where it is withheld.",
        "organisation": "Who carries it; empty where it is withheld.",
        "category": "The category of applicants, as the programme names it.",
        "since": "The first day of use.",
        "until": "The first day after the use.",
        "state": "`active`, `suspended` or `ended`.",
        "tier": "The tier of the responsible-AI assessment, by its id; empty where none was asked for.",
        "oversight": "The level of human oversight that it calls for, by its id.",
        "review": "`passed`, `conditional` (passed with conditions), `refused`, `under_review`, or empty.",
        "uses": "What it decides or does, by the ids of the answers, joined by `+`.",
        "conditions": "The items of review that conditions stand for, each with the point before which it binds and "
        "`met` or `open`, joined by `+`: `RA-14/before_first_job/open`.",
        "withheld": "The ground on which title and organisation are withheld, by its id; empty where they are shown.",
    }
)
"""The columns of the CSV and the keys of the JSON; in the JSON names come in every language, conditions in full."""


def register_csv(found: Iterable[Project]) -> str:
    """Return the register as CSV, names in English."""
    return to_csv(tuple(FIELDS), [_row(each) for each in found])


def _row(each: Project) -> Sequence[str]:
    return (
        each.id,
        each.programme,
        each.title.en if each.title else "",
        each.organisation.en if each.organisation else "",
        each.category,
        each.since.isoformat(),
        each.until.isoformat(),
        each.state,
        each.tier or "",
        each.oversight or "",
        each.review,
        "+".join(name for name, _ in each.uses),
        "+".join(f"{one.item}/{one.binds}/{'met' if one.met else 'open'}" for one in each.conditions),
        each.withheld.id if each.withheld else "",
    )


def register_json(programme: str, found: Sequence[Project], as_of: datetime, licence: str | None) -> str:
    """Return the register as JSON, with what each field means and how many projects withhold something."""
    withheld: dict[str, int] = {}
    for each in found:
        if each.withheld:
            withheld[each.withheld.id] = withheld.get(each.withheld.id, 0) + 1
    content = {
        "programme": programme,
        "as_of": as_of.isoformat(),
        "licence": licence,
        "fields": dict(FIELDS),
        "projects": [project_data(each) for each in found],
        "count": len(found),
        "withheld": withheld,
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def project_data(each: Project) -> dict[str, Any]:
    """Return a project as the public sees it, as plain values."""
    return {
        "id": each.id,
        "programme": each.programme,
        "title": _names(each.title),
        "organisation": _names(each.organisation),
        "category": each.category,
        "since": each.since.isoformat(),
        "until": each.until.isoformat(),
        "state": each.state,
        "tier": {"id": each.tier, "names": _names(each.tier_names)} if each.tier else None,
        "oversight": {"id": each.oversight, "names": _names(each.oversight_names)} if each.oversight else None,
        "review": each.review or None,
        "uses": [{"id": name, "names": _names(names)} for name, names in each.uses],
        "conditions": [
            {
                "item": one.item,
                "names": _names(one.names),
                "binds": one.binds,
                "due": one.due.isoformat(),
                "met": one.met,
            }
            for one in each.conditions
        ],
        "withheld": {"id": each.withheld.id, "names": _names(each.withheld.names)} if each.withheld else None,
    }


def _names(names: Names | None) -> dict[str, str] | None:
    return {code: names.in_language(code) for code in LANGUAGES} if names else None
