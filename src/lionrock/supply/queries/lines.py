"""Lines as the domain sees them, out of the tables: what is required, which papers there are, what holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lionrock.controls.domain.answers import Question
from lionrock.controls.domain.rules import Authorisation as Required
from lionrock.controls.domain.rules import Book
from lionrock.kernel.messages import gettext_noop, message
from lionrock.screening.models import SubjectKind
from lionrock.screening.queries.holding import Who, holds_on
from lionrock.supply.domain.holding import Line, Paper, Reason, Why, reasons_of
from lionrock.supply.domain.states import AuthorisationState, Kind, ShipmentState
from lionrock.supply.models import Determined, EndUserStatement, Order, OrderLine, Shipment
from lionrock.supply.queries.orders import shares_of


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of some lines, read at once: the latest answer, what papers cover, statements, shipments."""

    latest: Mapping[int, Determined]
    shares: Mapping[int, int]
    statements: Sequence[EndUserStatement]
    shipments: Mapping[int, Sequence[Shipment]]


def known_of(lines: Iterable[OrderLine]) -> Known:
    """Read what is known of these lines: four queries, however many lines."""
    asked = list(lines)
    latest = Determined.objects.filter(line__in=asked).order_by("line_id", "-id").distinct("line_id")
    shipments: dict[int, list[Shipment]] = {line.pk: [] for line in asked}
    for shipment in Shipment.objects.filter(line__in=asked):
        shipments[shipment.line_id].append(shipment)
    return Known(
        latest={each.line_id: each for each in latest},
        shares=shares_of({line.authorisation_id for line in asked if line.authorisation_id}),
        statements=list(EndUserStatement.objects.filter(site__in={line.site_id for line in asked})),
        shipments=shipments,
    )


def question_of(book: Book, order: Order, line: OrderLine, on: date) -> Question | None:
    """Return what is asked of a line for a day; None when its chip is no longer in the catalogue."""
    if line.chip not in book.items:
        return None
    return Question(
        items=(book.items[line.chip],),
        on=on,
        destination=order.destination,
        exporting_from=order.exporting_from,
        headquarters=order.headquarters,
        uses=tuple(order.uses),
    )


def line_as_it_stands(line: OrderLine, known: Known, book: Book, today: date) -> Line:
    """Return a line for the domain; a chip that has left the catalogue leaves what it needs unknown."""
    answer, due = known.latest[line.pk], max(line.due, today)
    there = line.chip in book.items
    return Line(
        position=line.position,
        chips=line.chips,
        due=due,
        required=Required(answer.authorisation) if there else Required.UNKNOWN,
        answer=answer.basis if there else "gone",
        missing=tuple(answer.content["missing"]) if there else (line.chip,),
        paper=_paper(line, known.shares.get(line.pk, 0)),
        statement=any(_in_force(each, line.site_id, due) for each in known.statements),
    )


def _paper(line: OrderLine, covers: int) -> Paper | None:
    paper = line.authorisation
    if paper is None:
        return None
    return Paper(
        paper.pk,
        paper.number,
        Kind(paper.kind),
        AuthorisationState(paper.state),
        paper.expires_on,
        covers,
        paper.needs_statement,
    )


def _in_force(statement: EndUserStatement, site: int, on: date) -> bool:
    ends = statement.expires_on
    return statement.site_id == site and statement.signed_on <= on and (ends is None or on <= ends)


def all_there(line: OrderLine, known: Known) -> bool:
    """Tell whether all of a line has arrived."""
    arrived = [each.units for each in known.shipments[line.pk] if each.state == ShipmentState.ARRIVED.value]
    return sum(arrived) >= line.units


def reasons_for(order: Order, lines: Sequence[OrderLine], known: Known, book: Book, today: date) -> list[Reason]:
    """Return everything that holds an order on a day; nothing of a line that has come in full."""
    found = list(supplier_reasons(order, today))
    for line in lines:
        if not all_there(line, known):
            found += reasons_of(line_as_it_stands(line, known, book, today))
    return found


def supplier_reasons(order: Order, today: date) -> list[Reason]:
    """Return what screening says of the supplier; who sees no cases reads only that it is being checked."""
    code = order.supplier.organisation.code
    said = message(gettext_noop("The supplier {supplier} is being checked against lists of parties."), supplier=code)
    return [
        Reason(Why.SUPPLIER, 0, f"{hold.case or 'owners'}", said)
        for hold in holds_on([Who(SubjectKind.ORGANISATION, code)], today)[:1]
    ]
