"""The ranking: order, what is tried for each, the line, what it leaves, and the suggestion beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from lionrock.awards.domain import Decision
from lionrock.committee.actions import adopt_ranking, drop_trial, keep_trial
from lionrock.committee.actions.proposing import PROPOSE
from lionrock.committee.board import LATER, Board, BoardRow, board_for, board_of
from lionrock.committee.domain import UNDER_WAY, Line, Proposal
from lionrock.committee.exports import RANKING_COLUMNS, ranking_json, ranking_rows
from lionrock.committee.models import Meeting
from lionrock.committee.pages.answering import answered, typed, unknown_act
from lionrock.committee.pictures import picture_of
from lionrock.committee.queries import meeting_by_code
from lionrock.kernel.errors import Fault, Invalid, LionrockError, NotFound
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.review.domain import shown
from lionrock.web.charts import Part
from lionrock.web.proving import needs_proof
from lionrock.web.spreadsheets import to_csv

TYPED = ("decision", "rate", "count", "months", "reason")
"""What can be typed for a row of the ranking; the rest stands on the item's own page."""
DECISIONS = (*(each.value for each in Decision), LATER)


@needs_proof
@require_http_methods(["GET", "HEAD", "POST"])
def ranking(request: HttpRequest, code: str) -> HttpResponse:
    """Show the ranking; members try orders, rates, counts and months, and propose what they find best."""
    viewer = viewer_of(request)
    meeting = meeting_by_code(viewer, code)
    if request.method != "POST":
        return _shown(request, viewer, meeting, board_of(viewer, meeting, timezone.now()))
    rows, rule = _typed_rows(request), _rule(request)
    return answered(
        request,
        lambda: _done(request, viewer, meeting, rows, rule),
        reverse("committee:ranking", args=[code]),
        lambda wrong: _again(request, viewer, meeting, rows, rule, wrong),
    )


def _rule(request: HttpRequest) -> Line:
    asked = request.POST.get("rule", "")
    return Line(asked) if asked in list(Line) else Line.STOP


def _typed_rows(request: HttpRequest) -> list[dict[str, str]]:
    """Return what was typed for each row, in the order of the form, an arrow that was pressed applied."""
    codes = list(dict.fromkeys(typed(request.POST, "order").split()))
    verb, _, moved = request.POST.get("do", "").partition(":")
    if moved in codes and verb in ("up", "down"):
        place = codes.index(moved)
        codes.remove(moved)
        codes.insert(max(place - 1, 0) if verb == "up" else place + 1, moved)
    return [
        {"application": code}
        | {name: typed(request.POST, f"{name}-{code}") for name in TYPED if f"{name}-{code}" in request.POST}
        for code in codes
    ]


def _done(request: HttpRequest, viewer: Actor, meeting: Meeting, rows: Sequence[dict[str, str]], rule: Line) -> Message:
    verb, now = request.POST.get("do", "").partition(":")[0], timezone.now()
    if verb == "drop":
        drop_trial(actor=viewer, meeting=meeting.code, now=now)
        return message(gettext_noop("What you tried is thrown away; this is what is proposed."))
    board = board_for(viewer, meeting, rule, rows, now, is_trial=True)
    if board.faults:
        raise Invalid("committee.ranking", board.faults[0].message, faults=_led(board))
    if verb == "propose":
        adopt_ranking(actor=viewer, meeting=meeting.code, proposals=_proposals(board), now=now)
        return message(gettext_noop("This order, with what is given to each, is what is proposed now."))
    if verb in ("try", "up", "down"):
        keep_trial(actor=viewer, meeting=meeting.code, rule=rule, rows=rows, now=now)
        return message(gettext_noop("Tried. Only you see it until you propose it."))
    return unknown_act()


def _led(board: Board) -> list[Fault]:
    """Return the faults of what was typed, their fields led by the application that they are about."""
    return [_fault(fault, f"{row.item.application.code}.{fault.field}") for row in board.rows for fault in row.faults]


def _fault(fault: Fault, field: str) -> Fault:
    return Fault(fault.code, fault.message, field=field, value=fault.value)


def _proposals(board: Board) -> dict[str, Proposal | None]:
    """Return what is proposed for each, in order; None for those that are tried with no decision."""
    return {
        row.item.application.code: None if row.typed.get("decision") == LATER else row.tried.proposal
        for row in board.rows
    }


def _again(
    request: HttpRequest,
    viewer: Actor,
    meeting: Meeting,
    rows: Sequence[dict[str, str]],
    rule: Line,
    wrong: LionrockError,
) -> HttpResponse:
    board = board_for(viewer, meeting, rule, rows, timezone.now(), is_trial=True)
    return _shown(request, viewer, meeting, board, wrong)


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as the page shows it: its place, its faults by field, and whether the line falls above it."""

    row: BoardRow
    number: int
    faults: Mapping[str, Sequence[Fault]]
    first: bool
    last: bool
    line_above: bool

    @property
    def code(self) -> str:
        """The code of its application."""
        return self.row.item.application.code

    @property
    def asks_why(self) -> bool:
        """Whether a reason is needed, or is there."""
        return self.row.exceptional or self.row.typed.get("decision") == Decision.DECLINE.value

    @property
    def score(self) -> str:
        """Its score, of 100."""
        score = self.row.tried.row.score
        return "" if score is None else shown(score)


def _shown(
    request: HttpRequest, viewer: Actor, meeting: Meeting, board: Board, wrong: LionrockError | None = None
) -> HttpResponse:
    summary = _summary(wrong)
    rows = [
        Shown(
            row=row,
            number=index + 1,
            faults=_by_field(row, wrong),
            first=index == 0,
            last=index == len(board.rows) - 1,
            line_above=index == board.ranking.line,
        )
        for index, row in enumerate(board.rows)
    ]
    titles = {row.code: row.row.item.application for row in rows}
    context = {
        "meeting": meeting,
        "programme": programme_on_file(meeting.programme),
        "board": board,
        "rows": rows,
        "order": " ".join(row.code for row in rows),
        "fund": _fund_parts(board),
        "uses": [(use, picture_of(use)) for use in board.uses],
        "rules": [line.value for line in Line],
        "decisions": DECISIONS,
        "score": shown(board.ranking.score),
        "best_score": shown(board.suggestion.score),
        "bound": shown(board.suggestion.bound),
        "comes_in": [titles[code] for code in board.change.comes_in],
        "falls_out": [titles[code] for code in board.change.falls_out],
        "hidden": meeting.items.filter(state="open").count() - len(rows),
        "may_try": viewer.holds(*PROPOSE, programme=meeting.programme)
        and meeting.state in [state.value for state in UNDER_WAY],
        "wrong": summary,
    }
    return render(request, "committee/ranking.html", context, status=wrong.status if wrong else 200)


def _summary(wrong: LionrockError | None) -> LionrockError | None:
    """Return the error with the faults as the page names its boxes: "rate-APP-2026-0001"."""
    if wrong is None:
        return None
    faults = [_fault(fault, _box(fault)) for fault in wrong.faults]
    return Invalid(wrong.code, wrong.message, faults=faults)


def _box(fault: Fault) -> str:
    application, _, field = (fault.field or "").rpartition(".")
    return f"{field if field in TYPED else 'decision'}-{application}" if application else ""


def _by_field(row: BoardRow, wrong: LionrockError | None) -> dict[str, list[Fault]]:
    code = row.item.application.code
    found: dict[str, list[Fault]] = {}
    for fault in wrong.faults if wrong else ():
        box = _box(fault)
        if box.endswith(f"-{code}"):
            found.setdefault(box.removesuffix(f"-{code}"), []).append(fault)
    return found


def _fund_parts(board: Board) -> tuple[Part, ...]:
    before = board.appropriated - board.means.free
    return (
        Part("spent", gettext("Given before"), before),
        Part("committed", gettext("This order, above the line"), board.ranking.committed),
        Part("free", gettext("Left"), board.ranking.left),
    )


@require_safe
def ranking_file(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """Hand out the ranking as the viewer sees it, as CSV or JSON."""
    viewer = viewer_of(request)
    board = board_of(viewer, meeting_by_code(viewer, code), timezone.now())
    name = f'attachment; filename="{code}-ranking.{ending}"'
    if ending == "csv":
        text = to_csv(RANKING_COLUMNS, ranking_rows(board))
        return HttpResponse(text, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})
    if ending == "json":
        text = json.dumps(ranking_json(board), ensure_ascii=False, indent=2)
        return HttpResponse(text, content_type="application/json", headers={"Content-Disposition": name})
    said = message(gettext_noop("A ranking has no file of the kind {ending}. There are: csv, json."), ending=ending)
    raise NotFound("committee.ranking.format", said)
