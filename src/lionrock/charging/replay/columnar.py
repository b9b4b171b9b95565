"""Telling a case by the columnar path: its records as a file, rated whole at every close."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

from lionrock.charging.columnar.axis import RateCard
from lionrock.charging.columnar.closing import Books
from lionrock.charging.columnar.lines import Rating
from lionrock.charging.columnar.rating import look_through, rate_file
from lionrock.charging.columnar.records import write_runs
from lionrock.charging.domain.closing import Adjustment, SharedFee
from lionrock.charging.domain.lines import Line
from lionrock.charging.domain.runs import Run
from lionrock.charging.replay.story import Story
from lionrock.charging.replay.telling import Telling
from lionrock.kernel.periods import Month


class ColumnarTelling(Telling):
    """The state of a case while it is told; what is told besides use (prices, documents) is as in `Telling`."""

    def __init__(self, story: Story) -> None:
        super().__init__(story)
        self._card = RateCard(story.zone, self.prices, self.awards, story.proration)
        # The purse's own mapping, so that what is left is told from one place.
        self._books = Books(self._card, left=self.purse.left, fund_left=story.budget)
        self._records: list[Run] = []
        self._arrived = False
        self._rating = Rating()

    def _take(self, runs: Iterable[Run]) -> None:
        self._records += runs
        self._arrived = True

    def _lines(self, month: Month, adjustments: list[Adjustment], fees: list[SharedFee]) -> list[Line]:
        with self._file() as file:
            self._rating = rate_file(file, self._card, month)
        self._arrived = False
        lines = self._books.close(month, self._rating.lines, adjustments, fees)
        self.purse.fund_left = self._books.fund_left
        return lines

    def _parties(self) -> tuple[set[str], set[str]]:
        with self._file() as file:
            found = look_through(file, self._card)
        return set(found.sites), set(found.accounts)

    def _held_jobs(self) -> list[str]:
        held = self._rating.held
        if self._arrived:
            with self._file() as file:
                held = look_through(file, self._card).held
        return [one.job for one in [*held, *self._rating.unpriced]]

    def _unpriced_seconds(self) -> Fraction | int:
        return self._rating.unpriced_seconds

    @contextmanager
    def _file(self) -> Iterator[Path]:
        """Write what has arrived so far into a file, which is there for as long as it is read."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "records.parquet"
            write_runs(self._records, file)
            yield file
