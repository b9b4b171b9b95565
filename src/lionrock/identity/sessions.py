"""Where sessions are kept: in Django's way, in a table that also says whose they are and how they began."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as InDatabase

from lionrock.identity.domain import SignIn
from lionrock.identity.models import Session

SIGNED_IN = "signed_in"
"""Under this name a session keeps its `SignIn`."""


class SessionStore(InDatabase):
    """Keeps whose session it is beside its content: to list them, and to end one without reading them all."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the table."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row for this content."""
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        kept, person = data.get(SIGNED_IN), data.get(SESSION_KEY)
        if kept and person:
            signed_in = SignIn.of(kept)
            row.person_id, row.handle, row.method = int(person), signed_in.handle, signed_in.method.value
            row.signed_in_at, row.seen_at, row.browser = signed_in.at, signed_in.seen, signed_in.browser
        return row
