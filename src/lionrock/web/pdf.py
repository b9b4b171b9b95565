"""PDFs from the templates of the pages: tagged for screen readers, fonts embedded, nothing fetched."""

from __future__ import annotations

from collections.abc import Mapping
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import override
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

_BASE = "https://static.invalid/"
"""Stands for our own static files; the name can never be a host (RFC 2606)."""

VARIANT = "pdf/ua-1"
"""ISO 14289-1, the accessible kind of PDF."""


class OwnFilesOnly(URLFetcher):  # type: ignore[misc] # WeasyPrint has no type hints
    """Hands out our static files, and refuses any other address instead of leaving it out silently."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002
        """Return the static file at this address; raises `FatalURLFetchingError` for any other."""
        found = _static_file(url)
        if found is None:
            raise FatalURLFetchingError(f"A document may load our own static files only, and not {url}")
        kind = guess_type(found)[0] or "application/octet-stream"
        return URLFetcherResponse(url, Path(found).read_bytes(), {"Content-Type": kind})


def _static_file(url: str) -> str | None:
    if not url.startswith(urljoin(_BASE, static(""))):
        return None
    try:
        found = finders.find(unquote(urlsplit(url).path.removeprefix(static(""))))
    except SuspiciousFileOperation:
        return None
    return found if isinstance(found, str) else None


def render_pdf(template: str, context: Mapping[str, Any], language: str) -> bytes:
    """Return the template as a PDF in that language ("en", "zh-hant", "zh-hans"); reaches no network."""
    with override(language):
        page = render_to_string(template, dict(context))
    document = HTML(string=page, base_url=_BASE, url_fetcher=OwnFilesOnly())
    written = document.write_pdf(pdf_variant=VARIANT)
    if not isinstance(written, bytes):
        raise TypeError("WeasyPrint wrote to a file although none was named")
    return written
