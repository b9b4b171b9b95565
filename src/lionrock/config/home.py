"""Where a visitor starts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from lionrock.people.programmes import programmes_on_file
from lionrock.people.viewer import viewer_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the fund of the first programme that the viewer works for; members go to their awards."""
    worked_for = viewer_of(request).programmes()
    known = programmes_on_file()
    first = next((programme for programme in known if programme in worked_for), None)
    return redirect("ledger:fund", first) if first else redirect("awards:list")
