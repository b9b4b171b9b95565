"""Supply: suppliers, orders and their lines, licences, holds, shipments, equipment, capacity."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from lionrock.api.declared.answers import printed, shape
from lionrock.api.declared.things import Thing, figures, listed, make, sent_file
from lionrock.api.domain.tokens import Scope
from lionrock.people.domain import Actor
from lionrock.supply import actions
from lionrock.supply.actions.rechecking import today_of
from lionrock.supply.commands.reading import capacity_data, order_data
from lionrock.supply.models import (
    Authorisation,
    EndUserStatement,
    Equipment,
    Hold,
    Order,
    OrderLine,
    Retirement,
    Shipment,
    Supplier,
    SupplyGoal,
)
from lionrock.supply.queries.capacity import planned_capacity
from lionrock.supply.queries.orders import authorisations, order_by_code, orders, statements, suppliers

_ORDER = Thing(
    path="orders/{code}",
    scope=Scope.COMPLIANCE,
    shape=shape(
        "OrderShown",
        Order,
        "code programme supplier=supplier.organisation.code reference destination exporting_from headquarters uses "
        "ordered_on state state_since",
    ),
    find=lambda viewer, code, **_lock: order_by_code(viewer, code),
    names={"code": "order"},
    reader="read_order",
)
_LINE = shape(
    "OrderLineShown",
    OrderLine,
    "order=order.code position chip chips_per_unit units site=site.code promised due "
    "authorisation=authorisation.number",
)
_HOLD = shape("HoldShown", Hold, "number=pk order=order.code line why basis state since state_since")
_SHIPMENT = shape(
    "ShipmentShown",
    Shipment,
    "number=pk order=line.order.code line=line.position reference units sent_on expected_on ended_on state",
)
_EQUIPMENT = shape("EquipmentShown", Equipment, "number=pk site=site.code chip chips since note recorded_at")
_PAPER = shape(
    "AuthorisationShown",
    Authorisation,
    "programme number kind chip quantity conditions needs_statement state applied_on decided_on expires_on",
)
_SUPPLIER = shape("SupplierShown", Supplier, "organisation=organisation.code country registered_at")
_STATEMENT = shape(
    "EndUserStatementShown", EndUserStatement, "site=site.code reference signed_by signed_on expires_on uses"
)
_ORDER.listed(
    "list_orders",
    "List the orders that one may see, the newest first.",
    orders,
    by={"programme": "programme", "state": "state"},
    pages=("supply_orders:list", "supply_orders:file"),
    commands=("supply orders",),
)


def _order(viewer: Actor, code: str) -> dict[str, object]:
    return order_data(viewer, order_by_code(viewer, code))


figures(
    _order,
    "orders/{code}",
    name="read_order",
    said="Show an order: its lines, what was determined of them, what holds it, its shipments.",
    tell=printed,
    pages=("supply_orders:show",),
    commands=("supply order",),
)
_ORDER.make(actions.place_order, pages=("supply_orders:new",), commands=("supply import",))
sent_file(
    actions.import_orders,
    "order-files",
    Scope.COMPLIANCE,
    _ORDER.shape,
    content="content",
    takes=("text/csv",),
    of=lambda made: made[0],
    pages=("supply_orders:file",),
    commands=("supply import",),
)
_ORDER.do(actions.cancel_order, "cancel", pages=("supply_orders:show",), commands=("supply cancel",))
_ORDER.do(
    actions.announce_shipment,
    "shipments",
    answers=_SHIPMENT,
    pages=("supply_orders:show",),
    commands=("supply ship",),
)
for _action, _verb, _command in (
    (actions.move_delivery, "move", "supply move"),
    (actions.cover_line, "cover", "supply cover"),
):
    make(
        _action,
        f"orders/{{code}}/lines/{{position}}/{_verb}",
        Scope.COMPLIANCE,
        _LINE,
        given={"code": "order", "position": "line"},
        status=HTTPStatus.OK,
        pages=("supply_orders:show",),
        commands=(_command,),
    )
for _release, _verb in ((actions.ask_release, "release"), (actions.answer_release, "answer")):
    make(
        _release,
        f"holds/{{number}}/{_verb}",
        Scope.COMPLIANCE,
        _HOLD,
        given={"number": "hold"},
        status=HTTPStatus.OK,
        pages=("supply_orders:show",),
        commands=("supply release",),
    )
make(
    actions.end_shipment,
    "shipments/{number}/end",
    Scope.COMPLIANCE,
    _SHIPMENT,
    given={"number": "shipment"},
    status=HTTPStatus.OK,
    pages=("supply_orders:show",),
    commands=("supply ended",),
)
make(
    actions.commission_shipment,
    "shipments/{number}/commission",
    Scope.COMPLIANCE,
    _EQUIPMENT,
    given={"number": "shipment"},
    pages=("supply_orders:show",),
    commands=("supply commission",),
)
make(actions.commission_equipment, "equipment", Scope.COMPLIANCE, _EQUIPMENT, commands=("supply equipment",))
make(
    actions.retire_equipment,
    "equipment/{number}/retire",
    Scope.COMPLIANCE,
    shape("RetirementShown", Retirement, "equipment=equipment.pk chips on reason recorded_at"),
    given={"number": "equipment"},
    commands=("supply retire",),
)
make(
    actions.register_supplier,
    "suppliers",
    Scope.COMPLIANCE,
    _SUPPLIER,
    pages=("supply_papers:list",),
    commands=("supply supplier",),
)
make(
    actions.record_authorisation,
    "authorisations",
    Scope.COMPLIANCE,
    _PAPER,
    pages=("supply_papers:list",),
    commands=("supply authorise",),
)
make(
    actions.decide_authorisation,
    "programmes/{programme}/authorisations/{paper}/decide",
    Scope.COMPLIANCE,
    _PAPER,
    given={"programme": "programme", "paper": "number"},
    status=HTTPStatus.OK,
    pages=("supply_papers:list",),
    commands=("supply decide",),
)
make(
    actions.keep_statement,
    "end-user-statements",
    Scope.COMPLIANCE,
    _STATEMENT,
    pages=("supply_papers:list",),
    commands=("supply statement",),
)
make(
    actions.set_goal,
    "programmes/{programme}/capacity-goal",
    Scope.COMPLIANCE,
    shape("SupplyGoalShown", SupplyGoal, "programme petaflops by source set_at"),
    pages=("supply:capacity",),
    commands=("supply goal",),
)
for _name, _path, _said, _rows, _shape in (
    ("list_suppliers", "suppliers", "List the suppliers.", suppliers, _SUPPLIER),
    ("list_authorisations", "authorisations", "List licences and exceptions.", authorisations, _PAPER),
    ("list_end_user_statements", "end-user-statements", "List end-user statements.", statements, _STATEMENT),
):
    listed(_path, _name, _said, _rows, _shape, pages=("supply_papers:list",))


def _capacity(viewer: Actor, programme: str, now: datetime) -> dict[str, Any]:
    return capacity_data(planned_capacity(viewer, programme, today_of(programme, now)).capacity)


figures(
    _capacity,
    "programmes/{programme}/capacity",
    name="read_capacity",
    said="Tell the capacity of a programme over time against its goal, in petaflops.",
    tell=printed,
    pages=("supply:capacity", "supply:list", "supply:file"),
    commands=("supply capacity",),
)
