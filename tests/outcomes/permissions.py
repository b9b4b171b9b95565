"""Who may do what with reports and results, and with what it is tried; see tests/people/rows.py."""

from __future__ import annotations

from tests.calls.world import NOW, OPERATOR
from tests.config import rows as pages
from tests.config.rows import SEES, CommandRow, PageRow
from tests.people import rows as people
from tests.people.rows import ActionRow

from lionrock.awards.models import Award
from lionrock.outcomes.actions import add_outcome, submit_report
from lionrock.outcomes.actions.reporting import Written
from lionrock.outcomes.models import Report

WRITTEN = Written(done="All of it.")
RESULT = {"kind": "paper", "title": "A paper", "year": 2026, "scheme": "doi", "identifier": "10.1000/182"}
AT = "--at 2026-03-02T10:00+08:00"


def handed_in(scene: people.Scene | pages.Scene) -> dict[str, str]:
    """Hand in the final report of the scene's award, once, and return what names it."""
    if not Report.objects.filter(award__code=scene.award, state="submitted").exists():
        submit_report(actor=OPERATOR, award=scene.award, which="final", written=WRITTEN, now=NOW)
    return {"award": scene.award, "which": "final"}


def on_file(scene: people.Scene | pages.Scene) -> int:
    """Put a result of the scene's award on file, once, and return its number."""
    found = Award.objects.get(code=scene.award).outcomes.filter(removed_at__isnull=True).first()
    return found.pk if found else add_outcome(actor=OPERATOR, award=scene.award, now=NOW, **RESULT).pk  # type: ignore[arg-type]


def _of_the_award(scene: pages.Scene) -> str:
    return f"--award {scene.award}" if on_file(scene) else ""


def a_model(scene: people.Scene | pages.Scene) -> str:
    """Put a model of the scene's award on file, once, and return its number."""
    model = {"kind": "model", "title": "Weights", "year": 2026, "scheme": "url", "identifier": "https://example.org/w"}
    found = Award.objects.get(code=scene.award).outcomes.filter(kind="model").first()
    return str(found.pk if found else add_outcome(actor=OPERATOR, award=scene.award, now=NOW, **model).pk)  # type: ignore[arg-type]


ACTIONS = {
    "outcomes.save_report": ActionRow(
        "member", lambda scene: {"award": scene.award, "which": "final", "written": WRITTEN}
    ),
    "outcomes.submit_report": ActionRow(
        "member", lambda scene: {"award": scene.award, "which": "final", "written": WRITTEN}
    ),
    "outcomes.accept_report": ActionRow("office", handed_in),
    "outcomes.return_report": ActionRow("office", lambda scene: {**handed_in(scene), "remark": "Which model?"}),
    "outcomes.add_outcome": ActionRow("member", lambda scene: {"award": scene.award, **RESULT}),
    "outcomes.remove_outcome": ActionRow("member", lambda scene: {"award": scene.award, "outcome": on_file(scene)}),
}
COMMANDS = {
    ("report", "list"): CommandRow(SEES, lambda scene: scene.award),
    ("report", "write"): CommandRow({"member"}, lambda scene: f"{scene.award} final --done {scene.usage} {AT}"),
    ("report", "accept"): CommandRow({"office"}, lambda scene: f"{handed_in(scene)['award']} final {AT}"),
    ("report", "return"): CommandRow({"office"}, lambda scene: f"{handed_in(scene)['award']} final --remark Why {AT}"),
    ("outcome", "list"): CommandRow(SEES, _of_the_award, shows=lambda _: "10.1000/182"),
    ("outcome", "add"): CommandRow(
        {"member"},
        lambda scene: (
            f"{scene.award} --kind model --title Weights --year 2026 --scheme url "
            f"--identifier https://example.org/weights {AT}"
        ),
    ),
    ("outcome", "card"): CommandRow(SEES, lambda scene: f"{scene.award} {a_model(scene)} {AT}"),
    ("outcome", "remove"): CommandRow({"member"}, lambda scene: f"{scene.award} {on_file(scene)} {AT}"),
}
PAGES = {
    "outcomes:list": PageRow(SEES, shows=lambda scene: scene.award),
    "outcomes:show": PageRow(SEES, lambda scene: [scene.award, "final"]),
    "outcomes:card": PageRow(SEES, lambda scene: [scene.award, a_model(scene), "md"]),
    "outcomes:results": PageRow(SEES, lambda scene: [scene.award]),
}
PAGES_FOR_EVERYBODY = {"outcomes:export": "hands out the results that the viewer may see, maybe none"}
