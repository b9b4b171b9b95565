"""Proof of deletion, as a page and as a PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from lionrock.custody.certificates import certificate_of, certificate_pdf_of
from lionrock.custody.queries.sets import data_set_by_code
from lionrock.people.viewer import viewer_of


@require_safe
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Show the certificate of deletion; there is none while a copy lies anywhere."""
    found = certificate_of(data_set_by_code(viewer_of(request), code))
    context = {"certificate": found, "pdf": reverse("custody:certificate_pdf", args=[code])}
    return render(request, "custody/certificate.html", context)


@require_safe
def certificate_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the certificate of deletion as a PDF in the language of the page."""
    found = certificate_of(data_set_by_code(viewer_of(request), code))
    written = certificate_pdf_of(found, get_language() or "en")
    name = f'attachment; filename="{code}-deletion.pdf"'
    return HttpResponse(written, content_type="application/pdf", headers={"Content-Disposition": name})
