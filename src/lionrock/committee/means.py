"""What there is to give, and what each item would take of it: the numbers that the ranking reckons with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from lionrock.applications.domain import Request
from lionrock.applications.models import Application
from lionrock.applications.queries import request_of
from lionrock.awards.domain import NOT_OVER, Decision, pieces
from lionrock.awards.models import Award, AwardVersion
from lionrock.awards.queries import given_of, versions_of
from lionrock.calls.models import Call
from lionrock.committee.domain import Means, Price, Proposal, Row, Stay, capacity_by_kind, priced, stays_of
from lionrock.committee.domain.capacity import devices_of, merged, reserves
from lionrock.committee.models import AgendaItem, Meeting
from lionrock.kernel.money import Money
from lionrock.kernel.periods import local_date
from lionrock.ledger.domain.accounts import FREE
from lionrock.ledger.queries import balance
from lionrock.people.programmes import programme_on_file
from lionrock.rules.programme import Programme


@dataclass(frozen=True, slots=True)
class Tried:
    """One item with what is tried for it: what that would commit, and the row it makes in the ranking."""

    item: AgendaItem
    proposal: Proposal
    asked: Request
    price: Price
    row: Row


def day_of(meeting: Meeting, now: datetime) -> date:
    """Return the day on which a decision at `now` falls, in the programme's zone."""
    return local_date(now, programme_on_file(meeting.programme).zone)


def tried(
    item: AgendaItem,
    proposal: Proposal,
    score: Fraction | None,
    programme: Programme,
    on: date,
    *,
    wanted: bool = True,
    passes: bool = True,
) -> Tried:
    """Price what is tried for an item, under the rules of that day."""
    application = item.application
    asked = request_of(application)
    price = priced(programme, asked, application.category, proposal, on)
    row = Row(
        application=application.code,
        call=application.call.code,
        score=score,
        cost=price.terms.cap if price.terms else None,
        stays=stays_of(programme.items.get(asked.item), price.request),
        wanted=wanted and proposal.decision is Decision.APPROVE,
        passes=passes,
        faults=price.faults,
    )
    return Tried(item, proposal, asked, price, row)


def means_of(programme: Programme, applications: Sequence[Application], on: date) -> Means:
    """Return what there is to give to these applications as things stand.

    Three queries, and one for each call that has a budget of its own. What is promised to offers that
    are not yet accepted is given already.
    """
    calls = {application.call.code: application.call for application in applications}
    starts = [application.starts for application in applications if application.starts]
    return Means(
        free=Money(balance(programme.id, FREE, programme.currency), programme.currency),
        envelopes={code: _left_of(call) for code, call in calls.items() if call.budget_minor is not None},
        capacity=capacity_by_kind(programme.at(on)),
        taken=_taken(programme, min([on, *starts])),
    )


def _left_of(call: Call) -> Money:
    return Money(call.budget_minor or 0, call.currency) - given_of(call)


def _taken(programme: Programme, first: date) -> tuple[Stay, ...]:
    """Return the use by awards that are not over, with what variations changed, that reaches beyond a day."""
    standing = Award.objects.filter(programme=programme.id, state__in=[state.value for state in NOT_OVER])
    versions = AwardVersion.objects.filter(award=OuterRef("pk"))
    reaching = Q(valid_to__gt=first) | Exists(versions.filter(valid_to__gt=first))
    varied = standing.filter(Exists(versions)).filter(reaching).defer("findings").prefetch_related("versions")
    stays = [stay for award in varied for stay in _stays(programme, award) if stay.ends > first]
    return merged([*_as_first_given(programme, standing.filter(valid_to__gt=first).exclude(Exists(versions))), *stays])


def _as_first_given(programme: Programme, awards: QuerySet[Award]) -> Iterator[Stay]:
    """Yield what awards that nothing has changed take away: thousands of them share few spans, so they are summed."""
    spans = awards.order_by().values("item", "hours", "valid_to", starts=Coalesce("in_force_from", "valid_from"))
    for span in spans.annotate(units=Sum("count")):
        item = programme.items.get(span["item"])
        if item is not None and reserves(item, span["hours"]):
            for kind, each in devices_of(item).items():
                yield Stay(kind, each * span["units"], span["starts"], span["valid_to"])


def _stays(programme: Programme, award: Award) -> Iterator[Stay]:
    """Yield what an award takes away from others, span by span of equal count."""
    item = programme.items.get(award.item)
    if item is None:
        return
    versions = versions_of(award)
    if not reserves(item, versions[-1].hours):
        return
    for piece in pieces(versions):
        for kind, each in devices_of(item).items():
            yield Stay(kind, each * piece.count, piece.start, piece.end)
