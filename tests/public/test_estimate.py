"""What a visitor without an account is told: eligibility with its sources, and the cost by month."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape
from tests.calls.world import INVENTED, NOW, SHIPPED, World, lagoon

from lionrock.applications.domain import Circumstances
from lionrock.kernel.errors import Invalid, Refused
from lionrock.kernel.findings import Outcome
from lionrock.kernel.money import Money
from lionrock.public.domain import Estimate, Question, estimate
from lionrock.rules.rulebook import load_rulebook

ON = date(2026, 3, 2)
CALL = Circumstances("CALL-2026-0001", call_open=True, live_applications=0)
ASKED = {
    "category": "university",
    "item": "h800-node",
    "count": "1",
    "months": "3",
    "hours": "",
    "starts": "2026-04-01",
    "other_subsidy": "no",
}


def asked(programme: str = "hk-aiss-demo", rulebook: Any = SHIPPED, **changes: str) -> Estimate:
    return estimate(load_rulebook(rulebook).programme(programme), Question(ASKED | changes), CALL, ON)


def test_the_smallest_request_of_the_published_list() -> None:
    found = asked()
    assert [str(each) for each in (found.quote.list_price, found.quote.scheme_share, found.quote.user_share)] == [
        "HKD 960,000.00",
        "HKD 672,000.00",
        "HKD 288,000.00",
    ]
    assert [(str(each.month), str(each.user)) for each in found.months] == [
        ("2026-04", "HKD 96,000.00"),
        ("2026-05", "HKD 96,000.00"),
        ("2026-06", "HKD 96,000.00"),
    ]
    assert found.as_billed == found.quote.list_price


def test_use_that_begins_within_a_month_is_prorated_as_it_will_be_billed() -> None:
    found = asked(starts="2026-04-16")
    assert [str(each.list_price.decimal) for each in found.months] == [
        "160000.00",  # 15 of 30 days
        "320000.00",
        "320000.00",
        "154838.71",  # 15 of 31 days
    ]
    assert found.as_billed == Money(95_483_871, "HKD")


@pytest.mark.parametrize("starts", ["2026-04-01", "2026-04-16", "2026-10-17"])
def test_metered_months_add_up_nearly_to_the_quote_and_shares_to_each_month(starts: str) -> None:
    found = asked(item="h800-gpu", count="7", hours="333", starts=starts)
    assert abs(found.as_billed.minor - found.quote.list_price.minor) <= len(found.months)
    for month in found.months:
        assert month.scheme + month.user == month.list_price


def test_another_programme_has_its_own_words_prices_and_decimals() -> None:
    world = lagoon()
    found = asked("lagoon", INVENTED, category=world.category, item="pod", count="2", months="3", starts="2026-03-15")
    assert found.quote.list_price.currency == "JOD"
    assert {month.month.first_day.month for month in found.months} == {3, 4, 5, 6}


def test_what_stands_in_the_way_is_a_finding_with_its_source_and_remedy() -> None:
    found = asked(months="24", other_subsidy="yes")
    failed = {finding.rule: finding for finding in found.findings if finding.outcome is Outcome.NOT_MET}
    assert set(failed) == {"rules.request.max_months", "applications.exclusive"}
    assert all(finding.remedy and finding.parameters[0].citation for finding in failed.values())


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"count": "two"}, {"count"}),
        ({"count": "0"}, {"count"}),
        ({"count": "9" * 40, "months": "-1", "starts": "soon"}, {"count", "months", "starts"}),
        ({"starts": "2026-02-30"}, {"starts"}),
        ({"hours": "1.5"}, {"hours"}),
        ({"item": "abacus"}, {"item"}),
        ({"category": "wizard", "item": "abacus"}, {"category", "item"}),
    ],
)
def test_each_field_that_cannot_be_meant_is_named(changes: dict[str, str], fields: set[str]) -> None:
    with pytest.raises(Invalid) as raised:
        asked(**changes)
    assert {fault.field for fault in raised.value.faults} == fields


def test_a_price_that_nobody_knows_is_said_to_be_unknown() -> None:
    with pytest.raises((Refused, Invalid)):
        estimate(load_rulebook(SHIPPED).programme("hk-aiss"), Question(ASKED), CALL, date(2024, 11, 1))


# --- the pages -----------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


def test_anybody_sees_programmes_prices_and_the_open_call(world: World) -> None:
    call = world.open_call(opens=NOW.replace(year=2025), title="The spring call")
    front = Client().get("/").content.decode()
    assert "The spring call" in front
    page = Client().get(f"/programmes/{world.programme}").content.decode()
    assert "320,000.00" in page
    assert f"call={call.code}" in page


def test_the_answer_names_cost_findings_and_sources() -> None:
    page = Client().get("/programmes/hk-aiss-demo/estimate", ASKED).content.decode()
    for said in ("960,000", "672,000", "288,000", "smelink.gov.hk"):
        assert said in page


def test_what_was_typed_stays_when_it_cannot_be_read() -> None:
    answer = Client().get("/programmes/hk-aiss-demo/estimate", ASKED | {"count": '<b>"two"</b>', "months": "5"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "&lt;b&gt;&quot;two&quot;&lt;/b&gt;" in page
    assert 'value="5"' in page
    assert 'aria-describedby="count-fault"' in page


@pytest.mark.parametrize("programme", ["hk-aiss", "hk-aiss-demo"])
def test_a_programme_says_what_its_owner_has_not_settled(programme: str) -> None:
    page = Client().get(f"/programmes/{programme}").content.decode()
    assert ("Not settled yet" in page) is (programme == "hk-aiss")


def test_a_programme_that_is_not_there_is_not_there() -> None:
    assert Client().get("/programmes/nowhere").status_code == 404
    assert Client().get("/programmes/nowhere/estimate").status_code == 404


def test_a_programme_says_how_long_its_form_is_how_it_decides_and_in_what_time() -> None:
    page = Client().get("/programmes/hk-aiss-demo").content.decode()
    form = load_rulebook(SHIPPED).programme("hk-aiss-demo").form_on(ON)
    assert form is not None
    for part in form.parts:
        assert escape(part.names.en) in page
    for said in (f"{form.questions} questions", "60 working days", "2 assessors score", "not their names"):
        assert said in page
    assert 'href="/programmes/hk-aiss-demo/results"' in page


@pytest.mark.parametrize(("language", "said"), [("zh-hant", "個案的獨特性"), ("zh-hans", "个案的独特性")])
def test_what_the_money_is_for_stands_in_the_language_of_the_page(language: str, said: str) -> None:
    page = Client(headers={"accept-language": language}).get("/programmes/hk-aiss").content.decode()
    assert f"<li>{said}</li>" in page
    assert "<li>Uniqueness" not in page
