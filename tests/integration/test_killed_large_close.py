"""The close of a large month, killed at random moments and gone on with: the result is that of an undisturbed one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.home import Home
from tests.integration.large_month import CLOSE, LargeHome, Watch, kill_again_and_again

pytestmark = pytest.mark.integration

SIZE, ACCOUNTS, KILLS = 20_000, 20, 6

SMALL_PARTS = """
from lionrock.config.cli import connect
connect()
from lionrock.charging import reckoning
from lionrock.charging.actions import freezing
reckoning.MANY, reckoning.PART, freezing.PART = 1000, 2000, 2000
"""


@pytest.fixture(scope="module")
def filled(migrated: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LargeHome]:
    home = LargeHome(migrated.copy(tmp_path_factory.mktemp("large") / "home").path)
    home.fill(SIZE, ACCOUNTS)
    yield home
    home.gone()


def test_killed_at_random_moments_and_gone_on_with(filled: LargeHome, tmp_path: Path) -> None:
    undisturbed, by_run, home = (filled.copied(tmp_path / name) for name in ("undisturbed", "by-run", "killed"))
    try:
        times = Watch(undisturbed, SMALL_PARTS).undisturbed()
        wanted = undisturbed.result()
        assert wanted["lines"][0] > 300
        assert undisturbed.query(LEFT_OVER) == [(0, 0)]
        kill_again_and_again(Watch(home, SMALL_PARTS), times, KILLS, seed=5)
        home.good(*CLOSE)
        assert home.result() == wanted
        by_run.good(*CLOSE)  # not large by the product's own measure: the readable path
        assert by_run.result() == wanted
    finally:
        for each in (undisturbed, by_run, home):
            each.gone()


LEFT_OVER = "SELECT count(*), (SELECT count(*) FROM charging_taskpart) FROM charging_closingtask"
