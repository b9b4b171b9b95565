"""Calls the kernel for a machine that changes: the same arguments and runs as `domain.operating`."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Iterable
from typing import Final

from lionrock.planning.domain.estate import Estate, Operation, Outcome, Run, Work
from lionrock.planning.domain.operating import Rules
from lionrock.planning.domain.pool import Policy
from lionrock.planning.domain.priority import Priority
from lionrock.planning.kernel.fast import COLUMN, PASSES, POLICY, kernel, not_enough_memory, pointer

_NONE: Final = -1
_OUTCOMES: Final = tuple(Outcome)
_FIELDS: Final = 6
"""Of a run, as the kernel writes it."""


class _Layout(ctypes.Structure):
    _fields_ = [
        *((name, ctypes.c_int64) for name in ("kinds", "classes", "windows")),
        *((name, COLUMN) for name in ("nodes", "size", "speeds", "preferred")),
        *((name, COLUMN) for name in ("node", "since", "until", "known", "fate", "lent")),
    ]


class _Weights(ctypes.Structure):
    _fields_ = [
        *((name, ctypes.c_int64) for name in ("age", "fair_share", "size", "quality")),
        *((name, ctypes.c_int64) for name in ("max_age", "period", "decay", "favour_small", "accounts")),
        ("shares", COLUMN),
    ]


class _Asked(ctypes.Structure):
    _fields_ = [
        ("count", ctypes.c_int64),
        *((name, COLUMN) for name in ("submit", "duration", "estimate", "demand")),
        *((name, COLUMN) for name in ("of_class", "manner", "account", "quality")),
        ("layout", _Layout),
        *((name, ctypes.c_int64) for name in ("policy", "passes", "grace", "depth", "weighted")),
        ("weights", _Weights),
    ]


def operate(work: Work, estate: Estate, rules: Rules) -> Operation:
    """Return what ran when and where; raises `Unavailable` without compiler or memory."""
    if rules.policy is Policy.CONSERVATIVE:
        raise ValueError("conservative backfilling is for one pool")
    keep: list[array[int]] = []
    jobs = work.jobs
    numbers = (jobs.submit, jobs.duration, jobs.estimate, jobs.demand)
    told = (work.classes, work.manners, work.accounts, work.qualities)
    asked = _Asked(
        len(jobs),
        *(_column(column, keep) for column in (*numbers, *told)),
        _layout(estate, keep),
        POLICY[rules.policy],
        PASSES[rules.passes],
        rules.grace,
        rules.depth,
        rules.priority is not None,
        _weights(rules.priority or Priority(), keep),
    )
    runs, count = COLUMN(), ctypes.c_int64()
    library = kernel()
    outcome = library.lionrock_operate(ctypes.byref(asked), ctypes.byref(runs), ctypes.byref(count))
    try:
        if outcome:
            raise not_enough_memory(len(jobs))
        found = array("q", ctypes.string_at(runs, 8 * _FIELDS * count.value))
    finally:
        library.lionrock_release(runs)
    return Operation([_run(*found[at : at + _FIELDS]) for at in range(0, len(found), _FIELDS)])


def _run(job: int, start: int, end: int, kind: int, node: int, outcome: int) -> Run:
    return Run(job, start, end, kind, node, _OUTCOMES[outcome])


def _layout(estate: Estate, keep: list[array[int]]) -> _Layout:
    windows = estate.lasting()
    width = len(estate.kinds)
    preferred = [kinds + [_NONE] * (width - len(kinds)) for kinds in estate.preferences()]
    columns: list[Iterable[int]] = [
        [kind.nodes for kind in estate.kinds],
        [kind.size for kind in estate.kinds],
        [speed for row in estate.speeds for speed in row],
        [kind for row in preferred for kind in row],
        [window.node for window in windows],
        [window.since for window in windows],
        [window.until for window in windows],
        [window.known for window in windows],
        [window.fate for window in windows],
        [window.lent for window in windows],
    ]
    return _Layout(width, len(estate.speeds), len(windows), *(_column(column, keep) for column in columns))


def _weights(priority: Priority, keep: list[array[int]]) -> _Weights:
    return _Weights(
        priority.age,
        priority.fair_share,
        priority.size,
        priority.quality,
        priority.max_age,
        priority.period,
        priority.decay(),
        priority.favour_small,
        len(priority.shares),
        _column(priority.shares, keep),
    )


def _column(values: Iterable[int], keep: list[array[int]]) -> ctypes._Pointer[ctypes.c_int64]:
    """Return a pointer to numbers that stay where they are as long as `keep` does."""
    column = values if isinstance(values, array) else array("q", values)
    keep.append(column)
    return pointer(column)
