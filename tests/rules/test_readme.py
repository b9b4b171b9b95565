"""The programme that the rulebook's README tells a stranger to write is sound."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from lionrock.rules.checking import check

RULEBOOK = Path(__file__).resolve().parents[2] / "rulebook"
STEP = re.compile(r"`(programmes/harbour/[\w/]+\.yaml)`.*?```yaml\n(.*?)```", re.DOTALL)


def test_the_programme_of_ten_minutes_has_no_faults(tmp_path: Path) -> None:
    for name in ("units.yaml", "sources.yaml"):
        shutil.copy(RULEBOOK / name, tmp_path)
    steps = STEP.findall((RULEBOOK / "README.md").read_text("utf-8"))
    for file, text in steps:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    checked = check(tmp_path / "programmes" / "harbour")
    assert [str(fault) for fault in checked.faults] == []
    assert (len(steps), checked.programmes, checked.prices, checked.questions, checked.cases) == (5, 1, 2, 8, 3)
