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

POLICY: Final = {Policy.FCFS: 0, Policy.EASY: 1, Policy.SJF: 2}
PASSES: Final = {Passes.EACH_TIME: 0, Passes.EACH_EVENT: 1}
COLUMN: Final = ctypes.POINTER(ctypes.c_int64)

if TYPE_CHECKING:
    _Pointer = ctypes._Pointer[ctypes.c_int64]


def starts(jobs: Jobs, capacity: int, policy: Policy, passes: Passes) -> array[int]:
    """Return the second at which each job starts on one pool; raises `Unavailable` without compiler or memory."""
    found, columns = _columns(jobs)
    call = kernel().lionrock_pool
    return _done(call(len(jobs), *columns, capacity, POLICY[policy], PASSES[passes], pointer(found)), found)


def gang_starts(jobs: Jobs, machine: Machine, policy: Policy) -> array[int]:
    """Return the same for gangs on nodes."""
    found, columns = _columns(jobs)
    call = kernel().lionrock_gangs
    return _done(call(len(jobs), *columns, machine.nodes, machine.size, POLICY[policy], pointer(found)), found)


def conservative_starts(jobs: Jobs, capacity: int) -> array[int]:
    """Return the same for conservative backfilling on one pool."""
    found, columns = _columns(jobs)
    return _done(kernel().lionrock_conservative(len(jobs), *columns, capacity, pointer(found)), found)


def _columns(jobs: Jobs) -> tuple[array[int], list[_Pointer]]:
    columns = [pointer(each) for each in (jobs.submit, jobs.duration, jobs.estimate, jobs.demand)]
    return array("q", bytes(8 * len(jobs))), columns


def _done(outcome: int, found: array[int]) -> array[int]:
    if outcome:
        raise not_enough_memory(len(found))
    return found


def not_enough_memory(jobs: int) -> Unavailable:
    """Return what is raised where the kernel finds no memory for so many jobs."""
    said = message(gettext_noop("There is not enough memory to replay {count} jobs."), count=jobs)
    return Unavailable("planning.kernel.memory", said)


@cache
def kernel() -> ctypes.CDLL:
    """Return the library, compiled if need be; raises `Unavailable` without compiler."""
    loaded = ctypes.CDLL(str(library()))
    whole, number = ctypes.c_int64, ctypes.c_int
    loaded.lionrock_pool.argtypes = [whole, *[COLUMN] * 4, whole, number, number, COLUMN]
    loaded.lionrock_gangs.argtypes = [whole, *[COLUMN] * 4, whole, whole, number, COLUMN]
    loaded.lionrock_conservative.argtypes = [whole, *[COLUMN] * 4, whole, COLUMN]
    loaded.lionrock_release.restype = None
    return loaded


def pointer(column: array[int]) -> _Pointer:
    """Return where the numbers of a column are; the column has to outlive it."""
    return ctypes.cast((ctypes.c_int64 * len(column)).from_buffer(column), COLUMN)
