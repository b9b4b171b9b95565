"""What happens once when Django starts, whoever starts it: a command, the server, a test."""

from __future__ import annotations

from django.apps import AppConfig

from lionrock.operations import logs
from lionrock.operations.runs import Row, install_rows


class ConfigApp(AppConfig):
    """Fills the table of reactions and says who knows what is due; every room's models are known by then."""

    name = "lionrock.config"

    def ready(self) -> None:
        """Install the reactions and rows, in place of any before, and have everything logged in one way."""
        # Actions need models, which exist only now.
        from lionrock.config.reactions import install_reactions  # noqa: PLC0415

        logs.configure()
        install_reactions()
        install_rows(rows_due)


def rows_due() -> list[Row]:
    """Return the rows of the table of what is due."""
    from lionrock.config.due import DUE  # noqa: PLC0415

    return [row.row for row in DUE]
