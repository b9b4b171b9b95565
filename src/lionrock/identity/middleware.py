"""What stands between a signed-in browser and every page: sign-ins end, and what decides asks for a fresh proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext

from lionrock.identity.domain import ends, is_seen_anew
from lionrock.identity.pages.confirming import demand
from lionrock.identity.signing import keep, limits, sign_in_of
from lionrock.people.models import Person
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
