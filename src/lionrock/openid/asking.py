"""Asking a provider: over TLS, within bounds of time and size, and never led elsewhere."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import threading
from collections.abc import Mapping
from contextlib import closing, suppress
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote_plus, urlencode, urlsplit

from lionrock.openid.domain.providers import Provider, may_be_asked
from lionrock.openid.domain.tokens import Unbelievable

SECONDS: Final = 5
"""How long one step of a request may take; the whole may take twice that."""
MOST_BYTES: Final = 256 * 1024


class NoAnswer(Exception):
    """A provider could not be asked; the text is for our log, and names no secret."""


def fetch(provider: Provider, address: str) -> Mapping[str, Any]:
    """Return a document of the provider; raises `NoAnswer` or `Unbelievable`."""
    status, found = _asked(provider, address, "GET", None, {})
    if status != HTTPStatus.OK:
        raise NoAnswer(f"{address} answered {status}")
    return found


def post(provider: Provider, address: str, fields: Mapping[str, str], *, basic: bool) -> tuple[int, Mapping[str, Any]]:
    """Send a form as our client, the secret in the header or, where `basic` is not spoken, in the form.

    Returns the status and the document; raises `NoAnswer` or `Unbelievable`.
    """
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if basic:
        pair = f"{quote_plus(provider.client_id)}:{quote_plus(provider.client_secret)}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        fields = {**fields, "client_id": provider.client_id, "client_secret": provider.client_secret}
    return _asked(provider, address, "POST", urlencode(fields), headers)


def _asked(
    provider: Provider, address: str, method: str, body: str | None, headers: Mapping[str, str]
) -> tuple[int, Mapping[str, Any]]:
    if not may_be_asked(address, plain_http=provider.plain_http):
        raise Unbelievable(f"{address} is no address that we ask")
    connection = _connection(address)
    # Somebody who sends a letter every few seconds would keep us for ever: the whole has a bound, too.
    bound = threading.Timer(2 * SECONDS, _cut, [connection])
    bound.daemon = True
    bound.start()
    try:
        with closing(connection):
            parts = urlsplit(address)
            path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
            connection.request(method, path, body, {"Accept": "application/json", **headers})
            answer = connection.getresponse()
            text = answer.read(MOST_BYTES + 1)
    except (OSError, http.client.HTTPException, ValueError) as failed:
        raise NoAnswer(f"{address}: {type(failed).__name__}: {failed}") from failed
    finally:
        bound.cancel()
    return answer.status, _document(address, text)


def _connection(address: str) -> http.client.HTTPConnection:
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(str(parts.hostname), parts.port, timeout=SECONDS)


def _cut(connection: http.client.HTTPConnection) -> None:
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _document(address: str, text: bytes) -> Mapping[str, Any]:
    if len(text) > MOST_BYTES:
        raise Unbelievable(f"{address} answered with more than {MOST_BYTES} bytes")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise NoAnswer(f"{address} answered with no JSON") from wrong
    if not isinstance(found, dict):
        raise Unbelievable(f"{address} answered with no JSON object")
    return found
