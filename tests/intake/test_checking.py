"""The office's desk: what it takes, judges, asks, accepts and rejects, and what it may not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from tests.calls.world import NOW, OPERATOR, World, holder

from lionrock.applications.actions import submit_application, withdraw_application
from lionrock.applications.domain.eligibility import key_of
from lionrock.applications.models import Admission, Application, Letter, Standing
from lionrock.applications.parties import applicants_of
from lionrock.applications.progress import findings_of_round, pledge_of
from lionrock.audit.models import AuditRecord
from lionrock.awards.domain import Decision
from lionrock.calls.actions import close_call
from lionrock.intake.actions import (
    accept_application,
    judge_findings,
    reject_application,
    return_application,
    take_application,
)
from lionrock.intake.domain.judging import Judgement
from lionrock.intake.models import Check
from lionrock.intake.queries import checks_said, handlers_of, judged_findings, judgements_of, taken_by
from lionrock.kernel.errors import Conflict, Invalid, LionrockError, NotAllowed, Refused
from lionrock.kernel.findings import Outcome
from lionrock.notices.models import Notice
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Actor, Grant, Role
from lionrock.web import kept

OFFICE = holder(Role.OFFICE, "hk-aiss-demo")
LATER = NOW + timedelta(days=3)
LAST_DAY = "applications.last_day:calls.closes"
MET = Judgement(LAST_DAY, Outcome.MET, "The guide says that applications are taken all the year.")
NOT_MET = Judgement(LAST_DAY, Outcome.NOT_MET, "The scheme ended with a notice of 27 February.")
ASK = "Please send the signed consent of your second institute."


@pytest.fixture
def application(world: World) -> Application:
    return world.submitted(world.open_call())


def outcome(findings: Any, key: str) -> Outcome:
    return {key_of(finding): finding.outcome for finding in findings}[key]


def state_of(application: Application) -> str:
    return Application.objects.get(pk=application.pk).state


VERBS: dict[str, Callable[..., Any]] = {
    "take": take_application,
    "judge": lambda **given: judge_findings(judgements=[MET], **given),
    "return": lambda **given: return_application(question=ASK, **given),
    "accept": accept_application,
    "reject": lambda **given: reject_application(judgements=[NOT_MET], **given),
}


def test_each_finding_of_an_application_has_a_name_of_its_own(application: Application) -> None:
    keys = [key_of(finding) for finding in findings_of_round(application, NOW)]
    assert len(set(keys)) == len(keys)
    assert LAST_DAY in keys


def test_what_is_accepted_goes_on_to_the_assessors_and_its_findings_are_kept(application: Application) -> None:
    accept_application(actor=OFFICE, application=application.code, now=LATER, judgements=[MET], reason=" All there. ")
    found = Application.objects.get(pk=application.pk)
    assert (found.state, found.state_since) == ("eligible", LATER)
    check = Check.objects.get()
    assert (check.kind, check.by, check.at, check.round, check.reason) == (
        "accepted",
        OFFICE.email,
        LATER,
        1,
        "All there.",
    )
    assert outcome(map(kept.finding, check.findings), LAST_DAY) is Outcome.MET
    assert check.judgements == [{"key": LAST_DAY, "outcome": "met", "reason": MET.reason}]
    details = AuditRecord.objects.get(action="intake.accept_application").details
    assert (details["from"], details["findings"]) == ("submitted", check.findings)


def test_what_nobody_judged_stays_unknown_and_stops_nobody(application: Application) -> None:
    accept_application(actor=OFFICE, application=application.code, now=LATER)
    findings = [kept.finding(each) for each in Check.objects.get().findings]
    assert outcome(findings, LAST_DAY) is Outcome.UNKNOWN
    assert state_of(application) == "eligible"


def test_what_was_judged_is_read_with_its_reason_and_its_source(application: Application) -> None:
    judge_findings(actor=OFFICE, application=application.code, now=NOW, judgements=[NOT_MET])
    [finding] = [each for each in judged_findings(application, NOW) if key_of(each) == LAST_DAY]
    assert NOT_MET.reason in str(finding.message)
    assert "No last day for applications is known." in str(finding.message)
    assert finding.parameters[0].citation is not None
    again = kept.finding(Check.objects.get().findings[-1])
    assert str(again.message) == Check.objects.get().findings[-1]["message"]["text"]


def test_the_sentence_within_a_judged_finding_can_be_translated_when_read_back(application: Application) -> None:
    judge_findings(actor=OFFICE, application=application.code, now=NOW, judgements=[MET])
    read = [kept.finding(each) for each in Check.objects.get().findings]
    [finding] = [each for each in read if key_of(each) == LAST_DAY]
    inner = finding.message.fields["finding"]
    assert getattr(inner, "template", None) == "No last day for applications is known."


def test_judging_changes_nothing_but_what_is_held_and_the_last_word_counts(application: Application) -> None:
    for judgement in (MET, NOT_MET):
        judge_findings(actor=OFFICE, application=application.code, now=LATER, judgements=[judgement])
    assert judgements_of(application) == (NOT_MET,)
    assert (state_of(application), Check.objects.count()) == ("submitted", 2)


def test_the_same_judgement_twice_is_kept_once(application: Application) -> None:
    for _ in range(2):
        judge_findings(actor=OFFICE, application=application.code, now=LATER, judgements=[MET])
    assert Check.objects.count() == 1


def test_a_judgement_of_an_earlier_round_is_made_anew(application: Application) -> None:
    judge_findings(actor=OFFICE, application=application.code, now=NOW, judgements=[MET])
    return_application(actor=OFFICE, application=application.code, question=ASK, now=NOW)
    submit_application(actor=OPERATOR, application=application.code, now=LATER)
    application.refresh_from_db()
    assert (application.round, judgements_of(application)) == (2, ())


MET_BY_THE_RULE = "applications.call_open"


@pytest.mark.parametrize(
    ("judgement", "code"),
    [
        (Judgement(MET_BY_THE_RULE, Outcome.NOT_MET, "I doubt it."), "intake.check.not_open"),
        (Judgement("applications.nothing", Outcome.MET, "Why not."), "intake.check.not_open"),
        (Judgement(LAST_DAY, Outcome.UNKNOWN, "Who knows."), "intake.check.outcome"),
        (Judgement(LAST_DAY, Outcome.MET, "   "), "intake.check.no_reason"),
        (Judgement(LAST_DAY, Outcome.MET, "x" * 2001), "kernel.texts.long"),
        (Judgement(LAST_DAY, Outcome.MET, "a\u202eb"), "kernel.texts.character"),
    ],
)
@pytest.mark.parametrize("verb", ["judge_findings", "accept_application", "reject_application"])
def test_what_cannot_be_judged_is_said_at_its_finding(
    application: Application, verb: str, judgement: Judgement, code: str
) -> None:
    act = {
        "judge_findings": judge_findings,
        "accept_application": accept_application,
        "reject_application": reject_application,
    }[verb]
    with pytest.raises(Invalid) as raised:
        act(actor=OFFICE, application=application.code, now=NOW, judgements=[judgement])  # type: ignore[operator]
    assert [(fault.code, fault.field) for fault in raised.value.faults] == [(code, f"reason:{judgement.key}")]
    assert (state_of(application), Check.objects.count()) == ("submitted", 0)


def test_all_that_is_wrong_is_said_at_once(application: Application) -> None:
    wrong = [Judgement(MET_BY_THE_RULE, Outcome.MET, "Yes."), Judgement(LAST_DAY, Outcome.MET, "")]
    with pytest.raises(Invalid) as raised:
        judge_findings(actor=OFFICE, application=application.code, now=NOW, judgements=wrong)
    assert len(raised.value.faults) == 2


def test_what_is_rejected_needs_a_rule_that_says_no(application: Application) -> None:
    with pytest.raises(Refused) as raised:
        reject_application(actor=OFFICE, application=application.code, now=NOW, reason="I do not like it.")
    assert raised.value.code == "intake.reject.nothing"
    reject_application(actor=OFFICE, application=application.code, now=NOW, judgements=[NOT_MET])
    assert state_of(application) == "ineligible"
    [check] = checks_said(application)
    assert outcome(map(kept.finding, check.findings), LAST_DAY) is Outcome.NOT_MET


def test_nobody_waives_a_rule_that_says_no(world: World) -> None:
    """As if the programme had lowered its limit since: the rule itself says no."""
    application = world.submitted(world.open_call())
    Application.objects.filter(pk=application.pk).update(count=13)
    with pytest.raises(Refused) as raised:
        accept_application(actor=OFFICE, application=application.code, now=NOW)
    assert raised.value.code == "intake.accept.not_eligible"
    assert {finding.outcome for finding in raised.value.findings} == {Outcome.NOT_MET}
    [too_many] = raised.value.findings
    waive = Judgement(key_of(too_many), Outcome.MET, "Never mind.")
    with pytest.raises(Invalid):
        accept_application(actor=OFFICE, application=application.code, now=NOW, judgements=[waive])
    reject_application(actor=OFFICE, application=application.code, now=NOW)
    assert state_of(application) == "ineligible"


def test_an_application_handed_in_in_time_stays_so_however_long_the_office_takes(world: World) -> None:
    call = world.open_call()
    application = world.submitted(call)
    close_call(actor=OPERATOR, call=call.code, now=LATER)
    assert outcome(findings_of_round(application, LATER), MET_BY_THE_RULE) is Outcome.MET
    accept_application(actor=OFFICE, application=application.code, now=LATER)
    assert state_of(application) == "eligible"


def test_a_question_is_a_letter_with_a_deadline_and_opens_the_form_again(application: Application) -> None:
    return_application(actor=OFFICE, application=application.code, question=f"  {ASK}\n", now=NOW)
    letter, check = Letter.objects.get(), Check.objects.get()
    assert (letter.kind, letter.text, letter.author, letter.from_applicant) == ("question", ASK, OFFICE.email, False)
    assert (check.kind, check.reason, check.due) == ("returned", ASK, date(2026, 3, 16))
    application.refresh_from_db()
    pledge = pledge_of(application)
    assert (application.state, pledge and pledge.due) == ("returned", check.due)


def test_the_answer_is_a_resubmission_which_the_office_checks_anew(application: Application) -> None:
    return_application(actor=OFFICE, application=application.code, question=ASK, now=NOW)
    submit_application(actor=OPERATOR, application=application.code, now=LATER)
    application.refresh_from_db()
    assert (application.state, application.round, application.state_since) == ("submitted", 2, LATER)
    accept_application(actor=OFFICE, application=application.code, now=LATER, round_seen=2)
    assert state_of(application) == "eligible"


def test_who_read_an_earlier_round_decides_nothing_about_a_later_one(application: Application) -> None:
    return_application(actor=OFFICE, application=application.code, question=ASK, now=NOW)
    submit_application(actor=OPERATOR, application=application.code, now=LATER)
    with pytest.raises(Conflict) as raised:
        accept_application(actor=OFFICE, application=application.code, now=LATER, round_seen=1)
    assert raised.value.code == "intake.check.newer_round"


def test_a_question_may_still_be_asked_when_the_assessors_have_it(application: Application) -> None:
    accept_application(actor=OFFICE, application=application.code, now=NOW)
    return_application(actor=OFFICE, application=application.code, question=ASK, now=LATER)
    assert state_of(application) == "returned"


def test_what_was_never_answered_can_be_found_ineligible(application: Application) -> None:
    return_application(actor=OFFICE, application=application.code, question=ASK, now=NOW)
    with pytest.raises(Conflict):
        accept_application(actor=OFFICE, application=application.code, now=LATER)
    reject_application(actor=OFFICE, application=application.code, now=LATER, judgements=[NOT_MET])
    assert state_of(application) == "ineligible"


@pytest.mark.parametrize("question", ["", " \n "])
def test_an_empty_question_is_none(application: Application, question: str) -> None:
    with pytest.raises(Invalid) as raised:
        return_application(actor=OFFICE, application=application.code, question=question, now=NOW)
    assert [(fault.code, fault.field) for fault in raised.value.faults] == [("intake.check.no_question", "question")]
    assert not Letter.objects.exists()


def test_a_programme_without_a_pledge_asks_without_a_deadline(lagoon: World) -> None:
    application = lagoon.submitted(lagoon.open_call())
    office = holder(Role.OFFICE, "lagoon")
    return_application(actor=office, application=application.code, question=ASK, now=lagoon.now)
    assert (Check.objects.get().due, pledge_of(Application.objects.get())) == (None, None)


@pytest.mark.parametrize("verb", VERBS)
def test_nobody_checks_what_their_own_organisation_asks_for(application: Application, verb: str) -> None:
    both = Actor(OFFICE.email, OFFICE.grants | {Grant(Role.MEMBER, organisation=application.organisation.code)})
    with pytest.raises(NotAllowed) as raised:
        VERBS[verb](actor=both, application=application.code, now=NOW)
    assert raised.value.code == "intake.check.party"


def test_nobody_checks_what_they_wrote_in(application: Application) -> None:
    Admission.objects.create(application=application, person=OFFICE.email, standing=Standing.AUTHOR, since=NOW)
    with pytest.raises(NotAllowed):
        accept_application(actor=OFFICE, application=application.code, now=NOW)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("ended", ["withdrawn", "declined", "ineligible"])
def test_what_has_ended_is_left_alone(world: World, application: Application, verb: str, ended: str) -> None:
    if ended == "withdrawn":
        withdraw_application(actor=OPERATOR, application=application.code, now=NOW)
    elif ended == "declined":
        world.decided(application, Decision.DECLINE, reason="too vague")
    else:
        reject_application(actor=OFFICE, application=application.code, now=NOW, judgements=[NOT_MET])
    before = Check.objects.count()
    with pytest.raises(Conflict):
        VERBS[verb](actor=OFFICE, application=application.code, now=LATER)
    assert (state_of(application), Check.objects.count()) == (ended, before)


def test_the_last_who_took_it_has_it(application: Application) -> None:
    other = replace(OFFICE, email="second@hk-aiss-demo.example")
    for actor in (OFFICE, OFFICE, other):
        take_application(actor=actor, application=application.code, now=NOW)
    assert handlers_of([application]) == {application.pk: other.email}
    assert Check.objects.count() == 2
    assert [taken_by(actor).count() for actor in (OFFICE, other)] == [0, 1]
    take_application(actor=OFFICE, application=application.code, now=LATER)
    assert [taken_by(actor).count() for actor in (OFFICE, other)] == [1, 0]


@pytest.mark.parametrize(
    ("verb", "said", "urgent"),
    [
        ("return", "The office asks about {application}. Answer, and hand it in again by {due}.", True),
        ("accept", "{application} is complete and eligible. It goes on to the assessors.", False),
        ("reject", "{application} is not eligible. Rules that are not met: {count}. Read which, and why.", True),
    ],
)
def test_the_applicants_are_told_and_nobody_shut_out(
    application: Application, verb: str, said: str, urgent: bool
) -> None:
    people = {"chan": "member", "author": "author", "out": "out", "other": "stranger"}
    for name in people:
        register_person(actor=OPERATOR, email=f"{name}@example.org", name=name, now=NOW)
    for name in ("chan", "out"):
        where = {"organisation": application.organisation.code}
        grant_role(actor=OPERATOR, email=f"{name}@example.org", role=Role.MEMBER, now=NOW, **where)
    for name, standing in (("author", Standing.AUTHOR), ("out", Standing.SHUT_OUT)):
        Admission.objects.create(application=application, person=f"{name}@example.org", standing=standing, since=NOW)
    assert applicants_of(application) == ["author@example.org", "chan@example.org", OPERATOR.email]
    VERBS[verb](actor=OFFICE, application=application.code, now=NOW)
    told = Notice.objects.order_by("person__email")
    assert [notice.person.email for notice in told] == ["author@example.org", "chan@example.org"]
    assert {(notice.said["template"], notice.code, notice.urgent) for notice in told} == {
        (said, application.code, urgent)
    }


def test_what_the_office_did_stands_for_ever(application: Application) -> None:
    take_application(actor=OFFICE, application=application.code, now=NOW)
    for change in (lambda: Check.objects.update(by="x"), lambda: Check.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Check.objects.count() == 1


def test_a_return_without_a_question_cannot_even_be_stored(application: Application) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Check.objects.create(application=application, round=1, kind="returned", by="x", at=NOW)


def test_a_denied_check_leaves_nothing(application: Application) -> None:
    with pytest.raises(LionrockError):
        accept_application(actor=holder(Role.FINANCE, "hk-aiss-demo"), application=application.code, now=NOW)
    assert (state_of(application), Check.objects.count(), Notice.objects.count()) == ("submitted", 0, 0)
