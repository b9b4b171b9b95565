"""Signing in with more than a password: what is asked after it, and a passkey in its place."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lionrock.identity.challenges import ask, asked, take
from lionrock.identity.domain import Method
from lionrock.identity.entering import enter, noted
from lionrock.identity.pages.proofs import CODE, questions, shown_passkey, shown_proof
from lionrock.identity.passkeys import usable
from lionrock.identity.queries import Ways, is_of_password_now, ways_of
from lionrock.kernel.errors import Conflict, Invalid, LionrockError, Refused
from lionrock.people.models import Person
from lionrock.people.pages import SignIn as WithPassword
from lionrock.people.pages.signing_in import in_own_language

_PENDING = "second"
_ANY_PASSKEY = Ways(passkeys=1, app=False, codes=0)


class SignIn(WithPassword):
    """Ask for address and password; whoever has a second factor is then asked for that."""

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign the person in, or go on to the second question; the password alone has opened nothing by then."""
        person = form.get_user()
        if not isinstance(person, Person):
            return super().form_valid(form)
        if not ways_of(person).second:
            response = super().form_valid(form)
            noted(self.request, person, Method.PASSWORD, timezone.now())
            return response
        pending = {"person": person.pk, "hash": person.get_session_auth_hash(), "next": self.get_success_url()}
        ask(self.request, _PENDING, pending, timezone.now())
        return redirect("identity:second")


@login_not_required
@sensitive_post_parameters(CODE)
@require_http_methods(["GET", "HEAD", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """Ask for a code or a passkey from whoever has just given the right password."""
    now = timezone.now()
    wrong: LionrockError | None = None
    pending = _pending(request, now)
    if pending is None:
        return redirect("people:sign_in")
    person, wanted = pending
    ways = ways_of(person)
    if request.method == "POST":
        try:
            method = shown_proof(request, person, ways, now)
        except (Invalid, Refused, Conflict) as not_taken:
            wrong = not_taken
        else:
            take(request, _PENDING, now)
            return _in(request, person, method, wanted)
    context = questions(request, person, ways, now, wrong)
    return render(request, "identity/second.html", context, status=wrong.status if wrong else 200)


def _pending(request: HttpRequest, now: datetime) -> tuple[Person, str] | None:
    """Return whose password was right, and where they were going; None when it is another one by now."""
    try:
        pending = asked(request, _PENDING, now)
    except Conflict:
        return None
    person = Person.objects.filter(pk=pending["person"], is_active=True).first()
    if person is None or not is_of_password_now(person, pending["hash"]):
        return None
    return person, pending["next"]


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def with_passkey(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey alone: the device says whose it is, and has asked for a finger, a face or its PIN."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    now, wanted = timezone.now(), _wanted(request)
    wrong: LionrockError | None = None
    if request.method == "POST":
        try:
            return _in(request, shown_passkey(request, None, now), Method.PASSKEY, wanted)
        except (Refused, Conflict) as not_taken:
            wrong = not_taken
    context = {"next": wanted, "usable": usable(), **questions(request, None, _ANY_PASSKEY, now, wrong)}
    return render(request, "identity/passkey.html", context, status=wrong.status if wrong else 200)


def _wanted(request: HttpRequest) -> str:
    """Return the page that somebody was on the way to, if it is ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else resolve_url(settings.LOGIN_REDIRECT_URL)


def _in(request: HttpRequest, person: Person, method: Method, address: str) -> HttpResponse:
    enter(request, person, method, timezone.now())
    return in_own_language(request, redirect(address), person)
