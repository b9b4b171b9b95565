"""Several processes as one: started together, each restarted when it ends, ended together."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

import structlog

from lionrock.kernel.errors import LionrockError

SETTLED_SECONDS: Final = 30.0
"""Who has run for so long has started well; what ends sooner is restarted later each time."""
LONGEST_PAUSE: Final = 60.0
END_SECONDS: Final = 80.0
"""For requests and actions at hand; a unit of systemd waits a little longer."""
BEAT_SECONDS: Final = 0.5
REFUSED: Final = frozenset({2, 3, 4, 5, 6, 7})
"""Exit codes with a sentence: at the first start they end everything, since only people can help."""
_PR_SET_PDEATHSIG: Final = 1
_log = structlog.get_logger(__name__)


@dataclass
class Child:
    """A command that has to run all the time."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    failures: int = 0
    ever_settled: bool = False
    again_at: float = field(default=0.0)

    def start(self, environment: Mapping[str, str] | None = None) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches us alone and we end it in good order."""
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - this process has no other threads
            env=environment,
        )
        self.began = time.monotonic()

    def look(self, now: float) -> int | None:
        """Restart it when it has ended and its time has come; return its exit code in the moment that it ended."""
        if self.process is None:
            if now >= self.again_at:
                self.start()
            return None
        code = self.process.poll()
        if now - self.began > SETTLED_SECONDS:
            self.ever_settled, self.failures = True, 0
        if code is not None:
            self.process = None
            self.failures += 1
            self.again_at = now + pause(self.failures)
        return code


def pause(failures: int) -> float:
    """Return how many seconds to wait before the next start: 1, 2, 4 … up to `LONGEST_PAUSE`."""
    return float(min(2.0 ** (failures - 1), LONGEST_PAUSE))


def command(*words: str) -> list[str]:
    """Return a command of `lionrock`, run by the same Python."""
    return [sys.executable, "-m", "lionrock", *words]


def supervise(children: Sequence[Child], look_after: Callable[[], None] = lambda: None) -> int:
    """Run all until SIGTERM or Ctrl-C; return 0 then, or the code of one that refused at its first start.

    `look_after` is called from time to time. Nothing of ours is left when this returns; should this process
    be killed, the system sends SIGTERM to its children.
    """
    with stopping(signal.SIGTERM, signal.SIGINT) as stop:
        try:
            for child in children:
                child.start()
            return _watch(children, look_after, stop)
        finally:
            end(children)


def _watch(children: Sequence[Child], look_after: Callable[[], None], stop: threading.Event) -> int:
    while not stop.wait(BEAT_SECONDS):
        for child in children:
            code = child.look(time.monotonic())
            if code is None:
                continue
            if code in REFUSED and not child.ever_settled and child.failures == 1:
                return code
            _log.error("serve.ended", what=child.name, code=code, again_in=pause(child.failures))
        try:
            look_after()
        except LionrockError as error:
            _log.error("serve.look_after", code=error.code)
    return 0


def end(children: Sequence[Child]) -> None:
    """Ask all to finish what they are at, wait, and kill whoever does not."""
    running = [child.process for child in children if child.process is not None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + END_SECONDS
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def stopping(*signals: signal.Signals) -> Iterator[threading.Event]:
    """Return what these signals set, in place of ending at once."""
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {each: signal.signal(each, ask) for each in signals}
    try:
        yield stop
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _end_with_parent() -> None:
    """Have the system end this process when its parent is killed and can end nobody."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
