"""Visitors of a portal that runs as `lionrock serve` does: what the benchmarks of pages share."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

import click


def signed_in(email: str) -> str:
    """Return the session of somebody who is signed in."""
    from django.test import Client  # noqa: PLC0415 - needs settings

    from lionrock.people.models import Person  # noqa: PLC0415

    client = Client()
    client.force_login(Person.objects.get(email=email))
    return client.cookies["sessionid"].value


@contextmanager
def serving(home: Path) -> Iterator[int]:
    """Run the portal as `lionrock serve` does, and give its port once it says that it is ready."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    log = (home / "serve.log").open("w")
    command = [sys.executable, "-m", "lionrock", "serve", "--address", f"127.0.0.1:{port}"]
    served = subprocess.Popen(command, env=os.environ, stdout=log, stderr=log)
    try:
        _wait_for(port, served)
        yield port
    finally:
        served.terminate()
        served.wait()


def _wait_for(port: int, served: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if served.poll() is not None:
            raise click.ClickException("The portal ended before it answered.")
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/health/ready"):
            return
        time.sleep(0.1)
    raise click.ClickException("The portal does not answer.")


def percentile(times: list[float], percent: int) -> float:
    """Return the value that so many of a hundred do not exceed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
