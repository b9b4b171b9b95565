"""What may take longer than a client waits: the one table of it, and how a client says that it will come back."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

PREFER: Final = "Prefer"
RESPOND_ASYNC: Final = "respond-async"
"""As RFC 7240 has it."""
RETRY_SECONDS: Final = 5
MOST_WAITING: Final = 20
"""So many may wait for one person at once."""

_RATES: Final = "rates a month of a whole programme"
_CLUSTER: Final = "asks a cluster, which answers when it can"
LATER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "close_month": "rates and posts a month of a whole programme, and issues its statements",
        "preview_month": _RATES,
        "read_what_if": _RATES,
        "read_closing": _RATES,
        "read_focus": "writes every line of a programme",
        "report_usage": "adds up every run of a period",
        "read_waits": "looks at every job of a period",
        "read_efficiency": "looks at every job of a period",
        "push_site": _CLUSTER,
        "collect": _CLUSTER,
        "reconcile": _CLUSTER,
        "discover_site": _CLUSTER,
        "read_plan": _CLUSTER,
        "read_counted_use": _CLUSTER,
        "archive_application": "packs all files of an application",
    }
)
"""Operations that are answered 202 where the client prefers that, and why they may take long."""


def prefers_later(header: str) -> bool:
    """Tell whether a `Prefer` header asks for an answer later."""
    wishes = {part.partition(";")[0].strip().lower() for part in header.split(",")}
    return RESPOND_ASYNC in wishes
