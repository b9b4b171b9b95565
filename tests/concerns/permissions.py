"""Who may do what with concerns, and with what it is tried; see tests/people/rows.py and tests/config/rows.py."""

from __future__ import annotations

from tests.calls.world import NOW, OPERATOR
from tests.config import rows as pages
from tests.config.rows import CommandRow, PageRow
from tests.people import rows as people
from tests.people.rows import ActionRow

from lionrock.concerns.actions import close_concern, raise_concern, take_up_concern
from lionrock.concerns.actions.raising import Raised
from lionrock.concerns.models import Concern
from lionrock.people.actions import register_person
from lionrock.people.models import Person

OWN = "hk-aiss-demo"
Scene = people.Scene | pages.Scene
OWNER = "owner@example.org"


def a_concern(scene: Scene | None = None) -> str:
    """Have a concern come in; once."""
    if not Person.objects.filter(email=OWNER).exists():
        register_person(actor=OPERATOR, email=OWNER, name="Owner", now=NOW)
    if not Concern.objects.exists():
        raised = Raised(OWN, "misuse", "Mining", "A job mines coins.")
        raise_concern(sender="", source="192.0.2.1", raised=raised, now=NOW)
    return Concern.objects.get().code


def in_hand(scene: Scene) -> str:
    """Have it taken up."""
    code = a_concern(scene)
    if Concern.objects.get().state == "received":
        take_up_concern(actor=OPERATOR, concern=code, severity="serious", owner=OWNER, reason="So.", now=NOW)
    return code


def closed(scene: Scene) -> str:
    """Have it closed."""
    code = in_hand(scene)
    if Concern.objects.get().state == "in_hand":
        close_concern(actor=OPERATOR, concern=code, measures="Shut.", now=NOW)
    return code


def _other(scene: Scene) -> str:
    """Put somebody else on file."""
    a_concern(scene)
    if not Person.objects.filter(email="else@example.org").exists():
        register_person(actor=OPERATOR, email="else@example.org", name="Else", now=NOW)
    return "else@example.org"


WHY = {"reason": "It is so."}
REPORT = "member, office, compliance"
ACTIONS = {
    "concerns.take_up_concern": ActionRow(
        "compliance", lambda scene: {"concern": a_concern(scene), "severity": "serious", "owner": OWNER, **WHY}
    ),
    "concerns.tell_of_concern": ActionRow("compliance", lambda scene: {"concern": in_hand(scene), **WHY}),
    "concerns.close_concern": ActionRow("compliance", lambda scene: {"concern": in_hand(scene), "measures": "Shut."}),
    "concerns.set_aside_concern": ActionRow("compliance", lambda scene: {"concern": a_concern(scene), **WHY}),
    "concerns.reopen_concern": ActionRow("compliance", lambda scene: {"concern": closed(scene), **WHY}),
    "concerns.assign_concern": ActionRow(
        "compliance", lambda scene: {"concern": a_concern(scene), "person": _other(scene)}
    ),
    "concerns.name_concerned": ActionRow(
        "compliance", lambda scene: {"concern": a_concern(scene), "person": _other(scene)}
    ),
    "concerns.note_concern": ActionRow(
        "compliance", lambda scene: {"concern": a_concern(scene), "said": "A note.", "shown": True}
    ),
    "concerns.report_change": ActionRow(
        REPORT, lambda scene: {"award": scene.award, "kinds": ["data"], "said": "Other scans."}
    ),
}
HIDDEN = {"concerns.concern.unknown": "concerns that one does not see"}

COMPLIANCE, SEES = {"compliance"}, {"compliance", "auditor"}
LOOKS = SEES | {"compliance elsewhere", "auditor elsewhere"}
REPORTERS = {"member", "office", "compliance"}
REASON = "--reason So."
COMMANDS = {
    ("concern", "list"): CommandRow(LOOKS),
    ("concern", "show"): CommandRow(SEES, a_concern),
    ("concern", "take-up"): CommandRow(
        COMPLIANCE, lambda scene: f"{a_concern(scene)} --severity minor --owner {OWNER} {REASON}"
    ),
    ("concern", "tell"): CommandRow(COMPLIANCE, lambda scene: f"{in_hand(scene)} {REASON}"),
    ("concern", "close"): CommandRow(COMPLIANCE, lambda scene: f"{in_hand(scene)} --measures Shut."),
    ("concern", "set-aside"): CommandRow(COMPLIANCE, lambda scene: f"{a_concern(scene)} {REASON}"),
    ("concern", "reopen"): CommandRow(COMPLIANCE, lambda scene: f"{closed(scene)} {REASON}"),
    ("concern", "assign"): CommandRow(COMPLIANCE, lambda scene: f"{a_concern(scene)} {_other(scene)}"),
    ("concern", "about"): CommandRow(COMPLIANCE, lambda scene: f"{a_concern(scene)} {_other(scene)}"),
    ("concern", "note"): CommandRow(COMPLIANCE, lambda scene: f"{a_concern(scene)} Hm."),
    ("concern", "change"): CommandRow(REPORTERS, lambda scene: f"{scene.award} --kind data --said Scans."),
}
PAGES = {
    "concerns:list": PageRow(LOOKS),
    "concerns:show": PageRow(SEES, lambda scene: [a_concern(scene)]),
    "concerns:act": PageRow(COMPLIANCE, lambda scene: [a_concern(scene), "take_up"]),
    "concerns:change": PageRow(REPORTERS, lambda scene: [scene.award]),
}
PAGES_FOR_EVERYBODY = {
    "concerns:raise": "a concern is raised without an account",
    "concerns:follow": "who raised a concern follows it up with its number and its secret code",
}
