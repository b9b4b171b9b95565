"""One request to somebody else's server: to an address that was looked up once and judged, within bounds."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Collection, Mapping
from contextlib import closing, suppress
from http import HTTPStatus

from lionrock.api.domain.addresses import Address, Network, Target, callable_addresses
from lionrock.api.domain.webhooks import ANSWER_WITHIN_SECONDS, MOST_ANSWER_BYTES


class NotTaken(Exception):
    """A receiver did not take it; `status` is what it answered, if it did."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


def post(target: Target, allowed: Collection[Network], body: bytes, headers: Mapping[str, str]) -> int:
    """Post a body and return the status of the answer, 200 to 299; raises `NotTaken` for everything else.

    The host is looked up once, and the connection goes to the very address that was judged: a name that
    changes in between leads nowhere else. Redirects are not followed.
    """
    address = _judged(target, allowed)
    connection = _Pinned(target, address)
    # A receiver that sends a letter every few seconds would keep us for ever: the whole has a bound, too.
    bound = threading.Timer(2 * ANSWER_WITHIN_SECONDS, connection.cut)
    bound.daemon = True
    bound.start()
    try:
        with closing(connection):
            connection.request("POST", target.path, body, {"Host": target.named, **headers})
            answer = connection.getresponse()
            answer.read(MOST_ANSWER_BYTES)
    except (OSError, http.client.HTTPException, ValueError) as failed:
        raise NotTaken(f"{type(failed).__name__}: {failed}") from failed
    finally:
        bound.cancel()
    if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        raise NotTaken(f"It answered {answer.status}.", answer.status)
    return answer.status


def _judged(target: Target, allowed: Collection[Network]) -> Address:
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as failed:
        raise NotTaken(f"{target.host} is not known: {failed}") from failed
    addresses = callable_addresses([str(place[0]) for *_, place in found], allowed, public_too=target.secure)
    if not addresses:
        raise NotTaken(f"{target.host} leads into a network that is not called; see LIONROCK_WEBHOOK_NETWORKS.")
    return addresses[0]


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, whatever its name leads to by now; the certificate is that of the name."""

    def __init__(self, target: Target, address: Address) -> None:
        super().__init__(target.host, target.port, timeout=ANSWER_WITHIN_SECONDS)
        self._target, self._address = target, address

    def connect(self) -> None:
        """Open the connection."""
        plain = socket.create_connection((str(self._address), self._target.port), ANSWER_WITHIN_SECONDS)
        self.sock = plain
        if self._target.secure:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self._target.host)

    def cut(self) -> None:
        """Break the connection off, from outside."""
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)
