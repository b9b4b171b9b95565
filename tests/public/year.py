"""A year of a programme for its report: five organisations, nine applications, three closed months."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

from tests.calls.world import OPERATOR, World
from tests.intake.test_checking import LAST_DAY

from lionrock.applications.actions import withdraw_application
from lionrock.applications.domain import Request
from lionrock.applications.models import Application
from lionrock.awards.actions import decline_offer
from lionrock.awards.domain import Decision
from lionrock.calls.models import Call
from lionrock.charging.actions import close_month
from lionrock.intake.actions import accept_application, reject_application
from lionrock.intake.domain.judging import Judgement
from lionrock.kernel.findings import Outcome
from lionrock.kernel.periods import Month

PLACES = ("harbour-university", "peak-college", "delta-institute", "cove-startup", "reef-startup")
AT = datetime(2026, 7, 6, 2, 0, tzinfo=UTC)
"""When the report is looked at."""


def instant(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 2, 0, tzinfo=UTC)


def hand_in(world: World, call: Call, place: str, on: datetime, **facts: object) -> Application:
    """Hand an application in on a day."""
    world.now = on
    given = {"organisation": place, "request": Request("h800-card", 8, 3, date(2026, 4, 1))} | facts
    return world.submitted(call, **given)


def play(world: World) -> None:
    """Play the year: what comes of it is said in the tests."""
    for place in PLACES[1:]:
        world.put_organisation(place)
    world.put_fund("900000000.00")
    call = world.open_call(opens=datetime(2025, 1, 1, tzinfo=UTC))
    for number, place in enumerate(PLACES[:3]):
        world.decided(hand_in(world, call, place, instant(3, 2 + number)), now=instant(3, 9 + number))
    metered = Request("h800-gpu", 4, 2, date(2026, 4, 1), hours=100)
    startup = {"category": "startup", "request": metered}
    exceptional = {"share": Fraction(9, 10), "reason": "Nobody else can do it."}
    world.decided(hand_in(world, call, PLACES[3], instant(3, 16), **startup), now=instant(3, 25), **exceptional)
    refused = world.decided(
        hand_in(world, call, PLACES[4], instant(3, 17), **startup), now=instant(3, 27), accept=False
    )
    assert refused is not None
    decline_offer(actor=OPERATOR, award=refused.code, reason="Other plans", now=instant(4, 2))
    declined = hand_in(world, call, PLACES[0], instant(4, 1))
    accept_application(actor=OPERATOR, application=declined.code, now=instant(4, 2))
    world.decided(declined, Decision.DECLINE, reason="Below the line", now=instant(6, 30))
    rejected = hand_in(world, call, PLACES[1], instant(4, 8))
    judged = [Judgement(LAST_DAY, Outcome.NOT_MET, "The notice of March ended the round.")]
    reject_application(actor=OPERATOR, application=rejected.code, judgements=judged, now=instant(4, 9))
    withdrawn = hand_in(world, call, PLACES[2], instant(4, 10))
    withdraw_application(actor=OPERATOR, application=withdrawn.code, now=instant(4, 11))
    hand_in(world, call, PLACES[4], instant(5, 4), category="startup")
    for month in (3, 4, 5):
        close_month(actor=OPERATOR, programme=world.programme, month=Month(2026, month), now=instant(month + 1, 3))
