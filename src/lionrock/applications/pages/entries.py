"""Adding an entry to a part of the form that repeats, and taking one out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from lionrock.applications.actions import add_entry as add
from lionrock.applications.actions import remove_entry as remove
from lionrock.applications.pages.filling import leaf_of
from lionrock.applications.pages.sheets import part_address, sheet_for_authors
from lionrock.kernel.errors import Conflict
from lionrock.people.viewer import viewer_of
from lionrock.web.sentences import translate


@require_POST
def add_entry(request: HttpRequest, code: str, part: str) -> HttpResponse:
    """Add an entry and open it; sent twice, the form adds one."""
    posted = request.POST.get("after", "")
    after = int(posted) if posted.isascii() and posted.isdecimal() and len(posted) < 6 else None
    try:
        made = add(actor=viewer_of(request), application=code, part=part, now=timezone.now(), after=after)
    except Conflict as full:
        messages.error(request, translate(full.message))
        return redirect("applications:part", code, part)
    return redirect(part_address(code, part, made.number))


@require_http_methods(["GET", "HEAD", "POST"])
def remove_entry(request: HttpRequest, code: str, part: str, number: int) -> HttpResponse:
    """Ask whether an entry is really to be taken out, and take it out."""
    viewer, now = viewer_of(request), timezone.now()
    sheet = sheet_for_authors(viewer, code, now)
    if request.method == "POST":
        return _removed(request, code, part, number)
    leaf = leaf_of(sheet, part, number)
    name = sheet.title_of(leaf.part, number) or str(number)
    context = {
        "application": sheet.application,
        "heading": gettext("Remove “{name}”?").format(name=name),
        "warning": gettext("What is written in it is taken out of the application. The other entries stay."),
        "verb": gettext("Remove it"),
        "back": leaf.address,
    }
    return render(request, "applications/confirm.html", context)


def _removed(request: HttpRequest, code: str, part: str, number: int) -> HttpResponse:
    try:
        remove(actor=viewer_of(request), application=code, part=part, number=number, now=timezone.now())
        messages.success(request, gettext("It was removed."))
    except Conflict as needed:
        messages.error(request, translate(needed.message))
    return redirect("applications:part", code, part)
