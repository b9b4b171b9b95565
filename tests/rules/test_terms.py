"""Terms: values by date, recorded as they are read, and typed accessors over them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from lionrock.kernel.errors import Broken, Invalid, NotFound, Refused
from lionrock.kernel.findings import Grade, ParameterRead
from lionrock.kernel.money import Money, Price
from lionrock.kernel.quantities import PriceUnit
from lionrock.rules.items import Mode
from lionrock.rules.parameters import Anonymity, Majority, Media, Requirement
from lionrock.rules.programme import Programme
from lionrock.rules.proration import Proration
from lionrock.rules.rulebook import Rulebook
from lionrock.rules.terms import RequestLimits

OPENING = date(2026, 2, 1)
EVE = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("on", "share"),
    [
        (OPENING, Fraction(333333, 1000000)),
        (date(2026, 6, 30), Fraction(333333, 1000000)),
        (date(2026, 7, 1), Fraction(1, 2)),
        (date(2099, 1, 1), Fraction(1, 2)),
    ],
)
def test_a_value_holds_from_its_day_to_the_next(lagoon: Programme, on: date, share: Fraction) -> None:
    assert lagoon.at(on).general_share() == share


def test_before_its_first_day_a_value_is_not_set(lagoon: Programme) -> None:
    with pytest.raises(Refused) as refused:
        lagoon.at(EVE).general_share()
    assert refused.value.code == "rules.terms.not_set"
    assert "subsidy.general_rate" in str(refused.value)
    assert refused.value.findings[0].parameters == (ParameterRead("subsidy.general_rate", None, None, None),)


def test_what_is_read_is_recorded_once_with_its_date_and_source(lagoon: Programme) -> None:
    terms = lagoon.at(date(2027, 3, 1))
    assert terms.reads == ()
    terms.fund_total()
    terms.general_share()
    terms.fund_total()
    assert [(read.path, read.value, read.since) for read in terms.reads] == [
        ("budget.fund_total", "2000.000", date(2027, 1, 1)),
        ("subsidy.general_rate", "0.50", date(2026, 7, 1)),
    ]
    assert [read.citation.grade for read in terms.reads if read.citation] == [Grade.SECONDARY, Grade.PRIMARY]


def test_a_value_that_is_absent_or_null_is_recorded_too(lagoon: Programme) -> None:
    terms = lagoon.at(OPENING)
    assert terms.closes() is None
    assert terms.request_limits().max_months is None
    assert terms.record("calls.closes") == ParameterRead("calls.closes", None, None, None)
    null = terms.record("request.max_months")
    assert (null.value, null.since) == (None, OPENING)
    assert null.citation is not None
    assert null.citation.source == "gazette"


def test_a_replay_on_the_same_day_reads_the_same(lagoon: Programme) -> None:
    def answer() -> tuple[ParameterRead, ...]:
        terms = lagoon.at(date(2026, 12, 31))
        terms.criteria()
        terms.request_limits()
        terms.price("pod")
        return terms.reads

    assert answer() == answer()
    assert "items.pod.price" in {read.path for read in answer()}


def test_a_path_that_no_programme_could_have_is_our_defect(lagoon: Programme) -> None:
    with pytest.raises(Broken):
        lagoon.at(OPENING).value("subsidy.generous_rate")


def test_accessors_give_the_types_of_their_subject(lagoon: Programme) -> None:
    terms = lagoon.at(OPENING)
    assert terms.fund_total() == Money(1000500, "JOD")
    assert terms.exceptional_share_max() == Fraction(3, 5)
    assert terms.exception_requires() == (Requirement.WRITTEN_REASON,)
    assert terms.award_cap() == Money(100000, "JOD")
    assert terms.request_limits() == RequestLimits("pod", 2, 7, 1, None)
    assert terms.charging_modes() == (Mode.LEASE,)
    assert terms.proration() is Proration.BY_DAY
    assert terms.hours_per_month() == Decimal("730.500")
    assert terms.payment_days() == 14
    assert terms.pass_mark() == Decimal("55.5")
    assert terms.deciding_body() is None
    assert terms.exclusive_of_other_subsidy() is None
    assert terms.live_applications_max() is None


def test_accessors_tell_how_a_programme_assesses_decides_and_pledges(lagoon: Programme) -> None:
    terms = lagoon.at(OPENING)
    assert (terms.assessors(), terms.scale_max(), terms.moderation_spread()) == (3, 10, Decimal("12.5"))
    assert terms.anonymity() is Anonymity.BOTH_UNNAMED
    assert (terms.quorum(), terms.majority()) == (2, Majority.TWO_THIRDS)
    assert (terms.completeness_days(), terms.assessment_days(), terms.decision_days()) == (3, None, 15)
    assert terms.clarification_days() is None
    assert (terms.calendar(), terms.capacity("pod"), terms.capacity("tile-hour")) == ("FR", 12, None)
    assert terms.files_megabytes_max() is None
    assert (terms.progress_interval_months(), terms.final_due_days(), terms.days_to_sign()) == (3, 30, 10)
    (charter,) = terms.documents()
    assert charter.media == (Media.PDF, Media.PNG)
    merit, need = terms.criteria()
    assert [str(point) for point in merit.points] == ["It has never been done", "It can be done"]
    assert (merit.points[0].in_language("zh-hant"), merit.minimum) == ("前所未有", None)
    assert (need.points, need.minimum) == ((), Decimal(40))
    with pytest.raises(Invalid, match="not on the price list"):
        terms.capacity("barge")


def test_what_nobody_set_is_none(lagoon: Programme) -> None:
    terms = lagoon.at(EVE)
    assert [terms.assessors(), terms.scale_max(), terms.moderation_spread(), terms.anonymity()] == [None] * 4
    assert [terms.quorum(), terms.majority(), terms.completeness_days(), terms.decision_days()] == [None] * 4
    assert [terms.calendar(), terms.capacity("pod"), terms.days_to_sign(), terms.final_due_days()] == [None] * 4


def test_an_exception_needs_everything_while_the_owner_has_not_said(lagoon: Programme) -> None:
    assert lagoon.at(EVE).exception_requires() == tuple(Requirement)


def test_categories_open_and_close_by_date(lagoon: Programme) -> None:
    def open_on(on: date) -> dict[str, bool | None]:
        return {category.id: category.open for category in lagoon.at(on).categories}

    assert open_on(EVE) == {"guild": None, "school": None}
    assert open_on(OPENING) == {"guild": True, "school": None}
    assert open_on(date(2026, 12, 31)) == {"guild": True, "school": None}
    assert open_on(date(2027, 1, 1)) == {"guild": False, "school": None}
    assert lagoon.at(OPENING).category("guild").evidence == ("charter",)


def test_an_unknown_category_is_refused_with_the_known_ones(lagoon: Programme) -> None:
    with pytest.raises(Invalid) as invalid:
        lagoon.at(OPENING).category("club")
    assert str(invalid.value) == "“club” is not a category of lagoon. Write one of: guild, school."
    assert [(fault.field, fault.value) for fault in invalid.value.faults] == [("category", "club")]


def test_criteria_carry_the_weights_of_their_day(lagoon: Programme) -> None:
    def weights(on: date) -> list[int | None]:
        return [criterion.weight for criterion in lagoon.at(on).criteria()]

    assert weights(date(2026, 12, 31)) == [60, 40]
    assert weights(date(2027, 1, 1)) == [70, 30]
    assert [str(criterion.label) for criterion in lagoon.at(OPENING).criteria()] == ["Merit", "Need"]


def test_documents_and_declarations_are_read_from_the_programme(lagoon: Programme) -> None:
    terms = lagoon.at(OPENING)
    assert [(each.id, each.required, each.categories) for each in terms.documents()] == [("charter", "on_request", ())]
    assert [(each.id, each.asked) for each in terms.declarations()] == [("good-faith", True)]
    assert terms.form() == ()


def test_a_call_is_told_what_is_not_set(lagoon: Programme) -> None:
    (unset,) = lagoon.at(OPENING).needed_to_open()
    assert (unset.path, unset.note) == ("request.max_months", "Left to the board.")
    assert unset.citation is not None
    assert unset.citation.publisher == "Lagoon Gazette"


def test_before_the_opening_everything_that_a_call_needs_is_unset(lagoon: Programme) -> None:
    paths = {unset.path for unset in lagoon.at(EVE).needed_to_open()}
    assert paths >= {"budget.fund_total", "criteria.merit.weight", "charging.proration"}


def test_prices_become_instants_in_the_zone_of_their_list(lagoon: Programme) -> None:
    first, second = lagoon.item("pod").versions()
    assert (first.starts, first.price) == (datetime(2026, 1, 31, 23, tzinfo=UTC), Price.parse("10.001", "JOD"))
    assert (first.unit, first.label, first.ends) == (PriceUnit.CALENDAR_MONTH, "2026-02-01", None)
    assert second.label == "2026-03-29T02:30"
    (tokyo,) = lagoon.item("tile-hour").versions()
    assert tokyo.starts == datetime(2026, 1, 31, 15, tzinfo=UTC)


def test_a_time_in_a_clock_gap_is_read_with_the_offset_before_it(lagoon: Programme) -> None:
    """02:30 does not exist in Paris on 29 March 2026; with the winter offset it is 01:30 UTC."""
    assert lagoon.item("pod").versions()[1].starts == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_withdrawn_item_ends(lagoon: Programme) -> None:
    assert lagoon.item("pod").versions()[-1].ends == datetime(2026, 12, 31, 23, tzinfo=UTC)
    listed = lagoon.at(date(2027, 1, 1)).price("pod")
    assert listed is not None
    assert listed.price is None


def test_an_unknown_item_is_refused_with_the_known_ones(lagoon: Programme) -> None:
    with pytest.raises(Invalid, match="What it lists: pod, tile-hour"):
        lagoon.item("rack").versions()


def test_an_unknown_programme_is_not_found_with_the_known_ones(real: Rulebook) -> None:
    with pytest.raises(NotFound, match="Those that exist: hk-aiss, hk-aiss-demo"):
        real.programme("hk-ais")


def test_the_identity_of_a_programme_is_cited(lagoon: Programme) -> None:
    assert (lagoon.id, lagoon.currency, lagoon.zone, lagoon.opens) == (
        "lagoon",
        "JOD",
        ZoneInfo("Europe/Paris"),
        OPENING,
    )
    assert set(lagoon.identity.citations) == {"names", "currency", "time_zone", "opens"}
    assert lagoon.names.in_language("zh-hant") == "潟湖算力基金"
    assert lagoon.names.in_language("zh-hans") == "Lagoon Compute Fund"
