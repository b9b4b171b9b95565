"""What stands between a request and its page: the content policy, texts as we keep them, errors of the product."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import structlog
from django.http import HttpRequest, HttpResponse, QueryDict

from lionrock.kernel.errors import LionrockError
from lionrock.kernel.texts import cleaned
from lionrock.web.errors import error_page

_POLICY: Final = "; ".join(
    [
        "default-src 'none'",
        "object-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
_UNUSED: Final = ", ".join(
    f"{what}=()" for what in ("camera", "display-capture", "geolocation", "microphone", "payment", "serial", "usb")
)
"""What browsers could do for a page and none of ours asks for."""
_FORMS: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_SERVER_ERROR = 500
_log = structlog.get_logger(__name__)

Handler = Callable[[HttpRequest], HttpResponse]


class ContentPolicy:
    """Let a page load our own styles, pictures and scripts and nothing else; nothing inline runs.

    Nor does any cache keep a page: after signing out, going back shows nothing.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", _POLICY)
        response.setdefault("Cache-Control", "private, no-store")
        response.setdefault("Permissions-Policy", _UNUSED)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class TextsAsKept:
    """Compose what was typed or pasted into a form, and take out what nobody can see in it and no name may hold.

    A program is told instead (`api/receiving.py`). Passwords stay as they are, byte for byte, and so do files.
    """

    secrets: Final = frozenset({"password", "current", "lionrock-proof-password"})

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: object, _args: object, _kwargs: object) -> None:
        """Clean what was posted before the page reads it."""
        if request.method == "POST" and request.content_type in _FORMS and not request.path.startswith("/api/"):
            request.POST = self._cleaned(request.POST)  # type: ignore[assignment]

    def _cleaned(self, posted: QueryDict) -> QueryDict:
        kept = posted.copy()
        for name, values in posted.lists():
            if name not in self.secrets:
                kept.setlist(name, [cleaned(each) for each in values])
        return kept


class ProductErrors:
    """Turn an error of the product into a page that says what happened, why, and what to do next."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page for an error of the product; None leaves any other to Django."""
        if not isinstance(exception, LionrockError):
            return None
        if exception.status >= _SERVER_ERROR:
            _log.error("web.product_error", code=exception.code, path=request.path, exc_info=exception)
        return error_page(request, exception)
