"""Calls the kernel: the same arguments and schedules as the readable simulators in `domain`."""

from __future__ import annotations

import ctypes
from array import array
from functools import cache
from typing import TYPE_CHECKING, Final

from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.planning.domain.gangs import Machine
from lionrock.planning.domain.jobs import Jobs
from lionrock.planning.domain.pool import Passes, Policy
from lionrock.planning.kernel.compiling import library

_POOL_POLICY: Final = {Policy.FCFS: 0, Policy.EASY: 1}
_GANG_POLICY: Final = {**_POOL_POLICY, Policy.SJF: 2}
_PASSES: Final = {Passes.EACH_TIME: 0, Passes.EACH_EVENT: 1}
_COLUMN: Final = ctypes.POINTER(ctypes.c_int64)

if TYPE_CHECKING:
    _Pointer = ctypes._Pointer[ctypes.c_int64]


def starts(jobs: Jobs, capacity: int, policy: Policy, passes: Passes) -> array[int]:
    """Return the second at which each job starts on one pool; raises `Unavailable` without compiler or memory."""
    found, columns = _columns(jobs)
    call = _library().lionrock_pool
    return _done(call(len(jobs), *columns, capacity, _POOL_POLICY[policy], _PASSES[passes], _pointer(found)), found)


def gang_starts(jobs: Jobs, machine: Machine, policy: Policy) -> array[int]:
    """Return the same for gangs on nodes."""
    found, columns = _columns(jobs)
    call = _library().lionrock_gangs
    return _done(call(len(jobs), *columns, machine.nodes, machine.size, _GANG_POLICY[policy], _pointer(found)), found)


def conservative_starts(jobs: Jobs, capacity: int) -> array[int]:
    """Return the same for conservative backfilling on one pool."""
    found, columns = _columns(jobs)
    return _done(_library().lionrock_conservative(len(jobs), *columns, capacity, _pointer(found)), found)


def _columns(jobs: Jobs) -> tuple[array[int], list[_Pointer]]:
    columns = [_pointer(each) for each in (jobs.submit, jobs.duration, jobs.estimate, jobs.demand)]
    return array("q", bytes(8 * len(jobs))), columns


def _done(outcome: int, found: array[int]) -> array[int]:
    if outcome:
        said = message(gettext_noop("There is not enough memory to replay {count} jobs."), count=len(found))
        raise Unavailable("planning.kernel.memory", said)
    return found


@cache
def _library() -> ctypes.CDLL:
    loaded = ctypes.CDLL(str(library()))
    whole, number = ctypes.c_int64, ctypes.c_int
    loaded.lionrock_pool.argtypes = [whole, *[_COLUMN] * 4, whole, number, number, _COLUMN]
    loaded.lionrock_gangs.argtypes = [whole, *[_COLUMN] * 4, whole, whole, number, _COLUMN]
    loaded.lionrock_conservative.argtypes = [whole, *[_COLUMN] * 4, whole, _COLUMN]
    return loaded


def _pointer(column: array[int]) -> _Pointer:
    return ctypes.cast((ctypes.c_int64 * len(column)).from_buffer(column), _COLUMN)
