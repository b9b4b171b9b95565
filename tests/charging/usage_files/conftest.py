"""Writing a small usage file and reading it back, in one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lionrock.charging.usage_files import (
    Format,
    HeldRow,
    SkipReason,
    Tally,
    UsageOptions,
    UsageRecord,
    open_usage_file,
)
from lionrock.kernel.messages import Message

SHARED = Path(__file__).parents[4] / "shared"
collect_ignore = [] if SHARED.exists() else ["test_real_files.py"]

TYPED = {"gres/gpu:h800": "gpu-h800", "gres/gpu:h20": "gpu-h20"}


@dataclass
class Read:
    """What a file turned out to hold."""

    records: list[UsageRecord]
    held: list[HeldRow]
    tally: Tally
    format: Format
    notes: tuple[Message, ...]

    @property
    def skipped(self) -> dict[SkipReason, int]:
        return dict(self.tally.skipped)

    @property
    def faults(self) -> list[tuple[int, str]]:
        """Line and last part of the code of each held row."""
        return [(row.line, row.code.rpartition(".")[2]) for row in self.held]


def read_back(path: Path, options: UsageOptions, form: Format | None = None) -> Read:
    with open_usage_file(path, options, format=form) as stream:
        outcomes = list(stream)
        assert stream.tally.adds_up
        assert stream.position == stream.total
    records = [outcome for outcome in outcomes if isinstance(outcome, UsageRecord)]
    held = [outcome for outcome in outcomes if isinstance(outcome, HeldRow)]
    assert (len(records), len(held)) == (stream.tally.records, stream.tally.held)
    return Read(records, held, stream.tally, stream.format, stream.notes)


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Read]:
    """Write content under a name and read it with options given by keyword."""

    def reader(content: str | bytes, name: str = "usage.txt", form: Format | None = None, **options: Any) -> Read:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_back(path, UsageOptions(**{"site": "asc", "items": TYPED, **options}), form)

    return reader


TRES = "billing=2,cpu=2,gres/gpu:h800=8,gres/gpu=8,mem=2000M,node=1"
USUAL = {
    "JobID": "3",
    "JobIDRaw": "3",
    "JobName": "train",
    "User": "alice",
    "Account": "lab",
    "Cluster": "demo",
    "Partition": "h800",
    "QOS": "normal",
    "State": "COMPLETED",
    "Submit": "1795348080",
    "Start": "1795348082",
    "End": "1795351682",
    "ElapsedRaw": "3600",
    "Suspended": "00:00:00",
    "ReqTRES": "billing=2,cpu=2,gres/gpu=8,mem=2000M,node=1",
    "AllocTRES": TRES,
    "DBIndex": "5",
}


COLUMNS = list(USUAL)


@pytest.fixture
def sacct() -> Callable[..., str]:
    """Text of sacct rows: each dictionary says where a row differs from the usual one."""

    def text(*rows: dict[str, str], columns: Sequence[str] = COLUMNS, delimiter: str = "|") -> str:
        lines = [delimiter.join(columns)]
        lines += [delimiter.join({**USUAL, **row}[name] for name in columns) for row in rows]
        return "\n".join([*lines, ""])

    return text
