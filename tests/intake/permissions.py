"""Who may do what at the office's desk, and with what it is tried; see tests/people and tests/config, rows.py."""

from __future__ import annotations

from tests.config.rows import EVERYBODY, OWN, SEE_ALL, CommandRow, PageRow
from tests.people.rows import ActionRow, Scene

from lionrock.intake.domain.judging import Judgement
from lionrock.kernel.findings import Outcome

AT = "2026-03-10T09:00+08:00"
LAST_DAY = "applications.last_day:calls.closes"
OFFICE = {"office"}


def _judged(outcome: Outcome) -> list[Judgement]:
    return [Judgement(LAST_DAY, outcome, "As the notice of the programme says.")]


def _submitted(scene: Scene) -> dict[str, object]:
    return {"application": scene.submitted}


ACTIONS = {
    "intake.take_application": ActionRow("office", _submitted),
    "intake.judge_findings": ActionRow(
        "office", lambda scene: {**_submitted(scene), "judgements": _judged(Outcome.MET)}
    ),
    "intake.return_application": ActionRow(
        "office", lambda scene: {**_submitted(scene), "question": "Which institute?"}
    ),
    "intake.accept_application": ActionRow("office", _submitted),
    "intake.reject_application": ActionRow(
        "office", lambda scene: {**_submitted(scene), "judgements": _judged(Outcome.NOT_MET)}
    ),
}
COMMANDS: dict[tuple[str, ...], CommandRow] = {
    ("application", "take"): CommandRow(OFFICE, lambda scene: f"{scene.submitted} --at {AT}"),
    ("application", "judge"): CommandRow(OFFICE, lambda scene: f"{scene.submitted} --met {LAST_DAY}=Rolling --at {AT}"),
    ("application", "return"): CommandRow(OFFICE, lambda scene: f"{scene.submitted} --question Which? --at {AT}"),
    ("application", "accept"): CommandRow(OFFICE, lambda scene: f"{scene.submitted} --at {AT}"),
    ("application", "reject"): CommandRow(
        OFFICE, lambda scene: f"{scene.submitted} --not-met {LAST_DAY}=Ended --at {AT}"
    ),
    ("application", "service"): CommandRow(SEE_ALL, lambda _: f"{OWN} --at {AT}"),
}
PAGES: dict[str, PageRow] = {
    "intake:list": PageRow(EVERYBODY),
    "intake:board": PageRow(SEE_ALL, lambda _: [OWN]),
    "intake:file": PageRow(SEE_ALL, lambda _: [OWN, "csv"]),
    "intake:service": PageRow(SEE_ALL, lambda _: [OWN]),
    "intake:service_file": PageRow(SEE_ALL, lambda _: [OWN, "json"]),
    "intake:check": PageRow(SEE_ALL, lambda scene: [scene.submitted]),
    "intake:take": PageRow(OFFICE, lambda scene: [scene.submitted], posted=lambda _: {}),
}
