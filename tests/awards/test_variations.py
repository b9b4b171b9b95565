"""Variations: what a change comes to before it is decided, and that money, quota and leases follow it exactly."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.calls.world import NOW, OPERATOR, SHIPPED, World, holder, member

from lionrock.allocations.models import Allocation
from lionrock.awards.actions import (
    decide_variation,
    end_award,
    request_variation,
    resume_award,
    suspend_award,
    withdraw_variation,
)
from lionrock.awards.domain import Change, Decision, Effect, Holding, InForce, effect_of, in_force_on, pieces, quota_of
from lionrock.awards.domain.versions import months_between, seconds_between
from lionrock.awards.models import Award, AwardVersion, Variation
from lionrock.awards.queries import versions_of
from lionrock.charging.actions import close_month
from lionrock.charging.models import ChargeLine, RecordedRun
from lionrock.kernel.errors import Conflict, Invalid, LionrockError, NotAllowed, Refused
from lionrock.kernel.money import Money, settle
from lionrock.kernel.periods import Month, add_months, zone
from lionrock.ledger.check import check_books
from lionrock.ledger.queries import balance, balances
from lionrock.people.domain import Role
from lionrock.rules.items import Mode
from lionrock.rules.rulebook import load_rulebook

HONG_KONG = zone("Asia/Hong_Kong")
START, END = date(2026, 4, 1), date(2026, 7, 1)
DAY = 86400


def hkd(text: str) -> Money:
    return Money.parse(text, "HKD")


def _holding(left: str = "672000.00", **changes: Any) -> Holding:
    """One node from April to June at 320,000.00 a month, of which 70 %."""
    first = InForce(START, 1, None, END, hkd("960000.00"), hkd("672000.00"))
    given = {
        "award": "AW-2026-0001",
        "category": "university",
        "item": "h800-node",
        "mode": Mode.LEASE,
        "share": Fraction(7, 10),
        "versions": (first,),
        "left": hkd(left),
    }
    return Holding(**(given | changes))


def _effect(change: Change, on: date = date(2026, 3, 2), holding: Holding | None = None) -> Effect:
    rules = load_rulebook(SHIPPED).programme("hk-aiss-demo")
    return effect_of(rules, holding or _holding(), change, on)


@pytest.mark.parametrize(
    ("change", "on", "list_price", "cap", "quota"),
    [
        # Two more months at 320,000.00.
        (Change(valid_to=date(2026, 9, 1)), date(2026, 5, 10), "1600000.00", "1120000.00", 153 * DAY),
        # A month less, and 15 days less: 15 of the 30 days of the month from 16 June on.
        (Change(valid_to=date(2026, 6, 1)), date(2026, 5, 10), "640000.00", "448000.00", 61 * DAY),
        (Change(valid_to=date(2026, 6, 16)), date(2026, 5, 10), "800000.00", "560000.00", 76 * DAY),
        # Three nodes from 1 May on: two more for two months.
        (Change(since=date(2026, 5, 1), count=3), date(2026, 4, 2), "2240000.00", "1568000.00", (30 + 3 * 61) * DAY),
        # Both at once: three nodes from May on, up to September: 3 × 4 months and one of April.
        (
            Change(since=date(2026, 5, 1), count=3, valid_to=date(2026, 9, 1)),
            date(2026, 4, 2),
            "4160000.00",
            "2912000.00",
            (30 + 3 * 123) * DAY,
        ),
        # Only the cap: the list price stays.
        (Change(cap=hkd("500000.00")), date(2026, 5, 10), "960000.00", "500000.00", 91 * DAY),
        (
            Change(valid_to=date(2026, 9, 1), cap=hkd("700000.00")),
            date(2026, 5, 10),
            "1600000.00",
            "700000.00",
            153 * DAY,
        ),
    ],
)
def test_what_a_change_comes_to(change: Change, on: date, list_price: str, cap: str, quota: int) -> None:
    effect = _effect(change, on)
    assert (effect.after.list_price, effect.after.cap) == (hkd(list_price), hkd(cap))
    assert (effect.quota_before, effect.quota_after) == (91 * DAY, quota)
    assert effect.left_after == hkd("672000.00") + effect.more


def test_a_change_never_takes_back_what_is_spent() -> None:
    """672,000.00 less 224,000.00 would be taken, but only 100,000.00 is left."""
    effect = _effect(Change(valid_to=date(2026, 6, 1)), date(2026, 5, 10), _holding("100000.00"))
    assert (effect.after.cap, effect.left_after) == (hkd("572000.00"), hkd("0.00"))


@pytest.mark.parametrize(
    ("change", "on", "kind", "code"),
    [
        (Change(valid_to=date(2026, 9, 1)), END, Refused, "awards.variation.run_out"),
        (Change(valid_to=date(2026, 5, 11)), date(2026, 5, 10), Invalid, "awards.variation.days"),
        (Change(since=END, count=2), date(2026, 5, 10), Invalid, "awards.variation.days"),
        (Change(valid_to=date(2027, 4, 2)), date(2026, 5, 10), Refused, "awards.variation.outside_limits"),
        (Change(count=13), date(2026, 5, 10), Refused, "awards.variation.outside_limits"),
        (Change(hours=10), date(2026, 5, 10), Invalid, "awards.variation.invalid"),
    ],
)
def test_what_cannot_be_changed(change: Change, on: date, kind: type[LionrockError], code: str) -> None:
    with pytest.raises(kind) as raised:
        _effect(change, on)
    assert raised.value.code == code


def test_no_cap_goes_below_what_is_spent() -> None:
    with pytest.raises(Refused) as raised:
        _effect(Change(cap=hkd("571999.99")), date(2026, 5, 10), _holding("100000.00"))
    assert raised.value.code == "awards.variation.spent"
    assert _effect(Change(cap=hkd("572000.00")), date(2026, 5, 10), _holding("100000.00")).left_after == hkd("0.00")


def test_hours_of_a_metered_award_are_of_its_whole_life() -> None:
    """8 × 730 hours are 320,000.00 at 54.794521 an hour; a quarter more, and 10 devices of 800 hours."""
    first = InForce(START, 8, 730, END, hkd("320000.00"), hkd("224000.00"))
    holding = _holding("224000.00", item="h800-gpu", mode=Mode.METERED, versions=(first,))
    price = Fraction("54.794521") * 100
    for change, more in ((Change(count=10), 10 * 730 - 5840), (Change(count=10, hours=800), 10 * 800 - 5840)):
        effect = _effect(change, date(2026, 5, 10), holding)
        assert effect.after.list_price.minor == 32_000_000 + settle(price * more)
        assert effect.quota_after - effect.quota_before == more * 3600


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (START, END, Fraction(3)),
        (date(2026, 4, 10), date(2026, 6, 15), 2 + Fraction(5, 30)),
        (date(2026, 1, 31), date(2026, 2, 28), Fraction(1)),
        (date(2026, 1, 31), date(2026, 2, 27), Fraction(27, 28)),
        (date(2028, 2, 29), date(2029, 2, 28), Fraction(12)),
        (START, START, Fraction(0)),
    ],
)
def test_months_between_two_days(start: date, end: date, months: Fraction) -> None:
    assert months_between(start, end) == months


@given(start=st.dates(date(2000, 1, 1), date(2100, 1, 1)), months=st.integers(0, 60))
def test_months_between_is_the_reverse_of_adding_months(start: date, months: int) -> None:
    assert months_between(start, add_months(start, months)) == months


CHANGES = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 5), st.integers(1, 60)), max_size=5)


@given(steps=CHANGES)
def test_pieces_cover_the_award_without_a_gap_and_quota_is_their_sum(steps: list[tuple[int, int, int]]) -> None:
    nothing = hkd("0.00")
    versions, since = [InForce(START, 1, None, END, nothing, nothing)], START
    for later, count, length in steps:
        since = min(since + timedelta(days=later), versions[-1].valid_to - timedelta(days=1))
        since = max(since, versions[-1].since)
        versions.append(InForce(since, count, None, since + timedelta(days=length), nothing, nothing))
    found = pieces(versions)
    assert found[0].start == START
    assert found[-1].end == versions[-1].valid_to
    assert all(one.end == two.start and one.count != two.count for one, two in pairwise(found))
    by_day = [in_force_on(versions, START + timedelta(days=n)).count for n in range((found[-1].end - START).days)]
    assert quota_of(versions, HONG_KONG) == sum(by_day) * DAY == sum(
        one.count * seconds_between(one.start, one.end, HONG_KONG) for one in found
    )  # fmt: skip


# In the books.


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def _vary(world: World, award: Award, on: date, **change: Any) -> Variation:
    """Ask for a change and approve it."""
    asked = request_variation(
        actor=member(world.organisation), award=award.code, change=Change(**change), reason="more data", now=_at(on)
    )
    return decide_variation(
        actor=holder(Role.COMMITTEE, world.programme),
        award=award.code,
        number=asked.number,
        decision=Decision.APPROVE,
        decided_by="Committee",
        now=_at(on),
    )


def _close(world: World, month: Month) -> list[tuple[str, int, int, int]]:
    closed = close_month(actor=OPERATOR, programme=world.programme, month=month, now=_at(month.next.first_day))
    return list(closed.lines.order_by("position").values_list("kind", "gross", "subsidy", "user"))


def _committed(world: World, award: Award) -> int:
    return balance(world.programme, f"budget/committed/{award.code}", world.currency)


def _granted(award: Award) -> int:
    return -balance(award.programme, f"quota/granted/{award.code}/{award.item}", f"seconds:{award.item}")


def test_an_extension_commits_money_grants_quota_and_lengthens_the_lease(world: World) -> None:
    world.put_fund("2000000.00")
    award = world.awarded(world.open_call())
    _close(world, Month(2026, 4))
    variation = _vary(world, award, date(2026, 5, 10), valid_to=date(2026, 9, 1))
    assert (variation.state, variation.effect["more"]) == ("approved", 448_000_00)
    assert _committed(world, award) == 1_120_000_00 - 224_000_00
    assert _granted(award) == 153 * DAY
    assert [(one.number, one.state) for one in Allocation.objects.order_by("number")] == [
        (1, "replaced"),
        (2, "active"),
    ]
    month = ("usage", 320_000_00, 224_000_00, 96_000_00)
    assert [_close(world, Month(2026, number)) for number in (5, 6, 7, 8, 9)] == [[month]] * 4 + [[]]
    assert _committed(world, award) == 0
    end_award(actor=OPERATOR, award=award.code, now=datetime(2026, 8, 31, 16, tzinfo=UTC))


def test_more_and_then_fewer_nodes_are_billed_from_their_days_on(world: World) -> None:
    """One node; three from 16 April (15 of 30 days); none of it from 1 June on but one."""
    world.put_fund("5000000.00")
    award = world.awarded(world.open_call())
    _vary(world, award, date(2026, 4, 10), since=date(2026, 4, 16), count=3)
    _vary(world, award, date(2026, 5, 10), since=date(2026, 6, 1), count=1)
    devices = RecordedRun.objects.filter(standing=True).order_by("start").values_list("job", "devices")
    assert [(job, counts["h800-node"]) for job, counts in devices] == [
        (f"lease:{award.code}", 1),
        (f"lease:{award.code}/2", 3),
        (f"lease:{award.code}/3", 1),
    ]
    assert [sum(line[1] for line in _close(world, Month(2026, number))) for number in (4, 5, 6)] == [
        640_000_00,
        960_000_00,
        320_000_00,
    ]
    assert not ChargeLine.objects.filter(kind="correction").exists()
    assert _committed(world, award) == 0


def test_an_early_end_frees_money_at_once_and_ends_the_lease(world: World) -> None:
    world.put_fund("1000000.00")
    award = world.awarded(world.open_call())
    _vary(world, award, date(2026, 4, 10), valid_to=date(2026, 5, 1))
    assert _committed(world, award) == 224_000_00
    assert balance(world.programme, "budget/free", "HKD") == 776_000_00
    assert _close(world, Month(2026, 4)) == [("usage", 320_000_00, 224_000_00, 96_000_00)]
    assert _close(world, Month(2026, 5)) == []
    end_award(actor=OPERATOR, award=award.code, now=datetime(2026, 5, 1, tzinfo=UTC))


def test_what_the_fund_does_not_hold_changes_nothing(world: World) -> None:
    world.put_fund("672000.00")
    award = world.awarded(world.open_call())
    with pytest.raises(Refused) as raised:
        _vary(world, award, date(2026, 5, 10), valid_to=date(2026, 8, 1))
    assert raised.value.code == "ledger.fund.exhausted"
    assert [one.state for one in Variation.objects.all()] == ["requested"]
    assert not AwardVersion.objects.exists()
    assert (_committed(world, award), _granted(award)) == (672_000_00, 91 * DAY)


def test_a_calls_budget_counts_caps_as_varied(world: World) -> None:
    world.put_fund("5000000.00")
    call = world.open_call(budget=world.money("1344000.00"))
    award = world.awarded(call)
    _vary(world, award, date(2026, 3, 10), valid_to=date(2026, 8, 1))
    with pytest.raises(Refused) as raised:
        world.awarded(call)
    assert raised.value.code == "awards.call.exhausted"
    _vary(world, award, date(2026, 3, 11), valid_to=date(2026, 7, 1))
    assert world.awarded(call).state == "active"


def test_the_office_decides_what_lowers_and_the_committee_what_rises(world: World) -> None:
    world.put_fund("5000000.00")
    award = world.awarded(world.open_call())
    office, at = holder(Role.OFFICE, world.programme), _at(date(2026, 4, 10))
    decided = {"actor": office, "award": award.code, "decision": Decision.APPROVE, "decided_by": "Office", "now": at}
    asked = {"actor": office, "award": award.code, "reason": "asked by telephone", "now": at}
    request_variation(change=Change(valid_to=date(2026, 9, 1)), **asked)
    with pytest.raises(NotAllowed):
        decide_variation(number=1, **decided)
    withdraw_variation(actor=office, award=award.code, number=1, now=at)
    request_variation(change=Change(scope="Something else"), **asked)
    with pytest.raises(NotAllowed):
        decide_variation(number=2, **decided)
    assert decide_variation(number=2, **decided | {"decision": Decision.DECLINE, "reason": "No."}).state == "declined"
    request_variation(change=Change(valid_to=date(2026, 6, 1), contact="Lee Ka Yan"), **asked)
    assert decide_variation(number=3, **decided).state == "approved"


def test_one_request_waits_at_a_time_and_is_decided_once(world: World) -> None:
    world.put_fund("5000000.00")
    award = world.awarded(world.open_call())
    asked = {"actor": member(world.organisation), "award": award.code, "reason": "more", "now": NOW}
    request_variation(change=Change(count=2), **asked)
    with pytest.raises(Conflict) as raised:
        request_variation(change=Change(count=3), **asked)
    assert raised.value.code == "awards.variation.waits"
    withdraw_variation(actor=member(world.organisation), award=award.code, number=1, now=NOW)
    with pytest.raises(Conflict):
        withdraw_variation(actor=member(world.organisation), award=award.code, number=1, now=NOW)
    with pytest.raises(Invalid):
        request_variation(change=Change(), **asked)


def test_terms_that_were_agreed_are_never_changed(world: World) -> None:
    world.put_fund("5000000.00")
    award = world.awarded(world.open_call())
    _vary(world, award, date(2026, 4, 10), count=2)
    for statement in ({"count": 9}, {"cap_minor": 1}):
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            AwardVersion.objects.update(**statement)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Variation.objects.update(count=9)


def test_a_suspended_award_is_billed_and_not_varied(world: World) -> None:
    world.put_fund("5000000.00")
    award = world.awarded(world.open_call())
    suspend_award(actor=OPERATOR, award=award.code, reason="overdue report", now=_at(date(2026, 4, 2)))
    with pytest.raises(Conflict):
        _vary(world, award, date(2026, 4, 10), count=2)
    assert _close(world, Month(2026, 4)) == [("usage", 320_000_00, 224_000_00, 96_000_00)]
    resumed = resume_award(actor=OPERATOR, award=award.code, reason="handed in", now=_at(date(2026, 5, 2)))
    assert (resumed.state, resumed.suspensions.get().resumed_because) == ("active", "handed in")
    suspend_award(actor=OPERATOR, award=award.code, reason="again", now=_at(date(2026, 5, 3)))
    assert end_award(actor=OPERATOR, award=award.code, reason="breach", now=_at(date(2026, 5, 4))).state == "withdrawn"


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_varied_the_books_balance_and_the_past_stays(world: World, seed: int) -> None:
    """Three awards, varied at random between the closes of a year; after each step everything is added up."""
    dice = random.Random(seed)
    world.put_fund("6000000.00")
    call = world.open_call()
    for day in (date(2026, 4, 1), date(2026, 4, 16), date(2026, 5, 1)):
        world.awarded(call, starts=day)
    today = date(2026, 3, 10)
    for month in (Month(2026, number) for number in range(3, 13)):
        while today < month.next.first_day:
            _try_something(world, dice, today)
            _everything_adds_up(world)
            today += timedelta(days=dice.randint(3, 25))
        before = list(ChargeLine.objects.order_by("id").values())
        _close(world, month)
        assert list(ChargeLine.objects.order_by("id").values())[: len(before)] == before
        _everything_adds_up(world)
        today = max(today, month.next.first_day)
    assert not ChargeLine.objects.filter(kind="correction").exists()
    assert AwardVersion.objects.count() > 2


def _try_something(world: World, dice: random.Random, today: date) -> None:
    award = dice.choice(list(Award.objects.order_by("code")))
    last = versions_of(award)[-1]
    changes: list[dict[str, Any] | None] = [
        {"count": dice.randint(1, 4)},
        {"valid_to": last.valid_to + timedelta(days=dice.randint(-50, 60))},
        {"count": dice.randint(1, 4), "since": today + timedelta(days=dice.randint(0, 40))},
        {"cap": Money(last.cap.minor + dice.randint(-300_000_00, 300_000_00), "HKD")},
    ]
    change = dice.choice([*changes, *changes, *changes, None])  # few are given up, or nothing would be varied
    try:
        with transaction.atomic():
            if change is None:
                end_award(actor=OPERATOR, award=award.code, reason="given up", now=_at(today))
            else:
                _vary(world, award, today, **change)
    except LionrockError:
        assert not Variation.objects.filter(state="requested").exists()


def _everything_adds_up(world: World) -> None:
    assert not [fault for check in check_books() for fault in check.faults]
    budget = balances(world.programme, "budget", "HKD")
    assert sum(budget.values()) == 0
    assert budget["budget/free"] >= 0
    for award in Award.objects.all():
        cap, spent = versions_of(award)[-1].cap.minor, budget.get(f"budget/spent/{award.code}", 0)
        left = _committed(world, award)
        assert 0 <= left <= cap - spent
        assert left == cap - spent or (award.ended_at and left == 0)
        assert _granted(award) == Allocation.objects.filter(award=award).latest("number").device_seconds
