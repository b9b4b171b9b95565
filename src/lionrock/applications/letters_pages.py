"""The correspondence of an application: the thread, and the box to write in."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from lionrock.applications.actions.letters import LONGEST_LETTER, write_letter
from lionrock.applications.letters import letters_of, may_read_letters
from lionrock.applications.models import Application, Letter
from lionrock.applications.parties import is_party, may_check
from lionrock.applications.queries import application_by_code, may_write
from lionrock.kernel.errors import Invalid
from lionrock.people.domain import Actor
from lionrock.people.models import Person
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.web.filling import Box, filled, in_words
from lionrock.web.panels import Panel


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter on the page: who wrote it, and whether the viewer's side did."""

    letter: Letter
    author: str
    own: bool


@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest, code: str) -> HttpResponse:
    """Show the correspondence; write in it."""
    viewer = viewer_of(request)
    application = application_by_code(viewer, code)
    if request.method != "POST":
        return _shown(request, viewer, application)
    letters_of(viewer, application)
    text = request.POST.get("text", "").replace("\0", "")
    try:
        write_letter(actor=viewer, application=code, text=text, now=timezone.now())
    except Invalid as wrong:
        return _shown(request, viewer, application, text, in_words(wrong, [_box()]))
    messages.success(request, gettext("Your letter is sent."))
    return redirect("applications:letters", code)


def _shown(
    request: HttpRequest, viewer: Actor, application: Application, text: str = "", wrong: Invalid | None = None
) -> HttpResponse:
    thread = list(letters_of(viewer, application))
    names = dict(Person.objects.filter(email__in={each.author for each in thread}).values_list("email", "name"))
    party = is_party(viewer, application)
    writes = application.submitted_at is not None and (may_write(viewer, application) or may_check(viewer, application))
    context = {
        "application": application,
        "thread": [
            Shown(each, names.get(each.author, each.author), own=each.from_applicant is party) for each in thread
        ],
        "boxes": filled([_box()], {"text": text}, wrong.faults if wrong else ()),
        "writes": writes,
        "party": party,
        "zone": programme_on_file(application.call.programme).zone,
        "wrong": wrong,
    }
    return render(request, "letters/letters.html", context, status=wrong.status if wrong else 200)


def _box() -> Box:
    most = gettext("At most {count} characters.").format(count=LONGEST_LETTER)
    return Box("text", gettext("Your letter"), kind="area", help=most, longest=LONGEST_LETTER)


def panel(viewer: Actor, application: Application) -> Panel:
    """Return the way from the application's page to its correspondence, for who may read it."""
    reads = may_read_letters(viewer, application) and application.submitted_at is not None
    last = application.letters.last() if reads else None
    address = reverse("applications:letters", args=[application.code]) if reads else ""
    zone = programme_on_file(application.call.programme).zone
    return Panel("letters/panel.html", {"address": address, "last": last, "zone": zone})
