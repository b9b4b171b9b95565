"""Releasing what holds an order: asked by one person of compliance, agreed to by another."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import NotFound, Refused
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.states import advance
from lionrock.people.domain import Actor
from lionrock.people.policies import require
from lionrock.supply.actions.rechecking import recheck_order, step
from lionrock.supply.domain.holding import Why, check_four_eyes, check_why
from lionrock.supply.domain.states import HOLD_STEPS, HoldState
from lionrock.supply.models import Hold
from lionrock.supply.policies import RELEASE
from lionrock.supply.queries.orders import programmes_seen


@transaction.atomic
def ask_release(*, actor: Actor, hold: int, reason: str, now: datetime) -> Hold:
    """Ask to release what holds an order: the first pair of eyes. It stays held until a second person agrees.

    Takes the role compliance, and a reason; not who placed the order. Raises `Refused` for a supplier
    who may be on a list: two persons clear that in screening.
    """
    found = _locked(actor, hold)
    check_four_eyes(found.order.placed_by, "", actor.email)
    if found.why == Why.SUPPLIER.value:
        said = message(gettext_noop("Who is on a list is decided in screening. Clear the case there."))
        raise Refused("supply.hold.screening", said)
    return _stepped(found, "ask", reason, actor, now)


@transaction.atomic
def answer_release(*, actor: Actor, hold: int, agree: bool, reason: str, now: datetime) -> Hold:
    """Agree to release what holds an order, which then goes on, or refuse it.

    Takes the role compliance, and a reason. Raises `Refused` (supply.hold.four_eyes) for who placed the
    order and, to agree, for who asked; `Conflict` when nobody has asked.
    """
    found = _locked(actor, hold)
    verb = "agree" if agree else "refuse"
    advance(HOLD_STEPS, HoldState(found.state), verb, thing=f"#{found.pk}")
    check_four_eyes(found.order.placed_by, found.asked_by if agree else "", actor.email)
    answered = _stepped(found, verb, reason, actor, now)
    recheck_order(found.order_id, now)
    return answered


def _locked(actor: Actor, hold: int) -> Hold:
    seen = Hold.objects.filter(order__programme__in=programmes_seen(actor))
    found = seen.select_for_update(of=("self",)).select_related("order").filter(pk=hold).first()
    if found is None:
        said = message(gettext_noop("There is nothing of the number {number} that holds an order."), number=hold)
        raise NotFound("supply.hold.unknown", said)
    require(actor, *RELEASE, programme=found.order.programme)
    return found


def _stepped(hold: Hold, verb: str, reason: str, actor: Actor, now: datetime) -> Hold:
    why = check_why(reason)
    step(hold, verb, actor.email, why, now)
    action = "supply.ask_release" if verb == "ask" else "supply.answer_release"
    details = {"hold": hold.pk, "why": hold.why, "line": hold.line, "verb": verb, "reason": why}
    record(action, hold.order.code, actor=actor.email, now=now, programme=hold.order.programme, details=details)
    return hold
