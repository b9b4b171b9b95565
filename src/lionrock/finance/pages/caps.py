"""The page of awards by how close they are to their cap."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lionrock.finance.domain.caps import Nearness
from lionrock.finance.pages.choosing import choose
from lionrock.finance.queries.caps import PACE_MONTHS, at_caps, shown
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.web.listing import ROWS_PER_PAGE


@require_safe
def caps_index(request: HttpRequest) -> HttpResponse:
    """Choose the programme."""
    return choose(request, "finance_caps:show", gettext("Close to a cap"))


@require_safe
def caps(request: HttpRequest, programme: str) -> HttpResponse:
    """List awards in force that are used up, will be before their end, or have little left; or all of them."""
    everything = request.GET.get("all") == "1"
    viewer = viewer_of(request)
    found = at_caps(viewer, programme)
    listed = found if everything else [one for one in found if one.standing.nearness is not Nearness.FAR]
    page = Paginator(listed, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    of = shown(viewer, page.object_list)
    context = {
        "programme": programme_on_file(programme).names,
        "code": programme,
        "page": page,
        "rows": [(one, of[one.code]) for one in page.object_list],
        "all": everything,
        "count": len(found),
        "pace_months": PACE_MONTHS,
    }
    return render(request, "finance/caps.html", context)
