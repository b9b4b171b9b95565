"""Who may publish and see studies; see tests/people/rows.py and tests/config/rows.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.config.rows import EVERYBODY, OWN, SEE_ALL, CommandRow, PageRow, Scene
from tests.people.rows import ActionRow
from tests.planning.options import put


def _study(_: object) -> list[str]:
    from tests.planning.studies import published  # noqa: PLC0415 - a row is read before Django is set up

    return [published(OWN).code]


def _to_publish(_: object) -> dict[str, Any]:
    from tests.planning.studies import PROGRAMME, small_answer  # noqa: PLC0415

    return {"programme": PROGRAMME, "question": "Which?", "answer": small_answer()}


def _words(_: Scene) -> str:
    here = Path.cwd()
    files = f"{put(here)} {put(here, 'other', 'extends: base.yaml')}"
    return f"{files} --seeds 2 --processes 1 --programme {OWN} --question Which?"


def _books(scene: Scene) -> str:
    from tests.supply.permissions import PROGRAMME, an_order  # noqa: PLC0415

    an_order(scene)
    return f"{PROGRAMME} --into books.yaml"


ACTIONS = {"planning.publish_study": ActionRow("operator, office", _to_publish)}
COMMANDS = {
    ("plan", "books"): CommandRow({"office", "compliance", "finance", "cluster_admin", "auditor"}, _books),
    ("plan", "publish"): CommandRow({"office"}, _words),
    ("plan", "trace"): CommandRow(SEE_ALL, lambda _: f"--programme {OWN} --month 2026-04 --into trace.parquet"),
}
PAGES = {
    "planning:list": PageRow(EVERYBODY),
    "planning:show": PageRow(SEE_ALL, _study),
    "planning:file": PageRow(SEE_ALL, lambda scene: [*_study(scene), "csv"]),
}
