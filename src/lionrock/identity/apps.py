"""What happens once when Django starts: every sign-in is noted, whoever makes it."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class IdentityApp(AppConfig):
    """Listens to the one signal that Django sends whenever somebody is signed in."""

    name = "lionrock.identity"

    def ready(self) -> None:
        """Listen."""
        # What keeps a sign-in needs the models, which exist only now.
        from lionrock.identity.signing import note_login  # noqa: PLC0415

        user_logged_in.connect(note_login, dispatch_uid="lionrock.identity.note_login")
