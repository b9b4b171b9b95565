"""A published study, for pages."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.calls.world import OPERATOR
from tests.planning.options import H20, H800, fleet, option

from lionrock.planning.actions import publish_study
from lionrock.planning.models import Study
from lionrock.planning.scenarios.answers import Answer, answer
from lionrock.planning.scenarios.comparing import compare
from lionrock.planning.sweeping import collect, sweep

PROGRAMME = "hk-aiss-demo"
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
QUESTION = "Should the second phase be bought now?"


def small_answer() -> Answer:
    """Return the answer of two options of a few jobs: one cannot keep up, one has two kinds of devices."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        less = option(folder, "less", names="{en: As it is, zh-hant: 維持現狀, zh-hans: 维持现状}")
        more = option(
            folder,
            "more",
            names="{en: With the second phase, zh-hant: 加上第二期, zh-hans: 加上第二期}",
            fleet=fleet(
                f"id: first, accelerator: {H800}, count: 16, week: 0",
                f"id: next, accelerator: {H20}, count: 8, week: 1",
            ),
        )
        sweep(folder / "kept", [less, more], 3, told=lambda _: None, processes=1)
        return answer(compare(collect(folder / "kept", [less, more], 3), "wait"))


def published(programme: str = PROGRAMME, question: str = QUESTION) -> Study:
    """Publish that answer as a study."""
    return publish_study(actor=OPERATOR, programme=programme, question=question, answer=small_answer(), now=NOW)
