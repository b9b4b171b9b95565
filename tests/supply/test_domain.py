"""What holds a line, what counts into capacity and when, and the picture of it: decided without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.controls.book import on_file

from lionrock.controls.domain.rules import Authorisation as Required
from lionrock.kernel.errors import Conflict, Invalid, Refused
from lionrock.kernel.messages import message
from lionrock.kernel.money import Money
from lionrock.kernel.states import advance
from lionrock.supply.domain.capacity import (
    Batch,
    Change,
    Goal,
    Standing,
    capacity_over_time,
    changes_of,
    rates_of,
)
from lionrock.supply.domain.drafts import LineDraft, OrderDraft, check_draft
from lionrock.supply.domain.holding import Line, Paper, Reason, Why, check_four_eyes, reasons_of
from lionrock.supply.domain.order_file import COLUMNS, read_order_file
from lionrock.supply.domain.states import (
    AUTHORISATION_STEPS,
    HOLD_STEPS,
    ORDER_STEPS,
    SHIPMENT_STEPS,
    AuthorisationState,
    HoldState,
    Kind,
    OrderState,
    ShipmentState,
)
from lionrock.supply.drawing import LEFT, WIDTH, draw

TODAY = date(2026, 11, 23)
DUE = date(2027, 3, 1)
PAPER = Paper(1, "D1", Kind.LICENCE, AuthorisationState.GRANTED, date(2027, 12, 31), 800, needs_statement=False)
LINE = Line(1, 800, DUE, Required.LICENCE, "v/p/licence/case", (), PAPER, statement=False)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (LINE, []),
        (replace(LINE, required=Required.NONE, paper=None), []),
        (replace(LINE, required=Required.ACA, paper=None), []),
        (replace(LINE, required=Required.NAC, paper=None), ["authorisation_missing"]),
        (replace(LINE, required=Required.NAC, paper=replace(PAPER, kind=Kind.NAC)), []),
        (replace(LINE, required=Required.BY_LETTER, paper=None), ["authorisation_missing"]),
        (replace(LINE, required=Required.UNKNOWN, missing=("fp8",)), ["control_unknown"]),
        (replace(LINE, required=Required.GP10), ["control_breach"]),
        (replace(LINE, paper=replace(PAPER, kind=Kind.NAC)), ["authorisation_kind"]),
        (replace(LINE, paper=replace(PAPER, state=AuthorisationState.APPLIED)), ["authorisation_applied"]),
        (replace(LINE, paper=replace(PAPER, state=AuthorisationState.DENIED)), ["authorisation_denied"]),
        (replace(LINE, paper=replace(PAPER, state=AuthorisationState.WITHDRAWN)), ["authorisation_withdrawn"]),
        (replace(LINE, paper=replace(PAPER, expires_on=DUE)), []),
        (replace(LINE, paper=replace(PAPER, expires_on=DUE - timedelta(days=1))), ["authorisation_expired"]),
        (replace(LINE, paper=replace(PAPER, expires_on=None)), []),
        (replace(LINE, paper=replace(PAPER, covers=799)), ["authorisation_short"]),
        (replace(LINE, paper=replace(PAPER, needs_statement=True)), ["statement_missing"]),
        (replace(LINE, paper=replace(PAPER, needs_statement=True), statement=True), []),
    ],
)
def test_what_holds_a_line(line: Line, why: list[str]) -> None:
    assert [reason.why.value for reason in reasons_of(line)] == why


@pytest.mark.parametrize("required", list(Required))
def test_whatever_is_required_is_decided_and_only_what_needs_no_paper_goes_without(required: Required) -> None:
    held = list(reasons_of(replace(LINE, required=required, paper=None)))
    assert bool(held) == (required not in (Required.NONE, Required.ACA))


def test_what_was_released_is_another_reason_when_the_answer_or_the_paper_is_another() -> None:
    missing = replace(LINE, paper=None)
    keys = {reason.key for line in (missing, replace(missing, answer="other")) for reason in reasons_of(line)}
    assert len(keys) == 2
    applied = replace(LINE, paper=replace(PAPER, state=AuthorisationState.APPLIED))
    again = replace(LINE, paper=replace(PAPER, id=2, state=AuthorisationState.APPLIED))
    assert {reason.key for reason in reasons_of(applied)} != {reason.key for reason in reasons_of(again)}


def test_the_second_pair_of_eyes_is_neither_who_placed_it_nor_who_asked() -> None:
    check_four_eyes("a@example.org", "b@example.org", "c@example.org")
    for person in ("A@example.org", "B@example.org"):
        with pytest.raises(Refused):
            check_four_eyes("a@example.org", "b@example.org", person)


TABLES = ((OrderState, ORDER_STEPS), (HoldState, HOLD_STEPS), (ShipmentState, SHIPMENT_STEPS))


@pytest.mark.parametrize(("states", "table"), [*TABLES, (AuthorisationState, AUTHORISATION_STEPS)])
def test_every_state_and_verb_leads_somewhere_or_is_a_conflict(states: type, table: dict) -> None:  # type: ignore[type-arg]
    verbs = {verb for _, verb in table}
    for state, verb in product(states, verbs):
        if (state, verb) in table:
            assert advance(table, state, verb, thing="it") is table[state, verb]
        else:
            with pytest.raises(Conflict):
                advance(table, state, verb, thing="it")


RATES = {"h800": Fraction(989, 1000), "h20": Fraction(148, 1000)}


def change(on: date, chips: int, standing: Standing, chip: str = "h800") -> Change:
    return Change(on, chip, chips, standing)


def test_capacity_is_added_up_by_day_and_standing_and_the_goal_is_measured() -> None:
    found = capacity_over_time(
        [
            change(date(2024, 12, 9), 1315, Standing.CERTAIN),
            change(date(2027, 5, 1), -128, Standing.CERTAIN),
            change(date(2027, 3, 1), 1000, Standing.LICENSED),
            change(date(2027, 4, 1), 1000, Standing.AT_RISK),
            change(date(2028, 1, 1), 9000, Standing.AT_RISK),
        ],
        RATES,
        first=date(2026, 6, 1),
        last=date(2027, 12, 31),
        goal=Goal(3000, date(2027, 6, 30)),
    )
    assert [level.on for level in found.levels] == [
        date(2026, 6, 1),
        date(2027, 3, 1),
        date(2027, 4, 1),
        date(2027, 5, 1),
    ]
    assert found.on(TODAY).petaflops[Standing.CERTAIN] == Fraction(1315 * 989, 1000)
    assert found.on(date(2026, 1, 1)) is found.levels[0]
    assert found.gap(Standing.CERTAIN) == 3000 - Fraction(1187 * 989, 1000)
    assert found.gap(Standing.AT_RISK) == 0
    assert (found.reached(Standing.AT_RISK), found.reached(Standing.LICENSED)) == (date(2027, 4, 1), None)


def test_a_chip_whose_rate_nobody_has_stated_is_counted_nowhere_and_named() -> None:
    found = capacity_over_time([change(TODAY, 7, Standing.CERTAIN, "riddle")], RATES, first=TODAY, last=DUE)
    assert (found.levels[0].total, dict(found.unrated)) == (0, {"riddle": 7})
    assert (found.gap(Standing.CERTAIN), found.reached(Standing.CERTAIN)) == (None, None)


def test_nothing_at_all_is_a_level_of_nothing() -> None:
    found = capacity_over_time([], RATES, first=TODAY, last=DUE)
    assert [(level.on, level.total) for level in found.levels] == [(TODAY, 0)]


CHANGES = st.lists(
    st.builds(
        change,
        st.dates(date(2026, 1, 1), date(2028, 1, 1)),
        st.integers(-50, 5000),
        st.sampled_from(Standing),
        st.sampled_from(["h800", "h20"]),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(CHANGES)
def test_the_last_level_is_the_sum_of_all_in_whatever_order_they_come(changes: list[Change]) -> None:
    first, last = date(2026, 6, 1), date(2029, 1, 1)
    found = capacity_over_time(changes, RATES, first=first, last=last)
    again = capacity_over_time(changes[::-1], RATES, first=first, last=last)
    for standing in Standing:
        expected = sum((each.chips * RATES[each.chip] for each in changes if each.standing is standing), Fraction(0))
        assert found.levels[-1].petaflops[standing] == expected == again.levels[-1].petaflops[standing]
    assert found.levels[-1].up_to(Standing.AT_RISK) == found.levels[-1].total
    assert [level.on for level in found.levels] == sorted({level.on for level in found.levels})


def reason(why: Why, chips: int | None = None) -> Reason:
    return Reason(why, 1, "b", message("held"), chips)


@pytest.mark.parametrize(
    ("reasons", "batch", "expected"),
    [
        ([], Batch(8, DUE), [(DUE, 8, Standing.LICENSED)]),
        ([reason(Why.APPLIED)], Batch(8, DUE), [(DUE, 8, Standing.APPLIED)]),
        ([reason(Why.APPLIED), reason(Why.SUPPLIER)], Batch(8, DUE), [(DUE, 8, Standing.AT_RISK)]),
        ([reason(Why.EXPIRED)], Batch(8, DUE), [(DUE, 8, Standing.AT_RISK)]),
        ([reason(Why.UNKNOWN)], Batch(8, DUE), [(DUE, 8, Standing.AT_RISK)]),
        ([reason(Why.SHORT, 3)], Batch(8, DUE), [(DUE, 3, Standing.AT_RISK), (DUE, 5, Standing.LICENSED)]),
        ([reason(Why.SHORT, 3), reason(Why.STATEMENT)], Batch(8, DUE), [(DUE, 8, Standing.AT_RISK)]),
        ([], Batch(8, date(2026, 9, 1)), [(TODAY, 8, Standing.AT_RISK)]),
        ([], Batch(8, date(2026, 9, 1), arrived=True), [(TODAY, 8, Standing.LICENSED)]),
        ([], Batch(8, DUE, lost=True), [(DUE, 8, Standing.AT_RISK)]),
    ],
)
def test_how_far_what_is_ordered_can_be_counted_on(
    reasons: list[Reason], batch: Batch, expected: list[tuple[date, int, Standing]]
) -> None:
    found = changes_of("h20", [batch], reasons, TODAY, cause="PO-1", site="here")
    assert [(each.on, each.chips, each.standing) for each in found] == expected


def test_what_a_paper_does_not_cover_is_what_comes_last() -> None:
    batches = [Batch(10, TODAY, arrived=True), Batch(10, DUE), Batch(10, date(2027, 9, 1))]
    found = changes_of("h20", batches, [reason(Why.SHORT, 12)], TODAY, cause="PO-1", site="here")
    risk = {(each.on, each.chips) for each in found if each.standing is Standing.AT_RISK}
    assert risk == {(date(2027, 9, 1), 10), (DUE, 2)}
    assert sum(each.chips for each in found) == 30


def test_rates_are_those_of_the_catalogue_and_what_is_missing_stays_missing() -> None:
    book = on_file()
    rates = rates_of(book.items)
    assert rates["nvidia-h800-sxm5-80gb"] == book.items["nvidia-h800-sxm5-80gb"].figures.known["fp16"] / 1000
    assert set(book.items) - set(rates), "some accelerators have no stated rate at 16 bits"


def test_the_picture_lies_within_its_frame() -> None:
    changes = [change(date(2024, 1, 1), 1315, Standing.CERTAIN), change(DUE, 2000, Standing.APPLIED)]
    found = capacity_over_time(changes, RATES, first=date(2026, 6, 1), last=DUE, goal=Goal(3000, DUE))
    picture = draw(found, TODAY)
    assert picture.ticks[-1].petaflops >= 3000
    assert [bool(band.path) for band in picture.bands] == [True, False, True, False]
    assert LEFT < picture.today < WIDTH
    assert picture.aim is not None
    assert picture.top <= picture.aim.y <= picture.base
    assert all(LEFT <= x <= WIDTH for x, _ in picture.months)


DRAFT = OrderDraft("kestrel", "Q-1", "HK", "US", "HK", (LineDraft("nvidia-l20", 4, Money(1, "USD"), "here", DUE),))


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"supplier": "nobody"}, ["supplier"]),
        ({"destination": "Hong Kong", "headquarters": "??"}, ["destination", "headquarters"]),
        ({"reference": ""}, ["reference"]),
        ({"uses": ("cookery",)}, ["use"]),
        ({"lines": ()}, ["chip"]),
        ({"lines": (replace(DRAFT.lines[0], units=0, chip="nvidia-l21", site="there"),)}, ["chip_id", "site", "units"]),
        ({"lines": (DRAFT.lines[0], replace(DRAFT.lines[0], site="far"))}, ["site"]),
        ({"lines": (replace(DRAFT.lines[0], price=Money(-1, "USD")),)}, ["price"]),
    ],
)
def test_all_faults_of_an_order_are_told_at_once(changes: dict[str, object], fields: list[str]) -> None:
    sites = {"here": "one", "far": "other"}
    assert check_draft(DRAFT, on_file(), sites, {"kestrel"}) == "one"
    with pytest.raises(Invalid) as wrong:
        check_draft(replace(DRAFT, **changes), on_file(), sites, {"kestrel"})  # type: ignore[arg-type]
    assert [fault.field for fault in wrong.value.faults] == fields


HEAD = ",".join((*COLUMNS, "chips_per_unit", "use"))
GOOD = "kestrel,Q-1,HK,US,HK,nvidia-l20,4,95000.00,USD,here,2027-03-01,8,"


def read(*rows: str, head: str = HEAD) -> list[OrderDraft]:
    content = "\r\n".join([head, *rows, ""]).encode("utf-8-sig")
    found = read_order_file(content, "orders.csv", on_file(), {"here": "one"}, {"kestrel"})
    return [each.draft for each in found]


def test_rows_of_one_reference_are_one_order() -> None:
    one, two = read(GOOD, GOOD.replace("Q-1", "Q-2"), GOOD.replace("nvidia-l20", "nvidia-h20-96gb"))
    assert [line.chip for line in one.lines] == ["nvidia-l20", "nvidia-h20-96gb"]
    assert (one.lines[0].price, one.lines[0].chips_per_unit) == (Money(9_500_000, "USD"), 8)
    assert two.reference == "Q-2"


def test_all_faults_of_a_file_are_told_by_line_and_nothing_of_it_is_taken() -> None:
    with pytest.raises(Invalid) as wrong:
        read(
            GOOD,
            GOOD.replace("4,95000.00", "four,95000.001").replace("nvidia-l20", "nvidia-l21"),
            GOOD.replace("2027-03-01", "1.3.27").replace("Q-1", "Q-2").replace("kestrel", "nobody"),
            GOOD.replace(",HK,US", ",SG,US"),
            f"{GOOD},too,many",
        )
    told = [(fault.line, fault.field) for fault in wrong.value.faults]
    assert told == [
        (3, "units"),
        (3, "price"),
        (3, "chip_id"),
        (4, "date"),
        (4, "supplier"),
        (5, "destination"),
        (6, None),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"supplier,reference\n",
        b"\xff\xfe\x00",
        f"{HEAD},colour\n".encode(),
        f"{HEAD}\n".encode(),
        f'{HEAD}\n"cut'.encode(),
    ],
)
def test_what_is_no_file_of_orders_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as wrong:
        read_order_file(content, "orders.csv", on_file(), {"here": "one"}, {"kestrel"})
    assert wrong.value.faults[0].file == "orders.csv"
