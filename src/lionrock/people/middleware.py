"""One page is made by one edition of the rulebook, which is looked for once."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from lionrock.rules.rulebook import one_look


class OneEdition:
    """Asks the disk once a page whether the rulebook has changed, and not once for every row of a list."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with one_look():
            return self.get_response(request)
