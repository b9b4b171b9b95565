"""The service report of a programme, read from the audit trail: what moved an application, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from django.db import connection

from lionrock.applications.domain.pledges import Pledges
from lionrock.applications.domain.requests import ApplicationState
from lionrock.intake.board import require_programme
from lionrock.intake.domain.timeliness import Served, Stay, served
from lionrock.kernel.periods import Month, local_midnight
from lionrock.people.domain import Actor
from lionrock.web.spreadsheets import to_csv

REPORTED_MONTHS: Final = 12
HANDED_IN: Final = "applications.submit_application"
LEADS_TO: Final[Mapping[str, ApplicationState]] = MappingProxyType(
    {
        HANDED_IN: ApplicationState.SUBMITTED,
        "intake.return_application": ApplicationState.RETURNED,
        "intake.accept_application": ApplicationState.ELIGIBLE,
        "applications.return_application": ApplicationState.RETURNED,
        "applications.accept_application": ApplicationState.ELIGIBLE,
        "applications.reopen_assessment": ApplicationState.ELIGIBLE,
        "applications.mark_assessed": ApplicationState.ASSESSED,
    }
)
"""The records after which somebody is waited for, and in which state; older ones name the room of before."""
ENDS: Final = (
    "intake.reject_application",
    "applications.reject_application",
    "applications.withdraw_application",
    "awards.decide_application",
)
"""The records after which nobody is."""

_STAYS: Final = """
    WITH moves AS (
        SELECT action, at,
            LEAD(at) OVER follows AS left_at,
            MAX(at) FILTER (WHERE action = %(handed_in)s) OVER follows AS handed_in
        FROM audit_auditrecord
        WHERE programme = %(programme)s AND action = ANY(%(moves)s)
        WINDOW follows AS (PARTITION BY subject ORDER BY at, id)
    )
    SELECT action, (CASE WHEN action = %(assessed)s THEN handed_in ELSE at END AT TIME ZONE %(zone)s)::date AS since,
        (left_at AT TIME ZONE %(zone)s)::date AS done, COUNT(*)
    FROM moves
    WHERE action = ANY(%(leads)s) AND left_at >= %(start)s AND left_at < %(end)s
    GROUP BY 1, 2, 3
"""
COLUMNS: Final = ("month", "state", "number", "median_working_days", "longest_working_days", "pledged", "kept", "share")


def service_report(viewer: Actor, programme: str, until: Month) -> tuple[Served, ...]:
    """Return how the service was in the year up to and including a month, the latest month first (one query).

    What was withdrawn counts as long as it was waited for. Raises `NotFound` when the programme is not
    the viewer's.
    """
    rules = require_programme(viewer, programme)
    first, after = until.plus(1 - REPORTED_MONTHS), until.next
    asked: dict[str, str | datetime | list[str]] = {
        "programme": programme,
        "handed_in": HANDED_IN,
        "assessed": "applications.mark_assessed",
        "moves": [*LEADS_TO, *ENDS],
        "leads": list(LEADS_TO),
        "zone": rules.zone.key,
        "start": local_midnight(first.first_day, rules.zone),
        "end": local_midnight(after.first_day, rules.zone),
    }
    with connection.cursor() as cursor:
        cursor.execute(_STAYS, asked)
        stays = [Stay(LEADS_TO[action], since, done, count) for action, since, done, count in cursor.fetchall()]
    return served(stays, Pledges(rules))


def service_json(report: tuple[Served, ...]) -> list[dict[str, object]]:
    """Return the report as plain values, under the names of `COLUMNS`."""
    return [dict(zip(COLUMNS, _cells(row), strict=True)) for row in report]


def service_csv(report: tuple[Served, ...]) -> str:
    """Return the report as CSV with a byte order mark."""
    return to_csv(COLUMNS, [_cells(row) for row in report])


def _cells(row: Served) -> tuple[object, ...]:
    share = None if row.share is None else f"{row.share:f}"
    return str(row.month), row.state.value, row.count, f"{row.median:f}", row.longest, row.pledged, row.kept, share
