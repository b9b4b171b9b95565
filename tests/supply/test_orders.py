"""Orders: determined as they are placed, held with a reason, released by two persons, shipped in parts, and run."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from tests.calls.world import NOW, OPERATOR, World
from tests.screening.world import case_of, put_list
from tests.supply.world import ADMIN, ASCEND, FIRST, H20, OFFICE, SECOND, licensed, ordered, put_supplier, whys

from lionrock.audit.models import AuditRecord
from lionrock.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from lionrock.people.models import Organisation
from lionrock.screening.actions import agree_to_clear, clear_case, screen_due
from lionrock.supply.actions import (
    announce_shipment,
    answer_release,
    ask_release,
    cancel_order,
    commission_shipment,
    decide_authorisation,
    end_shipment,
    keep_statement,
    move_delivery,
    recheck_orders,
    retire_equipment,
)
from lionrock.supply.models import Determined, Equipment, Order, Shipment

pytestmark = pytest.mark.django_db
WHY = "The bureau has confirmed it by letter."


def sent(order: Order, units: int, reference: str = "S-1") -> Shipment:
    return announce_shipment(
        actor=OFFICE, order=order.code, line=1, units=units, reference=reference, sent_on=date(2026, 3, 2),
        expected_on=date(2026, 4, 1), now=NOW,
    )  # fmt: skip


def come(shipment: Shipment, *, arrived: bool = True, on: date = date(2026, 3, 20)) -> Shipment:
    return end_shipment(actor=OFFICE, shipment=shipment.pk, arrived=arrived, on=on, now=at(20))


def at(days: int) -> datetime:
    return NOW + timedelta(days=days)


def test_an_order_is_determined_for_its_day_and_held_while_it_lacks_a_licence(world: World) -> None:
    order = ordered()
    kept = Determined.objects.get()
    assert (kept.on, kept.cause, kept.authorisation) == (date(2026, 9, 1), "placed", "licence_required_by_letter")
    assert kept.content["citations"]
    assert (order.state, whys(order)) == ("held", [("authorisation_missing", "standing")])
    licensed(order, grant=False)
    assert whys(order) == [("authorisation_missing", "lifted"), ("authorisation_applied", "standing")]
    decide_authorisation(
        actor=OFFICE, programme=order.programme, number="D1", verb="grant", on=NOW.date(), now=NOW,
        expires_on=date(2026, 12, 31),
    )  # fmt: skip
    order.refresh_from_db()
    assert (order.state, order.holds.filter(state="standing").count()) == ("open", 0)
    moved = AuditRecord.objects.filter(subject=order.code).values_list("action", flat=True)
    assert {"supply.place_order", "supply.hold_order", "supply.free_order", "supply.cover_line"} <= set(moved)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"expires_on": date(2026, 8, 31)}, "authorisation_expired"),
        ({"quantity": 500}, "authorisation_short"),
        ({"needs_statement": True}, "statement_missing"),
    ],
)
def test_a_paper_that_does_not_reach_holds(world: World, changes: dict[str, object], why: str) -> None:
    order = licensed(ordered(), **changes)  # type: ignore[arg-type]
    assert (order.state, whys(order)[-1]) == ("held", (why, "standing"))


def test_a_statement_of_the_end_user_frees_what_waited_for_it(world: World) -> None:
    order = licensed(ordered(), needs_statement=True)
    keep_statement(
        actor=OFFICE, site="here", reference="EUS-1", signed_by="Chan Tai Man", signed_on=NOW.date(),
        uses="Research and services of the centre.", now=NOW,
    )  # fmt: skip
    order.refresh_from_db()
    assert order.state == "open"


def test_an_answer_that_is_not_known_holds_and_never_turns_into_none(world: World) -> None:
    order = ordered(chip="cambricon-mlu590")
    assert Determined.objects.get().authorisation in ("unknown", "none")
    order = ordered("Q-2", chip=ASCEND)
    assert whys(order)[0][0] in ("control_breach", "control_unknown")
    assert order.state == "held"


def test_two_persons_of_compliance_release_and_not_who_placed_it(world: World) -> None:
    order = ordered(actor=FIRST)
    hold = order.holds.get().pk
    with pytest.raises(Refused, match="cannot do this"):
        ask_release(actor=FIRST, hold=hold, reason=WHY, now=NOW)
    with pytest.raises(NotAllowed):
        ask_release(actor=OFFICE, hold=hold, reason=WHY, now=NOW)
    order = ordered("Q-2")
    hold = order.holds.get().pk
    with pytest.raises(Invalid):
        ask_release(actor=FIRST, hold=hold, reason=" ", now=NOW)
    with pytest.raises(Conflict):
        answer_release(actor=SECOND, hold=hold, agree=True, reason=WHY, now=NOW)
    ask_release(actor=FIRST, hold=hold, reason=WHY, now=NOW)
    with pytest.raises(Refused):
        answer_release(actor=FIRST, hold=hold, agree=True, reason=WHY, now=NOW)
    assert Order.objects.get(code=order.code).state == "held"
    answer_release(actor=SECOND, hold=hold, agree=True, reason=WHY, now=NOW)
    assert Order.objects.get(code=order.code).state == "open"
    assert recheck_orders(NOW) == 0
    licensed(order, grant=False)
    assert Order.objects.get(code=order.code).state == "held", "what was released was the lack of a licence, not this"


def test_a_supplier_who_may_be_on_a_list_holds_until_two_persons_have_cleared_it(world: World) -> None:
    put_list()
    put_supplier("zephyr", "Zephyr Quantum Instruments Co. Ltd.")
    Organisation.objects.filter(code="kestrel").update(name="Zephyr Quantum Instruments Co. Ltd.")
    order = licensed(ordered())
    assert order.state == "open", "kestrel was screened under its own name"
    Organisation.objects.filter(code="kestrel").update(name="Zephyr Quantum Instruments Co. Ltd.")
    screen_due(at(1))
    assert recheck_orders(at(1)) == 1
    hold = order.holds.get(why="supplier")
    with pytest.raises(Refused, match="decided in screening"):
        ask_release(actor=FIRST, hold=hold.pk, reason=WHY, now=NOW)
    shipment = sent(order, 10)
    assert shipment.state == "waiting", "held, not refused"
    case = case_of("kestrel").pk
    clear_case(actor=FIRST, case=case, reason="Another number.", now=at(2))
    agree_to_clear(actor=SECOND, case=case, reason="Seen.", now=at(2))
    assert Order.objects.get(code=order.code).state == "open"
    assert Shipment.objects.get().state == "on_the_way"


def test_a_day_that_slips_is_determined_again_and_both_answers_stay(world: World) -> None:
    order = licensed(ordered(), expires_on=date(2026, 9, 30))
    move_delivery(actor=OFFICE, order=order.code, line=1, due=date(2026, 11, 1), reason="The factory is late.", now=NOW)
    assert list(Determined.objects.values_list("on", "cause")) == [
        (date(2026, 9, 1), "placed"),
        (date(2026, 11, 1), "date"),
    ]
    order.refresh_from_db()
    assert whys(order)[-1] == ("authorisation_expired", "standing")
    line = order.lines.get()
    assert (line.promised, line.due) == (date(2026, 9, 1), date(2026, 11, 1))


def test_a_licence_is_drawn_by_the_lines_in_the_order_they_were_covered(world: World) -> None:
    first = licensed(ordered(), quantity=1000)
    second = ordered("Q-2")
    from lionrock.supply.actions import cover_line  # noqa: PLC0415

    cover_line(actor=OFFICE, order=second.code, line=1, number="D1", now=at(1))
    hold = second.holds.get(why="authorisation_short", state="standing")
    assert (hold.chips, Order.objects.get(code=first.code).state) == (600, "open")
    cancel_order(actor=OFFICE, order=first.code, reason="No longer wanted.", now=at(2))
    assert Order.objects.get(code=second.code).state == "open"


def test_parts_come_are_lost_and_run(world: World) -> None:
    order = licensed(ordered())
    one, two = sent(order, 60), sent(order, 40, "S-2")
    with pytest.raises(Invalid, match="0 of line 1"):
        sent(order, 1, "S-3")
    come(one)
    come(two, arrived=False)
    with pytest.raises(Conflict):
        come(two)
    with pytest.raises(Conflict, match="not come"):
        commission_shipment(actor=ADMIN, shipment=two.pk, units=1, since=date(2026, 3, 21), now=at(20))
    made = commission_shipment(actor=ADMIN, shipment=one.pk, units=50, since=date(2026, 3, 21), now=at(20))
    assert (made.chips, made.chip) == (400, H20)
    with pytest.raises(Invalid, match="the 10 that are there"):
        commission_shipment(actor=ADMIN, shipment=one.pk, units=11, since=date(2026, 3, 21), now=at(20))
    assert Order.objects.get(code=order.code).state == "open", "what was lost is still to come"
    come(sent(order, 40, "S-3"))
    assert Order.objects.get(code=order.code).state == "done"
    retire_equipment(actor=ADMIN, equipment=made.pk, chips=8, on=date(2027, 1, 1), reason="Broken.", now=at(20))
    with pytest.raises(Invalid, match="392"):
        retire_equipment(actor=ADMIN, equipment=made.pk, chips=393, on=date(2027, 1, 1), reason="All.", now=at(20))
    assert Equipment.objects.count() == 1


def test_nothing_of_a_held_line_is_put_into_operation(world: World) -> None:
    order = ordered()
    shipment = sent(order, 10)
    assert shipment.state == "waiting"
    come(shipment)
    with pytest.raises(Refused, match="Compliance has to release"):
        commission_shipment(actor=ADMIN, shipment=shipment.pk, units=1, since=date(2026, 3, 21), now=at(20))


def test_an_order_is_written_once(world: World) -> None:
    ordered()
    with pytest.raises(Invalid, match="Nothing is ordered twice"):
        ordered()
    with pytest.raises(Invalid) as wrong:
        ordered("Q-9", actor=OPERATOR, chip="nvidia-h9", units=0, site="nowhere")
    assert [fault.field for fault in wrong.value.faults] == ["chip_id", "site", "units"]
