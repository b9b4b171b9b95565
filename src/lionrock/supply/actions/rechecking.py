"""What holds an order, looked at again: after each step of it, after a release, and whenever something is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.controls.domain.determining import determine
from lionrock.controls.domain.rules import Book
from lionrock.controls.showing import full_data
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.kernel.states import advance
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject, kept
from lionrock.people.programmes import programme_on_file
from lionrock.people.queries import holders_of
from lionrock.screening.actions import screen_party
from lionrock.screening.models import SubjectKind
from lionrock.screening.subjects import organisation_subject
from lionrock.supply.domain.holding import Reason
from lionrock.supply.domain.states import (
    HOLD_STEPS,
    HOLDING,
    ORDER_STEPS,
    RUNNING,
    SHIPMENT_STEPS,
    HoldState,
    OrderState,
    ShipmentState,
)
from lionrock.supply.models import Determined, Hold, HoldStep, Order, OrderLine, Shipment
from lionrock.supply.policies import RELEASE
from lionrock.supply.queries.lines import all_there, known_of, question_of, reasons_for
from lionrock.supply.queries.orders import book as book_on_file

BY_ITSELF: Final = "supply"
"""Who acts where no person does."""
_HOLDING: Final = [state.value for state in HOLDING]


def today_of(programme: str, now: datetime) -> date:
    """Return the day of an instant where a programme is."""
    return local_date(now, programme_on_file(programme).zone)


def recheck_orders(now: datetime) -> int:
    """Look at every order that is not over again; return how many are held, or free, that were not before.

    Rules and lists change, licences expire and days pass without anybody doing anything. One
    transaction each.
    """
    running = Order.objects.filter(state__in=[state.value for state in RUNNING]).order_by("pk")
    return sum(recheck_order(number, now) for number in running.values_list("pk", flat=True))


@transaction.atomic
def recheck_party(*, kind: str, code: str, now: datetime) -> None:
    """Look at the orders from somebody again whom two persons have cleared."""
    if kind == SubjectKind.ORGANISATION.value:
        found = Order.objects.filter(supplier__organisation__code=code, state__in=[state.value for state in RUNNING])
        for number in found.order_by("pk").values_list("pk", flat=True):
            recheck_order(number, now)


@transaction.atomic
def recheck_order(number: int, now: datetime, cause: str = "rules") -> bool:
    """Screen the supplier, ask the rules again, and hold or free an order; tell whether its state has changed.

    `cause` is kept with an answer that is another than before.
    """
    order = Order.objects.select_for_update(of=("self",)).select_related("supplier__organisation").get(pk=number)
    if OrderState(order.state) not in RUNNING:
        return False
    today, book = today_of(order.programme, now), book_on_file()
    screen_party(organisation_subject(order.supplier.organisation), occasion="order", now=now)
    lines = list(order.lines.select_related("authorisation", "site"))
    _ask_rules(order, lines, book, today, cause, now)
    known = known_of(lines)
    holds = keep_holds(order, reasons_for(order, lines, known, book, today), now)
    free_shipments(lines, {hold.line for hold in holds if hold.state in _HOLDING})
    return _settle(order, holds, done=all(all_there(line, known) for line in lines), now=now)


def _ask_rules(order: Order, lines: Sequence[OrderLine], book: Book, today: date, cause: str, now: datetime) -> None:
    """Determine each line for the day on which it is to come, and keep an answer that is another than before."""
    latest = known_of(lines).latest
    for line in lines:
        on = max(line.due, today)
        question = question_of(book, order, line, on)
        if question is None:
            continue
        answer, before = determine(book, question), latest.get(line.pk)
        made = Determined(
            line=line,
            on=on,
            cause=cause if before else "placed",
            version=answer.version.id,
            paragraph=answer.paragraph,
            authorisation=answer.authorisation.value,
            review=answer.review.value,
            content=full_data(answer),
            at=now,
        )
        moved = cause == "date" and before is not None and before.on != on
        if before is None or moved or made.basis != before.basis or list(answer.missing) != before.content["missing"]:
            made.save()


def keep_holds(order: Order, reasons: Sequence[Reason], now: datetime) -> list[Hold]:
    """Keep a hold for each reason that is new, lift those whose reason is gone; return those that are left."""
    before = {(hold.why, hold.line, hold.basis): hold for hold in order.holds.exclude(state=HoldState.LIFTED.value)}
    wanted = {reason.key: reason for reason in reasons}
    for key, hold in before.items():
        if key not in wanted:
            step(hold, "lift", BY_ITSELF, "", now)
    for key, reason in wanted.items():
        if key not in before:
            made = Hold.objects.create(
                order=order, line=reason.line, why=reason.why.value, basis=reason.basis, chips=reason.chips,
                said=kept(reason.said), state=HoldState.STANDING.value, since=now, state_since=now,
            )  # fmt: skip
            HoldStep.objects.create(hold=made, verb="hold", actor=BY_ITSELF, at=now)
            before[key] = made
    return [before[key] for key in wanted]


def step(hold: Hold, verb: str, actor: str, reason: str, now: datetime) -> None:
    """Take one step of a hold, and keep who took it."""
    hold.state = advance(HOLD_STEPS, HoldState(hold.state), verb, thing=f"#{hold.pk}").value
    hold.asked_by = actor if verb == "ask" else "" if verb == "refuse" else hold.asked_by
    hold.state_since = now
    hold.save(update_fields=["state", "asked_by", "state_since"])
    HoldStep.objects.create(hold=hold, verb=verb, actor=actor, reason=reason, at=now)


def free_shipments(lines: Sequence[OrderLine], held: set[int]) -> None:
    """Let the shipments go that waited for lines which nothing holds."""
    free = [] if 0 in held else [line for line in lines if line.position not in held]
    for shipment in Shipment.objects.filter(line__in=free, state=ShipmentState.WAITING.value):
        shipment.state = advance(SHIPMENT_STEPS, ShipmentState.WAITING, "free", thing=shipment.reference).value
        shipment.save(update_fields=["state"])


def _settle(order: Order, holds: Sequence[Hold], *, done: bool, now: datetime) -> bool:
    """Bring the state of an order in line with its holds and shipments; tell whether it has changed."""
    before = OrderState(order.state)
    standing = [hold for hold in holds if hold.state in _HOLDING]
    if standing and before is OrderState.OPEN:
        move_order(order, "hold", now)
        _tell(order, standing, now)
    if not standing and order.state == OrderState.HELD.value:
        move_order(order, "free", now)
    if done and order.state == OrderState.OPEN.value:
        move_order(order, "finish", now)
    return order.state != before.value


def move_order(order: Order, verb: str, now: datetime, actor: str = BY_ITSELF, reason: str = "") -> None:
    """Take one step of an order (its row is locked), and keep who took it and why."""
    order.state = advance(ORDER_STEPS, OrderState(order.state), verb, thing=order.code).value
    order.state_since = now
    order.save(update_fields=["state", "state_since"])
    held = order.holds.filter(state__in=_HOLDING).values_list("why", "line")
    details = {"state": order.state, "reason": reason, "held": [f"{why}:{line}" for why, line in held]}
    record(f"supply.{verb}_order", order.code, actor=actor, now=now, programme=order.programme, details=details)


def _tell(order: Order, standing: Sequence[Hold], now: datetime) -> None:
    said = message(gettext_noop("The order {code} is held: {count} to settle."), code=order.code, count=len(standing))
    to = holders_of(*RELEASE, programme=order.programme)
    notify(to=to, said=said, about=Subject("order", order.code), now=now)
