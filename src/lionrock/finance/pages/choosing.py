"""Which programme a page of finance is about: the only one is shown at once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from lionrock.people.programmes import programmes_on_file
from lionrock.people.viewer import viewer_of


def choose(request: HttpRequest, page: str, heading: str) -> HttpResponse:
    """List the programmes that the viewer works for, with a link to the page of each."""
    seen = viewer_of(request).programmes()
    known = [programme for name, programme in programmes_on_file().items() if name in seen]
    if len(known) == 1:
        return redirect(page, known[0].id)
    links = [(programme.names, reverse(page, args=[programme.id])) for programme in known]
    return render(request, "finance/choose.html", {"heading": heading, "links": links})
