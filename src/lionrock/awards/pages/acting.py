"""A page that does one thing to an award, and leads back to it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lionrock.awards.models import Award
from lionrock.web import acting
from lionrock.web.acting import Act, Doing

__all__ = ["Act", "Doing", "do"]


def do(request: HttpRequest, award: Award, doing: Doing, act: Act) -> HttpResponse:
    """Show the boxes, or do what was posted and go back to the award, as `web.acting.do`."""
    back = reverse("awards:show", args=[award.code])
    about, named = {"award": award}, {"award": award.code}
    return acting.do(request, doing, act, back=back, template="awards/acting.html", about=about, named=named)
