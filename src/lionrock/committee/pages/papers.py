"""The minutes as a page and as a PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from lionrock.committee.protocols import protocol_of, protocol_pdf
from lionrock.committee.queries import meeting_by_code
from lionrock.people.viewer import viewer_of


@require_safe
def minutes(request: HttpRequest, code: str) -> HttpResponse:
    """Show the minutes of a meeting."""
    viewer = viewer_of(request)
    protocol = protocol_of(viewer, meeting_by_code(viewer, code))
    context = {"protocol": protocol, "pdf": reverse("committee:minutes_pdf", args=[code])}
    return render(request, "committee/minutes.html", context)


@require_safe
def minutes_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the minutes as a PDF in the language of the page."""
    viewer = viewer_of(request)
    protocol = protocol_of(viewer, meeting_by_code(viewer, code))
    written = protocol_pdf(protocol, get_language() or "en")
    name = f'attachment; filename="{code}-minutes.pdf"'
    return HttpResponse(written, content_type="application/pdf", headers={"Content-Disposition": name})
