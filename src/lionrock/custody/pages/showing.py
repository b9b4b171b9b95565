"""The list of data sets, one of them with its chain, and what an award's page shows of them."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lionrock.awards.models import Award
from lionrock.custody.actions.registering import KEEP
from lionrock.custody.domain.chain import broken, custody_of
from lionrock.custody.models import DataSet
from lionrock.custody.queries.placing import placements, places, zone_of_award
from lionrock.custody.queries.sets import data_set_by_code, data_sets, events_of, transfers_of
from lionrock.custody.rulebook import duty_names, rules_now, zones_now
from lionrock.kernel.findings import Outcome
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor, Role
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.web.listing import page_of
from lionrock.web.panels import Panel


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the data sets that the viewer may see, the latest first."""
    page = page_of(request, data_sets(viewer_of(request)))
    zones, now = zones_now(), timezone.now()
    rows = [(each, zones[each.zone].names, state_of(each, now)) for each in page.object_list]
    return render(request, "custody/index.html", {"page": page, "rows": rows})


def state_of(data_set: DataSet, now: datetime) -> str:
    """Return where a data set stands, as a word of `web.words`."""
    if data_set.deleted_at is not None:
        return "data_deleted"
    today = local_date(now, programme_on_file(data_set.award.programme).zone)
    return "data_overdue" if today > data_set.keep_until else "data_kept"


@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Show one data set: where its copies lie and may lie, its chain, its transfers and what is due."""
    viewer, now = viewer_of(request), timezone.now()
    found = data_set_by_code(viewer, code)
    events = events_of(found)
    programme, zone = found.award.programme, zones_now()[found.zone]
    may_lie = placements(zone, places([programme]))
    allowed = {row.code for row, finding in may_lie if finding.outcome is Outcome.MET}
    custody = custody_of(events)
    rules = programme_on_file(programme)
    context = {
        "data": found,
        "zone_names": zone.names,
        "zone": rules.zone,
        "state": state_of(found, now),
        "custody": custody,
        "misplaced": [copy for copy in custody.lying if copy.place not in allowed],
        "events": [(event, f"event_{event.kind}", _zone_names(event.zone)) for event in reversed(events)],
        "broken": broken(found.code, events),
        "differing": {event.number for event in custody.differing},
        "findings": [(row, finding, f"may_{finding.outcome}") for row, finding in may_lie],
        "transfers": _transfers(found),
        "today": local_date(now, rules.zone),
        "handles": viewer.holds(Role.CLUSTER_ADMIN, Role.COMPLIANCE, programme=programme),
        "complies": viewer.holds(Role.COMPLIANCE, programme=programme),
    }
    return render(request, "custody/show.html", context)


def _zone_names(zone: str) -> object:
    return zones_now()[zone].names if zone in zones_now() else zone


def _transfers(found: DataSet) -> list[dict[str, object]]:
    known = rules_now().instruments
    return [
        {
            "row": each,
            "instrument": known[each.instrument].names if each.instrument in known else None,
            "filings": [(filing, duty_names(each.instrument, filing.duty)) for filing in each.filings.all()],
        }
        for each in transfers_of(found)
    ]


def panel(viewer: Actor, award: Award) -> Panel:
    """Return what an award's page shows of its data: the sets, and the zone that binds its work."""
    rows = list(data_sets(viewer).filter(award=award))
    zones, now = zones_now(), timezone.now()
    bound = zone_of_award(award)
    content = {
        "award": award,
        "rows": [(each, zones[each.zone].names, state_of(each, now)) for each in rows],
        "bound": bound.names if bound else None,
        "registers": registers(viewer, award),
    }
    return Panel("custody/panel.html", content)


def registers(viewer: Actor, award: Award) -> bool:
    """Tell whether the viewer may put data of an award on file."""
    return viewer.belongs_to(award.organisation.code) or viewer.holds(*KEEP, programme=award.programme)
