"""Which request an effect belongs to, as W3C's Trace Context names it, across processes and machines."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass

_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")


@dataclass(frozen=True, slots=True)
class Trace:
    """A trace and our place in it; `flags` say whether somebody records it."""

    id: str
    span: str
    flags: str = "00"

    @property
    def header(self) -> str:
        """What is handed on as `traceparent`."""
        return f"00-{self.id}-{self.span}-{self.flags}"


def begin(header: str = "") -> Trace:
    """Return a place of our own in the trace that a `traceparent` names, or in a new one where it names none.

    What is no `traceparent` is left out, as the standard asks, and never repeated.
    """
    found = _TRACEPARENT.fullmatch(header)
    if found is None or not int(found[1], 16) or not int(found[2], 16):
        return Trace(secrets.token_hex(16), secrets.token_hex(8))
    return Trace(found[1], secrets.token_hex(8), found[3])


current: ContextVar[Trace | None] = ContextVar("trace", default=None)
"""The trace in which this thread works, if it is in one."""
