"""Applications as rows for spreadsheets and machines: what the viewer sees of them, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from lionrock.applications.models import Application
from lionrock.intake.board import Desk
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.web.spreadsheets import to_csv

COLUMNS: Final = (
    "code", "call", "programme", "organisation", "organisation_name", "category", "title", "item", "count", "months",
    "hours", "starts", "list_price", "currency", "state", "state_since", "round", "submitted_at", "holder",
    "pledge_due", "standing", "working_days", "decided_at", "decided_by",
)  # fmt: skip


def rows_of(found: Iterable[Application], desks: dict[str, Desk]) -> Iterator[dict[str, object]]:
    """Yield each application as plain values by the names of `COLUMNS`; amounts are decimals in the major unit.

    A draft has no price, nobody who has it in hand, and no pledge. `desks` is one desk a programme.
    """
    for each in found:
        card = desks[each.call.programme].card(each, "")
        price = card.price if each.submitted_at else None
        yield {
            "code": each.code,
            "call": each.call.code,
            "programme": each.call.programme,
            "organisation": each.organisation.code,
            "organisation_name": each.organisation.name,
            "category": each.category,
            "title": each.title,
            "item": each.item,
            "count": each.count,
            "months": each.months,
            "hours": each.hours,
            "starts": each.starts,
            "list_price": f"{price.decimal:f}" if price else None,
            "currency": each.call.currency,
            "state": each.state,
            "state_since": each.state_since,
            "round": each.round,
            "submitted_at": each.submitted_at,
            "holder": card.duty.holder.value if card.duty else None,
            "pledge_due": card.pledge.due if card.pledge else None,
            "standing": card.standing.value if card.standing else None,
            "working_days": card.age if card.duty else None,
            "decided_at": each.decided_at,
            "decided_by": each.decided_by,
        }


def as_csv(rows: Iterable[dict[str, object]]) -> str:
    """Return the rows as CSV with a byte order mark."""
    return to_csv(COLUMNS, ([row[name] for name in COLUMNS] for row in rows))


def spreadsheet(viewer: Actor, found: Iterable[Application], now: datetime) -> str:
    """Return applications of whatever programmes as CSV; of each programme the rules are read once."""
    rows = list(found)
    programmes = {row.call.programme for row in rows}
    return as_csv(rows_of(rows, {name: Desk(viewer, programme_on_file(name), now) for name in programmes}))
