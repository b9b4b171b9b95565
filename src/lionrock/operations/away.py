"""What a visitor is told while the database is away: at once, in every language, and that nothing is lost."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

import structlog
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from lionrock.api.problems import UPGRADED_WITHIN_SECONDS, being_upgraded, own_defect, problem_response
from lionrock.api.serving import database_away
from lionrock.database.failures import broke_off, other_tables
from lionrock.web.context import tag
from lionrock.web.middleware import ContentPolicy

AWAY: Final = HTTPStatus.SERVICE_UNAVAILABLE
RETRY_SECONDS: Final = 5
_PAUSE: Final = 2.0
"""Seconds for which nobody asks a database that was just found away, so that nobody waits for it in vain."""
_API: Final = "/api/"
_log = structlog.get_logger(__name__)


class Reachable:
    """Answer at once while the database is known to be away; one request at a time looks whether it is back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._away_until = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._away_until:
            if time.monotonic() < self._away_until:
                return away(request)
            self._away_until = time.monotonic() + _PAUSE
        response = self.get_response(request)
        lost = response.status_code == AWAY and _is_lost()
        self._away_until = time.monotonic() + _PAUSE if lost else 0.0
        return response


def _is_lost() -> bool:
    """Tell whether there is no connection: a question that took too long leaves one behind."""
    return connection.connection is None or connection.connection.closed


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for an error that nobody foresaw; Django calls it in the middle of handling that error."""
    error = sys.exc_info()[1]
    if isinstance(error, Exception) and broke_off(error):
        _log.error("web.database", error=type(error).__name__)
        return away(request)
    if isinstance(error, Exception) and other_tables(error):
        _log.error("web.database", error=type(error).__name__)
        return upgrading(request)
    if request.path.startswith(_API):
        return problem_response(own_defect(), request.path)
    return _in_every_language("operations/defect.html", HTTPStatus.INTERNAL_SERVER_ERROR)


def away(request: HttpRequest) -> HttpResponse:
    """Return what is said while the database is away."""
    if request.path.startswith(_API):
        return problem_response(database_away(), request.path)
    response = _in_every_language("operations/away.html", AWAY)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def upgrading(request: HttpRequest) -> HttpResponse:
    """Return what is said by a process of one version while the tables are those of another."""
    if request.path.startswith(_API):
        return problem_response(being_upgraded(), request.path)
    response = _in_every_language("operations/upgrading.html", AWAY)
    response["Retry-After"] = str(UPGRADED_WITHIN_SECONDS)
    return response


def _in_every_language(template: str, status: int) -> HttpResponse:
    """Write a page that asks nothing of the database, and so not who is signed in or what they read."""
    said = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said.append({"tag": tag(code), "html": render_to_string(template)})
    page = render_to_string("operations/outside.html", {"said": said})
    return ContentPolicy(lambda _: HttpResponse(page, status=status))(HttpRequest())
