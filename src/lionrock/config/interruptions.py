"""What a command says when the database goes away, or stands in its way, in the middle of the work."""

from __future__ import annotations

import shutil

from lionrock.config.environment import Environment
from lionrock.database import failures
from lionrock.database.layout import Layout
from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import gettext_noop, message

_ROOM_FOR_LOG = 16 << 20
"""Bytes of a file of the server's own log: with less room it cannot begin the next, and gives up."""


def interruption(error: Exception, installation: Environment) -> Unavailable | None:
    """Return what an error of the database means for people, or None when it is a defect of ours."""
    if not failures.broke_off(error):
        return None
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    folder = Layout.of(installation.home).folder
    if not installation.database_url and (_says_full(reason) or shutil.disk_usage(folder).free < _ROOM_FOR_LOG):
        return failures.disk_full(folder)
    return Unavailable(
        "config.database.interrupted",
        message(
            gettext_noop(
                "The database broke off: {reason}. What it had confirmed is kept, and of the rest nothing is. "
                "See `lionrock database status`, and run the same command again."
            ),
            reason=reason.rstrip("."),
        ),
    )


def _says_full(reason: str) -> bool:
    return any(sign in reason for sign in failures.FULL_TEXTS)
