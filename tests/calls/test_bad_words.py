"""What people type on the line from call to award: each wrong word is named, all of them at once, nothing is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.calls.world import World

from lionrock.applications.models import Application
from lionrock.awards.domain import Decision
from lionrock.awards.models import Award
from lionrock.calls.models import Call
from lionrock.kernel.errors import Invalid
from lionrock.kernel.money import Money

BROKEN = ["", "x" * 201, "two\nlines", "nul\0", "broken \udcff"]


@pytest.mark.parametrize("text", BROKEN)
def test_a_call_has_a_title_that_can_be_shown(world: World, text: str) -> None:
    with pytest.raises(Invalid) as wrong:
        world.prepared_call(title=text)
    assert wrong.value.faults[0].field == "title"
    assert not Call.objects.exists()


@pytest.mark.parametrize("text", BROKEN[1:])
def test_an_application_has_a_title_that_can_be_shown(world: World, text: str) -> None:
    assert _faults(world, title=text) == ["title"]


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"category": "plumber"}, ["category"]),
        ({"category": "plumber", "declarations": ["guide", "oath", "vow"]}, ["category", "declare", "declare"]),
        ({"purpose": "fine\nwith a NUL \0"}, ["purpose"]),
        ({"title_zh_hant": "x" * 201, "title_zh_hans": "\t"}, ["title_zh_hant", "title_zh_hans"]),
    ],
)
def test_words_that_the_programme_does_not_know_are_all_named(
    world: World, facts: dict[str, Any], fields: list[str]
) -> None:
    assert _faults(world, **facts) == fields


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"item": "moon-base"}, ["item"]),
        ({"count": 0, "months": 121, "hours": -1}, ["count", "months", "hours"]),
        ({"starts": date(1999, 12, 31)}, ["starts"]),
        ({"starts": date(9999, 12, 1)}, ["starts"]),
    ],
)
def test_numbers_and_dates_that_cannot_be_meant_are_named(
    world: World, changed: dict[str, Any], fields: list[str]
) -> None:
    assert _faults(world, request=replace(world.request, **changed)) == fields


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"cap": Money(10**23, "HKD")}, "cap"),
        ({"cap": Money(10**17 + 1, "HKD")}, "cap"),
        ({"decided_by": "x" * 201}, "decided_by"),
        ({"decided_by": "Committee \udcff"}, "decided_by"),
        ({"reason": "\0"}, "reason"),
    ],
)
def test_a_ruling_that_the_books_could_not_hold_is_refused(world: World, facts: dict[str, Any], field: str) -> None:
    world.put_fund("1000000.00")
    application = world.submitted(world.open_call())
    with pytest.raises(Invalid) as wrong:
        world.decided(application, Decision.APPROVE, **facts)
    assert [fault.field for fault in wrong.value.faults] == [field]
    assert not Award.objects.exists()


def test_a_budget_that_the_books_could_not_hold_is_refused(world: World) -> None:
    with pytest.raises(Invalid, match="cannot be the budget"):
        world.prepared_call(budget=Money(10**17 + 1, "HKD"))


def _faults(world: World, **facts: Any) -> list[str | None]:
    call = world.open_call()
    with pytest.raises(Invalid) as wrong:
        world.drafted(call, **facts)
    assert not Application.objects.exists()
    return [fault.field for fault in wrong.value.faults]
