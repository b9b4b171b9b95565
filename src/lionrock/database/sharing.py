"""Several processes, one private server: the first in starts it, the last one out stops it.

Every process that uses the server share-locks one file. The kernel gives the lock back when the
process ends, be it by kill -9, so that nobody is counted who is not there. A child made by fork
shares its parent's lock and counts with it.
"""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lionrock.database import failures, processes
from lionrock.database.connection import check_server
from lionrock.database.layout import Layout
from lionrock.database.locks import becomes_free, open_owned, share, sharers, wait_exclusive
from lionrock.database.server import Condition, Server
from lionrock.kernel.errors import LionrockError

TURN_SECONDS = 600.0
"""Longer than a start or a stop may take."""

_KILLED = frozenset({Condition.DOWN, Condition.ORPHANED})
_held: dict[Layout, int] = {}
"""The descriptors of the shared locks that this process holds."""


def ensure_running(home: Path, url: str | None) -> None:
    """Have a database to talk to: the private server of this home, or the one named by URL.

    Starts the private server if need be, after a crash too, and counts this process among its
    users until `release` or the end of the process. Raises Unavailable with what to do; Invalid
    for a malformed URL.
    """
    if url:
        check_server(url)
        return
    layout = Layout.of(home)
    with failures.explained(layout.folder):
        layout.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with turn(layout):
            _hold(layout)
            try:
                Server(layout).ensure()
            except BaseException as error:
                _let_go(layout)
                if getattr(error, "code", "") != failures.STILL_STARTING:  # that one needs only time
                    _stop_if_unused(layout)
                raise


def revive(home: Path) -> bool:
    """Start the private server again where it was killed; tell whether it was. One that was stopped stays so.

    A server that ends in good order takes its `postmaster.pid` along. Raises Unavailable when it does not start.
    """
    layout = Layout.of(home)
    if not (layout.data / "postmaster.pid").exists() or Server(layout).condition() not in _KILLED:
        return False
    ensure_running(home, None)
    return True


def release(home: Path) -> None:
    """Say that this process no longer uses the private server; the last one out stops it.

    Does nothing in a process that does not use it. Raises Unavailable when it cannot be stopped.
    """
    layout = Layout.of(home)
    if layout not in _held:
        return
    _let_go(layout)
    if not layout.folder.exists():  # somebody removed the home under the running server
        processes.kill_inside(layout.data)
        return
    with failures.explained(layout.folder), turn(layout):
        _stop_if_unused(layout)


def keep(home: Path) -> None:
    """Start the private server and keep it up without users, until `end`."""
    layout = Layout.of(home)
    ensure_running(home, None)
    with failures.explained(layout.folder):
        os.close(open_owned(layout.kept))


def end(home: Path, *, now: bool) -> list[int]:
    """Stop the private server, and keep it up no longer.

    Returns the other processes that still use it: then it stops with the last of them, unless
    `now` says to cut them off.
    """
    layout = Layout.of(home)
    if not layout.folder.exists():
        return []
    with failures.explained(layout.folder), turn(layout):
        layout.kept.unlink(missing_ok=True)
        _let_go(layout)
        if now or becomes_free(layout.users, 0):
            Server(layout).stop()
            return []
        return sharers(layout.users)


@contextmanager
def turn(layout: Layout) -> Iterator[None]:
    """Be the only one who starts or stops the server of this layout."""
    descriptor = open_owned(layout.turn)
    try:
        if not wait_exclusive(descriptor, TURN_SECONDS):
            raise failures.busy(layout.folder, TURN_SECONDS)
        yield
    finally:
        os.close(descriptor)


def _stop_if_unused(layout: Layout) -> None:
    if not layout.kept.exists() and becomes_free(layout.users, 0):
        Server(layout).stop()


def _hold(layout: Layout) -> None:
    if layout in _held:
        return
    descriptor = open_owned(layout.users)
    share(descriptor)
    _held[layout] = descriptor


def _let_go(layout: Layout) -> None:
    """Close, and never unlock: unlocking would count a forked relative out as well."""
    descriptor = _held.pop(layout, None)
    if descriptor is not None:
        os.close(descriptor)


@atexit.register
def _release_all() -> None:
    for layout in list(_held):
        try:
            release(layout.folder.parent)
        except LionrockError as error:
            sys.stderr.write(f"{error}\n")
