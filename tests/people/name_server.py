"""A name server of the tests' own: answers over UDP on this machine, well or badly, and counts what it is asked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


@dataclass
class NameServer:
    """What it knows: texts by name, aliases by name; `rcode` is what it says instead, `silent` that it says nothing."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    rcode: dns.rcode.Rcode | None = None
    silent: bool = False
    asked: list[str] = field(default_factory=list)
    address: tuple[str, int] = ("", 0)

    def put(self, name: str, *texts: str) -> None:
        """Let these texts stand at a name."""
        self.texts[f"{name}."] = list(texts)

    def answer(self, wire: bytes) -> bytes | None:
        """Return what is answered to a question."""
        question = dns.message.from_wire(wire)
        asked = question.question[0].name
        self.asked.append(asked.to_text())
        if self.silent:
            return None
        told = dns.message.make_response(question)
        told.flags |= dns.flags.AA | dns.flags.RA
        name = asked.to_text()
        if name in self.aliases:
            told.answer.append(dns.rrset.from_text(name, 60, "IN", "CNAME", self.aliases[name]))
            name = self.aliases[name]
        if self.rcode is not None:
            told.set_rcode(self.rcode)
        elif name in self.texts:
            written = [f'"{text}"' for text in self.texts[name]]
            told.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *written))
        else:
            told.set_rcode(dns.rcode.NXDOMAIN)
        return told.to_wire()


@contextmanager
def serving() -> Iterator[NameServer]:
    """Run a name server on a free port of this machine."""
    server = NameServer()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        server.address = listening.getsockname()
        thread = threading.Thread(target=_serve, args=(server, listening), daemon=True)
        thread.start()
        yield server
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", server.address)
        thread.join()


def _serve(server: NameServer, listening: socket.socket) -> None:
    while True:
        wire, asker = listening.recvfrom(4096)
        if not wire:
            return
        told = server.answer(wire)
        if told is not None:
            listening.sendto(told, asker)
