"""The whole of a small centre as people run it: served, its database stopped and started, ended in good order."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message

import pytest
from tests.integration.home import Home

pytestmark = pytest.mark.integration
PATIENCE = 60.0
AT_ONCE = 5.0
"""Seconds; a page that waits for a database would take the ten of a connection, and more on a busy machine."""


@pytest.fixture
def served(installed: Home) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = installed.begin("serve", "--address", f"127.0.0.1:{port}", "--processes", "1")
    yield f"http://127.0.0.1:{port}", process
    if process.poll() is None:
        process.kill()
        process.communicate(timeout=PATIENCE)


def ask(url: str) -> tuple[int, str, Message]:
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers
    except OSError as error:
        return 0, str(error), Message()


def wait_for(url: str, status: int) -> str:
    deadline = time.monotonic() + PATIENCE
    while (found := ask(url))[0] != status:
        assert time.monotonic() < deadline, found
        time.sleep(0.1)
    return found[1]


def test_pages_are_told_apart_from_their_database_and_come_back_with_it(
    installed: Home, served: tuple[str, subprocess.Popen[str]]
) -> None:
    portal, process = served
    wait_for(f"{portal}/health/live", 200)
    wait_for(f"{portal}/programmes", 200)
    deadline = time.monotonic() + PATIENCE
    while json.loads(wait_for(f"{portal}/health/ready", 200))["checks"]["due"] != "good":
        assert time.monotonic() < deadline, "the worker beside it does what is due"
        time.sleep(0.2)

    installed.good("database", "stop", "--now")
    began = time.monotonic()
    for _ in range(5):
        status, page, headers = ask(f"{portal}/programmes")
        assert (status, headers["Retry-After"]) == (503, "5")
        assert page.count("<section") == 3
    assert time.monotonic() - began < AT_ONCE
    status, _problem, headers = ask(f"{portal}/api/v1/programmes")
    assert (status, headers["Content-Type"].partition(";")[0], headers["Retry-After"]) == (
        503, "application/problem+json", "5",
    )  # fmt: skip
    assert ask(f"{portal}/health/live")[0] == 200
    assert json.loads(wait_for(f"{portal}/health/ready", 503))["checks"]["database"] == "bad"

    installed.good("database", "start")
    wait_for(f"{portal}/programmes", 200)
    wait_for(f"{portal}/health/ready", 200)

    installed.kill_server()
    wait_for(f"{portal}/programmes", 200)

    process.send_signal(signal.SIGTERM)
    _said, wrong = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, wrong
    assert ask(f"{portal}/health/live")[0] == 0
