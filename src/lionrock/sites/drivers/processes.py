"""Finding and stopping every process of a run, without ever mistaking a process for another.

A process id alone says little: the system gives it out again. Each process of a run carries the
run's key in its environment, and is held by a file descriptor (`pidfd`) between being looked at and
being stopped. Linux only, as the clusters are.
"""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

KEY_VARIABLE = "JOB_KEY"
_PROC = Path("/proc")
_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, linux/prctl.h
_PAUSE = 0.02
_PASSES = 500


def stop_all(key: str) -> None:
    """Kill every process whose environment carries this key, until none is left.

    A process may fork between being seen and being killed, so it looks again until it sees nobody;
    500 passes end the chase of one that forks faster than it dies.
    """
    for _ in range(_PASSES):
        if sum(_kill_if_ours(process, key) for process in _processes()) == 0:
            return
        time.sleep(_PAUSE)


def _processes() -> Iterator[int]:
    own = os.getpid()
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and int(entry.name) != own:
            yield int(entry.name)


def _kill_if_ours(process: int, key: str) -> bool:
    try:
        held = os.pidfd_open(process)
    except OSError:
        return False
    try:
        if not carries(process, key):
            return False
        signal.pidfd_send_signal(held, signal.SIGKILL)
    except OSError:
        return False
    finally:
        os.close(held)
    return True


def carries(process: int, key: str) -> bool:
    """Tell whether the process was started with this key in its environment."""
    try:
        environment = (_PROC / str(process) / "environ").read_bytes()
    except OSError:
        return False
    return f"{KEY_VARIABLE}={key}".encode() in environment.split(b"\0")


def die_with(parent: int) -> None:
    """Make the system kill this process when its parent dies; called between fork and exec."""
    ctypes.CDLL(None, use_errno=True).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
