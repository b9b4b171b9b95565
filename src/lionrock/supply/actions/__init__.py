"""Everything that is done of supply."""

from lionrock.supply.actions.authorising import cover_line, decide_authorisation, keep_statement, record_authorisation
from lionrock.supply.actions.delivering import announce_shipment, end_shipment
from lionrock.supply.actions.ordering import cancel_order, import_orders, move_delivery, place_order, register_supplier
from lionrock.supply.actions.rechecking import recheck_orders, recheck_party
from lionrock.supply.actions.releasing import answer_release, ask_release
from lionrock.supply.actions.running import commission_equipment, commission_shipment, retire_equipment, set_goal

__all__ = [
    "announce_shipment",
    "answer_release",
    "ask_release",
    "cancel_order",
    "commission_equipment",
    "commission_shipment",
    "cover_line",
    "decide_authorisation",
    "end_shipment",
    "import_orders",
    "keep_statement",
    "move_delivery",
    "place_order",
    "recheck_orders",
    "recheck_party",
    "record_authorisation",
    "register_supplier",
    "retire_equipment",
    "set_goal",
]
