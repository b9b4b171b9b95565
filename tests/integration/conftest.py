"""Three homes, each made once from the one before and copied by the tests: awarded, imported, closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from tests.integration.home import CLOSED_AT, IMPORTED_AT, MONTH, PROGRAMME, Home

DEVICES = 1800
"""Of the generated cluster: so many that its month is some seventy thousand rows, four batches of an import."""

BUILD = f"""
from datetime import UTC, datetime
from pathlib import Path
import os
from lionrock.config.cli import connect
connect()
from django.conf import settings
from lionrock.demo.build import build_awards, build_fund_and_call, build_people
from lionrock.demo.stage import Stage
from lionrock.demo.story import read_story
from lionrock.demo.use import generated_month
from lionrock.kernel.periods import Month
from lionrock.rules.rulebook import load_rulebook
story = read_story()
story = story.model_copy(update={{"workload": story.workload.model_copy(update={{"devices": {DEVICES}}})}})
programme = load_rulebook(settings.LIONROCK_RULEBOOK).programme(story.programme)
stage = Stage(story, programme, Month.parse("{MONTH}"), datetime(2026, 11, 5, 1, tzinfo=UTC))
build_people(stage)
build_awards(stage, build_fund_and_call(stage), print)
generated_month(stage, Path(os.environ["LIONROCK_HOME"]) / "usage")
raise SystemExit(0)
"""

IMPORT = (
    "--programme", PROGRAMME, "--site", "aisc", "--item", "gres/gpu:h800=h800-gpu", "--month", MONTH,
    "--interim-until", "2026-11-01T00:00+08:00", "--at", IMPORTED_AT,
)  # fmt: skip
CLOSE = ("charge", "close", "--programme", PROGRAMME, "--month", MONTH, "--at", CLOSED_AT)

Fresh = Callable[[Home], Home]


def import_of(file: Path) -> tuple[str, ...]:
    """Return the command that imports a file of the generated month's kind."""
    return ("usage", "import", str(file), *IMPORT)


@pytest.fixture(scope="session")
def awarded(migrated: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """People, fund, call and awards, and a file of use that nobody has imported; the server is down."""
    home = migrated.copy(tmp_path_factory.mktemp("awarded") / "home")
    built = home.run(script=BUILD)
    assert built.returncode == 0, built.stderr
    return home


@pytest.fixture(scope="session")
def imported(awarded: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The same with the file imported, undisturbed."""
    home = awarded.copy(tmp_path_factory.mktemp("imported") / "home")
    home.good(*import_of(home.usage))
    return home


@pytest.fixture(scope="session")
def closed(imported: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The same with the month closed, undisturbed."""
    home = imported.copy(tmp_path_factory.mktemp("closed") / "home")
    home.good(*CLOSE)
    return home


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Fresh]:
    """Make copies for a test to disturb; their servers are gone after it, whatever it did."""
    made: list[Home] = []
    number = count(1)

    def copy(of: Home) -> Home:
        made.append(of.copy(tmp_path / f"home{next(number)}"))
        return made[-1]

    yield copy
    for home in made:
        home.gone()
