"""Preparing, opening and closing calls."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.calls.domain import TRANSITIONS, CallState, check_budget, check_window, opening
from lionrock.calls.models import Call
from lionrock.calls.numbering import next_code
from lionrock.calls.queries import call_by_code
from lionrock.kernel.errors import Refused
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import local_date
from lionrock.kernel.states import advance
from lionrock.kernel.texts import check_lines
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file


@transaction.atomic
def create_call(
    *,
    actor: Actor,
    programme: str,
    title: str,
    opens: datetime,
    now: datetime,
    closes: datetime | None = None,
    budget: Money | None = None,
    title_zh_hant: str = "",
    title_zh_hans: str = "",
) -> Call:
    """Prepare a call of a programme. `budget` is what its awards may commit together.

    Takes the role office. Raises `NotFound` for an unknown programme, `Invalid` for no title, a window
    that ends before it begins, or a budget that is negative or in another currency.
    """
    require(actor, Role.OFFICE, programme=programme)
    rules = programme_on_file(programme)
    check_lines({"title": title}, {"title_zh_hant": title_zh_hant, "title_zh_hans": title_zh_hans})
    check_window(opens, closes)
    check_budget(budget, rules.currency)
    call = Call.objects.create(
        code=next_code("CALL", local_date(now, rules.zone).year),
        programme=programme,
        title=title,
        title_zh_hant=title_zh_hant,
        title_zh_hans=title_zh_hans,
        opens=opens,
        closes=closes,
        budget_minor=budget.minor if budget else None,
        currency=rules.currency,
        created_at=now,
    )
    details = {"opens": opens.isoformat(), "closes": closes and closes.isoformat(), "budget": budget and str(budget)}
    record("calls.create_call", call.code, actor=actor.email, now=now, programme=programme, details=details)
    return call


@transaction.atomic
def open_call(*, actor: Actor, call: str, now: datetime) -> Call:
    """Let a call take applications (within its window).

    Takes the role office. Raises `Refused` while the programme's owner has not set a value that a
    call needs, with one finding for each; `Conflict` when the call was opened before.
    """
    found = call_by_code(actor, call, lock=True)
    require(actor, Role.OFFICE, programme=found.programme)
    state = advance(TRANSITIONS, CallState(found.state), "open", thing=call)
    rules = programme_on_file(found.programme)
    terms = rules.at(local_date(now, rules.zone))
    missing = opening(terms)
    if missing:
        said = message(
            gettext_noop("{call} cannot open: {count} values that a call needs are not set."),
            call=call,
            count=len(missing),
        )
        raise Refused("calls.open.not_set", said, findings=missing)
    return _moved(found, state, "calls.open_call", actor, now)


@transaction.atomic
def close_call(*, actor: Actor, call: str, now: datetime) -> Call:
    """Let a call take no more applications; those submitted stay and can be decided.

    Takes the role office. Raises `Conflict` when the call is not open.
    """
    found = call_by_code(actor, call, lock=True)
    require(actor, Role.OFFICE, programme=found.programme)
    state = advance(TRANSITIONS, CallState(found.state), "close", thing=call)
    return _moved(found, state, "calls.close_call", actor, now)


def _moved(call: Call, state: CallState, action: str, actor: Actor, now: datetime) -> Call:
    details = {"from": call.state, "to": state.value}
    call.state = state.value
    call.save(update_fields=["state"])
    record(action, call.code, actor=actor.email, now=now, programme=call.programme, details=details)
    return call
