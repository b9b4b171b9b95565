"""Signing in with a provider: there and back, proving an account that is on file, and one's own bindings."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lionrock.identity.actions import note_leaving
from lionrock.identity.domain import Method
from lionrock.identity.entering import enter
from lionrock.kernel.errors import LionrockError
from lionrock.openid import flow
from lionrock.openid.actions import bind, check_address, person_with, recognise, sign_up, unbind
from lionrock.openid.asking import NoAnswer
from lionrock.openid.domain.providers import Provider
from lionrock.openid.domain.tokens import Identity, Unbelievable
from lionrock.openid.known import about
from lionrock.openid.models import Binding
from lionrock.people.models import Person
from lionrock.people.programmes import house_zone
from lionrock.people.viewer import person_of
from lionrock.web.language import keep_language

_PENDING: Final = "openid_pending"
_CAME_BY: Final = "openid_provider"


def _onward(request: HttpRequest) -> str:
    """Return where the visitor wants to go, when that is a path of our own."""
    wanted = request.GET.get("next", "")
    own = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if own else reverse(settings.LOGIN_REDIRECT_URL)


@login_not_required
@require_safe
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Send the visitor to a provider."""
    try:
        provider = flow.provider_of(code)
        return HttpResponseRedirect(flow.begin(provider, request.session, _onward(request), timezone.now()))
    except LionrockError as wrong:
        return _refused(request, wrong)


@login_not_required
@require_safe
def back(request: HttpRequest, code: str) -> HttpResponse:
    """Take the visitor back: signed in, or to what is still to be done, or told what went wrong."""
    now = timezone.now()
    try:
        provider = flow.provider_of(code)
        identity, onward = flow.finish(provider, request.session, request.GET.dict(), now)
        person = recognise(identity=identity, now=now)
        if person is None:
            check_address(identity, provider)
            if request.user.is_authenticated or person_with(identity.email):
                return _to_prove(request, provider, identity, onward)
            person = sign_up(identity=identity, provider=provider, language=get_language() or "en", now=now)
    except LionrockError as wrong:
        return _refused(request, wrong)
    return _signed_in(request, person, provider, onward)


def _refused(request: HttpRequest, wrong: LionrockError) -> HttpResponse:
    return render(request, "openid/refused.html", {"wrong": wrong}, status=wrong.status)


def _signed_in(request: HttpRequest, person: Person, provider: Provider, onward: str) -> HttpResponse:
    enter(request, person, Method.ELSEWHERE, timezone.now())
    request.session[_CAME_BY] = provider.code
    response = redirect(onward)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        keep_language(response, person.language)
    return response


def _to_prove(request: HttpRequest, provider: Provider, identity: Identity, onward: str) -> HttpResponse:
    until = (timezone.now() + flow.COMES_BACK_WITHIN).timestamp()
    kept = {"provider": provider.code, "identity": asdict(identity), "onward": onward, "until": until}
    request.session[_PENDING] = kept
    return redirect("openid:prove")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """Ask whoever comes with a proven address of an account that is on file to sign in to that account once."""
    pending: dict[str, Any] | None = request.session.get(_PENDING)
    if pending is None or pending["until"] < timezone.now().timestamp() or pending["provider"] not in flow.providers():
        request.session.pop(_PENDING, None)
        return redirect("openid:own" if request.user.is_authenticated else "people:sign_in")
    provider, identity = flow.provider_of(pending["provider"]), Identity(**pending["identity"])
    if request.method != "POST" or not isinstance(request.user, Person):
        context = {"provider": provider, "email": identity.email, "onward": reverse("openid:prove")}
        return render(request, "openid/prove.html", context)
    del request.session[_PENDING]
    try:
        bind(person=request.user, identity=identity, provider=provider, now=timezone.now())
    except LionrockError as wrong:
        return _refused(request, wrong)
    messages.success(request, gettext("From now on you can sign in with {provider}.").format(provider=provider.name))
    return redirect(pending["onward"])


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """List with which accounts of providers one can sign in."""
    person = person_of(request)
    names = {provider.issuer: provider for provider in flow.providers().values()}
    bound = [(binding, names.get(binding.issuer)) for binding in Binding.objects.filter(person=person)]
    context = {"bound": bound, "providers": list(flow.providers().values()), "zone": house_zone()}
    return render(request, "openid/own.html", context)


@require_POST
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Let one of them sign in no more."""
    unbind(person=person_of(request), number=number, now=timezone.now())
    messages.success(request, gettext("It does not sign in as you any more."))
    return redirect("openid:own")


class SignOut(LogoutView):
    """End the session here; who came by a provider is told that the one there goes on."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out."""
        came_by = request.session.get(_CAME_BY)
        if isinstance(request.user, Person):
            note_leaving(person=request.user, now=timezone.now())
        response = super().post(request, *args, **kwargs)
        return redirect("openid:left", came_by) if came_by in flow.providers() else response


@login_not_required
@require_safe
def left(request: HttpRequest, code: str) -> HttpResponse:
    """Say that the session here is over, and lead to where the one at the provider can be ended."""
    try:
        provider = flow.provider_of(code)
        there = about(provider, timezone.now()).sign_out
    except (NoAnswer, Unbelievable):
        there = ""
    except LionrockError as wrong:
        return _refused(request, wrong)
    home = f"{settings.LIONROCK_PORTAL_URL}{reverse('people:sign_in')}"
    asked = urlencode({"client_id": provider.client_id, "post_logout_redirect_uri": home})
    address = f"{there}{'&' if '?' in there else '?'}{asked}" if there else ""
    return render(request, "openid/left.html", {"provider": provider, "address": address})
