"""Crowds of hostile records by both paths, and by the integral of the price, which cuts nothing."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.charging.columnar.crowds import Crowd, Maker
from tests.charging.oracle import cumulative
from tests.charging.stories import stories
from tests.charging.told import first_difference, read, told

from lionrock.charging.columnar.closing import Books
from lionrock.charging.columnar.lines import Rating
from lionrock.charging.columnar.rating import rate_file
from lionrock.charging.columnar.records import write_runs
from lionrock.charging.commands.replay import plain
from lionrock.charging.domain.closing import MonthFacts, close_month
from lionrock.charging.domain.lines import Line
from lionrock.charging.domain.standing import Standing, unknown_award
from lionrock.charging.domain.subsidy import Purse
from lionrock.charging.domain.tariff import Rated, rate_month
from lionrock.charging.replay.columnar import ColumnarTelling
from lionrock.kernel.periods import Interval, Month, months_touched
from lionrock.kernel.quantities import PriceUnit

RECORDS = 80
sometimes = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
often = settings(sometimes, max_examples=20)
seeds = st.integers(0, 2**32)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("crowds") / "records.parquet"


def columnar(crowd: Crowd, file: Path, until: Month) -> Rating:
    write_runs(crowd.runs, file)
    return rate_file(file, crowd.card, until)


def readable(crowd: Crowd, until: Month) -> tuple[Standing, dict[Month, Rated]]:
    standing = Standing()
    for run in crowd.runs:
        standing.take(run, unknown_award(run, crowd.card.awards))
    card, runs = crowd.card, standing.runs.values()
    months = {one for run in runs for one in months_touched(Interval(run.start, run.end), card.zone) if one <= until}
    return standing, {
        one: rate_month(one, card.zone, card.prices, card.awards, runs, card.proration) for one in sorted(months)
    }


def shown(line: Line) -> tuple[Any, ...]:
    return (line.charge, line.gross, dict(line.subsidy_by_award))


@often
@given(seed=seeds)
def test_a_crowd_has_the_same_lines_both_ways(file: Path, seed: int) -> None:
    crowd = Maker(seed).make(RECORDS)
    found = columnar(crowd, file, crowd.months[-1])
    standing, rated = readable(crowd, crowd.months[-1])
    told_lines = {
        tuple(line): (total.seconds, total.first_use) for lines in found.lines.values() for line, total in lines.items()
    }
    wanted = {
        (key.month, key.account, key.site, key.item, key.price, key.terms): (one.seconds, one.first_use)
        for one_month in rated.values()
        for key, one in one_month.lines.items()
    }
    assert told_lines == wanted
    assert found.unpriced_seconds == sum(one.unpriced_seconds for one in rated.values())
    assert {(one.site, one.job) for one in found.held} == {held.run.key[:2] for held in standing.held.values()}


@sometimes
@given(seed=seeds)
def test_a_crowd_closes_to_the_same_lines_both_ways(file: Path, seed: int) -> None:
    """Month after month, with all that arrives meanwhile: corrections, caps and a fund that run out."""
    crowd = Maker(seed).make(RECORDS)
    arriving = [crowd.runs[: len(crowd.runs) // 2], crowd.runs[: len(crowd.runs) * 3 // 4], crowd.runs]
    purse = Purse(left=dict(crowd.left), fund_left=crowd.fund_left)
    books = Books(crowd.card, left=dict(crowd.left), fund_left=crowd.fund_left)
    billed: dict[Month, Any] = {}
    for month, runs in zip(crowd.months, arriving, strict=True):
        until_now = Crowd(crowd.card, crowd.months, runs, {}, None)
        now = {one: rated.lines for one, rated in readable(until_now, month)[1].items()}
        facts = MonthFacts(month, crowd.card.zone, crowd.card.awards, now, billed)
        wanted = close_month(facts, purse)
        billed |= now
        found = books.close(month, columnar(until_now, file, month).lines)
        assert list(map(shown, found)) == list(map(shown, wanted))
    assert (books.left, books.fund_left) == (purse.left, purse.fund_left)
    assert {code: paid for code, paid in books.paid.items() if paid} == {
        code: paid for code, paid in purse.used.items() if paid
    }


@often
@given(seed=seeds)
def test_no_cut_loses_anything(file: Path, seed: int) -> None:
    """What all lines cost is the integral of each price over each run: count × (C(end) - C(start)), exactly."""
    maker = Maker(seed)
    crowd = maker.make(RECORDS)
    write_runs(crowd.runs, file)
    lines = rate_file(file, crowd.card).lines
    in_pieces = sum(
        Fraction(total.seconds * line.price.price.millionths, 3600)
        for month in lines.values()
        for line, total in month.items()
        if line.price.unit is PriceUnit.HOUR
    )
    standing, _ = readable(crowd, crowd.months[0])
    assert in_pieces == sum(
        integral(crowd, run.site, item, run.start, run.end)
        * held_on_average(run.device_seconds.get(item), count, run.elapsed)
        for run in standing.runs.values()
        if run.billable and run.elapsed
        for item, count in run.devices.items()
        if item != "node"
    )


def held_on_average(metered: int | None, count: int, elapsed: int) -> Fraction:
    return Fraction(count) if metered is None else Fraction(metered, elapsed)


def integral(crowd: Crowd, site: str, item: str, start: datetime, end: datetime) -> Fraction:
    """Return what one device costs from start to end, in millionths."""
    versions = crowd.card.prices.versions(site, item)
    steps = []
    for number, version in enumerate(versions):
        steps.append((version.starts, Fraction(version.price.millionths)))
        following = versions[number + 1].starts if number + 1 < len(versions) else None
        if version.ends is not None and (following is None or version.ends < following):
            steps.append((version.ends, Fraction(0)))
    return cumulative(steps, end) - cumulative(steps, start)


@sometimes
@given(case=stories())
def test_any_story_has_the_same_answer_both_ways(file: Path, case: dict[str, Any]) -> None:
    path = file.with_suffix(".yaml")
    [wanted] = told(path, case)
    [story] = read(path, case)
    assert first_difference(wanted, plain(ColumnarTelling(story).tell())) is None
