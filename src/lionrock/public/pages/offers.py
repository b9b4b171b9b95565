"""Pages for everybody: the programmes, what one pays for, and what a request would cost and meet."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lionrock.kernel.errors import Invalid, LionrockError, Refused
from lionrock.kernel.findings import Finding, Outcome
from lionrock.kernel.periods import add_months, local_date
from lionrock.people.programmes import programme_on_file
from lionrock.public.domain import Estimate, MonthlyCost, Question, estimate
from lionrock.public.queries import circumstances, on_offer, open_calls
from lionrock.rules.items import Item
from lionrock.rules.programme import Programme
from lionrock.rules.terms import Terms
from lionrock.web.charts import MonthParts, Part

FIELDS = ("category", "item", "count", "months", "hours", "starts", "other_subsidy")


@login_not_required
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Show the programmes and the calls that take applications now."""
    return render(request, "public/front.html", {"offers": on_offer(timezone.now())})


@login_not_required
@require_safe
def programme(request: HttpRequest, programme: str) -> HttpResponse:
    """Show what a programme pays for, who may apply, what it takes, and how it is decided."""
    now = timezone.now()
    found = programme_on_file(programme)
    terms = found.at(local_date(now, found.zone))
    context = {
        "programme": found,
        "terms": terms,
        "calls": open_calls(now, programme),
        "general": terms.value("subsidy.general_rate"),
        "exceptional": terms.value("subsidy.exceptional_rate_max"),
        "grounds": terms.phrases("subsidy.exceptional_grounds"),
        "covers": terms.phrases("budget.covers"),
        "fund": terms.value("budget.fund_total"),
        "body": terms.deciding_body(),
        "limits": terms.request_limits(),
        "criteria": terms.criteria(),
        "documents": terms.documents(),
        "declarations": terms.declarations(),
        "form": terms.application_form(),
        "pledges": _pledges(terms),
        "assessors": terms.assessors(),
        "anonymity": terms.anonymity(),
        "enquiries": terms.value("calls.enquiries"),
        "prices": _prices(terms),
        "unset": terms.needed_to_open(),
    }
    return render(request, "public/programme.html", context | {"reads": terms.reads})


def _pledges(terms: Terms) -> list[tuple[str, int]]:
    """Return what is pledged in working days, each with what it is for."""
    pledged = (
        (gettext("The office checks that everything is there"), terms.completeness_days()),
        (gettext("Assessors score it"), terms.assessment_days()),
        (gettext("It is decided, counted from the day it is handed in"), terms.decision_days()),
        (gettext("You answer, where the office asks you something"), terms.clarification_days()),
    )
    return [(what, days) for what, days in pledged if days is not None]


def _prices(terms: Terms) -> list[tuple[Item, object]]:
    """Return each item with its price in force: everywhere, then at each site that has its own."""
    lists = [listed for item in terms.programme.items.values() for listed in item.lists]
    return [(listed, terms.price(listed.id, listed.site)) for listed in lists]


@login_not_required
@require_safe
def estimate_page(request: HttpRequest, programme: str) -> HttpResponse:
    """Answer, for anybody: would this be eligible, and what would it cost by month?"""
    now = timezone.now()
    found = programme_on_file(programme)
    on = local_date(now, found.zone)
    asked = any(field in request.GET for field in FIELDS)
    typed = {field: request.GET.get(field, "").replace("\0", "") for field in FIELDS} if asked else _first(found, on)
    answer, wrong = _answer(found, Question(typed), on, now) if asked else (None, None)
    context = {
        "programme": found,
        "categories": [each for each in found.at(on).categories if each.open is not False],
        "items": [item for item, listed in _prices(found.at(on)) if listed is not None and item.site is None],
        "typed": typed,
        "faults": {fault.field: fault for fault in wrong.faults} if wrong else {},
        "wrong": wrong,
        **(_shown(answer) if answer else {}),
    }
    return render(request, "public/estimate.html", context, status=422 if isinstance(wrong, Invalid) else 200)


def _answer(
    found: Programme, question: Question, on: date, now: datetime
) -> tuple[Estimate | None, LionrockError | None]:
    try:
        return estimate(found, question, circumstances(found.id, now), on), None
    except (Invalid, Refused) as wrong:
        return None, wrong


def _first(found: Programme, on: date) -> dict[str, str]:
    """Return what the empty form holds: the smallest request, from the first of the next month."""
    limits = found.at(on).request_limits()
    starts = add_months(on.replace(day=1), 1)
    given = {"count": limits.min_count or 1, "months": limits.min_months or 1, "starts": starts.isoformat()}
    return {field: str(given.get(field, "")) for field in FIELDS}


def _shown(answer: Estimate) -> dict[str, object]:
    quoted = answer.quote
    return {
        "answer": answer,
        "quote": quoted,
        "bar": (
            Part("spent", gettext("The scheme pays"), quoted.scheme_share),
            Part("free", gettext("You pay"), quoted.user_share),
        ),
        "drawn": [_drawn(month) for month in answer.months],
        "differs": bool(answer.months) and answer.as_billed.minor != quoted.list_price.minor,
        "stopping": _of(answer, Outcome.NOT_MET),
        "open_questions": _of(answer, Outcome.UNKNOWN),
        "met": _of(answer, Outcome.MET),
    }


def _of(answer: Estimate, outcome: Outcome) -> list[Finding]:
    return [finding for finding in answer.findings if finding.outcome is outcome]


def _drawn(month: MonthlyCost) -> MonthParts:
    scheme = Part("spent", gettext("The scheme pays"), month.scheme)
    return MonthParts(month.month, (scheme, Part("free", gettext("You pay"), month.user)))
