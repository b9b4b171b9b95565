"""Signing in with a password, in the language that the person has chosen."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import check_for_language
from django.views.decorators.debug import sensitive_post_parameters

from lionrock.people.forms import SignInForm
from lionrock.people.models import Person
from lionrock.web.language import keep_language


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class SignIn(LoginView):
    """Ask for address and password; go on to where the visitor wanted to be."""

    template_name = "people/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign the person in; a language chosen on this browser wins over the one on file."""
        return in_own_language(self.request, super().form_valid(form), form.get_user())


def in_own_language(request: HttpRequest, response: HttpResponse, person: object) -> HttpResponse:
    """Return the answer to a sign-in, with the language that the person has on file unless this browser has chosen."""
    chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    if isinstance(person, Person) and not chosen and check_for_language(person.language):
        keep_language(response, person.language)
    return response
