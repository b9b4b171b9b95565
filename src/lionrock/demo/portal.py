"""The portal of the demonstration: started in the background, found again, looked at, stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import gettext_noop, message

PREFERRED_PORT = 8000
_PATIENCE_SECONDS = 60


def start_portal(home: Path) -> str:
    """Serve the portal in the background and return its address; one that is running is replaced.

    It stops with `lionrock demo --stop`. Raises `Unavailable` when it does not answer in time.
    """
    stop_portal(home)
    address = f"127.0.0.1:{_free_port()}"
    with (home / "portal.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "lionrock", "serve", "--address", address],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    _pid_file(home).write_text(f"{server.pid} {_started(server.pid)}")
    url = f"http://{address}/"
    _wait_for(url, server, home)
    return url


def stop_portal(home: Path) -> bool:
    """Stop the portal in the background; tell whether there was one."""
    try:
        pid, started = _pid_file(home).read_text().split()
    except (OSError, ValueError):
        return False
    _pid_file(home).unlink()
    if _started(int(pid)) != started:
        return False
    os.kill(int(pid), signal.SIGTERM)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while _started(int(pid)) == started and time.monotonic() < deadline:
        time.sleep(0.05)
    return True


def _pid_file(home: Path) -> Path:
    return home / "portal.pid"


def _started(pid: int) -> str:
    """Return when a process began, in clock ticks: tells it from another that got its number."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]


def _free_port() -> int:
    for wanted in (PREFERRED_PORT, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise Unavailable("demo.portal.port", message(gettext_noop("No port is free for the portal. Stop another server.")))


def _wait_for(url: str, server: subprocess.Popen[bytes], home: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}sign-in", timeout=5):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise Unavailable(
        "demo.portal.silent",
        message(
            gettext_noop("The portal did not start; {log} says why. Mend it and run `lionrock serve`."),
            log=str(home / "portal.log"),
        ),
    )
