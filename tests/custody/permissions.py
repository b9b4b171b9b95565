"""Who may do what with data of projects, and with what it is tried; see tests/people/rows.py, tests/config/rows.py."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tests.calls.world import NOW, OPERATOR
from tests.config import rows as pages
from tests.config.rows import SEES, WORK_SOMEWHERE, CommandRow, PageRow
from tests.people import rows as people
from tests.people.rows import ActionRow

from lionrock.custody.actions import agree_transfer, record_event, register_data_set, set_place
from lionrock.custody.models import DataSet, Filing, Place

SUM = f"sha256:{'0' * 64}"
KEPT = date(2027, 3, 1)
WHY = "The plan of the building."
OWN = "hk-aiss-demo"
Scene = people.Scene | pages.Scene


def put_place(code: str, zone: str, **facts: bool) -> str:
    """Say in which zone a place lies; once."""
    if not Place.objects.filter(code=code).exists():
        set_place(actor=OPERATOR, programme=OWN, code=code, name=code, zone=zone, why=WHY, now=NOW, **facts)
    return code


def some_data(scene: Scene, zone: str = "gba") -> str:
    """Register data of the scene's award; once."""
    found = DataSet.objects.first()
    if found is None:
        found = register_data_set(
            actor=OPERATOR, award=scene.award, name="Scans", owner="North Clinic", zone=zone, personal=True,
            keep_until=KEPT, now=NOW,
        )  # fmt: skip
    return found.code


def lying(scene: Scene, at: datetime = NOW) -> str:
    """Have the data arrive in a vault."""
    code = some_data(scene)
    put_place("vault", "park")
    if not DataSet.objects.get(code=code).events.exists():
        record_event(
            actor=OPERATOR, data_set=code, kind="arrived", place="vault", medium="disk 1", checksum=SUM, at=at, now=at
        )
    return code


def deleted(scene: Scene) -> str:
    """Have the data deleted again."""
    code = lying(scene)
    if DataSet.objects.get(code=code).deleted_at is None:
        later = NOW + timedelta(minutes=1)
        record_event(
            actor=OPERATOR, data_set=code, kind="deleted", place="vault", medium="disk 1", witness="Ho",
            note="shredded", at=later, now=later,
        )  # fmt: skip
    return code


def a_filing(scene: Scene) -> int:
    """Have a transfer across the border agreed, and return what is to be filed."""
    if not Filing.objects.exists():
        code = lying(scene)
        put_place("delta", "gba", partner=True, abroad=True)
        agree_transfer(
            actor=OPERATOR, data_set=code, source="vault", target="delta", instrument="gba-standard-contract",
            effective=NOW.date(), prepared_on=NOW.date(), now=NOW,
        )  # fmt: skip
    return Filing.objects.get().pk


def _crossing(scene: Scene) -> dict[str, object]:
    put_place("delta", "gba", partner=True, abroad=True)
    return {
        "data_set": lying(scene),
        "source": "vault",
        "target": "delta",
        "instrument": "gba-standard-contract",
        "effective": NOW.date(),
        "prepared_on": NOW.date(),
    }


HANDLE, KEEP = "cluster_admin, compliance", "member, office, cluster_admin, compliance"
CHECKED = {"kind": "checked", "place": "vault", "medium": "disk 1", "checksum": SUM, "at": NOW}
ACTIONS = {
    "custody.set_place": ActionRow(
        "compliance", lambda _: {"programme": OWN, "code": "vault", "name": "Vault", "zone": "park", "why": WHY}
    ),
    "custody.register_data_set": ActionRow(
        KEEP,
        lambda scene: {
            "award": scene.award,
            "name": "Scans",
            "owner": "North Clinic",
            "zone": "park",
            "personal": True,
            "keep_until": KEPT,
        },
    ),
    "custody.record_event": ActionRow(HANDLE, lambda scene: {"data_set": lying(scene), **CHECKED}),
    "custody.change_zone": ActionRow(
        "compliance", lambda scene: {"data_set": lying(scene), "zone": "open", "why": "Letter of the owner."}
    ),
    "custody.agree_transfer": ActionRow("compliance", _crossing),
    "custody.record_filing": ActionRow(
        "compliance", lambda scene: {"filing": a_filing(scene), "done_on": NOW.date(), "reference": "F-1"}
    ),
}
HIDDEN = {"custody.data_set.unknown": "data of others", "custody.filing.unknown": "filings of others"}

HANDLERS = {"cluster_admin", "compliance"}
KEEPERS = HANDLERS | {"member", "office"}
COMMANDS = {
    ("custody", "place"): CommandRow(
        {"compliance"}, lambda _: f"vault --programme {OWN} --name Vault --zone park --why Plan"
    ),
    ("custody", "places"): CommandRow(pages.EVERYBODY),
    ("custody", "register"): CommandRow(
        KEEPERS, lambda scene: f"{scene.award} --name Scans --owner Clinic --zone park --keep-until 2027-03-31"
    ),
    ("custody", "list"): CommandRow(SEES, lambda scene: some_data(scene)[:0], shows=some_data),
    ("custody", "show"): CommandRow(SEES, some_data),
    ("custody", "record"): CommandRow(
        HANDLERS, lambda scene: f"{lying(scene)} checked --place vault --medium disk --checksum {SUM}"
    ),
    ("custody", "zone"): CommandRow({"compliance"}, lambda scene: f"{some_data(scene)} open --why Letter"),
    ("custody", "transfer"): CommandRow(
        {"compliance"},
        lambda scene: (
            f"{_crossing(scene)['data_set']} vault delta --effective 2026-03-02 "
            "--instrument gba-standard-contract --prepared-on 2026-03-01"
        ),
    ),
    ("custody", "file"): CommandRow({"compliance"}, lambda scene: f"{a_filing(scene)} --on 2026-03-02 --reference F-1"),
    ("custody", "certificate"): CommandRow(SEES, lambda scene: f"{deleted(scene)} --to proof.pdf"),
}
PAGES = {
    "custody:list": PageRow(SEES, lambda scene: [some_data(scene)][:0], shows=some_data),
    "custody:show": PageRow(SEES, lambda scene: [some_data(scene)]),
    "custody:record": PageRow(HANDLERS, lambda scene: [lying(scene)]),
    "custody:transfer": PageRow({"compliance"}, lambda scene: [lying(scene)]),
    "custody:zone": PageRow({"compliance"}, lambda scene: [lying(scene)]),
    "custody:certificate": PageRow(SEES, lambda scene: [deleted(scene)]),
    "custody:certificate_pdf": PageRow(SEES, lambda scene: [deleted(scene)]),
    "custody:file": PageRow({"compliance"}, lambda scene: [str(a_filing(scene))]),
    "custody:new": PageRow(KEEPERS, lambda scene: [scene.award]),
    "custody_places:list": PageRow(WORK_SOMEWHERE),
}
