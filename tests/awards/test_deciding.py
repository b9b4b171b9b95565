"""Deciding applications and ending awards: what is on file, what is committed, what stands in the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from tests.calls.world import DECLARED, NOW, OPERATOR, World, holder, member

from lionrock.allocations.models import Allocation
from lionrock.audit.models import AuditRecord
from lionrock.awards.actions import end_award, release_award
from lionrock.awards.domain import AwardMade, Decision
from lionrock.awards.models import Award
from lionrock.awards.queries import award_by_code, awards
from lionrock.config.reactions import TABLE, install_reactions
from lionrock.kernel import events
from lionrock.kernel.errors import Broken, Conflict, Invalid, NotFound, Refused
from lionrock.kernel.money import Money
from lionrock.ledger.actions import post
from lionrock.ledger.domain import AccrualLine, accrual
from lionrock.ledger.models import Journal
from lionrock.ledger.queries import balances
from lionrock.people.domain import Actor, Role

ENDS = datetime(2026, 6, 30, 16, tzinfo=UTC)
"""00:00 on 1 July 2026 in Hong Kong, where the award of three months from 1 April ends."""


def _budget(world: World) -> dict[str, str]:
    """Return the budget accounts that are not zero, without their first step, in major units."""
    found = balances(world.programme, "budget", world.currency)
    return {
        path.removeprefix("budget/"): str(Money(amount, world.currency).decimal)
        for path, amount in found.items()
        if amount
    }


def test_an_award_commits_the_schemes_share_of_the_list_price(world: World) -> None:
    world.put_fund("1000000.00")
    award = world.awarded(world.open_call())
    assert _budget(world) == {
        "appropriation": "-1000000.00",
        f"committed/{award.code}": "672000.00",
        "free": "328000.00",
    }
    assert (award.mode, award.share, award.list_minor, award.cap_minor) == ("lease", Decimal("0.7"), 96000000, 67200000)
    assert (award.valid_from, award.valid_to) == (date(2026, 4, 1), date(2026, 7, 1))
    assert (award.application.state, award.application.decided_at) == ("approved", NOW)


def test_the_same_code_serves_another_currency_and_zone(lagoon: World) -> None:
    lagoon.put_fund("100.000")
    award = lagoon.awarded(lagoon.open_call())
    assert _budget(lagoon) == {"appropriation": "-100.000", f"committed/{award.code}": "20.002", "free": "79.998"}
    assert (award.currency, award.share, award.cap_minor) == ("JOD", Decimal("0.333333"), 20002)
    allocation = Allocation.objects.get(award=award)
    # Paris: 15 March 00:00 is +01:00, 15 June 00:00 is +02:00.
    assert (allocation.starts, allocation.ends) == (
        datetime(2026, 3, 14, 23, tzinfo=UTC),
        datetime(2026, 6, 14, 22, tzinfo=UTC),
    )


def test_the_day_of_a_decision_is_that_of_the_programmes_zone(lagoon: World) -> None:
    lagoon.put_fund("100.000")
    call = lagoon.open_call()
    last_moment_of_june = datetime(2026, 6, 30, 21, 59, 59, tzinfo=UTC)
    later = {"starts": date(2026, 8, 1)}
    before = lagoon.awarded(call, now=last_moment_of_june, **later)
    after = lagoon.awarded(call, now=last_moment_of_june + timedelta(seconds=1), **later)
    assert (before.share, after.share) == (Decimal("0.333333"), Decimal("0.5"))


def test_an_exceptional_award_says_why_and_by_whom(world: World) -> None:
    world.put_fund("1000000.00")
    call = world.open_call()
    award = world.awarded(call, share=Fraction("0.9"), reason="first of its kind", decided_by="Committee, 2 March")
    assert (award.exceptional, award.reason, award.decided_by) == (True, "first of its kind", "Committee, 2 March")
    assert "rules.quote.exceptional_rate" in {finding["rule"] for finding in award.findings}
    assert {read["path"]: read["value"] for read in award.reads}["subsidy.exceptional_rate_max"] == "0.90"
    with pytest.raises(Invalid) as raised:
        world.awarded(call, share=Fraction("0.9"))
    assert raised.value.faults[0].field == "reason"


def test_declining_records_the_reason_and_commits_nothing(world: World) -> None:
    application = world.submitted(world.open_call())
    assert world.decided(application, Decision.DECLINE, reason="too vague", decided_by="Committee") is None
    application.refresh_from_db()
    assert (application.state, application.decision_reason, application.decided_by) == (
        "declined",
        "too vague",
        "Committee",
    )
    assert not Award.objects.exists()
    assert _budget(world) == {}
    kept = AuditRecord.objects.get(action="awards.decide_application")
    assert (kept.subject, kept.organisation, kept.details["reason"]) == (
        application.code,
        "harbour-university",
        "too vague",
    )


def test_what_does_not_fit_the_fund_leaves_the_application_undecided(world: World) -> None:
    world.put_fund("671999.99")
    application = world.submitted(world.open_call())
    with pytest.raises(Refused) as raised:
        world.decided(application)
    assert raised.value.code == "ledger.fund.exhausted"
    assert "671,999.99" in str(raised.value.message)
    application.refresh_from_db()
    assert (application.state, application.decided_at) == ("submitted", None)
    assert not Award.objects.exists()
    assert not Allocation.objects.exists()
    assert not AuditRecord.objects.filter(action="awards.decide_application").exists()
    world.put_fund("0.01", cause="second vote")
    assert world.decided(application) is not None
    assert _budget(world).keys() == {"appropriation", "committed/AW-2026-0001"}


def test_a_call_with_a_budget_gives_no_more_than_that(world: World) -> None:
    world.put_fund("5000000.00")
    call = world.open_call(budget=world.money("1344000.00"))
    world.awarded(call)
    world.awarded(call)
    with pytest.raises(Refused) as raised:
        world.awarded(call, cap=world.money("0.01"))
    assert raised.value.code == "awards.call.exhausted"
    assert Award.objects.count() == 2


def test_an_application_is_decided_once(world: World) -> None:
    world.put_fund("5000000.00")
    application = world.submitted(world.open_call())
    world.decided(application)
    for decision in Decision:
        with pytest.raises(Conflict):
            world.decided(application, decision, reason="again")
    assert Award.objects.count() == 1


def test_a_draft_cannot_be_decided(world: World) -> None:
    drafted = world.drafted(world.open_call())
    with pytest.raises(Conflict):
        world.decided(drafted)


def test_an_award_without_its_allocation_does_not_come_into_force(world: World) -> None:
    world.put_fund("1000000.00")
    offer = world.awarded(world.open_call(), accept=False)
    events.install([row for row in TABLE if row.event is not AwardMade])
    try:
        with pytest.raises(Broken, match="Nothing reacts to AwardMade"):
            world.accepted(offer)
    finally:
        install_reactions()
    offer.refresh_from_db()
    assert (offer.state, offer.accepted_at) == ("offered", None)
    assert not Allocation.objects.exists()


def test_when_its_use_is_charged_an_ended_award_gives_back_what_is_left(world: World) -> None:
    world.put_fund("1000000.00")
    award = world.awarded(world.open_call())
    charged = AccrualLine("harbour-university", "site", world.money("210.00"), world.money("90.00"), award.code)
    draft = accrual(world.programme, [charged], at=NOW, cause="a month", memo="a month")
    assert draft is not None
    post(draft, actor="clerk")
    with pytest.raises(Conflict):
        end_award(actor=OPERATOR, award=award.code, now=ENDS - timedelta(seconds=1))
    ended = end_award(actor=OPERATOR, award=award.code, now=ENDS)
    assert (ended.state, ended.ended_at) == ("ended", ENDS)
    assert _budget(world)[f"committed/{award.code}"] == "671790.00"
    released = release_award(actor=OPERATOR, award=award.code, occasion="2026-12", now=ENDS)
    assert str(released) == "HKD 671,790.00"
    assert _budget(world) == {"appropriation": "-1000000.00", f"spent/{award.code}": "210.00", "free": "999790.00"}
    assert Allocation.objects.get().state == "closed"
    assert AuditRecord.objects.get(action="awards.release_award").details["released"] == "HKD 671,790.00"
    with pytest.raises(Conflict):
        end_award(actor=OPERATOR, award=award.code, now=ENDS, reason="again")


def test_withdrawn_before_its_end_an_award_says_why(world: World) -> None:
    world.put_fund("1000000.00")
    award = world.awarded(world.open_call())
    ended = end_award(actor=OPERATOR, award=award.code, now=NOW, reason="project given up")
    assert (ended.state, ended.end_reason) == ("withdrawn", "project given up")
    assert _budget(world) == {"appropriation": "-1000000.00", "free": "1000000.00"}


def test_an_award_that_spent_all_releases_nothing(world: World) -> None:
    world.put_fund("1000000.00")
    award = world.awarded(world.open_call(), cap=world.money("10.00"))
    line = AccrualLine("harbour-university", "site", world.money("10.00"), world.money("5.00"), award.code)
    draft = accrual(world.programme, [line], at=NOW, cause="a month", memo="a month")
    assert draft is not None
    post(draft, actor="clerk")
    before = Journal.objects.count()
    end_award(actor=OPERATOR, award=award.code, now=ENDS)
    release_award(actor=OPERATOR, award=award.code, occasion="2026-12", now=ENDS)
    assert Journal.objects.count() == before


def test_an_active_award_keeps_its_money(world: World) -> None:
    world.put_fund("1000000.00")
    award = world.awarded(world.open_call())
    with pytest.raises(Conflict, match="release"):
        release_award(actor=OPERATOR, award=award.code, occasion="2026-12", now=NOW)


@pytest.mark.parametrize(
    "change", [{"cap_minor": 1}, {"share": Decimal("0.9")}, {"valid_to": date(2027, 1, 1)}, {"count": 2}, {"reads": []}]
)
def test_the_terms_of_an_award_are_never_changed(world: World, change: dict[str, object]) -> None:
    world.put_fund("1000000.00")
    award = world.awarded(world.open_call())
    with pytest.raises(DatabaseError, match="Cannot update rows"), transaction.atomic():
        Award.objects.filter(pk=award.pk).update(**change)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        Award.objects.filter(pk=award.pk)._raw_delete("default")


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "ended"}, "ended"),
        ({"ended_at": NOW}, "ended"),
    ],
)
def test_the_database_holds_what_an_end_is(world: World, change: dict[str, object], constraint: str) -> None:
    world.put_fund("1000000.00")
    award = world.awarded(world.open_call())
    with pytest.raises(IntegrityError, match=f"awards_award_{constraint}"), transaction.atomic():
        Award.objects.filter(pk=award.pk).update(**change)


@pytest.mark.parametrize(
    ("viewer", "sees"),
    [
        (OPERATOR, {"harbour-university", "delta-institute"}),
        (holder(Role.FINANCE, "hk-aiss-demo"), {"harbour-university", "delta-institute"}),
        (holder(Role.FINANCE, "lagoon"), set()),
        (member("harbour-university"), {"harbour-university"}),
        (Actor("nobody@example.org"), set()),
    ],
)
def test_lists_and_single_awards_follow_one_rule(world: World, viewer: Actor, sees: set[str]) -> None:
    world.put_organisation("delta-institute")
    world.put_fund("5000000.00")
    call = world.open_call()
    made = [world.awarded(call), world.decided(world.submitted(call, organisation="delta-institute"))]
    assert set(awards(viewer).values_list("organisation__code", flat=True)) == sees
    for award in made:
        assert award is not None
        if award.organisation.code in sees:
            assert award_by_code(viewer, award.code) == award
        else:
            with pytest.raises(NotFound):
                award_by_code(viewer, award.code)


def test_a_metered_award_commits_the_price_of_its_hours(world: World) -> None:
    world.put_fund("1000000.00")
    asked = replace(world.request, item="h800-gpu", count=8, hours=730)
    award = world.decided(world.submitted(world.open_call(), request=asked, declarations=DECLARED))
    assert award is not None
    assert (award.mode, award.hours, award.cap_minor) == ("metered", 730, 224_000_00)
    assert Allocation.objects.get(award=award).device_seconds == 8 * 730 * 3600
