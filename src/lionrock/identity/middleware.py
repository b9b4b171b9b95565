"""What stands between a signed-in browser and every page.

Sign-ins end, what decides asks for a fresh proof, and who looks at somebody else's pages reads only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth import logout
from django.db import InternalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext

from lionrock.identity import supporting
from lionrock.identity.actions import note_look
from lionrock.identity.domain import ends, is_seen_anew
from lionrock.identity.models import Support
from lionrock.identity.pages.confirming import demand
from lionrock.identity.signing import keep, limits, sign_in_of
from lionrock.identity.supports import standing_support
from lionrock.people.models import Person
from lionrock.web.errors import error_page
from lionrock.web.proving import asks_proof


class Guard:
    """Ends a sign-in that is too old or was left alone, and lets nothing marked be done without a fresh proof."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in, now = sign_in_of(request), timezone.now()
        if signed_in is not None and ends(signed_in, limits(), now):
            logout(request)
            messages.info(request, gettext("Your sign-in has ended after its time. Sign in again to go on."))
        elif signed_in is not None and is_seen_anew(signed_in, now):
            keep(request, replace(signed_in, seen=now))
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Ask for a proof where the view is marked and none is fresh; None lets the view run."""
        if not asks_proof(view, request.method) or not isinstance(request.user, Person):
            return None
        return demand(request, request.user, timezone.now())


_LEAVES: Final = frozenset({"identity:end_support", "people:sign_out"})
"""What a supporter posts as themselves: the end of it."""
_WROTE: Final = "lionrock_wrote"


class Supporting:
    """Shows a supporter what somebody sees who has consented, page by recorded page, and lets nothing be written.

    What the consent stands on is looked for at each request. The database itself refuses what a page would write.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number, now = supporting.begun(request), timezone.now()
        if number is None or not isinstance(request.user, Person):
            return self.get_response(request)
        page = _page_of(request)
        if page in _LEAVES:
            return self.get_response(request)
        support = standing_support(number, request.user, now)
        if support is None:
            supporting.leave(request)
            messages.info(request, gettext("Looking at somebody's pages has ended. These are yours again."))
            return redirect("identity:supports")
        supporting.look(request, support)
        refused = supporting.refusal(request, support, page)
        if refused is not None:
            return error_page(request, refused)
        note_look(support=support, page=request.path, now=now)
        return self._read(request, support)

    def _read(self, request: HttpRequest, support: Support) -> HttpResponse:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            response = self.get_response(request)
            transaction.set_rollback(True)
        return error_page(request, supporting.wrote(support)) if hasattr(request, _WROTE) else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Note that a page wanted to write; what is said of it is rendered once the transaction is over."""
        if supporting.support_of(request) is None or not isinstance(exception, InternalError):
            return None
        setattr(request, _WROTE, True)
        return HttpResponse(status=HTTPStatus.FORBIDDEN)


def _page_of(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""
