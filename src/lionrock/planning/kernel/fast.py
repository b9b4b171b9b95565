"""Calls the kernel: the same arguments and schedules as the readable simulators in `domain`."""

from __future__ import annotations

import ctypes
from array import array
from functools import cache
from typing import Final

from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.planning.domain.jobs import Jobs
from lionrock.planning.domain.pool import Passes, Policy
from lionrock.planning.kernel.compiling import library

_POLICY: Final = {Policy.FCFS: 0, Policy.EASY: 1}
_PASSES: Final = {Passes.EACH_TIME: 0, Passes.EACH_EVENT: 1}
_COLUMN: Final = ctypes.POINTER(ctypes.c_int64)


def starts(jobs: Jobs, capacity: int, policy: Policy, passes: Passes) -> array[int]:
    """Return the second at which each job starts; raises `Unavailable` without a compiler or memory."""
    found = array("q", bytes(8 * len(jobs)))
    columns = [_pointer(each) for each in (jobs.submit, jobs.duration, jobs.estimate, jobs.demand)]
    done = _library().lionrock_pool(len(jobs), *columns, capacity, _POLICY[policy], _PASSES[passes], _pointer(found))
    if done:
        said = message(gettext_noop("There is not enough memory to replay {count} jobs."), count=len(jobs))
        raise Unavailable("planning.kernel.memory", said)
    return found


@cache
def _library() -> ctypes.CDLL:
    loaded = ctypes.CDLL(str(library()))
    number = ctypes.c_int
    loaded.lionrock_pool.argtypes = [ctypes.c_int64, *[_COLUMN] * 4, ctypes.c_int64, number, number, _COLUMN]
    loaded.lionrock_pool.restype = number
    return loaded


def _pointer(column: array[int]) -> ctypes._Pointer[ctypes.c_int64]:
    return ctypes.cast((ctypes.c_int64 * len(column)).from_buffer(column), _COLUMN)
