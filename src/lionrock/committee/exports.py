"""A ranking for machines: rows for spreadsheets, and plain values for JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lionrock.committee.board import Board, BoardRow, per_cent
from lionrock.review.domain import shown

RANKING_COLUMNS = (
    "rank", "application", "title", "organisation", "call", "score", "decision", "share_per_cent", "item", "count",
    "months", "starts", "commits", "currency", "outcome", "fund_left", "budget_of_call_left", "devices_left",
    "suggested", "obstacles",
)  # fmt: skip


def ranking_rows(board: Board) -> Iterator[tuple[object, ...]]:
    """Return the rows under `RANKING_COLUMNS`; amounts are decimals in the major unit."""
    for number, row in enumerate(board.rows, start=1):
        facts = _facts(row)
        placed = row.placed
        yield (
            number,
            facts["application"],
            facts["title"],
            facts["organisation"],
            facts["call"],
            facts["score"],
            facts["decision"],
            facts["share_per_cent"],
            facts["item"],
            facts["count"],
            facts["months"],
            facts["starts"],
            placed.row.cost,
            board.means.free.currency,
            placed.fit.value,
            placed.fund_left,
            placed.envelope_left,
            placed.devices_left,
            "yes" if row.suggested else "no",
            " ".join(str(fault.message) for fault in placed.obstacles),
        )


def _facts(row: BoardRow) -> dict[str, Any]:
    application, request = row.item.application, row.tried.price.request
    terms, score = row.tried.price.terms, row.tried.row.score
    return {
        "application": application.code,
        "title": application.title,
        "organisation": application.organisation.code,
        "call": application.call.code,
        "score": None if score is None else shown(score),
        "decision": row.typed.get("decision"),
        "share_per_cent": per_cent(terms.share) if terms else None,
        "item": request.item,
        "count": request.count,
        "months": request.months,
        "starts": request.starts.isoformat(),
    }


def ranking_json(board: Board) -> dict[str, Any]:
    """Return the ranking as plain values; amounts are integers in minor units of `currency`."""
    ranking, suggestion = board.ranking, board.suggestion
    return {
        "meeting": board.meeting.code,
        "on": board.on.isoformat(),
        "currency": board.means.free.currency,
        "rule": ranking.rule.value,
        "line": ranking.line,
        "free": board.means.free.minor,
        "committed": ranking.committed.minor,
        "left": ranking.left.minor,
        "rows": [_row(number, row) for number, row in enumerate(board.rows, start=1)],
        "suggestion": {
            "applications": list(suggestion.applications),
            "score": str(suggestion.score),
            "committed": suggestion.committed.minor,
            "proven": suggestion.proven,
            "score_at_most": str(suggestion.bound),
        },
        "devices": [
            {
                "kind": use.kind,
                "capacity": use.capacity,
                "months": [
                    {"month": str(each.month), "taken": each.taken, "this_order": each.proposed, "free": each.free}
                    for each in use.months
                ],
            }
            for use in board.uses
        ],
    }


def _row(number: int, row: BoardRow) -> dict[str, Any]:
    placed = row.placed
    return {
        "rank": number,
        **_facts(row),
        "exact_score": None if row.tried.row.score is None else str(row.tried.row.score),
        "commits": placed.row.cost.minor if placed.row.cost else None,
        "outcome": placed.fit.value,
        "fund_left": placed.fund_left.minor,
        "budget_of_call_left": placed.envelope_left.minor if placed.envelope_left else None,
        "devices_left": placed.devices_left,
        "suggested": row.suggested,
        "obstacles": [str(fault.message) for fault in placed.obstacles],
    }
