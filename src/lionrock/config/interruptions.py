"""What a command says when the database goes away, or stands in its way, in the middle of the work."""

from __future__ import annotations

import sys

from lionrock.config.environment import Environment
from lionrock.database import failures
from lionrock.database.layout import Layout
from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import gettext_noop, message


def interruption(error: Exception, installation: Environment) -> Unavailable | None:
    """Return what an error of the database means for people, or None when it is a defect of ours.

    Django's `OperationalError` and `InterfaceError` stand for a server that was stopped or killed,
    a full disk, a lock that was never let go; a wrong statement is another kind.
    """
    if "django.db" not in sys.modules:
        return None
    from django.db import InterfaceError, OperationalError  # noqa: PLC0415 - only where Django is set up

    if not isinstance(error, OperationalError | InterfaceError):
        return None
    reason = " ".join(str(error).split())
    if any(sign in reason for sign in failures.FULL_TEXTS) and not installation.database_url:
        return failures.disk_full(Layout.of(installation.home).folder)
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
