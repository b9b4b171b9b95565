"""Three projects: one passes in minutes, one is held to what matters, one may not go where it wants."""

from __future__ import annotations

import pytest
from tests.assurance.book import RULEBOOK, as_asked, assessed

from lionrock.assurance.domain.assessing import State
from lionrock.assurance.domain.conditions import holds
from lionrock.assurance.domain.rules import Binding
from lionrock.assurance.domain.zones import Site, place, placement, zone_of_model
from lionrock.assurance.reading.book import load_zones
from lionrock.kernel.errors import Refused
from lionrock.kernel.findings import Outcome

SPAM = {
    "use": (),
    "data": (),
    "reach": ("organisation",),
    "build": ("trains", "third_party"),
    "dangerous": ("no",),
    "supervised": ("no",),
    "declaration": ("yes",),
}
CREDIT = {
    "use": ("credit",),
    "data": ("personal", "sensitive"),
    "reach": ("customers",),
    "build": ("trains", "deployed"),
    "dangerous": ("no",),
    "supervised": ("hkma",),
    "volume": ("more",),
    "zone": ("park",),
}
BEFORE_THE_FIRST_JOB = {
    "RA-17": "independent validation",
    "RA-14": "bias tests",
    "RA-22": "human oversight",
    "RA-25": "opt-out",
    "RA-37": "notice to the regulator",
}
ZONES = load_zones(RULEBOOK)


def test_a_spam_filter_passes_as_low_tier_in_under_ten_questions() -> None:
    asked, found = as_asked(SPAM)
    assert len(asked) < 10
    assert (found.tier.id, found.settled) == ("low", True)
    assert not found.having(State.OPEN)
    assert all(not holds(found, (), point) for point in Binding)


def test_a_spam_filter_without_its_declaration_is_held_before_its_award() -> None:
    _, found = as_asked({**SPAM, "declaration": ("no",)})
    assert {hold.rule for hold in holds(found, (), Binding.BEFORE_AWARD)} >= {"item.RA-01", "item.RA-32"}


def test_credit_scoring_at_a_bank_is_held_before_its_first_job() -> None:
    _, found = as_asked(CREDIT)
    assert found.tier.id == "high"
    assert found.oversight is not None
    assert found.oversight.id == "in_the_loop"
    held = {hold.rule for hold in holds(found, (), Binding.BEFORE_FIRST_JOB)}
    assert {f"item.{item}" for item in BEFORE_THE_FIRST_JOB} <= held


def test_credit_scoring_is_let_through_only_when_the_last_of_them_is_on_file() -> None:
    answers = {name: " ".join(chosen) for name, chosen in CREDIT.items()}
    due = [each.item.id for each in assessed(**answers).items if each.item.binds.reached_at(Binding.BEFORE_FIRST_JOB)]
    assert not holds(assessed(items=due, **answers), (), Binding.BEFORE_FIRST_JOB)
    for item in BEFORE_THE_FIRST_JOB:
        one_short = assessed(items=[each for each in due if each != item], **answers)
        assert [hold.rule for hold in holds(one_short, (), Binding.BEFORE_FIRST_JOB)] == [f"item.{item}"]


def test_a_model_of_patient_data_without_egress_cannot_go_to_a_partner() -> None:
    zone = zone_of_model(ZONES, ["open", "no_egress"])
    with pytest.raises(Refused) as refused:
        place(zone, Site("partner-a", "no_egress", partner=True))
    (found,) = refused.value.findings
    assert "run by a partner" in str(found.message)
    assert "owner of the data declares another zone" in str(found.remedy)
    assert str(found.remedy) in str(refused.value.message)
    assert found.parameters[0].citation is not None


@pytest.mark.parametrize(
    ("zone", "site", "allowed"),
    [
        ("no_egress", Site("own", "no_egress"), True),
        ("no_egress", Site("park", "park"), False),
        ("park", Site("own", "no_egress"), True),
        ("park", Site("own", "park"), True),
        ("park", Site("partner", "park", partner=True), False),
        ("park", Site("far", "gba"), False),
        ("gba", Site("partner", "gba", partner=True), True),
        ("gba", Site("abroad", "open"), False),
        ("open", Site("abroad", "open", partner=True), True),
    ],
)
def test_where_data_of_a_zone_may_lie(zone: str, site: Site, allowed: bool) -> None:
    found = placement(ZONES[zone], site)
    assert found.outcome is (Outcome.MET if allowed else Outcome.NOT_MET)
    assert allowed or found.remedy is not None


def test_filing_is_a_duty_of_the_standard_contract() -> None:
    found = place(ZONES["gba"], Site("partner", "gba", partner=True))
    assert "10 working days" in str(found.remedy)


def test_a_model_takes_the_strictest_zone_of_its_data() -> None:
    assert zone_of_model(ZONES, ["gba", "park", "open"]).id == "park"
    assert zone_of_model(ZONES, ["open"]).id == "open"
    assert zone_of_model(ZONES, []).id == "no_egress"
