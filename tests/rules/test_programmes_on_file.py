"""The programmes on file: each value cited, three languages, unknown where only the owner knows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lionrock.kernel.findings import Grade
from lionrock.kernel.money import Price
from lionrock.rules.calendar import due_after
from lionrock.rules.items import Mode
from lionrock.rules.parameters import Anonymity, Majority, Media
from lionrock.rules.programme import Programme
from lionrock.rules.proration import Proration
from lionrock.rules.rulebook import Rulebook
from lionrock.rules.shape import Names
from lionrock.rules.terms import Terms

ON = date(2025, 3, 1)
FORM_SEEN = date(2026, 2, 1)

PUBLISHED = [
    ("budget.fund_total", "3000000000.00", Grade.PRIMARY),
    ("budget.years", "3", Grade.PRIMARY),
    ("bodies.owner", "Digital Policy Office", Grade.PRIMARY),
    ("bodies.operator", "Hong Kong Cyberport Management Company Limited", Grade.PRIMARY),
    ("calls.intake", "rolling", Grade.SECONDARY),
    ("calls.enquiries", "aiss_enquiry@cyberport.hk", Grade.PRIMARY),
    ("subsidy.general_rate", "0.70", Grade.PRIMARY),
    ("subsidy.exceptional_rate_max", "0.90", Grade.PRIMARY),
    ("request.unit", "node", Grade.SECONDARY),
    ("request.min_count", "1", Grade.SECONDARY),
    ("request.max_count", "12", Grade.SECONDARY),
    ("request.min_months", "3", Grade.SECONDARY),
    ("request.max_months", "12", Grade.SECONDARY),
    ("criteria.alignment.weight", "25", Grade.PRIMARY),
    ("criteria.compute-need.weight", "20", Grade.PRIMARY),
    ("categories.university", "true", Grade.PRIMARY),
    ("categories.startup", "true", Grade.SECONDARY),
]
LEFT_TO_THE_OWNER = [
    "calls.closes",
    "charging.modes",
    "charging.proration",
    "charging.hours_per_month",
    "payment.mode",
    "payment.days",
    "payment.deposit",
    "assessment.pass_mark",
    "assessment.assessors",
    "assessment.scale_max",
    "assessment.moderation_spread",
    "assessment.anonymity",
    "criteria.technical-financial.points",
    "criteria.others.points",
    "committee.quorum",
    "committee.majority",
    "pledges.completeness_days",
    "pledges.assessment_days",
    "pledges.decision_days",
    "pledges.clarification_days",
    "calendar.holidays",
    "capacity.h800-node",
    "documents.team.media",
    "criteria.technical-financial.weight",
    "criteria.others.weight",
    "reports.progress_interval_months",
    "reports.final_due_days",
    "agreement.days_to_sign",
    "eligibility.live_applications_max",
    "subsidy.award_cap",
    "categories.international",
]


def _read(terms: Terms, path: str) -> tuple[str | None, Grade | None]:
    terms.value(path)
    read = terms.record(path)
    return read.value, read.citation.grade if read.citation else None


@pytest.mark.parametrize(("path", "value", "grade"), PUBLISHED)
def test_what_is_published_stands_with_its_grade(scheme: Programme, path: str, value: str, grade: Grade) -> None:
    assert _read(scheme.at(ON), path) == (value, grade)


@pytest.mark.parametrize("path", LEFT_TO_THE_OWNER)
def test_what_only_the_owner_knows_is_null_and_says_where_it_was_looked_for(scheme: Programme, path: str) -> None:
    value, grade = _read(scheme.at(ON), path)
    assert value is None
    assert grade is not None


@pytest.mark.parametrize("name", ["hk-aiss", "hk-aiss-demo"])
def test_every_name_is_there_in_three_languages(real: Rulebook, name: str) -> None:
    programme = real.programme(name)
    labels = [programme.names, *(each.names for each in programme.parameters.values() if each.names)]
    labels += [item.names for item in programme.items.values()]
    values = [version.value for each in programme.parameters.values() for version in each.values]
    labels += [value for value in values if isinstance(value, Names)]
    labels += [each for value in values if isinstance(value, tuple) for each in value if isinstance(each, Names)]
    labels += [each.label for item in programme.items.values() for each in item.specifications]
    assert [label.en for label in labels if not (label.zh_hant and label.zh_hans)] == []


def test_a_call_of_the_published_scheme_cannot_open(scheme: Programme) -> None:
    unset = {each.path for each in scheme.at(ON).needed_to_open()}
    assert unset <= {*LEFT_TO_THE_OWNER, "questions"}
    assert len(unset) == 14


@pytest.mark.parametrize("on", [date(2024, 10, 7), ON, date(2026, 2, 1), date(2026, 11, 22)])
def test_a_call_of_the_demonstration_can_open_on_any_day(demo: Programme, on: date) -> None:
    assert demo.at(on).needed_to_open() == ()


def test_whatever_the_demonstration_adds_is_marked_as_its_own(scheme: Programme, demo: Programme) -> None:
    for path, parameter in demo.parameters.items():
        inherited = scheme.parameters[path].values if path in scheme.parameters else ()
        own = [version for version in parameter.values if version not in inherited]
        assert all(version.citation.source == "demonstration" for version in own), path
    assert demo.at(ON).criteria()[2].weight == 30
    assert sum(criterion.weight or 0 for criterion in demo.at(ON).criteria()) == 100
    assert demo.at(ON).proration() is Proration.BY_SECOND
    assert demo.at(ON).charging_modes() == (Mode.LEASE, Mode.METERED)


def test_the_demonstration_can_be_assessed_decided_and_waited_for(demo: Programme) -> None:
    terms = demo.at(ON)
    assert (terms.assessors(), terms.scale_max(), terms.moderation_spread()) == (2, 5, Decimal(20))
    assert (terms.anonymity(), terms.quorum(), terms.majority()) == (Anonymity.ASSESSORS_UNNAMED, 3, Majority.SIMPLE)
    pledges = (terms.completeness_days(), terms.assessment_days(), terms.decision_days(), terms.clarification_days())
    assert pledges == (5, 20, 60, 10)
    assert all(criterion.points for criterion in terms.criteria())
    assert all(Media.PDF in document.media for document in terms.documents())
    assert due_after(date(2026, 2, 13), 5, terms.calendar()) == date(2026, 2, 25)


def test_the_capacity_of_the_demonstration_is_one_of_so_many_cards(demo: Programme) -> None:
    terms = demo.at(ON)
    counted = {item: terms.capacity(item) for item in demo.items}
    assert None not in counted.values()
    cards = {counted[item] or 0 for item in ("h800-card", "h800-gpu")}
    assert cards == {8 * (counted["h800-node"] or 0)} == {3032}


def test_the_price_of_a_card_hour_is_derived_from_the_node(demo: Programme) -> None:
    node = demo.item("h800-node").versions()[-1].price.decimal
    hours = demo.at(ON).hours_per_month()
    per_hour = (node / 8 / hours).quantize(Price.parse("0.000001", "HKD").decimal)
    assert demo.item("h800-gpu").versions()[-1].price.decimal == per_hour
    assert demo.item("h800-card").versions()[-1].price.decimal == node / 8


def test_a_node_is_eight_cards(scheme: Programme) -> None:
    node = scheme.item("h800-node")
    assert [(part.kind, part.count) for part in node.parts] == [("h800", 8)]
    assert dict(node.counts_as) == {"node": 1, "card": 8}
    assert {str(each.label) for each in node.specifications} >= {"Accelerators", "Processors", "Memory"}


def test_the_form_asks_for_eight_documents_and_six_declarations(scheme: Programme) -> None:
    terms = scheme.at(FORM_SEEN)
    assert [str(document.label)[0] for document in terms.documents()] == list("ABCDEFGH")
    required = {document.id for document in terms.documents() if document.required == "required"}
    assert required == {"proposal", "team", "financial-proof", "registration"}
    assert len(terms.declarations()) == 6
    assert all(declaration.asked for declaration in terms.declarations())
    assert terms.exclusive_of_other_subsidy() is True
    assert terms.files_megabytes_max() == 20
    assert [str(each)[:4] for each in terms.documents()[3].accepts] == ["Bank", "Late", "Proo"]


def test_what_the_form_asked_before_it_was_seen_is_not_known(scheme: Programme) -> None:
    terms = scheme.at(date(2026, 1, 31))
    assert {document.required for document in terms.documents()} == {None}
    assert {declaration.asked for declaration in terms.declarations()} == {None}
    assert terms.exclusive_of_other_subsidy() is None
