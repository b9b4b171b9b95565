"""What an award's page shows of its allocations, and how each cluster stands towards what awards give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from lionrock.allocations.actions import lend_idle_nodes, push_site, stop_lending
from lionrock.allocations.domain import AllocationState
from lionrock.allocations.domain.desired import Standing
from lionrock.allocations.models import Allocation, ClusterChange, Push
from lionrock.allocations.queries import (
    CountedUse,
    allocations,
    enforcement_of,
    latest_pushes,
    lending_of,
    may_lend,
    site_for,
    sites_for,
    use_on,
)
from lionrock.awards.models import Award
from lionrock.kernel.errors import Conflict, NotAllowed, Unavailable
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.quantities import device_hours
from lionrock.ledger.domain.accounts import quota_remaining, quota_unit
from lionrock.ledger.queries import balance
from lionrock.notices.domain.keeping import told
from lionrock.people.domain import Actor, Role
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.rules.items import Item
from lionrock.sites.models import Site
from lionrock.web.panels import Panel
from lionrock.web.sentences import translate

STANDINGS: Final[Mapping[Standing, Message]] = {
    Standing.OPEN: message(gettext_noop("can be used")),
    Standing.NOT_BEGUN: message(gettext_noop("has not begun")),
    Standing.OVER: message(gettext_noop("is over")),
    Standing.SUSPENDED: message(gettext_noop("is suspended")),
    Standing.HELD: message(gettext_noop("is held while its organisation is being checked")),
    Standing.GATED: message(gettext_noop("is held by the responsible-AI gate")),
    Standing.CLOSED: message(gettext_noop("has ended")),
}
_OUTCOMES: Final[Mapping[str, Message]] = {
    Push.Outcome.RUNNING: message(gettext_noop("under way")),
    Push.Outcome.DONE: message(gettext_noop("the cluster holds what it should")),
    Push.Outcome.PARTLY: message(gettext_noop("something is left to do")),
    Push.Outcome.CUT_OFF: message(gettext_noop("broken off; the next push goes on")),
}


@dataclass(frozen=True, slots=True)
class Quota:
    """An allocation with its item; hours are device-hours to two decimals, for reading only."""

    allocation: Allocation
    item: Item
    granted: Decimal
    left: Decimal


def panel(viewer: Actor, award: Award) -> Panel:
    """Return the allocations under an award, with what is left of each quota, and whether its nodes are lent."""
    programme = programme_on_file(award.programme)
    found = allocations(viewer).filter(award=award).exclude(state=AllocationState.REPLACED.value)
    rows = [_quota(each, award, programme.item(each.item)) for each in found]
    zone: ZoneInfo = programme.zone
    content = {"rows": rows, "zone": zone, "lending": lending_of(award), "may_lend": may_lend(viewer, award)}
    return Panel("allocations/panel.html", content | {"award": award})


def _quota(allocation: Allocation, award: Award, item: Item) -> Quota:
    account = quota_remaining(award.code, allocation.item)
    left = balance(award.programme, account, quota_unit(allocation.item))
    return Quota(allocation, item, device_hours(allocation.device_seconds), device_hours(left))


@require_POST
def lend(request: HttpRequest, code: str) -> HttpResponse:
    """Let others use a lease's idle nodes, or stop it, and go back to the award."""
    stops = request.POST.get("stop") == "yes"
    try:
        (stop_lending if stops else lend_idle_nodes)(actor=viewer_of(request), award=code, now=timezone.now())
    except Conflict as late:
        messages.warning(request, translate(late.message))
    else:
        yes = gettext("Others may use the nodes while they are idle; your own jobs come first.")
        messages.success(request, gettext("The nodes are yours alone again.") if stops else yes)
    return redirect("awards:show", code)


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A cluster in the list, and how it was found last."""

    site: Site
    looked_at: object
    away: Message | None
    differs: int


@require_safe
def sites(request: HttpRequest) -> HttpResponse:
    """List the clusters that enforce what awards give, for those who look after them."""
    viewer = viewer_of(request)
    found = list(sites_for(viewer))
    if not found and not viewer.operator and not viewer.programmes(Role.CLUSTER_ADMIN, Role.OFFICE, Role.AUDITOR):
        said = gettext_noop("What clusters hold of awards is for those who look after them.")
        raise NotAllowed("allocations.sites.staff", message(said))
    return render(request, "allocations/sites.html", {"lines": [_line(each) for each in found]})


def _line(site: Site) -> SiteLine:
    state = enforcement_of(site)
    if state is None:
        return SiteLine(site, None, None, 0)
    return SiteLine(site, state.looked_at, told(state.error) if state.error else None, len(state.differs))


@dataclass(frozen=True, slots=True)
class UseLine:
    """An award on a cluster: its use, and how it stands, as a sentence."""

    use: CountedUse
    standing: Message


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change that was made on a cluster, as a sentence, or why the cluster refused it."""

    change: ClusterChange
    said: Message
    refused: Message | None


@dataclass(frozen=True, slots=True)
class PushLine:
    """A push, how it ended, and what it changed."""

    push: Push
    outcome: Message
    changes: Sequence[ChangeLine]


@require_safe
def site(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a cluster should hold of awards, what it was found to hold last, and what was changed there."""
    viewer, now = viewer_of(request), timezone.now()
    found = site_for(viewer, code)
    state = enforcement_of(found)
    context = {
        "site": found,
        "zone": programme_on_file(found.programme).zone,
        "state": state,
        "error": told(state.error) if state and state.error else None,
        "differs": [told(said) for said in (state.differs if state else ())],
        "notes": [told(said) for said in (state.notes if state else ())],
        "uses": [UseLine(use, STANDINGS[use.standing]) for use in use_on(viewer, code, now)],
        "pushes": [_push_line(each) for each in latest_pushes(found)],
        "may_push": viewer.holds(Role.CLUSTER_ADMIN, Role.OFFICE, programme=found.programme),
    }
    return render(request, "allocations/site.html", context)


def _push_line(push: Push) -> PushLine:
    changes = [
        ChangeLine(each, told(each.said), told(each.refused) if each.refused else None) for each in push.changes.all()
    ]
    return PushLine(push, _OUTCOMES[push.outcome], changes)


@require_POST
def push(request: HttpRequest, code: str) -> HttpResponse:
    """Bring a cluster to hold what awards give, now, and show what came of it."""
    try:
        done = push_site(actor=viewer_of(request), site=code, now=timezone.now())
    except (Conflict, Unavailable) as wrong:
        messages.warning(request, translate(wrong.message))
        return redirect("allocations:site", code)
    if done.is_done:
        messages.success(request, gettext("The cluster holds what it should."))
    else:
        messages.warning(request, gettext("The cluster took only a part of it. What is left is listed below."))
    return redirect("allocations:site", code)
