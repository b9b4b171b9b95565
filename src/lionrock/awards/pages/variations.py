"""Asking for a change of an award, with what it comes to shown first; and deciding on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from lionrock.awards.actions import decide_variation, request_variation, withdraw_variation
from lionrock.awards.domain import Change, Decision, Effect, VariationState, check_change, effect_of, takes_committee
from lionrock.awards.models import Award, Variation
from lionrock.awards.projects import answers_for, require_answers_for
from lionrock.awards.queries import award_by_code, change_of, holding_of, variation_by_number, versions_of
from lionrock.kernel.errors import Conflict, Fault, Invalid, LionrockError, Refused, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import local_date
from lionrock.kernel.quantities import device_hours
from lionrock.people.domain import Actor, Role
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.web.filling import Box, filled, typed_in
from lionrock.web.proving import needs_proof
from lionrock.web.sentences import translate


@require_http_methods(["GET", "HEAD", "POST"])
def new_variation(request: HttpRequest, code: str) -> HttpResponse:
    """Work out what a change comes to, and then ask for it."""
    viewer, now = viewer_of(request), timezone.now()
    found = award_by_code(viewer, code)
    if not viewer.holds(Role.OFFICE, programme=found.programme):
        require_answers_for(viewer, found)
    boxes = _boxes(found)
    if request.method != "POST":
        return _form(request, found, boxes)
    typed = typed_in(boxes, request.POST)
    shown = filled(boxes, typed)
    try:
        change = _read(typed, found.currency)
        if "ask" not in request.POST:
            return _form(request, found, shown, effect=_looked_at(found, change, now), looked=True)
        request_variation(actor=viewer, award=code, change=change, reason=typed["reason"], now=now)
    except (Invalid, Refused) as wrong:
        return _form(request, found, filled(boxes, typed, wrong.faults), wrong=wrong)
    except Conflict as late:
        messages.warning(request, translate(late.message))
        return redirect("awards:show", code)
    messages.success(request, gettext("The change is asked for. You are told when it is decided."))
    return redirect("awards:show", code)


def _form(
    request: HttpRequest,
    award: Award,
    boxes: list[Box],
    *,
    wrong: LionrockError | None = None,
    effect: Effect | None = None,
    looked: bool = False,
) -> HttpResponse:
    context = {"award": award, "boxes": boxes, "wrong": wrong, "looked": looked, **_shown(effect)}
    return render(request, "awards/new_variation.html", context, status=wrong.status if wrong else 200)


def _shown(effect: Effect | None) -> dict[str, object]:
    if effect is None:
        return {"effect": None}
    before, after = device_hours(effect.quota_before), device_hours(effect.quota_after)
    return {"effect": effect, "hours_before": before, "hours_after": after, "lowers": effect.more.minor < 0}


def _boxes(award: Award) -> list[Box]:
    last = versions_of(award)[-1]
    last_day = gettext("First day on which it is no longer in force. Now: {day}.").format(day=last.valid_to.isoformat())
    count = gettext("Now: {count}.").format(count=last.count)
    return [
        Box("valid_to", gettext("Ends"), kind="date", required=False, help=last_day),
        Box("count", gettext("How many"), kind="number", required=False, help=count),
        *_hours(last.hours),
        Box("since", gettext("From which day"), kind="date", required=False, help=gettext("Empty: from tomorrow on.")),
        Box(
            "cap",
            gettext("The most that the scheme bears"),
            required=False,
            help=gettext("In {currency}. Empty: at the award's share of the list price.").format(
                currency=award.currency
            ),
        ),
        Box("contact", gettext("Who answers for the work from now on"), required=False),
        Box("scope", gettext("What the work is about from now on"), kind="area", required=False, longest=5000),
        Box("reason", gettext("Why"), kind="area", longest=5000),
    ]


def _hours(hours: int | None) -> list[Box]:
    if hours is None:
        return []
    now = gettext("Now: {count}.").format(count=hours)
    return [Box("hours", gettext("Hours of each device"), kind="number", required=False, help=now)]


def _read(typed: Mapping[str, str], currency: str) -> Change:
    """Return what was typed as a change; raises `Invalid` with every fault."""
    faults: list[Fault] = []
    since, valid_to = (_day(name, typed[name], faults) for name in ("since", "valid_to"))
    count, hours = (_number(name, typed.get(name, ""), faults) for name in ("count", "hours"))
    cap = None
    with collecting(faults):
        cap = Money.parse(typed["cap"].replace(",", ""), currency, field="cap") if typed["cap"] else None
    change = Change(since, count, hours, valid_to, cap, typed["contact"], typed["scope"])
    if not faults:
        with collecting(faults):
            check_change(change, currency)
    if faults:
        raise Invalid("awards.variation.invalid", faults[0].message, faults=faults)
    return change


def _day(field: str, text: str, faults: list[Fault]) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        faults.append(_unreadable(gettext_noop("“{value}” is not a date. Write it as 2026-04-01."), field, text))
        return None


def _number(field: str, text: str, faults: list[Fault]) -> int | None:
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return int(text)
    if text:
        faults.append(_unreadable(gettext_noop("“{value}” is not a whole number. Write digits only."), field, text))
    return None


def _unreadable(template: str, field: str, text: str) -> Fault:
    return Fault("awards.variation.invalid", message(template, value=text), field=field, value=text)


def _looked_at(award: Award, change: Change, now: datetime) -> Effect | None:
    rules = programme_on_file(award.programme)
    if not change.of_terms:
        return None
    return effect_of(rules, holding_of(award), change, local_date(now, rules.zone))


@needs_proof
@require_http_methods(["GET", "HEAD", "POST"])
def variation(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show one change, with what it comes to; decide on it, or withdraw it."""
    viewer, now = viewer_of(request), timezone.now()
    found = award_by_code(viewer, code)
    asked = variation_by_number(found, number)
    boxes = [
        Box("decided_by", gettext("Deciding body"), help=gettext("Such as Committee, 3 March 2026.")),
        Box("reason", gettext("Why"), kind="area", required=False, longest=5000, help=gettext("Needed to decline.")),
    ]
    if request.method != "POST":
        return _one(request, viewer, found, asked, boxes, now)
    typed = typed_in(boxes, request.POST)
    try:
        _act(viewer, asked, request.POST.get("verb", ""), typed, now)
    except (Invalid, Refused) as wrong:
        return _one(request, viewer, found, asked, filled(boxes, typed, wrong.faults), now, wrong)
    except Conflict as late:
        messages.warning(request, translate(late.message))
    return redirect("awards:variation", code, number)


def _act(viewer: Actor, asked: Variation, verb: str, typed: Mapping[str, str], now: datetime) -> None:
    code, number = asked.award.code, asked.number
    if verb == "withdraw":
        withdraw_variation(actor=viewer, award=code, number=number, now=now)
        return
    decision = Decision.APPROVE if verb == Decision.APPROVE.value else Decision.DECLINE
    decide_variation(
        actor=viewer,
        award=code,
        number=number,
        decision=decision,
        decided_by=typed["decided_by"],
        reason=typed["reason"],
        now=now,
    )


def _one(
    request: HttpRequest,
    viewer: Actor,
    award: Award,
    asked: Variation,
    boxes: list[Box],
    now: datetime,
    wrong: LionrockError | None = None,
) -> HttpResponse:
    waits = asked.state == VariationState.REQUESTED.value
    effect, refusal = _effect_now(award, change_of(asked), now) if waits else (None, None)
    committee = viewer.holds(Role.COMMITTEE, Role.CHAIR, programme=award.programme)
    office = viewer.holds(Role.OFFICE, programme=award.programme)
    may = committee or (office and not takes_committee(change_of(asked), effect))
    context = {
        "award": award,
        "asked": asked,
        "cap": None if asked.cap_minor is None else Money(asked.cap_minor, award.currency),
        "boxes": boxes,
        "wrong": wrong,
        "refusal": None if wrong else refusal,
        "zone": programme_on_file(award.programme).zone,
        "waits": waits,
        "may_approve": waits and may and refusal is None,
        "may_decline": waits and (committee or office),
        "may_withdraw": waits and (office or answers_for(viewer, award)),
        "kept": _kept(asked),
        **_shown(effect),
    }
    return render(request, "awards/variation.html", context, status=wrong.status if wrong else 200)


def _effect_now(award: Award, change: Change, now: datetime) -> tuple[Effect | None, LionrockError | None]:
    try:
        return _looked_at(award, change, now), None
    except (Invalid, Refused) as refusal:
        return None, refusal


def _kept(asked: Variation) -> dict[str, object] | None:
    """Return what a decided change came to, as it was kept with the decision."""
    if not asked.effect:
        return None
    currency = asked.effect["currency"]

    def terms(side: str) -> dict[str, object]:
        row = asked.effect[side]
        return {
            "count": row["count"],
            "valid_to": date.fromisoformat(row["valid_to"]),
            "list_price": Money(row["list_price"], currency),
            "cap": Money(row["cap"], currency),
            "own": Money(row["list_price"] - row["cap"], currency),
            "left": Money(row["left"], currency),
            "hours": device_hours(row["quota"]),
        }

    return {
        "before": terms("before"),
        "after": terms("after"),
        "since": date.fromisoformat(asked.effect["after"]["since"]),
    }
