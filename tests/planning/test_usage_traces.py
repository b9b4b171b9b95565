"""Lionrock's own usage as a trace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.charging.books import PROGRAMME, Books
from tests.metering.world import ACCOUNT
from tests.usage.world import nodes, ran, read_up_to

from lionrock.charging.models import RecordedRun
from lionrock.kernel.errors import NotFound
from lionrock.kernel.periods import Month
from lionrock.metering.models import Collection
from lionrock.people.domain import Actor, terminal_operator
from lionrock.planning.domain.cleaning import clean
from lionrock.planning.domain.jobs import Estimates, Label
from lionrock.planning.traces.reading import read_trace
from lionrock.planning.usage_traces import write_usage

START = datetime(2026, 11, 9, 16, tzinfo=UTC)
NOVEMBER = Month(2026, 11)


@pytest.mark.django_db
def test_runs_of_a_cluster_and_records_of_other_sites_become_a_trace(books: Books, tmp_path: Path) -> None:
    read_up_to()
    nodes("h800", 4, 8)
    ran(START, 3600, account=ACCOUNT, gpus=2)
    ran(START + timedelta(hours=2), 600, account=ACCOUNT, gpus=8)
    ran(START - timedelta(days=30), 600, account=ACCOUNT, gpus=1)
    file = tmp_path / "own.parquet"
    assert write_usage(terminal_operator("t"), PROGRAMME, NOVEMBER, NOVEMBER, file) == 2
    trace = read_trace(file, label=Label.USER)
    assert (list(trace.demand), list(trace.duration)) == ([2, 8], [3600, 600])
    assert trace.submit[0] == 0
    assert len(set(trace.labels)) == 1
    assert ACCOUNT not in trace.labels[0]
    assert len(clean(trace, 32, Estimates.REQUESTED).jobs) == 2
    Collection.objects.all().delete()
    assert RecordedRun.objects.count() == 0
    with pytest.raises(NotFound):
        write_usage(Actor("nobody@example.org"), PROGRAMME, NOVEMBER, NOVEMBER, file)
