"""A rulebook for each story: the shipped one, and the invented one with what its board has left open decided."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DECIDED = {
    "value: null, source: gazette, note: Left to the board.": "value: 24, source: gazette",
    "value: [lease], source: statute": "value: [lease, metered], source: statute",
}
"""What keeps the calls of the invented programme shut, and what keeps its metered item out of awards."""


@pytest.fixture
def rulebook_of(settings: Any, tmp_path: Path) -> Callable[[str], Path]:
    """Have the rulebook read that the programme stands in."""

    def choose(programme: str) -> Path:
        settings.LIONROCK_RULEBOOK = ROOT / "rulebook" if programme.startswith("hk-") else _invented(tmp_path)
        return Path(settings.LIONROCK_RULEBOOK)

    return choose


def _invented(folder: Path) -> Path:
    copy = shutil.copytree(ROOT / "tests" / "rulebook", folder / "rulebook")
    terms = copy / "programmes" / "lagoon" / "terms.yaml"
    text = terms.read_text()
    for left_open, decided in DECIDED.items():
        assert left_open in text
        text = text.replace(left_open, decided)
    terms.write_text(text)
    return copy
