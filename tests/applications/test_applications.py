"""Applications on file: drafted freely, submitted with findings, withdrawn before a decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.calls.world import NOW, OPERATOR, World, holder, member

from lionrock.applications.actions import submit_application, withdraw_application
from lionrock.applications.models import Application
from lionrock.applications.queries import application_by_code, applications, findings_now
from lionrock.audit.models import AuditRecord
from lionrock.awards.domain import Decision
from lionrock.calls.actions import close_call
from lionrock.kernel.errors import Conflict, Invalid, NotFound, Refused
from lionrock.people.domain import Actor, Role


def test_what_was_found_is_kept_with_the_application(world: World) -> None:
    application = world.submitted(world.open_call())
    kept = Application.objects.get(code=application.code)
    assert (kept.state, kept.submitted_at) == ("submitted", NOW)
    by_rule = {finding["rule"]: finding for finding in kept.findings}
    price = by_rule["applications.price"]
    assert (price["outcome"], price["parameters"][0]["value"]) == ("met", "320000.00")
    assert price["parameters"][0]["source"]["grade"] == "secondary"
    assert price["message"]["template"].format(**price["message"]["fields"]) == price["message"]["text"]
    assert by_rule["applications.last_day"]["outcome"] == "unknown"
    assert AuditRecord.objects.get(action="applications.submit_application").details["findings"] == kept.findings


def test_a_rule_that_says_no_refuses_with_all_findings_and_changes_nothing(world: World) -> None:
    drafted = world.drafted(world.open_call(), request=replace(world.request, count=13, months=13))
    with pytest.raises(Refused) as raised:
        submit_application(actor=OPERATOR, application=drafted.code, now=NOW)
    assert raised.value.code == "applications.submit.not_eligible"
    outcomes = [finding.outcome.value for finding in raised.value.findings]
    assert (outcomes.count("not_met"), "met" in outcomes) == (2, True)
    drafted.refresh_from_db()
    assert (drafted.state, drafted.findings, drafted.submitted_at) == ("draft", [], None)
    assert not AuditRecord.objects.filter(action="applications.submit_application").exists()


def test_nothing_is_submitted_to_a_closed_call(world: World) -> None:
    call = world.open_call()
    drafted = world.drafted(call)
    close_call(actor=OPERATOR, call=call.code, now=NOW)
    with pytest.raises(Refused):
        submit_application(actor=OPERATOR, application=drafted.code, now=NOW)


def test_the_window_is_that_of_the_instant(world: World) -> None:
    closes = NOW + timedelta(days=1)
    drafted = world.drafted(world.open_call(closes=closes))
    with pytest.raises(Refused):
        submit_application(actor=OPERATOR, application=drafted.code, now=closes)
    just_before = closes - timedelta(seconds=1)
    assert submit_application(actor=OPERATOR, application=drafted.code, now=just_before).state == "submitted"


def test_other_live_applications_are_counted(world: World) -> None:
    call = world.open_call()
    world.submitted(call)
    withdraw_application(actor=OPERATOR, application=world.submitted(call).code, now=NOW)
    world.drafted(call)
    facts = {finding.rule: finding.facts for finding in findings_now(world.drafted(call), NOW)}
    assert facts["applications.live_applications"] == {"live_applications": "1"}


@pytest.mark.parametrize("submitted", [False, True])
def test_an_application_is_withdrawn_once_and_not_submitted_after(world: World, submitted: bool) -> None:
    call = world.open_call()
    application = world.submitted(call) if submitted else world.drafted(call)
    assert withdraw_application(actor=OPERATOR, application=application.code, now=NOW).state == "withdrawn"
    for again in (withdraw_application, submit_application):
        with pytest.raises(Conflict):
            again(actor=OPERATOR, application=application.code, now=NOW)


def test_what_is_decided_cannot_be_withdrawn(world: World) -> None:
    application = world.submitted(world.open_call())
    world.decided(application, Decision.DECLINE, reason="too vague")
    with pytest.raises(Conflict):
        withdraw_application(actor=OPERATOR, application=application.code, now=NOW)


def test_numbers_that_cannot_be_meant_are_not_even_drafted(world: World) -> None:
    with pytest.raises(Invalid):
        world.drafted(world.open_call(), request=replace(world.request, count=0))
    assert not Application.objects.exists()


@pytest.mark.parametrize("missing", ["call", "organisation"])
def test_an_application_needs_a_call_and_an_organisation(world: World, missing: str) -> None:
    with pytest.raises(NotFound):
        world.drafted(world.open_call(), **{missing: "nowhere"}) if missing == "organisation" else world.drafted(
            Application(code="CALL-1999-0001")
        )


@pytest.mark.parametrize(
    ("viewer", "sees"),
    [
        (OPERATOR, {"harbour-university", "delta-institute"}),
        (holder(Role.COMMITTEE, "hk-aiss-demo"), {"harbour-university", "delta-institute"}),
        (holder(Role.COMMITTEE, "hk-aiss"), set()),
        (member("harbour-university"), {"harbour-university"}),
        (member("delta-institute"), {"delta-institute"}),
        (member("somebody-else"), set()),
        (Actor("nobody@example.org"), set()),
    ],
)
def test_lists_and_single_applications_follow_one_rule(world: World, viewer: Actor, sees: set[str]) -> None:
    world.put_organisation("delta-institute")
    call = world.open_call()
    made = [world.submitted(call), world.submitted(call, organisation="delta-institute")]
    assert set(applications(viewer).values_list("organisation__code", flat=True)) == sees
    for application in made:
        if application.organisation.code in sees:
            assert application_by_code(viewer, application.code) == application
        else:
            with pytest.raises(NotFound):
                application_by_code(viewer, application.code)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"count": 0}, "request"),
        ({"hours": 0}, "request"),
        ({"state": "submitted"}, "submitted"),
        ({"state": "approved", "submitted_at": NOW}, "decided"),
        ({"decided_at": NOW}, "decided"),
        ({"state": "declined", "submitted_at": NOW, "decided_at": NOW}, "declined_why"),
    ],
)
def test_the_database_holds_what_an_application_is(world: World, change: dict[str, object], constraint: str) -> None:
    drafted = world.drafted(world.open_call())
    with pytest.raises(IntegrityError, match=f"application_{constraint}"), transaction.atomic():
        Application.objects.filter(pk=drafted.pk).update(**change)
