"""Years in which nobody or one applicant did anything: what is published says nothing of that one."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.test import Client
from tests.calls.world import World
from tests.public.year import AT

from lionrock.kernel.money import Money
from lionrock.public.exports import results_csv, results_data, rows_of
from lionrock.public.queries.results import results_of

pytestmark = pytest.mark.django_db

PROGRAMME = "hk-aiss-demo"


def test_of_one_applicant_nothing_is_told(world: World) -> None:
    world.put_fund("900000000.00")
    award = world.awarded(world.open_call(opens=datetime(2025, 1, 1, tzinfo=UTC)))
    found = results_of(PROGRAMME, "2026", AT)
    assert not found.empty
    assert (found.applications, found.awards, found.months, found.by_category) == (None, None, (), ())
    assert (found.asked.amount, found.awarded.amount) == (None, None)
    assert found.decisions.number is None
    assert {row.status for row in rows_of(found) if row.section in {"applications", "decisions"}} == {"withheld"}
    amounts = {str(Money(minor, "HKD").decimal) for minor in (award.cap_minor, award.list_minor)}
    said = results_csv(found) + json.dumps(results_data(found))
    assert not [amount for amount in amounts if amount in said]
    page = Client().get(f"/programmes/{PROGRAMME}/results?year=2026").content.decode()
    assert "Fewer than 3 applicants" in page
    assert "672,000" not in page


def test_of_nobody_it_is_said_that_nothing_was_done(world: World) -> None:
    assert results_of(PROGRAMME, "2026", AT).empty
    page = Client().get(f"/programmes/{PROGRAMME}/results?year=2026").content.decode()
    assert "Nothing was handed in" in page
