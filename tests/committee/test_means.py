"""What there is to give: free money, budgets of calls, devices; and what awards have taken of them already."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.calls.world import NOW, OPERATOR, World

from lionrock.applications.domain import Request
from lionrock.awards.actions import decide_variation, end_award, request_variation
from lionrock.awards.domain import Change, Decision
from lionrock.awards.models import Award
from lionrock.committee.domain import Means, Stay, capacity_by_kind, stays_of
from lionrock.committee.means import means_of
from lionrock.kernel.money import Money
from lionrock.people.programmes import programme_on_file

APRIL, MAY, JULY = date(2026, 4, 1), date(2026, 5, 1), date(2026, 7, 1)
TODAY = date(2026, 3, 2)


def means(world: World, *awards: Award) -> Means:
    return means_of(programme_on_file(world.programme), [award.application for award in awards], TODAY)


def vary(world: World, award: Award, **change: Any) -> None:
    """Have a change of an award asked for and approved on 10 April."""
    now = datetime(2026, 4, 10, 2, tzinfo=UTC)
    asked = request_variation(actor=OPERATOR, award=award.code, change=Change(**change), reason="more", now=now)
    decide_variation(
        actor=OPERATOR,
        award=award.code,
        number=asked.number,
        decision=Decision.APPROVE,
        decided_by="Committee",
        now=now,
    )


def test_a_node_of_eight_takes_eight_of_the_cards_that_others_lease_singly(world: World) -> None:
    items = programme_on_file(world.programme).items
    assert stays_of(items["h800-node"], Request("h800-node", 2, 3, APRIL)) == (Stay("h800", 16, APRIL, JULY),)
    assert stays_of(items["h800-card"], Request("h800-card", 5, 3, APRIL)) == (Stay("h800", 5, APRIL, JULY),)
    assert stays_of(items["h800-gpu"], Request("h800-gpu", 4, 3, APRIL)) == (Stay("h800", 4, APRIL, JULY),)
    assert stays_of(items["h800-gpu"], Request("h800-gpu", 4, 3, APRIL, hours=100)) == ()
    assert stays_of(None, Request("gone", 1, 3, APRIL)) == ()


def test_the_smallest_count_of_a_kind_holds(world: World) -> None:
    """379 nodes of eight, 3032 cards and 3032 cards by the hour are the same 3032."""
    found = capacity_by_kind(programme_on_file(world.programme).at(TODAY))
    assert found == {"h800": 3032, "cpu-core": 8192, "cpu-node": 64}


def test_what_is_offered_is_taken_already_and_comes_back_when_it_is_withdrawn(world: World) -> None:
    world.put_fund("1000000.00")
    call = world.open_call(budget=world.money("800000.00"))
    offer = world.decided(world.submitted(call), accept=False)
    assert offer is not None
    found = means(world, offer)
    assert (found.free, found.envelopes) == (world.money("328000.00"), {call.code: world.money("128000.00")})
    assert found.taken == (Stay("h800", 8, APRIL, JULY),)
    end_award(actor=OPERATOR, award=offer.code, reason="A mistake.", now=NOW)
    found = means(world, offer)
    assert (found.free, found.envelopes) == (world.money("1000000.00"), {call.code: world.money("800000.00")})
    assert found.taken == ()


@pytest.mark.parametrize(
    ("change", "taken"),
    [
        ({"valid_to": date(2026, 9, 1)}, [(8, APRIL, date(2026, 9, 1))]),
        ({"since": MAY, "count": 3}, [(8, APRIL, MAY), (24, MAY, JULY)]),
        ({"valid_to": MAY}, [(8, APRIL, MAY)]),
    ],
)
def test_what_a_variation_changed_is_what_is_taken(
    world: World, change: dict[str, Any], taken: list[tuple[int, date, date]]
) -> None:
    world.put_fund("5000000.00")
    award = world.awarded(world.open_call())
    vary(world, award, **change)
    assert means(world, award).taken == tuple(Stay("h800", devices, *days) for devices, *days in taken)


def test_what_begins_and_ends_together_is_one_stay_beside_what_was_varied(world: World) -> None:
    world.put_fund("5000000.00")
    call = world.open_call()
    awards = [world.awarded(call) for _ in range(3)]
    vary(world, awards[1], valid_to=MAY)
    assert means(world, *awards).taken == (Stay("h800", 8, APRIL, MAY), Stay("h800", 16, APRIL, JULY))


def test_an_award_that_was_lengthened_beyond_the_first_day_asked_for_still_counts(world: World) -> None:
    world.put_fund("5000000.00")
    award = world.awarded(world.open_call())
    vary(world, award, valid_to=date(2026, 9, 1))
    later = programme_on_file(world.programme)
    award.application.starts = date(2026, 8, 1)
    found = means_of(later, [award.application], date(2026, 8, 1))
    assert found.taken == (Stay("h800", 8, APRIL, date(2026, 9, 1)),)
    assert found.free == Money(5_000_000_00 - 5 * 224_000_00, "HKD")
    assert award.share == Decimal("0.7")
