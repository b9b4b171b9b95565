"""Who may do what: the pages of this room are for everybody, but for keeping something out of the register."""

from __future__ import annotations

from tests.calls.world import NOW, OPERATOR
from tests.config import rows as pages
from tests.config.rows import CommandRow, PageRow
from tests.people import rows as people
from tests.people.rows import ActionRow

from lionrock.public.actions import withhold_project
from lionrock.public.models import Withholding

PAGES_FOR_EVERYBODY = {
    "public:front": "what there is to apply for",
    "public:programme": "what a programme pays for",
    "public:estimate": "what a request would cost and meet",
    "public:results": "what a programme has come to, in aggregates alone",
    "public:file": "the same as open data",
    "public:register": "which projects were given computing power, with no person in it",
    "public:register_file": "the same as open data",
    "public:project": "one project of the register",
}


def withheld(scene: people.Scene | pages.Scene) -> str:
    """Keep the scene's project out of the register; once."""
    if not Withholding.objects.filter(ended_at__isnull=True).exists():
        withhold_project(actor=OPERATOR, award=scene.award, ground="law", why="A court.", now=NOW)
    return scene.award


MAY = {"office", "compliance"}
ACTIONS = {
    "public.withhold_project": ActionRow(
        "office, compliance", lambda scene: {"award": scene.award, "ground": "law", "why": "A court."}
    ),
    "public.show_again": ActionRow("office, compliance", lambda scene: {"award": withheld(scene)}),
}
COMMANDS = {
    ("register", "withhold"): CommandRow(MAY, lambda scene: f"{scene.award} --ground law --why Court"),
    ("register", "show"): CommandRow(MAY, withheld),
}
PAGES = {"public:withhold": PageRow(MAY, lambda scene: [scene.award])}
