"""A real mail server on a free port, which takes, refuses or hangs up as a test says."""

from __future__ import annotations

import asyncio
import email
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Answer = Callable[[str], str]


@dataclass
class Post:
    """What the server does, and what it took. `recipient` and `data` answer by the address mailed to."""

    recipient: Answer = lambda _address: "250 OK"
    data: Answer = lambda _address: "250 OK"
    hangs_up: Callable[[str], bool] = lambda _address: False
    before_taking: Callable[[], None] = lambda: None
    taken: list[EmailMessage] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.recipient(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        [address] = envelope.rcpt_tos
        self.seen.append(address)
        if self.hangs_up(address):
            assert server.transport is not None
            server.transport.abort()
            raise ConnectionResetError
        await asyncio.get_running_loop().run_in_executor(None, self.before_taking)
        answer = self.data(address)
        if answer.startswith("250"):
            self.taken.append(cast("EmailMessage", email.message_from_bytes(envelope.content or b"", policy=default)))
        return answer

    async def handle_exception(self, error: Exception) -> str:
        return "421 the connection broke"

    @property
    def addresses(self) -> list[str]:
        """To whom it has taken mail, in order."""
        return [str(each["To"]) for each in self.taken]


def text_of(mail: EmailMessage) -> str:
    """Return the plain text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html_of(mail: EmailMessage) -> str:
    """Return the HTML of a mail."""
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def open_server(post: Post, *, password: str = "") -> Controller:
    """Start a server on a free port; with a password it takes mail only from the user "portal" who has it."""
    more: dict[str, Any] = {}
    if password:

        def check(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
            return AuthResult(success=(data.login, data.password) == (b"portal", password.encode()))

        more = {"authenticator": check, "auth_required": True, "auth_require_tls": False}
    controller = Controller(post, hostname="127.0.0.1", port=free_port(), **more)
    controller.start()
    return controller
