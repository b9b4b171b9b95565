"""Who may do what of supply, and with what it is tried; see tests/people/rows.py and tests/config/rows.py."""

from __future__ import annotations

from datetime import date

from tests.calls.world import NOW, OPERATOR
from tests.config import rows as pages
from tests.config.rows import OWN, CommandRow, PageRow
from tests.people import rows as people
from tests.people.rows import ActionRow
from tests.supply.world import DRAFT, H20, H800, licensed, ordered, put_supplier

from lionrock.people.domain import Actor
from lionrock.supply.actions import (
    announce_shipment,
    ask_release,
    commission_equipment,
    end_shipment,
)
from lionrock.supply.domain.states import Kind
from lionrock.supply.models import Authorisation, Equipment, Hold, Order, Shipment

Scene = people.Scene | pages.Scene
DAY = date(2026, 3, 1)
REASON = {"reason": "It is so."}


def an_order(scene: Scene) -> str:
    """Have an order that lacks a licence, and return its code."""
    found = Order.objects.first() or ordered(actor=Actor("third@example.org", operator=True))
    return found.code


def _freed(scene: Scene) -> str:
    """Have an order whose licence is granted, and return its code."""
    code = an_order(scene)
    if not Authorisation.objects.exists():
        licensed(Order.objects.get(code=code))
    return code


def _a_paper(scene: Scene) -> str:
    """Have a licence that is applied for, and return its number."""
    code = an_order(scene)
    if not Authorisation.objects.exists():
        licensed(Order.objects.get(code=code), grant=False)
    return "D1"


def _a_hold(scene: Scene, *, asked: bool = False) -> int:
    """Have what holds the order, asked to release by a third where that is wanted, and return its number."""
    an_order(scene)
    found = Hold.objects.get()
    if asked and found.state == "standing":
        ask_release(actor=Actor("fourth@example.org", operator=True), hold=found.pk, now=NOW, **REASON)
    return found.pk


def _on_its_way(scene: Scene) -> int:
    code = _freed(scene)
    found = Shipment.objects.first()
    if found is None:
        found = announce_shipment(
            actor=OPERATOR, order=code, line=1, units=10, reference="S-1", sent_on=DAY, expected_on=DAY, now=NOW
        )
    return found.pk


def _there(scene: Scene) -> int:
    number = _on_its_way(scene)
    if Shipment.objects.get(pk=number).state == "on_the_way":
        end_shipment(actor=OPERATOR, shipment=number, arrived=True, on=DAY, now=NOW)
    return number


def _equipment(scene: Scene) -> int:
    found = Equipment.objects.first() or commission_equipment(
        actor=OPERATOR, site="here", chip=H800, chips=10, since=DAY, note="There before.", now=NOW
    )
    return found.pk


def _draft(_: Scene) -> dict[str, object]:
    put_supplier()
    return {"draft": DRAFT}


def a_file() -> bytes:
    """Return a file with one order."""
    put_supplier()
    head = "supplier,reference,destination,exporting_from,headquarters,chip,units,price,currency,site,due\n"
    return f"{head}kestrel,Q-7,HK,US,HK,{H20},4,95000.00,USD,here,2026-09-01\n".encode()


ACT = "office, compliance"
ACTIONS = {
    "supply.register_supplier": ActionRow(
        "office, compliance, office elsewhere, compliance elsewhere",
        lambda _: {"organisation": "harbour-university", "country": "HK"},
    ),
    "supply.place_order": ActionRow(ACT, _draft),
    "supply.import_orders": ActionRow(ACT, lambda _: {"content": a_file(), "name": "orders.csv"}),
    "supply.move_delivery": ActionRow(
        ACT, lambda scene: {"order": an_order(scene), "line": 1, "due": date(2026, 10, 1), **REASON}
    ),
    "supply.cancel_order": ActionRow(ACT, lambda scene: {"order": an_order(scene), **REASON}),
    "supply.ask_release": ActionRow(
        "compliance", lambda scene: {"hold": _a_hold(scene), **REASON}
    ),
    "supply.answer_release": ActionRow(
        "compliance", lambda scene: {"hold": _a_hold(scene, asked=True), "agree": True, **REASON}
    ),
    "supply.record_authorisation": ActionRow(
        ACT,
        lambda _: {
            "programme": OWN, "number": "D9", "kind": Kind.LICENCE, "chip": H20, "quantity": 8, "applied_on": DAY,
        },
    ),
    "supply.decide_authorisation": ActionRow(
        ACT, lambda scene: {"programme": OWN, "number": _a_paper(scene), "verb": "grant", "on": DAY}
    ),
    "supply.cover_line": ActionRow(ACT, lambda scene: {"number": _a_paper(scene), "order": an_order(scene), "line": 1}),
    "supply.keep_statement": ActionRow(
        ACT, lambda _: {"site": "here", "reference": "E-1", "signed_by": "Chan", "signed_on": DAY, "uses": "Research."}
    ),
    "supply.announce_shipment": ActionRow(
        ACT,
        lambda scene: {
            "order": an_order(scene), "line": 1, "units": 1, "reference": "S-2", "sent_on": DAY, "expected_on": DAY,
        },
    ),
    "supply.end_shipment": ActionRow(
        ACT, lambda scene: {"shipment": _on_its_way(scene), "arrived": True, "on": DAY}
    ),
    "supply.commission_shipment": ActionRow(
        "cluster_admin", lambda scene: {"shipment": _there(scene), "units": 1, "since": DAY}
    ),
    "supply.commission_equipment": ActionRow(
        "cluster_admin", lambda _: {"site": "here", "chip": H800, "chips": 8, "since": DAY, "note": "There before."}
    ),
    "supply.retire_equipment": ActionRow(
        "cluster_admin", lambda scene: {"equipment": _equipment(scene), "chips": 1, "on": DAY, **REASON}
    ),
    "supply.set_goal": ActionRow(
        "office", lambda _: {"programme": OWN, "petaflops": 3000, "by": date(2027, 6, 30), "source": "The budget"}
    ),
}  # fmt: skip


HIDDEN = dict.fromkeys(
    (
        "supply.order.unknown",
        "supply.hold.unknown",
        "supply.shipment.unknown",
        "supply.equipment.unknown",
        "supply.authorisation.unknown",
    ),
    "not there for who sees no supply of its programme",
)
DECIDES, RUNS = {"office", "compliance"}, {"cluster_admin"}
SEES = {"office", "compliance", "finance", "cluster_admin", "auditor"}
ANYWHERE = SEES | {f"{role} elsewhere" for role in SEES}
PROGRAMME = f"--programme {OWN}"


def _named(scene: pages.Scene) -> str:
    path = scene.usage.parent / "orders.csv"
    path.write_bytes(a_file())
    return str(path)


WHY, ON = "--reason Because.", "--on 2026-03-01"
COMMANDS: dict[tuple[str, ...], CommandRow] = {
    ("supply", "capacity"): CommandRow(SEES, lambda _: PROGRAMME),
    ("supply", "orders"): CommandRow(ANYWHERE),
    ("supply", "order"): CommandRow(SEES, an_order),
    ("supply", "alternatives"): CommandRow(ANYWHERE, lambda _: "--to HK --from US --headquarters HK"),
    ("supply", "import"): CommandRow(DECIDES, _named),
    ("supply", "supplier"): CommandRow(
        DECIDES | {f"{role} elsewhere" for role in DECIDES}, lambda _: "harbour-university --country HK"
    ),
    ("supply", "authorise"): CommandRow(
        DECIDES, lambda _: f"D9 {PROGRAMME} --chip {H20} --quantity 8 --applied 2026-03-01"
    ),
    ("supply", "decide"): CommandRow(DECIDES, lambda scene: f"{_a_paper(scene)} grant {PROGRAMME} {ON}"),
    ("supply", "cover"): CommandRow(DECIDES, lambda scene: f"{an_order(scene)} 1 {_a_paper(scene)}"),
    ("supply", "statement"): CommandRow(
        DECIDES, lambda _: "here E-1 --signed-by Chan --signed-on 2026-03-01 --uses Research"
    ),
    ("supply", "move"): CommandRow(DECIDES, lambda scene: f"{an_order(scene)} 1 2027-01-01 {WHY}"),
    ("supply", "cancel"): CommandRow(DECIDES, lambda scene: f"{an_order(scene)} {WHY}"),
    ("supply", "release"): CommandRow({"compliance"}, lambda scene: f"{_a_hold(scene)} ask {WHY}"),
    ("supply", "ship"): CommandRow(
        DECIDES, lambda scene: f"{an_order(scene)} 1 1 --reference S-9 --sent 2026-03-01 --expected 2026-04-01"
    ),
    ("supply", "ended"): CommandRow(DECIDES, lambda scene: f"{_on_its_way(scene)} arrived {ON}"),
    ("supply", "commission"): CommandRow(RUNS, lambda scene: f"{_there(scene)} 1 --since 2026-03-01"),
    ("supply", "equipment"): CommandRow(RUNS, lambda _: f"here {H800} 8 --since 2026-03-01 --note Before"),
    ("supply", "retire"): CommandRow(RUNS, lambda scene: f"{_equipment(scene)} 1 {ON} {WHY}"),
    ("supply", "goal"): CommandRow({"office"}, lambda _: f"3000 {PROGRAMME} --by 2027-06-30 --source Budget"),
}
PAGES: dict[str, PageRow] = {
    "supply:list": PageRow(ANYWHERE),
    "supply:capacity": PageRow(SEES, lambda _: [OWN]),
    "supply:file": PageRow(SEES, lambda _: [OWN, "json"]),
    "supply_orders:list": PageRow(ANYWHERE),
    "supply_orders:file": PageRow(ANYWHERE, lambda _: ["csv"]),
    "supply_orders:show": PageRow(SEES, lambda scene: [an_order(scene)]),
    "supply_orders:new": PageRow(DECIDES | {f"{role} elsewhere" for role in DECIDES}),
    "supply_papers:list": PageRow(ANYWHERE),
    "supply_choices:list": PageRow(ANYWHERE),
}
