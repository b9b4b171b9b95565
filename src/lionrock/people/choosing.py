"""A page that is about one programme: which one, where there may be several; the only one is shown at once."""

from __future__ import annotations

from collections.abc import Collection

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from lionrock.people.programmes import programmes_on_file


def choose_programme(
    request: HttpRequest, among: Collection[str], *, page: str, heading: str, nothing: str
) -> HttpResponse:
    """Lead to the page of the only programme among these ids, or list them; `nothing` is said where there is none.

    `page` is the name of a page that takes a programme's id. `heading` and `nothing` are in the language of the page.
    """
    known = [programme for name, programme in programmes_on_file().items() if name in among]
    if len(known) == 1:
        return redirect(page, known[0].id)
    links = [(programme.names, reverse(page, args=[programme.id])) for programme in known]
    return render(request, "people/choose.html", {"heading": heading, "links": links, "nothing": nothing})
