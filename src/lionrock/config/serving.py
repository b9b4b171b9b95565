"""Running the portal."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any, Final, TypeVar

import click
from gunicorn.app.base import BaseApplication

from lionrock.config.environment import environment
from lionrock.config.unsafe import require_safe
from lionrock.database.sharing import revive
from lionrock.kernel.errors import Fault, Invalid, Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.operations.supervising import Child, command, supervise

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


Command = TypeVar("Command", bound=Callable[..., Any])


def _options(made: Command) -> Command:
    """Add what both commands are told of the portal."""
    for option in (
        click.option("--address", default="127.0.0.1:8000", show_default=True, help="Host and port to listen on."),
        click.option(
            "--processes",
            type=click.IntRange(1),
            default=lambda: min((os.cpu_count() or 1) + 1, MOST_PROCESSES),
            show_default=f"one more than processors, at most {MOST_PROCESSES}",
            help="How many processes serve.",
        ),
        click.option(
            "--threads",
            type=click.IntRange(1),
            default=4,
            show_default=True,
            help="How many requests each serves at once.",
        ),
        click.option(
            "--plain-http",
            is_flag=True,
            help="Listen for other machines without TLS: a proxy elsewhere adds it, on a network that nobody reads.",
        ),
    ):
        made = option(made)
    return made


@click.command()
@_options
@click.option("--no-worker", is_flag=True, help="Leave what is due to another process.")
@click.pass_context
def serve(ctx: click.Context, address: str, processes: int, threads: int, plain_http: bool, no_worker: bool) -> None:
    """Run the portal until interrupted, and beside it what is due: all that a small centre needs.

    Both are processes of their own, restarted when they end. SIGTERM and Ctrl-C let requests and actions
    that are at hand come to their end.

    Example: lionrock serve --address 127.0.0.1:8000
    """
    require_safe(environment())
    check_private(address, plain_http=plain_http)
    check_free(address)
    web = ["web", "--address", address, "--processes", str(processes), "--threads", str(threads)]
    children = [Child("web", command(*web, *(["--plain-http"] if plain_http else [])))]
    if not no_worker:
        children.append(Child("worker", command("worker")))
    click.echo(f"The portal is at http://{address}/ – stop it with Ctrl-C.", err=True)
    ctx.exit(supervise(children, _revive))


@click.command()
@_options
def web(address: str, processes: int, threads: int, plain_http: bool) -> None:
    """Run the portal alone, without what is due: for units of their own, several of them too.

    Example: lionrock web --address 127.0.0.1:8000
    """
    require_safe(environment())
    check_private(address, plain_http=plain_http)
    check_free(address)
    with _counting_together():
        _Portal(address, processes, threads).run()


@contextmanager
def _counting_together() -> Iterator[None]:
    """Give the processes that serve a folder for their counts, which are added up when somebody asks."""
    # Read by prometheus_client when it is first imported, in the processes that serve.
    folder, owner = tempfile.mkdtemp(prefix="lionrock-metrics-"), os.getpid()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    try:
        yield
    finally:
        # The processes that were forked leave through here too.
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)


def _revive() -> None:
    if environment().database_url is None:
        revive(environment().home)


def check_private(address: str, *, plain_http: bool) -> None:
    """Raise `Invalid` for an address that other machines reach, unless plain HTTP is wanted there."""
    host = address.rpartition(":")[0].strip("[]")
    if plain_http or not host or _is_this_machine(host):
        return
    said = message(
        gettext_noop(
            "At {address} other machines would reach the portal without TLS, and read passwords on their way. Listen "
            "at 127.0.0.1 behind a proxy with TLS; or say --plain-http, where another machine is that proxy."
        ),
        address=address,
    )
    raise Invalid(
        "config.serve.plain", said, faults=[Fault("config.serve.plain", said, field="address", value=address)]
    )


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


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
