"""Opening the page of a thing marks as read what one was told about it, however one came there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from lionrock.identity.supporting import support_of
from lionrock.notices.actions import mark_read
from lionrock.notices.domain import PAGES
from lionrock.people.models import Person

_KINDS: Final = {page: kind for kind, page in PAGES.items()}
_SAFE: Final = frozenset({"GET"})


class ReadOnOpening:
    """Marks before the page is made, so that the bell on it counts right; writes only where something is unread."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., HttpResponse], _args: tuple[Any, ...], _kwargs: dict[str, Any]
    ) -> None:
        """Mark what the visitor was told about the thing of this page, when it is the page of one."""
        match = request.resolver_match
        kind = _KINDS.get(match.view_name) if match and request.method in _SAFE else None
        if kind is None or not isinstance(request.user, Person) or support_of(request):
            return
        parts = [str(each) for each in match.kwargs.values() if isinstance(each, str | int)] if match else []
        mark_read(reader=request.user, kind=kind, code="/".join(parts), now=timezone.now())
