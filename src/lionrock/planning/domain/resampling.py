"""Load made from a trace: weeks of users, drawn again and again, as many as one wants.

N. Zakay and D. G. Feitelson, "Workload resampling for performance evaluation of parallel job schedulers",
Concurrency and Computation: Practice and Experience 26(12), 2014. What a user did in one week stays together,
at the same second of the week: so bursts, the day, the week-end, and who submits which jobs remain,
and more load is more users, not longer jobs. Only whole weeks of the trace are drawn from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Final

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message

WEEK: Final = 7 * 86_400


def resample(
    submit: Sequence[int], users: Sequence[str], *, weeks: int, percent: int, random: Random
) -> Iterator[tuple[int, int]]:
    """Yield (row of the trace, new submit time) for so many weeks, in the order of time.

    In an average week there are `percent` per cent of the users that an average week of the trace has.
    Rows without a submit time are passed over. Raises `Invalid` for a trace shorter than a week.
    """
    known = [time for time in submit if time >= 0]
    first = min(known, default=0)
    whole = (max(known, default=0) + 1 - first) // WEEK
    if not whole:
        raise _too_short()
    drawn_from = _user_weeks(submit, users, first, whole)
    draws = len(drawn_from) * weeks * percent // (whole * 100)
    for week in range(weeks):
        # Spread evenly, with no fraction of a user lost.
        chosen = range(draws * week // weeks, draws * (week + 1) // weeks)
        rows = [row for _ in chosen for row in drawn_from[random.randrange(len(drawn_from))]]
        rows.sort(key=lambda row: (submit[row] - first) % WEEK)
        yield from ((row, week * WEEK + (submit[row] - first) % WEEK) for row in rows)


def _user_weeks(submit: Sequence[int], users: Sequence[str], first: int, whole: int) -> list[list[int]]:
    found: dict[tuple[int, str], list[int]] = {}
    for row, (time, user) in enumerate(zip(submit, users, strict=True)):
        if time >= 0 and (time - first) // WEEK < whole:
            found.setdefault(((time - first) // WEEK, user), []).append(row)
    return list(found.values())


def _too_short() -> Invalid:
    said = message(
        gettext_noop("The trace is shorter than a week, and weeks are what is drawn from it. Take a longer one.")
    )
    fault = Fault("planning.trace.too_short", said, field="submit_time")
    return Invalid("planning.trace.too_short", said, faults=[fault])
