"""Who may do what of screening, and with what it is tried; see tests/people/rows.py and tests/config/rows.py."""

from __future__ import annotations

from datetime import date

from tests.calls.world import NOW, OPERATOR
from tests.config import rows as pages
from tests.config.rows import CommandRow, PageRow
from tests.people import rows as people
from tests.people.rows import ActionRow
from tests.screening.world import SECOND

from lionrock.people.models import Organisation
from lionrock.screening.actions import clear_case, import_list, record_stake, register_owner, screen_due
from lionrock.screening.models import Case, Owner, ScreeningList, Stake

LIST = b"name,kind\nA name,organisation\nend,1\n"
DATED = date(2026, 2, 27)
Scene = people.Scene | pages.Scene


def a_case(scene: Scene) -> int:
    """Have a list on which the scene's organisation is, and return the case of that; once for each scene."""
    if not ScreeningList.objects.exists():
        import_list(actor=OPERATOR, list_code="invented", data=LIST, file="list.csv", dated=DATED, now=NOW)
        screen_due(NOW)
    return Case.objects.filter(kind="organisation").order_by("pk")[0].pk


def asked(scene: Scene) -> int:
    """Have somebody else ask to clear the case, and return its number."""
    number = a_case(scene)
    if Case.objects.get(pk=number).state == "open":
        clear_case(actor=OPERATOR, case=number, reason="Another.", now=NOW)
    return number


def an_owner(scene: Scene) -> str:
    """Put an owner on file, and return its code; once for each scene."""
    if not Owner.objects.exists():
        register_owner(actor=OPERATOR, code="zephyr", name="Zephyr", kind="organisation", now=NOW)
    return "zephyr"


def a_stake(scene: Scene) -> int:
    """Record a stake by somebody else, and return its number; once for each scene."""
    if not Stake.objects.filter(until__isnull=True).exists():
        record_stake(
            actor=SECOND, owner=an_owner(scene), owned=Organisation.objects.order_by("code")[0].code, share=None,
            since=DATED, source="annual return", now=NOW,
        )  # fmt: skip
    return Stake.objects.filter(until__isnull=True)[0].pk


def _file(scene: pages.Scene) -> str:
    path = scene.usage.parent / "list.csv"
    path.write_bytes(LIST)
    return str(path)


WHY = {"reason": "Its register number is another."}
COMPLIANCE = "compliance, compliance elsewhere"
ACTIONS = {
    "screening.import_list": ActionRow(
        COMPLIANCE, lambda _: {"list_code": "invented", "data": LIST, "file": "list.csv", "dated": DATED}
    ),
    "screening.escalate_case": ActionRow(COMPLIANCE, lambda scene: {"case": a_case(scene), **WHY}),
    "screening.confirm_case": ActionRow(COMPLIANCE, lambda scene: {"case": a_case(scene), **WHY}),
    "screening.clear_case": ActionRow(COMPLIANCE, lambda scene: {"case": a_case(scene), **WHY}),
    "screening.agree_to_clear": ActionRow(COMPLIANCE, lambda scene: {"case": _asked_by_another(scene), **WHY}),
    "screening.disagree_to_clear": ActionRow(COMPLIANCE, lambda scene: {"case": asked(scene), **WHY}),
    "screening.register_owner": ActionRow(
        COMPLIANCE, lambda _: {"code": "zephyr", "name": "Zephyr", "kind": "organisation"}
    ),
    "screening.record_stake": ActionRow(
        COMPLIANCE,
        lambda scene: {
            "owner": an_owner(scene),
            "owned": Organisation.objects.order_by("code")[0].code,
            "share": None,
            "since": DATED,
            "source": "annual return",
        },
    ),
    "screening.end_stake": ActionRow(
        COMPLIANCE, lambda scene: {"stake": a_stake(scene), "until": date(2026, 2, 28), "reason": "Sold."}
    ),
    "screening.note_particular": ActionRow(
        COMPLIANCE,
        lambda _: {"kind": "organisation", "code": "harbour-university", "what": "country", "value": "PT"},
    ),
}


def _asked_by_another(scene: Scene) -> int:
    number = asked(scene)
    Case.objects.filter(pk=number).update(asked_by="third@example.org")
    return number


def _with_a_case(scene: pages.Scene, words: str) -> str:
    """Return the words, with a list on file."""
    a_case(scene)
    return words


DECIDES = {"compliance", "compliance elsewhere"}
SEES = DECIDES | {"auditor", "auditor elsewhere"}
REASON = "--reason Another."
COMMANDS: dict[tuple[str, ...], CommandRow] = {
    ("screening", "import"): CommandRow(DECIDES, lambda scene: f"{_file(scene)} --list invented --dated {DATED}"),
    ("screening", "lists"): CommandRow(SEES),
    ("screening", "difference"): CommandRow(SEES, lambda scene: _with_a_case(scene, "invented")),
    ("screening", "screen"): CommandRow(SEES, lambda scene: _with_a_case(scene, "Zephyr")),
    ("screening", "rescreen"): CommandRow(DECIDES),
    ("screening", "cases"): CommandRow(SEES),
    ("screening", "case"): CommandRow(SEES, lambda scene: str(a_case(scene))),
    ("screening", "escalate"): CommandRow(DECIDES, lambda scene: f"{a_case(scene)} {REASON}"),
    ("screening", "confirm"): CommandRow(DECIDES, lambda scene: f"{a_case(scene)} {REASON}"),
    ("screening", "clear"): CommandRow(DECIDES, lambda scene: f"{a_case(scene)} {REASON}"),
    ("screening", "agree"): CommandRow(DECIDES, lambda scene: f"{_asked_by_another(scene)} {REASON}"),
    ("screening", "disagree"): CommandRow(DECIDES, lambda scene: f"{asked(scene)} {REASON}"),
    ("screening", "owner"): CommandRow(DECIDES, lambda _: "kite --name Kite --kind organisation"),
    ("screening", "owners"): CommandRow(SEES),
    ("screening", "stake"): CommandRow(
        DECIDES, lambda scene: f"{an_owner(scene)} harbour-university --since 2024-01-01 --source return"
    ),
    ("screening", "end-stake"): CommandRow(
        DECIDES, lambda scene: f"{a_stake(scene)} --until 2026-02-28 --reason Sold."
    ),
    ("screening", "note"): CommandRow(DECIDES, lambda _: "organisation harbour-university country PT"),
}
PAGES: dict[str, PageRow] = {
    "screening:list": PageRow(SEES),
    "screening:case": PageRow(SEES, lambda scene: [str(a_case(scene))]),
    "screening_search:list": PageRow(SEES),
    "screening_owners:list": PageRow(SEES),
    "screening_owners:new": PageRow(DECIDES),
    "screening_owners:stake": PageRow(DECIDES),
    "screening_owners:end": PageRow(DECIDES, lambda scene: [str(a_stake(scene))]),
    "screening_lists:list": PageRow(SEES),
    "screening_lists:difference": PageRow(SEES, lambda scene: [_with_a_case(scene, "invented"), "1"]),
}
