"""Who may do what with applications, and with what it is tried; see tests/people/rows.py and tests/config/rows.py."""

from __future__ import annotations

from tests.config.rows import CommandRow, PageRow
from tests.people.rows import ActionRow, Scene

from lionrock.applications.domain.intake import Judgement
from lionrock.kernel.findings import Outcome

LAST_DAY = "applications.last_day:calls.closes"


def _judged(outcome: Outcome) -> list[Judgement]:
    return [Judgement(LAST_DAY, outcome, "As the notice of the programme says.")]


def _submitted(scene: Scene) -> dict[str, object]:
    return {"application": scene.submitted}


ACTIONS = {
    "applications.take_application": ActionRow("office", _submitted),
    "applications.judge_findings": ActionRow(
        "office", lambda scene: {**_submitted(scene), "judgements": _judged(Outcome.MET)}
    ),
    "applications.return_application": ActionRow(
        "office", lambda scene: {**_submitted(scene), "question": "Which institute?"}
    ),
    "applications.accept_application": ActionRow("office", _submitted),
    "applications.reject_application": ActionRow(
        "office", lambda scene: {**_submitted(scene), "judgements": _judged(Outcome.NOT_MET)}
    ),
}
COMMANDS: dict[tuple[str, ...], CommandRow] = {}
PAGES: dict[str, PageRow] = {}
