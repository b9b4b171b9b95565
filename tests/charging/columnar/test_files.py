"""Files of usage records: whatever their order and the type of their instants, they come to the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from tests.charging.columnar.crowds import Crowd, Maker
from tests.charging.columnar.test_two_paths import readable

from lionrock.charging.columnar import standing
from lionrock.charging.columnar.closing import nearest
from lionrock.charging.columnar.lines import Rating
from lionrock.charging.columnar.rating import look_through, rate_file
from lionrock.charging.columnar.records import COLUMNS, write_runs
from lionrock.charging.domain.runs import Run
from lionrock.kernel.errors import Invalid
from lionrock.kernel.periods import Month

START = datetime(2026, 3, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)

IN_SECONDS = 'SELECT * REPLACE (epoch_us(start) // 1000000 AS start, epoch_us("end") // 1000000 AS "end") FROM {}'


@pytest.fixture
def crowd() -> Crowd:
    return Maker(7).make(200)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "records.parquet"


def copied(file: Path, query: str, size: int = 2048) -> Path:
    """Write what a query finds in a file into another, in groups of so many rows."""
    copy = file.with_name("copy.parquet")
    with duckdb.connect(config={"threads": 1}) as database:
        query = query.format(f"read_parquet('{file}')")
        database.sql(query).write_parquet(str(copy), row_group_size=size)
    return copy


def as_numbers(rating: Rating) -> tuple[Mapping[Month, object], object, object, object]:
    return rating.lines, rating.unpriced_seconds, rating.unpriced, rating.held


@pytest.mark.parametrize("order", ["", " ORDER BY start, site, job, record", " ORDER BY hash(record)"])
def test_order_and_type_of_instants_play_no_part(
    file: Path, crowd: Crowd, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "ROWS_AT_ONCE", 50)
    write_runs(crowd.runs, file)
    wanted = as_numbers(rate_file(file, crowd.card))
    found = rate_file(copied(file, IN_SECONDS + order), crowd.card)
    assert as_numbers(found) == wanted
    assert found.lines
    assert found.held


def test_what_is_known_to_stand_needs_no_look_for_others(file: Path, crowd: Crowd) -> None:
    runs = readable(crowd, crowd.months[-1])[0].runs.values()
    write_runs(runs, file)
    wanted = as_numbers(rate_file(file, crowd.card))
    for same in (file, copied(file, IN_SECONDS)):
        found = rate_file(same, crowd.card, settled=True)
        assert as_numbers(found) == wanted
        assert not found.held


def test_the_span_in_which_a_run_begins_is_looked_through_whole(
    file: Path, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both records of a run lie in two groups of rows, between which a span could end."""
    monkeypatch.setattr(standing, "ROWS_AT_ONCE", 1)
    start = crowd.months[0].interval(crowd.card.zone).start
    first = Run("", "1", start, start + HOUR, "u1", {"gpu": 1})
    others = [Run("", str(number), start, start + HOUR, "u1", {"gpu": 1}) for number in range(2, 4000)]
    second = Run("", "1", start, start + 2 * HOUR, "u1", {"gpu": 1}, revision=2)
    write_runs([first, *others, second], file)
    split = copied(file, IN_SECONDS)
    lines = rate_file(split, crowd.card).lines
    seconds = sum(total.seconds for month in lines.values() for total in month.values())
    assert seconds + rate_file(split, crowd.card).unpriced_seconds == 3600 * (2 + 3998)


def test_each_fault_is_named(file: Path, crowd: Crowd) -> None:
    half = timedelta(microseconds=500_000)
    runs = [
        Run("", "late", START, START - HOUR, "u1", {"gpu": 1}),
        Run("", "part", START + half, START + HOUR, "u1", {"gpu": 1}),
        Run("", "empty", START, START + HOUR, "u1", {}),
        Run("", "many", START, START + HOUR, "u1", {"gpu": 10**30}),
        Run("", "long", START, START + HOUR, "u1", {"gpu": 1}, device_seconds={"gpu": 3601}),
        Run("", "other", START, START + HOUR, "u1", {"gpu": 1}, device_seconds={"cpu": 1}),
        Run("", "whose", START, START + HOUR, "u1", {"gpu": 1}, award="A99"),
        Run("", "twice", START, START + HOUR, "u1", {"gpu": 1}),
        Run("", "twice", START, START + HOUR, "u1", {"gpu": 2}),
        Run("", "sound", START, START + HOUR, "u1", {"gpu": 1}, device_seconds={"cpu": 0}),
    ]
    write_runs(runs, file)
    assert [(one.job, one.reason) for one in look_through(file, crowd.card).held] == [
        ("late", "end_before_start"),
        ("part", "part_second"),
        ("empty", "no_devices"),
        ("many", "count"),
        ("long", "device_seconds"),
        ("other", "device_seconds"),
        ("whose", "award"),
        ("twice", "contradiction"),
    ]


def test_what_is_missing_in_a_file_of_others_is_held(file: Path, crowd: Crowd) -> None:
    write_runs([Run("", str(number), START, START + HOUR, "u1", {"gpu": 1}) for number in range(4)], file)
    spoilt = copied(file, "SELECT * REPLACE (CASE WHEN record > 1 THEN account END AS account) FROM {}")
    assert [(one.job, one.reason) for one in look_through(spoilt, crowd.card).held] == [
        ("0", "incomplete"),
        ("1", "incomplete"),
    ]


def test_a_file_without_records_has_no_lines(file: Path, crowd: Crowd) -> None:
    write_runs([], file)
    assert rate_file(file, crowd.card) == Rating()


def _no_parquet(file: Path) -> None:
    file.write_text("site,job\n")


def _without_count(file: Path) -> None:
    write_runs([], file)
    copied(file, "SELECT * EXCLUDE (count) FROM {}").rename(file)


def _with_floats(file: Path) -> None:
    write_runs([], file)
    copied(file, "SELECT * REPLACE (count::DOUBLE AS count) FROM {}").rename(file)


def _with_mixed_instants(file: Path) -> None:
    write_runs([], file)
    copied(file, 'SELECT * REPLACE (epoch_us("end") // 1000000 AS "end") FROM {}').rename(file)


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (_no_parquet, "records.parquet"),
        (_without_count, "count -"),
        (_with_floats, "count DOUBLE"),
        (_with_mixed_instants, "start TIMESTAMP, end BIGINT"),
    ],
)
def test_a_file_of_another_shape_is_refused(
    file: Path, crowd: Crowd, spoil: Callable[[Path], None], named: str
) -> None:
    spoil(file)
    with pytest.raises(Invalid) as refused:
        rate_file(file, crowd.card)
    assert refused.value.code == "charging.columnar.unreadable"
    assert named in str(refused.value)


def test_the_page_on_files_names_every_column() -> None:
    page = (Path(__file__).parents[3] / "docs" / "reference" / "usage-records.md").read_text()
    assert [name for name in COLUMNS if f"`{name}`" not in page] == []


@pytest.mark.parametrize(
    ("numerator", "denominator", "wanted"),
    [
        (1, 2, 1),
        (-1, 2, -1),
        (3, 2, 2),
        (5, 2, 3),
        (-5, 2, -3),
        (49, 100, 0),
        (-49, 100, 0),
        (10**40 + 1, 2, 5 * 10**39 + 1),
    ],
)
def test_halves_go_away_from_zero(numerator: int, denominator: int, wanted: int) -> None:
    assert nearest(numerator, denominator) == wanted
