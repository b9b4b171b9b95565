"""What happens once when Django starts, whoever starts it: a command, the server, a test."""

from __future__ import annotations

from django.apps import AppConfig

from lionrock.kernel.events import install_when_needed
from lionrock.operations import logs
from lionrock.operations.runs import Row, install_rows


class ConfigApp(AppConfig):
    """Says how the table of reactions is filled and who knows what is due; every room's models are known by then."""

    name = "lionrock.config"

    def ready(self) -> None:
        """Say where the reactions and rows are, in place of any before, and have everything logged in one way."""
        logs.configure()
        install_when_needed(fill_reactions)
        install_rows(rows_due)


def fill_reactions() -> None:
    """Install the table of reactions."""
    from lionrock.config.reactions import install_reactions  # noqa: PLC0415 - reaches every room

    install_reactions()


def rows_due() -> list[Row]:
    """Return the rows of the table of what is due."""
    from lionrock.config.due import DUE  # noqa: PLC0415

    return [row.row for row in DUE]
