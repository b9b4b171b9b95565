"""The cockpit of the month's close: what is still in the way, what the month comes to, and the close itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from lionrock.charging.actions import ask_close, close_month, stop_close
from lionrock.charging.domain.lines import totals
from lionrock.charging.queries import preview
from lionrock.finance.pages.choosing import choose
from lionrock.finance.queries.closing import Cockpit, Condition, cockpit
from lionrock.kernel.errors import LionrockError
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.people.domain import Actor, Role
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.web.proving import needs_proof
from lionrock.web.sentences import translate


@dataclass(frozen=True, slots=True)
class Row:
    """A condition as it is shown, with where it is mended."""

    of: Condition
    address: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What the month comes to as the books stand."""

    gross: Money
    subsidy: Money
    user: Money
    lines: int
    organisations: int
    unpriced: int


@require_safe
def closing_index(request: HttpRequest) -> HttpResponse:
    """Choose the programme."""
    return choose(request, "finance_closing:show", gettext("Closing a month"))


@require_safe
def closing(request: HttpRequest, programme: str) -> HttpResponse:
    """Show how the next close stands; with `?preview=1` what the month comes to so far."""
    return _page(request, programme, "")


@needs_proof
@require_POST
def close(request: HttpRequest, programme: str) -> HttpResponse:
    """Close the month that was shown, or say why not; the same post again finds it closed.

    A month that is rated in parts, for longer than anybody waits for a page, is left to the worker.
    """
    viewer, now = viewer_of(request), timezone.now()
    month = Month.parse(request.POST.get("month", ""))
    act = ask_close if cockpit(viewer, programme, now).takes_long(month) else close_month
    return _done(request, programme, lambda: act(actor=viewer, programme=programme, month=month, now=now))


@needs_proof
@require_POST
def stop(request: HttpRequest, programme: str) -> HttpResponse:
    """Let a close rest that is under way, or say why not."""
    viewer, now = viewer_of(request), timezone.now()
    return _done(request, programme, lambda: stop_close(actor=viewer, programme=programme, now=now))


def _done(request: HttpRequest, programme: str, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except LionrockError as error:
        return _page(request, programme, translate(error.message), status=error.status)
    return redirect("finance_closing:show", programme)


def _page(request: HttpRequest, programme: str, fault: str, status: int = 200) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    found = cockpit(viewer, programme, now)
    rules = programme_on_file(programme)
    context = {
        "programme": rules.names,
        "code": programme,
        "zone": rules.zone,
        "cockpit": found,
        "rows": [Row(one, _address(one)) for one in found.conditions],
        "preview": _preview(viewer, programme, found) if request.GET.get("preview") == "1" else None,
        "may": viewer.holds(Role.FINANCE, programme=programme),
        "fault": fault,
    }
    return render(request, "finance/closing.html", context, status=status)


def _address(condition: Condition) -> str:
    return reverse(condition.page, args=[condition.of]) if condition.page else ""


def _preview(viewer: Actor, programme: str, found: Cockpit) -> Preview | None:
    if found.month is None:
        return None
    reckoning = preview(viewer, programme, found.month)
    currency = programme_on_file(programme).currency
    gross, subsidy, user = (Money(amount, currency) for amount in totals(reckoning.lines))
    accounts = {line.charge.account for line in reckoning.lines}
    return Preview(gross, subsidy, user, len(reckoning.lines), len(accounts), _unpriced(reckoning.held))


def _unpriced(held: object) -> int:
    return sum(int(found["runs"]) for found in held.values()) if isinstance(held, dict) else 0
