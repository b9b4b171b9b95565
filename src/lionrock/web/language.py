"""The language that a browser has chosen, kept in a cookie with the marks that the settings give it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponseBase


def keep_language(response: HttpResponseBase, language: str) -> None:
    """Let the browser keep a language for its next pages."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
