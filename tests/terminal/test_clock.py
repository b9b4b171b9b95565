"""`--at` takes an instant with its offset, and nothing that could be read in two ways."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click
import pytest
from click.testing import CliRunner

from lionrock.kernel.errors import Invalid
from lionrock.terminal.clock import at_option, read_instant


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-10-01T09:00+08:00", datetime(2026, 10, 1, 1, tzinfo=UTC)),
        ("2026-10-01T09:00:30.5Z", datetime(2026, 10, 1, 9, 0, 30, 500_000, tzinfo=UTC)),
        ("2026-10-01 00:00-03:30", datetime(2026, 10, 1, 3, 30, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_with_its_offset(text: str, instant: datetime) -> None:
    assert read_instant(text) == instant
    assert read_instant(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-01T09:00",
        "2026-10-01",
        "tomorrow",
        "",
        "2026-13-01T00:00Z",
        "2026-02-30T00:00Z",
        "99999-01-01T00:00Z",
        "0001-01-01T00:00+08:00",
        "9999-12-31T23:59-01:00",
    ],
)
def test_what_is_no_instant_is_named(text: str) -> None:
    with pytest.raises(Invalid, match="is not an instant") as wrong:
        read_instant(text)
    assert wrong.value.faults[0].value == text


def test_without_the_option_it_is_the_clocks_now() -> None:
    seen: list[datetime] = []

    @click.command()
    @at_option
    def look(now: datetime) -> None:
        seen.append(now)

    CliRunner().invoke(look, ["--at", "2026-10-01T09:00+08:00"], catch_exceptions=False)
    before = datetime.now(UTC)
    CliRunner().invoke(look, [], catch_exceptions=False)
    assert seen[0] == datetime(2026, 10, 1, 1, tzinfo=UTC)
    assert before <= seen[1] < before + timedelta(hours=1)
