"""Running the portal."""

from __future__ import annotations

import os
import socket
from typing import Final

import click
from gunicorn.app.base import BaseApplication

from lionrock.kernel.errors import Fault, Invalid, Unavailable
from lionrock.kernel.messages import gettext_noop, message

MOST_PROCESSES: Final = 4
"""Without a word on it: one for each processor, and one more for while another waits for the database; at most so many.

Few threads in each: they take turns on one processor, and every page that turns up only slows the others.
"""


class _Portal(BaseApplication):  # type: ignore[misc]
    """Gunicorn, told what to run by us and not by its command line."""

    def __init__(self, address: str, processes: int, threads: int) -> None:
        self._address = address
        self._processes = processes
        self._threads = threads
        super().__init__()

    def load_config(self) -> None:
        """Set the few options that matter; the rest are Gunicorn's own."""
        self.cfg.set("bind", self._address)
        self.cfg.set("workers", self._processes)
        self.cfg.set("threads", self._threads)
        self.cfg.set("worker_class", "gthread")
        # It would write into the user's home, and nobody listens there.
        self.cfg.set("control_socket_disable", True)

    def load(self) -> object:
        """Return the WSGI application."""
        from lionrock.config.wsgi import application  # noqa: PLC0415 - in the worker, after the fork

        return application


@click.command()
@click.option("--address", default="127.0.0.1:8000", show_default=True, help="Host and port to listen on.")
@click.option(
    "--processes",
    type=click.IntRange(1),
    default=lambda: min((os.cpu_count() or 1) + 1, MOST_PROCESSES),
    show_default=f"one more than processors, at most {MOST_PROCESSES}",
    help="How many processes serve.",
)
@click.option(
    "--threads", type=click.IntRange(1), default=4, show_default=True, help="How many requests each serves at once."
)
def serve(address: str, processes: int, threads: int) -> None:
    """Run the portal until interrupted.

    Example: lionrock serve --address 127.0.0.1:8000
    """
    check_free(address)
    click.echo(f"The portal is at http://{address}/ – stop it with Ctrl-C.", err=True)
    _Portal(address, processes, threads).run()


def check_free(address: str) -> None:
    """Try to listen; raises `Invalid` for what is no address, `Unavailable` for one that cannot be had."""
    host, colon, port = address.rpartition(":")
    if not (host and colon and port.isascii() and port.isdecimal() and 0 < int(port) < 1 << 16):
        said = message(
            gettext_noop("“{value}” is not an address. Write host and port, such as 127.0.0.1:8000."), value=address
        )
        fault = Fault("config.serve.address", said, field="address", value=address)
        raise Invalid("config.serve.address", said, faults=[fault])
    try:
        family, kind, _, _, place = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(place)
    except (OSError, UnicodeError) as wrong:
        raise Unavailable(
            "config.serve.address_taken",
            message(
                gettext_noop("The portal cannot listen at {address}: {reason}. Choose another with --address."),
                address=address,
                reason=getattr(wrong, "strerror", None) or wrong,
            ),
        ) from wrong
