"""Running the portal."""

from __future__ import annotations

import click
from gunicorn.app.base import BaseApplication


class _Portal(BaseApplication):  # type: ignore[misc]
    """Gunicorn, told what to run by us and not by its command line."""

    def __init__(self, address: str, threads: int) -> None:
        self._address = address
        self._threads = threads
        super().__init__()

    def load_config(self) -> None:
        """Set the few options that matter; the rest are Gunicorn's own."""
        self.cfg.set("bind", self._address)
        self.cfg.set("workers", 1)
        self.cfg.set("threads", self._threads)
        self.cfg.set("worker_class", "gthread")

    def load(self) -> object:
        """Return the WSGI application."""
        from lionrock.config.wsgi import application  # noqa: PLC0415 - in the worker, after the fork

        return application


@click.command()
@click.option("--address", default="127.0.0.1:8000", show_default=True, help="Host and port to listen on.")
@click.option("--threads", default=8, show_default=True)
def serve(address: str, threads: int) -> None:
    """Run the portal until interrupted.

    Example: lionrock serve --address 127.0.0.1:8000
    """
    click.echo(f"The portal is at http://{address}/ – stop it with Ctrl-C.", err=True)
    _Portal(address, threads).run()
