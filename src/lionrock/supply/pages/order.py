"""One order: its lines with what was determined of them, what holds it, its shipments, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from lionrock.controls.domain.rules import Authorisation as Required
from lionrock.controls.domain.rules import Review
from lionrock.controls.showing import DISCLAIMER
from lionrock.controls.wording import AUTHORISATIONS, REVIEWS, paragraph_said
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.findings import Finding
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.notices.domain import told
from lionrock.people.domain import Actor
from lionrock.people.programmes import house_zone
from lionrock.people.viewer import viewer_of
from lionrock.supply.actions import (
    announce_shipment,
    answer_release,
    ask_release,
    cancel_order,
    commission_shipment,
    cover_line,
    end_shipment,
    move_delivery,
)
from lionrock.supply.domain.order_file import read_number
from lionrock.supply.domain.states import DRAWN, RUNNING, HoldState, OrderState, ShipmentState
from lionrock.supply.models import Determined, Hold, HoldStep, Order, OrderLine, Shipment
from lionrock.supply.pages.deeds import Deed, Typed, day_in, done, select
from lionrock.supply.pages.orders import totals
from lionrock.supply.policies import ACT, RELEASE, RUN, SEE_PRICES
from lionrock.supply.queries.orders import authorisations, book, order_by_code
from lionrock.supply.wording import CAUSES
from lionrock.web import kept
from lionrock.web.filling import Box

_STEPS: Final[Mapping[str, str]] = {
    "hold": gettext_noop("Held"),
    "ask": gettext_noop("Asked to release it"),
    "agree": gettext_noop("Agreed: released"),
    "refuse": gettext_noop("Not released"),
    "lift": gettext_noop("No longer so"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was determined at one time, in words; `changed` is what was otherwise before, as (what, before, now)."""

    kept: Determined
    cause: str
    paragraph: Message | str
    authorisation: Message
    tone: str
    review: Message | None
    findings: Sequence[Finding]
    changed: Sequence[tuple[str, object, object]]


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is shown; the latest answer first."""

    line: OrderLine
    name: str
    price: Money | None
    answers: Sequence[Answer]
    drawn: int
    shipments: Sequence[tuple[Shipment, str, int]]


@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest, code: str) -> HttpResponse:
    """Show an order, and take what is done of it."""
    viewer = viewer_of(request)
    found = order_by_code(viewer, code)
    deeds, status = _deeds(viewer, found), 200
    if request.method == "POST":
        deeds, status = done(request, deeds)
        if status == 302:
            return redirect("supply_orders:show", code)
    return render(request, "supply/order.html", _context(viewer, found, deeds), status=status)


def _context(viewer: Actor, found: Order, deeds: Sequence[Deed]) -> dict[str, object]:
    priced = viewer.holds(*SEE_PRICES, programme=found.programme)
    lines = [_line(line, priced=priced) for line in _lines(found)]
    countries = book().atlas.names
    journey = (found.destination, found.exporting_from, found.headquarters)
    holds = list(found.holds.prefetch_related("steps"))
    return {
        "order": found,
        "state": f"order_{found.state}",
        "lines": lines,
        "totals": totals([Money(line.line.price * line.line.units, line.line.currency) for line in lines])
        if priced
        else [],
        "journey": [countries[country] for country in journey],
        "holds": [_hold(hold) for hold in holds if hold.state != HoldState.LIFTED.value],
        "lifted": [_hold(hold) for hold in holds if hold.state == HoldState.LIFTED.value],
        "disclaimer": gettext(DISCLAIMER),
        "deeds": deeds,
        "zone": house_zone(),
    }


def _lines(found: Order) -> list[OrderLine]:
    lines = found.lines.select_related("site", "authorisation")
    return list(lines.prefetch_related("determined", "shipments__equipment"))


def _hold(hold: Hold) -> tuple[Hold, Message, str, list[tuple[HoldStep, str]]]:
    steps = [(step, gettext(_STEPS[step.verb])) for step in hold.steps.all()]
    return hold, told(hold.said), f"hold_{hold.state}", steps


def _line(line: OrderLine, *, priced: bool) -> Line:
    items = book().items
    determined = list(line.determined.all())
    answers = [_answer(each, before) for each, before in zip(determined, [None, *determined], strict=False)]
    drawn = sum(each.units for each in line.shipments.all() if ShipmentState(each.state) in DRAWN)
    return Line(
        line=line,
        name=f"{items[line.chip].vendor} {items[line.chip].name}" if line.chip in items else line.chip,
        price=Money(line.price, line.currency) if priced else None,
        answers=answers[::-1],
        drawn=drawn * line.chips_per_unit,
        shipments=[(each, f"shipment_{each.state}", _running(each)) for each in line.shipments.all()],
    )


def _running(shipment: Shipment) -> int:
    return sum(each.chips for each in shipment.equipment.all())


def _answer(determined: Determined, before: Determined | None) -> Answer:
    tone, text = AUTHORISATIONS[Required(determined.authorisation)]
    return Answer(
        kept=determined,
        cause=gettext(CAUSES[determined.cause]),
        paragraph=paragraph_said(determined.paragraph),
        authorisation=message(text),
        tone=tone,
        review=None if determined.review == Review.NOT_APPLICABLE.value else _review(determined),
        findings=[kept.finding(each) for each in determined.content["findings"]],
        changed=_changed(before, determined) if before else [],
    )


def _changed(before: Determined, after: Determined) -> list[tuple[str, object, object]]:
    """Return what an answer says otherwise than the one before it."""
    pairs: tuple[tuple[str, object, object], ...] = (
        (gettext("Day"), str(before.on), str(after.on)),
        (gettext("Version of the rules"), before.version, after.version),
        (gettext("Paragraph"), paragraph_said(before.paragraph), paragraph_said(after.paragraph)),
        (gettext("Authorisation"), _required(before), _required(after)),
        (gettext("Review"), _review(before), _review(after)),
    )
    return [pair for pair in pairs if pair[1] != pair[2]]


def _review(determined: Determined) -> Message:
    return message(REVIEWS[Review(determined.review)][1])


def _required(determined: Determined) -> Message:
    return message(AUTHORISATIONS[Required(determined.authorisation)][1])


def _deeds(viewer: Actor, found: Order) -> list[Deed]:
    """Return what the viewer can do of an order as it stands."""
    deeds: list[Deed] = []
    holding = [hold for hold in found.holds.all() if hold.state in (HoldState.STANDING.value, HoldState.ASKED.value)]
    if holding and viewer.holds(*RELEASE, programme=found.programme):
        deeds.append(_release(viewer, holding))
    shipments = list(Shipment.objects.filter(line__order=found).select_related("line"))
    if viewer.holds(*ACT, programme=found.programme) and OrderState(found.state) in RUNNING:
        deeds += [_cover(viewer, found), _ship(viewer, found), *_end(viewer, shipments)]
        deeds += [_move(viewer, found), _cancel(viewer, found)]
    come = [each for each in shipments if each.state == ShipmentState.ARRIVED.value]
    if come and viewer.holds(*RUN, programme=found.programme):
        deeds.append(_commission(viewer, come))
    return deeds


def _release(viewer: Actor, holding: Sequence[Hold]) -> Deed:
    def act(typed: Typed) -> object:
        hold, reason, now = read_number(typed["hold"], "hold"), typed["reason"], timezone.now()
        if typed["step"] == "ask":
            return ask_release(actor=viewer, hold=hold, reason=reason, now=now)
        if typed["step"] in ("agree", "refuse"):
            return answer_release(actor=viewer, hold=hold, agree=typed["step"] == "agree", reason=reason, now=now)
        said = message(gettext_noop("Nothing is chosen in {field}. Choose one."), field="step")
        raise Invalid("supply.step", said, faults=[Fault("supply.step", said, field="step")])

    steps = [
        ("ask", gettext("Ask a second person to release it")),
        ("agree", gettext("Agree to release it: it goes on at once")),
        ("refuse", gettext("Do not release it")),
    ]
    boxes = [
        select("hold", gettext("What holds it"), [(str(each.pk), str(told(each.said))) for each in holding]),
        Box("step", gettext("What you decide"), kind="choice", choices=steps),
        Box("reason", gettext("Why; it is kept with the order"), kind="area", longest=2000),
    ]
    return Deed("release", gettext("Release what holds it"), boxes, act)


def _lines_of(found: Order) -> Box:
    lines = [(str(line.position), f"{line.position} · {line.chip} · {line.units}") for line in found.lines.all()]
    return select("line", gettext("Line"), lines)


def _cover(viewer: Actor, found: Order) -> Deed:
    def act(typed: Typed) -> object:
        line = read_number(typed["line"], "line")
        return cover_line(actor=viewer, order=found.code, line=line, number=typed["number"], now=timezone.now())

    papers = authorisations(viewer).filter(programme=found.programme)
    numbers = [(each.number, f"{each.number} · {each.chip}") for each in papers]
    boxes = [
        _lines_of(found),
        Box(
            "number",
            gettext("Authorisation"),
            kind="select",
            required=False,
            choices=[("", gettext("None")), *numbers],
        ),
    ]
    return Deed("cover", gettext("Name the authorisation of a line"), boxes, act)


def _ship(viewer: Actor, found: Order) -> Deed:
    def act(typed: Typed) -> object:
        return announce_shipment(
            actor=viewer,
            order=found.code,
            line=read_number(typed["line"], "line"),
            units=read_number(typed["units"], "units"),
            reference=typed["reference"],
            sent_on=day_in(typed, "sent_on"),
            expected_on=day_in(typed, "expected_on"),
            now=timezone.now(),
        )

    boxes = [
        _lines_of(found),
        Box("units", gettext("Units"), longest=7),
        Box("reference", gettext("Number of the shipment"), longest=100),
        Box("sent_on", gettext("Sent on"), kind="date"),
        Box("expected_on", gettext("Expected on"), kind="date"),
    ]
    told_ = gettext("While the line is held, the shipment is kept and waits.")
    return Deed("ship", gettext("Record a shipment"), boxes, act, help=told_)


def _end(viewer: Actor, shipments: Sequence[Shipment]) -> list[Deed]:
    def act(typed: Typed) -> object:
        number = read_number(typed["shipment"], "shipment")
        arrived = typed["what"] == "arrived"
        return end_shipment(actor=viewer, shipment=number, arrived=arrived, on=day_in(typed, "on"), now=timezone.now())

    open_ = [
        each for each in shipments if ShipmentState(each.state) in (ShipmentState.WAITING, ShipmentState.ON_THE_WAY)
    ]
    if not open_:
        return []
    became = [("arrived", gettext("It has come")), ("lost", gettext("It is lost"))]
    boxes = [
        select("shipment", gettext("Shipment"), [(str(each.pk), f"{each.reference} · {each.units}") for each in open_]),
        select("what", gettext("What became of it"), became),
        Box("on", gettext("On which day"), kind="date"),
    ]
    return [Deed("end", gettext("Say what became of a shipment"), boxes, act)]


def _move(viewer: Actor, found: Order) -> Deed:
    def act(typed: Typed) -> object:
        return move_delivery(
            actor=viewer,
            order=found.code,
            line=read_number(typed["line"], "line"),
            due=day_in(typed, "due"),
            reason=typed["reason"],
            now=timezone.now(),
        )

    boxes = [
        _lines_of(found),
        Box("due", gettext("Planned day of delivery"), kind="date"),
        Box("reason", gettext("Why; it is kept with the order"), kind="area", longest=2000),
    ]
    told_ = gettext("The rules are asked again for the new day, and both answers stay.")
    return Deed("move", gettext("Move a delivery"), boxes, act, help=told_)


def _cancel(viewer: Actor, found: Order) -> Deed:
    def act(typed: Typed) -> object:
        return cancel_order(actor=viewer, order=found.code, reason=typed["reason"], now=timezone.now())

    boxes = [Box("reason", gettext("Why; it is kept with the order"), kind="area", longest=2000)]
    return Deed("cancel", gettext("Cancel what has not come"), boxes, act)


def _commission(viewer: Actor, come: Sequence[Shipment]) -> Deed:
    def act(typed: Typed) -> object:
        return commission_shipment(
            actor=viewer,
            shipment=read_number(typed["shipment"], "shipment"),
            units=read_number(typed["units"], "units"),
            since=day_in(typed, "since"),
            now=timezone.now(),
        )

    boxes = [
        select("shipment", gettext("Shipment"), [(str(each.pk), f"{each.reference} · {each.units}") for each in come]),
        Box("units", gettext("Units"), longest=7),
        Box("since", gettext("In operation since"), kind="date"),
    ]
    return Deed("commission", gettext("Put into operation"), boxes, act)
