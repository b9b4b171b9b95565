"""From a call to an answer: over TLS, within limits, tried again where that is safe."""

from __future__ import annotations

import json
import random
import ssl
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import closing
from copy import copy
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request, build_opener

from lionrock_client.documents import Document, Download, broken_off, check_whole
from lionrock_client.problems import Invalid, Problem, Unreachable, problem_of, unknown_answer
from lionrock_client.tokens import Token

_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_AGAIN: Final = frozenset({429, 502, 503, 504})
_UNDER_WAY: Final = "api.once.under_way"
_MOST_JSON: Final = 64 * 2**20
Content = bytes | Path | IO[bytes]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long is waited, in seconds, and how often something is tried."""

    silence: int = 60
    """So long may nothing be heard."""
    tries: int = 5
    together: int = 300
    """No try begins later than that after the first."""
    longest_pause: int = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, which may be sent again: it only reads, or carries its key."""

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content: Content | None = None


class _NoRedirects(HTTPRedirectHandler):
    """A redirect would carry the token to somewhere else."""

    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        """Follow none; the answer is told as what it is."""


class Connection:
    """One server as one token sees it."""

    def __init__(
        self,
        server: str,
        token: Token,
        *,
        limits: Limits,
        authorities: Path | None = None,
        language: str = "en",
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.server = _checked(server)
        self._token = token
        self._limits = limits
        self._language = language
        self._sleep = sleep
        self._opener = _opener(self.server, authorities)

    def speaking(self, language: str) -> Connection:
        """Return the same connection, told things in another language."""
        made = copy(self)
        made._language = language
        return made

    def document(self, asked: Asked) -> Document:
        """Return a JSON answer."""
        opened = self._answer(asked)
        with closing(opened):
            content = _whole(opened)
        try:
            made = Document(json.loads(content))
        except (ValueError, TypeError):
            raise unknown_answer(opened.status, self.server) from None
        made.etag = opened.headers.get("ETag", "")
        return made

    def file(self, asked: Asked) -> Download:
        """Return an answer that is a file, not read yet."""
        opened = self._answer(asked)
        return Download(opened, opened.headers)

    def _answer(self, asked: Asked) -> Any:
        """Ask until there is an answer, or no more trying; a write goes out under the same key each time."""
        begun, headers = time.monotonic(), self._headers(asked)
        for tries in range(1, self._limits.tries + 1):
            try:
                return self._once(asked, headers)
            except Problem as problem:
                pause = _pause(problem, tries, self._limits)
                left = begun + self._limits.together - time.monotonic()
                if not _may_be_tried_again(problem) or tries == self._limits.tries or pause > left:
                    raise
            self._sleep(pause)
        raise AssertionError("there is at least one try")

    def _headers(self, asked: Asked) -> dict[str, str]:
        headers = {"Accept-Language": self._language, "User-Agent": "lionrock-client/1", **asked.headers}
        headers["Authorization"] = f"Bearer {self._token.secret}"
        return headers

    def _once(self, asked: Asked, headers: Mapping[str, str]) -> Any:
        query = urlencode({name: _sent(value) for name, value in asked.query.items() if value is not None}, doseq=True)
        address = f"{self.server}/api/v1/{asked.path}" + (f"?{query}" if query else "")
        content, length = _opened(asked.content)
        sent = {**headers, **({} if length is None else {"Content-Length": str(length)})}
        request = Request(address, data=content, headers=sent, method=asked.method)  # noqa: S310 - _checked
        try:
            return self._opener.open(request, timeout=self._limits.silence)
        except HTTPError as answer:
            with closing(answer):
                raise _told(answer.code, answer.headers, _whole(answer), self.server) from None
        except (URLError, OSError, HTTPException) as wrong:
            raise _unreachable(self.server, wrong) from None
        finally:
            if isinstance(asked.content, Path) and content is not None:
                content.close()


def path_of(template: str, /, **parts: str | int) -> str:
    """Return an address with its parts filled in, each kept within its place."""
    return template.format(**{name: quote(str(value), safe="") for name, value in parts.items()})


def new_key() -> str:
    """Return a key for a write, which is done once however often it is sent."""
    return str(uuid.uuid4())


def _checked(server: str) -> str:
    parts = urlsplit(server)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
    if not safe or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise Invalid.made(
            "client.server.address",
            f"“{server}” is no address of a server. Write https:// and its name, such as https://portal.example.org; "
            "http:// is for this machine alone, since the token would travel in the open.",
        )
    return server.rstrip("/")


def _opener(server: str, authorities: Path | None) -> OpenerDirector:
    trusted = ssl.create_default_context()
    if authorities is not None:
        trusted.load_verify_locations(authorities)
    near = [ProxyHandler({})] if urlsplit(server).hostname in _HERE else []
    return build_opener(HTTPSHandler(context=trusted), _NoRedirects(), *near)


def _sent(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _opened(content: Content | None) -> tuple[Any, int | None]:
    """Return what is sent, from its beginning, and how much that is."""
    if content is None or isinstance(content, bytes):
        return content, None if content is None else len(content)
    if isinstance(content, Path):
        return content.open("rb"), content.stat().st_size
    length = content.seek(0, 2)
    content.seek(0)
    return content, length


def _whole(opened: Any) -> bytes:
    try:
        content: bytes = opened.read(_MOST_JSON)
    except (OSError, HTTPException) as wrong:
        raise broken_off(str(wrong)) from None
    check_whole(len(content), opened.headers.get("Content-Length"))
    return content


def _told(status: int, headers: Message, content: bytes, server: str) -> Problem:
    try:
        if headers.get_content_type() != "application/problem+json":
            raise ValueError(headers.get_content_type())
        document = dict(json.loads(content))
    except (ValueError, TypeError):
        return unknown_answer(status, server)
    return problem_of(status, document, headers.get("Retry-After"))


def _unreachable(server: str, wrong: Exception) -> Unreachable:
    reason = getattr(wrong, "reason", None) or wrong
    if isinstance(reason, ssl.SSLCertVerificationError):
        said = f"The certificate of {server} is not trusted: {reason.verify_message}. Nothing was sent."
        return Unreachable.made("client.server.certificate", said)
    said = f"{server} does not answer: {reason}. Look whether it runs and can be reached from here, then try again."
    return Unreachable.made("client.server.away", said)


def _may_be_tried_again(problem: Problem) -> bool:
    if isinstance(problem, Unreachable):
        return problem.code != "client.server.certificate"
    return problem.status in _AGAIN or problem.code == _UNDER_WAY


def _pause(problem: Problem, tries: int, limits: Limits) -> float:
    """Return how long to wait before the next try: what the server says, or twice as long each time."""
    if problem.retry_after is not None:
        return problem.retry_after
    longest: int = min(limits.longest_pause, 1 << (tries - 1))
    return longest * random.uniform(0.5, 1)  # noqa: S311 - spreads the load
