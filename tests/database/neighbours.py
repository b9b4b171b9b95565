"""Other processes that use the same home, to be killed and looked at."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

import lionrock
from lionrock.database import parameters

SOURCE = Path(lionrock.__file__).parents[1]
CAP_DAC_READ_SEARCH = 2
"""Of capabilities(7): read any file and enter any folder."""

PATIENCE = 60.0

USE = """
import sys
from pathlib import Path
from lionrock.database import ensure_running
ensure_running(Path(sys.argv[1]), None)
print("ready", flush=True)
sys.stdin.readline()
"""

TRY = """
import json, sys
from pathlib import Path
import psycopg
from lionrock.database import ensure_running, parameters, release
from lionrock.database.layout import Layout
from lionrock.kernel.errors import LionrockError
home = Path(sys.argv[1])
try:
    ensure_running(home, None)
except LionrockError as error:
    print(json.dumps({"code": error.code, "sentence": str(error)}))
else:
    django = parameters(home, None)
    where = {"host": django["HOST"], "port": django["PORT"], "user": django["USER"], "dbname": django["NAME"]}
    with psycopg.connect(**where) as connection:
        count = connection.execute("SELECT count(*) FROM pg_class").fetchone()[0]
    release(home)
    print(json.dumps({"code": None, "tables": count, "owner": Layout.of(home).data.stat().st_uid}))
"""


class Neighbour:
    """A process that uses the private server of a home until it is told to leave, or killed."""

    def __init__(self, home: Path) -> None:
        command = [sys.executable, "-c", USE, str(home)]
        environment = os.environ | {"PYTHONPATH": str(SOURCE)}
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def wait_until_ready(self) -> Neighbour:
        """Wait for its server to be up."""
        assert self.process.stdout
        assert self.process.stdout.readline() == "ready\n"
        return self

    def leave(self) -> None:
        """Let it end as programs do."""
        self.process.communicate("\n", timeout=120)
        assert self.process.returncode == 0

    def kill(self) -> None:
        """End it at once, wherever it is."""
        self.process.kill()
        self.process.communicate()


def try_as_ordinary_user(home: Path) -> dict[str, object]:
    """Start, use and stop the server of a home as a user who is not root; return what came of it."""
    command = [sys.executable, "-c", TRY, str(home)]
    if os.geteuid() == 0:
        command = [*_becoming_nobody(), *command]
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    result = subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return dict(json.loads(result.stdout))


def _becoming_nobody() -> list[str]:
    """Return the command that gives up root; it may still read everything, as the checkout may be root's alone."""
    become = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    status = Path("/proc/self/status").read_text()
    bounding = int(status.partition("CapBnd:")[2].split()[0], 16)
    if bounding >> CAP_DAC_READ_SEARCH & 1:
        become += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    return become


def becomes_true(question: Callable[[], bool]) -> bool:
    """Ask until the answer is yes, for as long as a slow machine may need."""
    deadline = time.monotonic() + PATIENCE
    while not question():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def connect(home: Path) -> psycopg.Connection[tuple[object, ...]]:
    """Connect to the private server as Django would."""
    django = parameters(home, None)
    return psycopg.connect(
        host=str(django["HOST"]), port=str(django["PORT"]), user=str(django["USER"]), dbname=str(django["NAME"])
    )
