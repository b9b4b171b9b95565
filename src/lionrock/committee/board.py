"""The ranking of a meeting as one viewer sees it: what is tried, who fits, what it leaves, what is suggested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from lionrock.applications.queries import request_of
from lionrock.committee.domain import (
    Difference,
    Line,
    Means,
    MonthUse,
    Placed,
    Portfolio,
    Proposal,
    Ranking,
    Stay,
    best,
    by_month,
    difference,
    is_exceptional,
    rank,
    read_proposal,
)
from lionrock.committee.domain.meetings import ItemState
from lionrock.committee.means import Tried, day_of, means_of, tried
from lionrock.committee.models import AgendaItem, Meeting, Trial
from lionrock.committee.queries import items, proposal_of
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.findings import Outcome
from lionrock.kernel.money import PRICE_PLACES, Money, to_places
from lionrock.ledger.domain.accounts import APPROPRIATION
from lionrock.ledger.queries import balance
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.review.queries import Result, results
from lionrock.rules.programme import Programme

Texts = Mapping[str, str]
"""What is typed for a row: its application, and the fields of a proposal."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One row: the item with what is tried for it, how it fares, its result, and what was typed.

    `faults` are of what was typed; `exceptional` asks for a written reason.
    """

    tried: Tried
    placed: Placed
    result: Result | None
    typed: Texts
    faults: tuple[Fault, ...]
    exceptional: bool
    suggested: bool

    @property
    def item(self) -> AgendaItem:
        """The item of the agenda."""
        return self.tried.item


@dataclass(frozen=True, slots=True)
class Use:
    """The devices of one kind, month by month."""

    kind: str
    capacity: int | None
    months: tuple[MonthUse, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The whole ranking. `is_trial`: it shows what the viewer tries, and not only what is proposed."""

    meeting: Meeting
    on: date
    rows: tuple[BoardRow, ...]
    ranking: Ranking
    suggestion: Portfolio
    change: Difference
    appropriated: Money
    means: Means
    uses: tuple[Use, ...]
    is_trial: bool

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All that is wrong with what was typed; the field of each begins with its application."""
        return tuple(fault for row in self.rows for fault in row.faults)


def board_of(viewer: Actor, meeting: Meeting, now: datetime) -> Board:
    """Return the ranking as the viewer tries it, or else as it is proposed; a constant number of queries."""
    trial = Trial.objects.filter(meeting=meeting, person=viewer.email).first()
    if trial is None:
        return board_for(viewer, meeting, Line.STOP, (), now, is_trial=False)
    return board_for(viewer, meeting, Line(trial.rule), trial.rows, now, is_trial=True)


def board_for(
    viewer: Actor, meeting: Meeting, rule: Line, typed: Sequence[Texts], now: datetime, *, is_trial: bool
) -> Board:
    """Return the ranking for what is typed; items of which nothing is typed follow, as they are proposed."""
    programme, on = programme_on_file(meeting.programme), day_of(meeting, now)
    found = {item.application.code: item for item in items(viewer, meeting).filter(state=ItemState.OPEN.value)}
    given = results(viewer, [item.application for item in found.values()])
    texts = {row["application"]: row for row in typed if row.get("application") in found}
    ordered = [found[code] for code in (*texts, *(code for code in found if code not in texts))]
    means = means_of(programme, [item.application for item in ordered], on)
    attempts = []
    for item in ordered:
        code, key = item.application.code, item.application_id
        attempts.append(_attempt(item, texts.get(code), given.get(key), programme, on))
    ranking = rank([attempt.tried.row for attempt in attempts], means, rule)
    suggestion = best([attempt.tried.row for attempt in attempts], means)
    return Board(
        meeting=meeting,
        on=on,
        rows=tuple(_row(attempt, placed, suggestion) for attempt, placed in zip(attempts, ranking.rows, strict=True)),
        ranking=ranking,
        suggestion=suggestion,
        change=difference(ranking.served, suggestion.applications),
        appropriated=Money(-balance(meeting.programme, APPROPRIATION, programme.currency), programme.currency),
        means=means,
        uses=_uses(ranking, means),
        is_trial=is_trial,
    )


@dataclass(frozen=True, slots=True)
class _Attempt:
    tried: Tried
    result: Result | None
    typed: Texts
    faults: tuple[Fault, ...]
    exceptional: bool


def _attempt(item: AgendaItem, typed: Texts | None, result: Result | None, programme: Programme, on: date) -> _Attempt:
    standing = proposal_of(item)
    standing_texts = texts_of(item, standing, programme, on)
    texts = typed or standing_texts
    faults: tuple[Fault, ...] = ()
    try:
        proposal = read_proposal({**standing_texts, **texts} | undecided(texts))
    except Invalid as wrong:
        proposal, faults = standing, wrong.faults
    score = result.score if result else None
    passes = not any(each.outcome is Outcome.NOT_MET for each in result.findings) if result else True
    attempt = tried(item, proposal, score, programme, on, wanted=texts.get("decision") != LATER, passes=passes)
    return _Attempt(attempt, result, texts, faults, is_exceptional(proposal, programme, on))


LATER = "later"
"""A row that is tried with no decision on it: it takes nothing, and nothing is proposed for it."""


def undecided(texts: Texts) -> dict[str, str]:
    """Return an empty decision for a row that is tried with none."""
    return {"decision": ""} if texts.get("decision") == LATER else {}


def texts_of(item: AgendaItem, proposal: Proposal, programme: Programme, on: date) -> dict[str, str]:
    """Return what stands in the boxes before anything is typed: what is proposed, else what is asked for."""
    asked = request_of(item.application)
    rate = proposal.rate
    if rate is None:
        rate = programme.at(on).general_share()
    return {
        "application": item.application.code,
        "decision": proposal.decision.value,
        "rate": per_cent(rate),
        "count": str(proposal.count or asked.count),
        "months": str(proposal.months or asked.months),
        "starts": (proposal.starts or asked.starts).isoformat(),
        "conditions": proposal.conditions,
        "reason": proposal.reason,
    }


def per_cent(rate: Fraction) -> str:
    """Return a share in per cent as it is typed: "70", "66.6667"."""
    exact = to_places(rate, PRICE_PLACES).scaleb(2)
    return f"{exact.normalize():f}"


def _row(attempt: _Attempt, placed: Placed, suggestion: Portfolio) -> BoardRow:
    return BoardRow(
        tried=attempt.tried,
        placed=placed,
        result=attempt.result,
        typed=attempt.typed,
        faults=attempt.faults,
        exceptional=attempt.exceptional,
        suggested=placed.row.application in suggestion.applications,
    )


def _uses(ranking: Ranking, means: Means) -> tuple[Use, ...]:
    """Return the use of each kind that is asked for, in the order of the ranking; those that fit take theirs."""
    asked = [stay for placed in ranking.rows if placed.row.wanted for stay in placed.row.stays]
    served = [stay for placed in ranking.rows if placed.row.application in ranking.served for stay in placed.row.stays]
    kinds = dict.fromkeys(stay.kind for stay in asked)
    return tuple(_use(kind, means, served, asked) for kind in kinds)


def _use(kind: str, means: Means, served: Sequence[Stay], asked: Sequence[Stay]) -> Use:
    capacity = means.capacity.get(kind)
    return Use(kind, capacity, by_month(kind, means.taken, served, capacity, asked))
