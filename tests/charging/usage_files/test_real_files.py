"""Real accounting and real traces, where they lie beside the project; every trap has its own test elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lionrock.charging.usage_files import HeldRow, UsageOptions, UsageRecord, open_usage_file

SHARED = Path(__file__).parents[4] / "shared"
SAMPLES = sorted(SHARED.glob("slurm/samples/*/*-dups.psv")) + sorted(SHARED.glob("slurm/samples/*/month-*.psv"))
TRACES = {"itp-2021": (69_351, 1_632_720), "philly-2017": (82_247, 978_078)}
"""Rows and GPU-hours as their publishers state them."""


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_slurm_wrote_is_read_without_a_held_row(path: Path) -> None:
    items = {"gres/gpu:h800": "h800", "gres/gpu:h20": "h20", "cpu": "cpu"}
    with open_usage_file(path, UsageOptions(site="demo", items=items, time_zone=ZoneInfo("UTC"))) as stream:
        outcomes = list(stream)
    assert [outcome for outcome in outcomes if isinstance(outcome, HeldRow)] == []
    assert stream.tally.adds_up
    assert stream.tally.rows_read == len(path.read_text().splitlines()) - 1


@pytest.mark.parametrize("name", [name for name in TRACES if (SHARED / f"data/traces/{name}.parquet").exists()])
def test_a_real_trace_adds_up_to_the_hours_that_its_publisher_states(name: str) -> None:
    options = UsageOptions(
        site="demo", items={"gpus": "gpu"}, epoch=datetime(2026, 3, 1, tzinfo=UTC), account_column="vc"
    )
    seconds = 0
    with open_usage_file(SHARED / f"data/traces/{name}.parquet", options) as stream:
        for outcome in stream:
            assert isinstance(outcome, UsageRecord)
            seconds += outcome.devices["gpu"] * round((outcome.end - outcome.start).total_seconds())
    assert (stream.tally.records, round(seconds / 3600)) == TRACES[name]
