"""The worlds as fixtures. Django's models are imported late: a conftest is read before it is set up."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def world(settings: Any, db: None) -> Any:
    """The demonstration programme, with its organisation and its site on file."""
    from tests.calls import world as made  # noqa: PLC0415

    settings.LIONROCK_RULEBOOK = made.SHIPPED
    found = made.World()
    found.put_organisation()
    found.put_site()
    return found


@pytest.fixture
def lagoon(settings: Any, db: None, tmp_path: Path) -> Any:
    """The invented programme, with the value set that keeps its calls shut, its organisation and site."""
    from tests.calls import world as made  # noqa: PLC0415

    settings.LIONROCK_RULEBOOK = shutil.copytree(made.INVENTED, tmp_path / "rulebook")
    terms = settings.LIONROCK_RULEBOOK / "programmes" / "lagoon" / "terms.yaml"
    left_to_the_board = "value: null, source: gazette, note: Left to the board."
    assert left_to_the_board in terms.read_text()
    terms.write_text(terms.read_text().replace(left_to_the_board, "value: 24, source: gazette"))
    found = made.lagoon()
    found.put_organisation()
    found.put_site()
    return found
