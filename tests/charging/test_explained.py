"""The examples of docs/explanation/charging.md come to what they say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from tests.charging.oracle import answer
from tests.charging.told import told

from lionrock.charging.commands.replay import difference, plain
from lionrock.charging.replay.located import read_located

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "charging.md"
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)


def _read(block: str, folder: Path) -> dict[str, Any]:
    file = folder / "block.yaml"
    file.write_text(block)
    return dict(read_located(file))


def _shown(expected: Any, found: Any) -> Any:
    """Return of an answer what the page shows of it."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return {key: _shown(expected[key], found[key]) for key in found if key in expected}
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [_shown(one, other) for one, other in zip(expected, found, strict=True)]
    return found


@pytest.mark.parametrize("number", range(1, len(BLOCKS)))
def test_an_example_comes_to_what_it_says(number: int, tmp_path: Path) -> None:
    example = _read(BLOCKS[number], tmp_path)
    expected = plain(example.pop("comes to"))
    case = plain(_read(BLOCKS[0], tmp_path) | example)
    [found] = told(tmp_path / "case.yaml", case)
    for way in (found, plain(answer(case))):
        assert difference(expected, _shown(expected, way)) is None


def test_every_convention_is_explained_and_shown() -> None:
    assert len(BLOCKS) >= 9
    numbers = {int(number) for number in re.findall(r"^- \*\*(\d+)\. ", PAGE.read_text(), re.MULTILINE)}
    assert numbers == set(range(1, 18))
