"""Whatever windows are asked for, in any order, overlapping and again: the books are the same."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.charging.books import Books
from tests.metering.recorded import Recorded, Row, run_row
from tests.metering.world import ACCOUNT, ADMIN, LEASED, SITE, at

from lionrock.charging.models import RecordedRun
from lionrock.metering.actions import collect
from lionrock.metering.models import MeteredRun

BEGAN = 1_796_040_000  # four hours before a month ends in Hong Kong
SPAN = 8 * 3600
LATER = BEGAN + 2 * SPAN


@st.composite
def accountings(draw: st.DrawFn) -> list[Row]:
    """Return runs of every kind, with requeues: one number, several runs."""
    rows = []
    for number in range(draw(st.integers(1, 6))):
        start = BEGAN + draw(st.integers(0, SPAN))
        for _ in range(draw(st.integers(1, 3))):
            length = draw(st.integers(0, SPAN))
            suspended = draw(st.integers(0, length))
            facts: dict[str, Any] = {
                "Account": draw(st.sampled_from([ACCOUNT, ACCOUNT, LEASED, "test"])),
                "State": draw(st.sampled_from(["COMPLETED", "FAILED", "CANCELLED by 7", "NODE_FAIL", "PREEMPTED"])),
                "Partition": draw(st.sampled_from(["h800", "h800", "night"])),
                "ElapsedRaw": length - suspended,
            }
            rows.append(run_row(str(7 + number), start, start + length, **facts))
            start += length + draw(st.integers(1, 600))
    return rows


cuts = st.lists(st.integers(0, 3 * SPAN), min_size=2, max_size=2, unique=True)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=accountings(), spans=st.lists(cuts, max_size=5), seen=st.integers(0, SPAN), batch=st.integers(1, 4))
def test_the_order_of_windows_plays_no_part(
    books: Books, cluster: Recorded, rows: list[Row], spans: list[list[int]], seen: int, batch: int
) -> None:
    in_order = books_after(cluster, rows, [], None, 1000)
    assert books_after(cluster, rows, spans, BEGAN + seen, batch) == in_order
    assert {row[9] + row[1] for row in rows if int(row[13])} == {key for key, *_ in in_order[0]}


def books_after(
    cluster: Recorded, rows: list[Row], spans: list[list[int]], seen: int | None, batch: int
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Return what is kept and charged after reading these spans (first as it was at `seen`), then all there is."""
    point = transaction.savepoint()
    try:
        _read(cluster, rows, spans, seen, batch)
        return kept(), charged()
    finally:
        transaction.savepoint_rollback(point)


def _read(cluster: Recorded, rows: list[Row], spans: list[list[int]], seen: int | None, batch: int) -> None:
    if seen is not None:
        cluster.rows = [as_it_was(row, seen) for row in rows if int(row[11]) < seen]
        collect(actor=ADMIN, site=SITE, now=at(seen), batch=batch)
    cluster.rows = rows
    for start, end in (sorted(span) for span in spans):
        span = {"since": at(BEGAN + start - 600), "until": at(BEGAN + end)}
        collect(actor=ADMIN, site=SITE, now=at(LATER), batch=batch, **span)
    collect(actor=ADMIN, site=SITE, now=at(LATER), since=at(BEGAN - 600), batch=batch)


def as_it_was(row: Row, seen: int) -> Row:
    """Return a row as it was at an instant at which its run may not have ended."""
    if int(row[12]) <= seen:
        return row
    return (*row[:8], "RUNNING", *row[9:12], "Unknown", str(min(seen - int(row[11]), int(row[13]))), *row[14:])


def kept() -> list[tuple[Any, ...]]:
    rows = MeteredRun.objects.exclude(outcome="empty").order_by("key")
    return [
        (row.key.partition("@")[2] + row.key.partition("@")[0], row.start, row.end, row.busy, row.outcome)
        for row in rows
    ]


def charged() -> list[tuple[Any, ...]]:
    rows = RecordedRun.objects.filter(standing=True).order_by("job", "start")
    return [
        (row.job, row.start, row.end, row.account, row.award, row.devices, row.device_seconds, row.state, row.interim)
        for row in rows
        if row.end > row.start
    ]
