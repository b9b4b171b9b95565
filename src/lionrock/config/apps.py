"""What happens once when Django starts, whoever starts it: a command, the server, a test."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigApp(AppConfig):
    """Fills the table of reactions; every room's models are known by then."""

    name = "lionrock.config"

    def ready(self) -> None:
        """Install the reactions, in place of any before."""
        # Actions need models, which exist only now.
        from lionrock.config.reactions import install_reactions  # noqa: PLC0415

        install_reactions()
