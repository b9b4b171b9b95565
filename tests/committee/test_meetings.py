"""A meeting from its plan to its minutes: who may, what happens, and what stands in the way."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from hashlib import sha256
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from pytest_django.fixtures import Settings
from tests.calls.world import NOW, OPERATOR, World
from tests.committee.table import COST, Table, address, applied, put_person, special

from lionrock.applications.actions import withdraw_application
from lionrock.applications.models import Admission, Application, Standing
from lionrock.applications.queries import applications
from lionrock.audit.models import AuditRecord
from lionrock.awards.domain import Decision
from lionrock.awards.models import Award
from lionrock.committee.actions import (
    add_to_agenda,
    adopt_ranking,
    cancel_meeting,
    cast_vote,
    close_meeting,
    keep_trial,
    note_attendance,
    open_meeting,
    plan_meeting,
    postpone_item,
    propose_decision,
    recuse_member,
    reorder_agenda,
    resolve_item,
)
from lionrock.committee.domain import Choice, Line, Proposal, seal
from lionrock.committee.models import AgendaItem, Meeting, Minutes, Recusal, Resolution, Trial, Vote
from lionrock.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from lionrock.ledger.queries import balance
from lionrock.notices.models import Notice
from lionrock.people.actions import grant_role
from lionrock.people.domain import Role
from lionrock.people.queries import actor_by_email


def free(table: Table) -> int:
    return balance(table.world.programme, "budget/free", "HKD")


def test_a_proposal_that_is_carried_becomes_an_award(table: Table) -> None:
    code = table.application()
    table.agenda(code)
    table.open()
    before = free(table)
    resolution = table.carried(code, Proposal(months=6, conditions="Publish the weights.", reason="Well made."))
    award = Award.objects.get(code=resolution.award)
    assert (award.cap_minor, award.valid_to, award.conditions) == (2 * COST, date(2026, 10, 1), "Publish the weights.")
    assert (resolution.in_favour, resolution.present, resolution.committed_minor) == (3, 5, 2 * COST)
    assert before - free(table) == 2 * COST
    application = Application.objects.get(code=code)
    assert (application.state, application.decision_reason) == ("approved", "Well made.")
    assert application.decided_by.endswith(table.meeting)
    assert table.item(code).state == "resolved"
    assert AuditRecord.objects.filter(action="committee.resolve_item", actor=table.chair.email).count() == 1


def test_a_proposal_to_decline_tells_its_reason(table: Table) -> None:
    code = table.application()
    table.agenda(code)
    table.open()
    put_person("applicant", Role.MEMBER, organisation="harbour-university")
    resolution = table.carried(code, Proposal(Decision.DECLINE, reason="No plan for the data."))
    assert (resolution.award, resolution.committed_minor) == ("", None)
    assert Application.objects.get(code=code).decision_reason == "No plan for the data."
    told = Notice.objects.get(person__email=address("applicant"))
    assert "No plan for the data." in str(told.said)


@pytest.mark.parametrize(
    ("votes", "code"),
    [
        ({}, "committee.resolve.no_votes"),
        ({"ann": "for", "ben": "for"}, "committee.resolve.quorum"),
        ({"ann": "for", "ben": "against", "cho": "against"}, "committee.resolve.majority"),
        ({"ann": "for", "ben": "against", "cho": "abstain"}, "committee.resolve.majority"),
    ],
)
def test_without_quorum_or_majority_nothing_is_decided(table: Table, votes: dict[str, str], code: str) -> None:
    application = table.application()
    table.agenda(application)
    table.open()
    table.propose(application)
    table.vote(application, **votes)
    with pytest.raises((Conflict, Refused)) as raised:
        table.resolve(application)
    assert raised.value.code == code
    assert not Resolution.objects.exists()
    assert not Award.objects.exists()


def test_the_last_vote_counts_and_all_are_kept(table: Table) -> None:
    code = table.application()
    table.agenda(code)
    table.open()
    table.propose(code)
    table.vote(code, ann="against", ben="for", cho="for")
    table.vote(code, ann="for")
    table.vote(code, ann="for")
    assert [vote.choice for vote in Vote.objects.filter(person=address("ann"))] == ["against", "for"]
    assert AuditRecord.objects.filter(action="committee.cast_vote", actor=address("ann")).count() == 2
    assert table.resolve(code).in_favour == 3


def test_another_proposal_begins_another_round_which_only_the_chair_can(table: Table) -> None:
    code = table.application()
    table.agenda(code)
    table.open()
    assert table.propose(code).round == 1
    assert table.propose(code, Proposal(count=1, months=3, rate=Fraction("0.7"))).round == 1
    table.vote(code, ann="for", ben="for", cho="for")
    with pytest.raises(Conflict, match="voted on"):
        table.propose(code, Proposal(months=2), actor=table.members["ann"])
    assert table.propose(code, Proposal(months=2)).round == 2
    with pytest.raises(Conflict, match="Nobody has voted"):
        table.resolve(code)
    with pytest.raises(Conflict, match="Another proposal"):
        cast_vote(
            actor=table.members["ann"],
            meeting=table.meeting,
            application=code,
            choice=Choice.FOR,
            on_round=1,
            now=NOW,
        )


def test_only_who_is_in_the_room_votes_and_only_then(table: Table) -> None:
    code = table.application()
    table.agenda(code)
    table.propose(code)
    with pytest.raises(Conflict, match="planned"):
        table.vote(code, ann="for")
    table.open("chair", "ann", "ben", "cho")
    with pytest.raises(Conflict, match="not noted as present"):
        table.vote(code, dee="for")
    table.vote(code, ann="for", ben="for", cho="for")
    note_attendance(
        actor=table.chair, meeting=table.meeting, present=[address(name) for name in ("chair", "ann", "ben")], now=NOW
    )
    with pytest.raises(Refused, match=r"Took part in the vote: 2. Needed: 3"):
        table.resolve(code)


def test_a_meeting_opens_with_its_own_members_alone(table: Table) -> None:
    for present, field in (([], "Nobody is in the room"), ([address("office")], "no member")):
        with pytest.raises(Invalid, match=field):
            open_meeting(actor=table.chair, meeting=table.meeting, present=present, now=NOW)
    table.open()
    with pytest.raises(Conflict):
        table.open()


def test_nothing_is_voted_on_before_something_is_proposed(table: Table) -> None:
    code = table.application()
    table.agenda(code)
    table.open()
    with pytest.raises(Conflict, match="Nothing is proposed"):
        table.vote(code, ann="for")
    with pytest.raises(Conflict, match="Nothing is proposed"):
        table.resolve(code)


@pytest.mark.parametrize(
    ("proposal", "field"),
    [
        (Proposal(rate=Fraction("0.9")), "reason"),
        (Proposal(Decision.DECLINE), "reason"),
        (Proposal(rate=Fraction(0), reason="x"), "rate"),
        (Proposal(count=0), "count"),
        (Proposal(reason="a\x00b"), "reason"),
    ],
)
def test_what_is_missing_or_cannot_be_meant_is_told_at_its_field(table: Table, proposal: Proposal, field: str) -> None:
    code = table.application()
    table.agenda(code)
    with pytest.raises(Invalid) as raised:
        table.propose(code, proposal)
    assert [fault.field for fault in raised.value.faults] == [field]
    assert table.item(code).round == 0


@pytest.mark.parametrize(
    ("proposal", "fields"),
    [
        (Proposal(count=13), ["count"]),
        (Proposal(months=13), ["months"]),
        (Proposal(count=13, months=13), ["count", "months"]),
        (special("0.95"), ["rate"]),
    ],
)
def test_what_is_beyond_the_programmes_limits_is_not_proposed(
    table: Table, proposal: Proposal, fields: list[str]
) -> None:
    code = table.application()
    table.agenda(code)
    with pytest.raises(Refused) as raised:
        table.propose(code, proposal)
    assert [fault.field for fault in raised.value.faults] == fields
    assert raised.value.findings


def test_an_exceptional_rate_goes_with_its_written_reason(table: Table) -> None:
    code = table.application()
    table.agenda(code)
    table.open()
    award = Award.objects.get(code=table.carried(code, special()).award)
    assert (award.exceptional, award.reason) == (True, "First of its kind.")


def test_a_decision_beyond_the_fund_is_refused_at_its_field(table: Table) -> None:
    first, second = table.application(), table.application()
    table.agenda(first, second)
    table.open()
    big = Proposal(count=9, months=3)
    table.carried(first, big)
    with pytest.raises(Refused) as raised:
        table.carried(second, big)
    assert raised.value.code == "committee.resolve.beyond"
    assert [(fault.code, fault.field) for fault in raised.value.faults] == [("committee.fund", "count")]
    assert table.item(second).state == "open"
    assert Vote.objects.filter(item=table.item(second)).count() == 3
    assert Award.objects.count() == 1


def test_a_decision_beyond_the_calls_budget_or_the_devices_is_refused(world: World, table: Table) -> None:
    narrow = world.open_call(budget=world.money("700000.00"))
    dear = applied(world, narrow, "Dear").code
    table.agenda(dear)
    table.open()
    with pytest.raises(Refused) as raised:
        table.carried(dear, Proposal(months=4))
    assert [fault.code for fault in raised.value.faults] == ["committee.envelope"]


def test_only_the_assessed_come_to_a_committee_whose_programme_has_assessors(table: Table) -> None:
    submitted = table.world.submitted(table.call).code
    with pytest.raises(Invalid) as raised:
        table.agenda(submitted, "APP-2026-9999")
    assert [(fault.code, fault.value) for fault in raised.value.faults] == [
        ("committee.agenda.not_ready", submitted),
        ("applications.application.unknown", "APP-2026-9999"),
    ]
    with pytest.raises(Invalid, match="No application is named"):
        table.agenda()
    assert not AgendaItem.objects.exists()


def test_no_two_agendas_hold_an_application_undecided(table: Table) -> None:
    code = table.application()
    table.agenda(code)
    table.agenda(code)
    assert AgendaItem.objects.count() == 1
    other = plan_meeting(actor=table.office, programme=table.world.programme, title="Second", when=NOW, now=NOW)
    with pytest.raises(Invalid, match=rf"undecided on the agenda of {table.meeting}"):
        table.agenda(code, meeting=other.code)
    with pytest.raises(IntegrityError, match="one_agenda"), transaction.atomic():
        AgendaItem.objects.create(meeting=other, application=table.item(code).application, number=1, state_since=NOW)
    postpone_item(actor=table.chair, meeting=table.meeting, application=code, reason="Ask for the plan.", now=NOW)
    table.agenda(code, meeting=other.code)
    with pytest.raises(Invalid, match="undecided on the agenda of"):
        table.agenda(code)


def test_a_planned_meeting_can_be_called_off(table: Table) -> None:
    code = table.application()
    table.agenda(code)
    with pytest.raises(Invalid):
        cancel_meeting(actor=table.office, meeting=table.meeting, reason=" ", now=NOW)
    found = cancel_meeting(actor=table.office, meeting=table.meeting, reason="A typhoon.", now=NOW)
    assert (found.state, table.item(code).state) == ("cancelled", "postponed")
    with pytest.raises(Conflict):
        table.open()


def test_a_plan_posted_twice_makes_one_meeting(table: Table) -> None:
    key = UUID(int=7)
    facts = {"actor": table.chair, "programme": table.world.programme, "title": "Next", "when": NOW, "now": NOW}
    assert plan_meeting(**facts, key=key) == plan_meeting(**facts, key=key)
    assert Meeting.objects.count() == 2


def test_the_agenda_is_ordered_and_a_stale_order_is_refused(table: Table) -> None:
    codes = [table.application() for _ in range(3)]
    table.agenda(*codes)
    reorder_agenda(actor=table.chair, meeting=table.meeting, order=codes[::-1], now=NOW)
    ordered = AgendaItem.objects.order_by("number").values_list("application__code", flat=True)
    assert list(ordered) == codes[::-1]
    assert AuditRecord.objects.get(action="committee.reorder_agenda").details == {"order": codes[::-1]}
    with pytest.raises(Conflict, match="changed meanwhile"):
        reorder_agenda(actor=table.chair, meeting=table.meeting, order=codes[:2], now=NOW)


def test_what_members_try_is_theirs_until_they_propose_it(table: Table) -> None:
    one, two = table.application(), table.application()
    table.agenda(one, two)
    rows = [{"application": two, "months": "2"}, {"application": one, "rate": "90"}]
    keep_trial(actor=table.members["ann"], meeting=table.meeting, rule=Line.SKIP, rows=rows, now=NOW)
    assert AgendaItem.objects.filter(round=0).count() == 2
    proposals = {two: Proposal(months=2), one: special()}
    adopt_ranking(actor=table.members["ann"], meeting=table.meeting, proposals=proposals, now=NOW)
    found = list(AgendaItem.objects.order_by("number"))
    assert [(each.application.code, each.months, each.rate) for each in found] == [
        (two, 2, None),
        (one, None, Fraction("0.9")),
    ]
    assert not Trial.objects.exists()


def test_a_ranking_with_a_fault_is_proposed_not_at_all(table: Table) -> None:
    one, two = table.application(), table.application()
    table.agenda(one, two)
    proposals = {two: Proposal(months=2), one: Proposal(rate=Fraction("0.9"), months=13)}
    with pytest.raises(Invalid) as raised:
        adopt_ranking(actor=table.chair, meeting=table.meeting, proposals=proposals, now=NOW)
    assert [fault.field for fault in raised.value.faults] == [f"{one}.reason"]
    assert [item.round for item in AgendaItem.objects.all()] == [0, 0]
    assert table.item(one).number == 1


# Recusal -----------------------------------------------------------------------------------------


def test_whoever_is_recused_sees_nothing_of_the_item_and_cannot_vote(table: Table) -> None:
    code = table.application()
    table.agenda(code)
    ann = table.members["ann"]
    recuse_member(actor=ann, meeting=table.meeting, application=code, person=ann.email, reason="My sister.", now=NOW)
    recusal = Recusal.objects.get()
    assert (recusal.person, recusal.automatic, recusal.reason) == (ann.email, False, "My sister.")
    assert not applications(ann).filter(code=code).exists()
    table.open()
    table.propose(code)
    with pytest.raises(NotFound):
        table.vote(code, ann="for")
    table.vote(code, ben="for", cho="for", dee="against")
    assert (table.resolve(code).present, Resolution.objects.get().in_favour) == (4, 2)


def test_the_quorum_does_not_shrink_with_those_who_are_recused(table: Table) -> None:
    code = table.application()
    table.agenda(code)
    for name in ("ann", "ben", "cho"):
        recuse_member(
            actor=table.chair, meeting=table.meeting, application=code, person=address(name), reason="Kin.", now=NOW
        )
    table.open()
    table.propose(code)
    table.vote(code, dee="for", chair="for")
    with pytest.raises(Refused, match=r"Took part in the vote: 2. Needed: 3. Present and not recused: 2"):
        table.resolve(code)


@pytest.mark.parametrize("conflict", ["organisation", "shut_out", "author"])
def test_conflicts_that_the_system_knows_need_nobody_to_say_them(table: Table, conflict: str) -> None:
    code = table.application()
    application = Application.objects.get(code=code)
    if conflict == "organisation":
        grant_role(actor=OPERATOR, email=address("ben"), role=Role.MEMBER, organisation="harbour-university", now=NOW)
    else:
        Admission.objects.create(application=application, person=address("ben"), standing=conflict, since=NOW)
    table.agenda(code)
    recusal = Recusal.objects.get()
    assert (recusal.person, recusal.automatic, recusal.reason) == (address("ben"), True, conflict)
    standing = Admission.objects.get(application=application, person=address("ben")).standing
    assert standing == Standing.SHUT_OUT
    table.open()
    table.propose(code)
    with pytest.raises(NotFound):
        cast_vote(
            actor=actor_by_email(address("ben")),
            meeting=table.meeting,
            application=code,
            choice=Choice.FOR,
            now=NOW,
        )


def test_a_conflict_that_comes_later_keeps_out_as_well(table: Table) -> None:
    code = table.application()
    table.agenda(code)
    table.open()
    table.propose(code)
    table.vote(code, ann="for", ben="for", cho="for")
    grant_role(actor=OPERATOR, email=address("ben"), role=Role.MEMBER, organisation="harbour-university", now=NOW)
    with pytest.raises(Refused, match=r"Took part in the vote: 2."):
        table.resolve(code)


def test_nobody_decides_on_their_own_organisation(table: Table) -> None:
    code = table.application()
    grant_role(actor=OPERATOR, email=table.chair.email, role=Role.MEMBER, organisation="harbour-university", now=NOW)
    chair = actor_by_email(table.chair.email)
    table.agenda(code)
    table.open()
    for act in (lambda: table.propose(code, actor=chair), lambda: table.resolve(code, actor=chair)):
        with pytest.raises(NotFound):
            act()


def test_where_the_chair_is_recused_another_member_in_the_room_leads(table: Table) -> None:
    code = table.application()
    table.agenda(code)
    recuse_member(
        actor=table.chair, meeting=table.meeting, application=code, person=table.chair.email, reason="Kin.", now=NOW
    )
    table.open("chair", "ann", "ben", "cho")
    ann = table.members["ann"]
    table.propose(code, actor=ann)
    table.vote(code, ann="for", ben="for", cho="for")
    with pytest.raises(NotAllowed, match="does not lead"):
        table.resolve(code, actor=table.members["dee"])
    assert table.resolve(code, actor=ann).award


def test_a_member_does_not_declare_what_the_chair_leads_on(table: Table) -> None:
    code = table.application()
    table.agenda(code)
    table.open()
    table.propose(code)
    table.vote(code, ann="for", ben="for", cho="for")
    with pytest.raises(NotAllowed, match="does not lead"):
        table.resolve(code, actor=table.members["ann"])


def test_members_recuse_themselves_and_the_chair_any_of_them(table: Table) -> None:
    code = table.application()
    table.agenda(code)
    facts = {"meeting": table.meeting, "application": code, "reason": "Kin.", "now": NOW}
    with pytest.raises(NotAllowed):
        recuse_member(actor=table.members["ann"], person=address("ben"), **facts)
    with pytest.raises(Invalid, match="no member of this committee"):
        recuse_member(actor=table.chair, person=address("office"), **facts)
    with pytest.raises(Invalid, match="Nobody would know why"):
        recuse_member(actor=table.chair, person=address("ben"), **(facts | {"reason": " "}))
    recuse_member(actor=table.chair, person=address("ben"), **facts)
    recuse_member(actor=table.chair, person=address("ben"), **facts)
    assert Recusal.objects.count() == 1


# What stands for ever ------------------------------------------------------------------------------


def test_minutes_are_fixed_sealed_and_complete(table: Table) -> None:
    decided, declined, left = (table.application(title) for title in ("One", "Two", "Three"))
    table.agenda(decided, declined, left)
    recuse_member(
        actor=table.chair, meeting=table.meeting, application=decided, person=address("dee"), reason="Kin.", now=NOW
    )
    table.open("chair", "ann", "ben", "cho")
    table.carried(decided)
    table.carried(declined, Proposal(Decision.DECLINE, reason="Too vague."))
    made = close_meeting(actor=table.chair, meeting=table.meeting, now=NOW)
    made.refresh_from_db()
    text = json.dumps(made.content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert made.sha256 == seal(made.content) == sha256(text.encode()).hexdigest()
    one, two, three = made.content["items"]
    assert (one["resolution"]["votes"], one["recused"][0]["name"]) == ({"for": 3, "against": 0, "abstain": 0}, "Dee")
    assert (two["resolution"]["reason"], three["state"], three["resolution"]) == ("Too vague.", "postponed", None)
    assert [each["name"] for each in made.content["absent"]] == ["Dee"]
    assert Application.objects.get(code=left).state == "assessed"
    with pytest.raises(Conflict):
        close_meeting(actor=table.chair, meeting=table.meeting, now=NOW)


def test_what_was_said_and_decided_cannot_be_changed(table: Table) -> None:
    code = table.application()
    table.agenda(code)
    recuse_member(
        actor=table.chair, meeting=table.meeting, application=code, person=address("dee"), reason="Kin.", now=NOW
    )
    table.open()
    table.carried(code)
    close_meeting(actor=table.chair, meeting=table.meeting, now=NOW)
    for kind, change in (
        (Vote, {"choice": "against"}),
        (Resolution, {"reason": "another"}),
        (Recusal, {"reason": "another"}),
        (Minutes, {"content": {}}),
    ):
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            kind.objects.update(**change)
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            kind.objects.all()._raw_delete("default")


def test_an_application_that_was_withdrawn_meanwhile_is_not_decided(table: Table) -> None:
    code = table.application()
    table.agenda(code)
    table.open()
    table.propose(code)
    table.vote(code, ann="for", ben="for", cho="for")
    withdraw_application(actor=OPERATOR, application=code, now=NOW)
    with pytest.raises(Conflict):
        table.resolve(code)
    postpone_item(actor=table.chair, meeting=table.meeting, application=code, reason="Withdrawn.", now=NOW)
    assert table.item(code).state == "postponed"


def test_a_programme_that_has_not_set_its_quorum_decides_nothing(lagoon: World, settings: Settings) -> None:
    terms = settings.LIONROCK_RULEBOOK / "programmes" / "lagoon" / "terms.yaml"
    quorum = "committee.quorum:\n  unit: number\n  values:\n    - {from: 2026-02-01, value: "
    assert f"{quorum}2" in terms.read_text()
    terms.write_text(terms.read_text().replace(f"{quorum}2", f"{quorum}null"))
    chair = put_person("chair", Role.CHAIR, programme="lagoon")
    lagoon.put_fund("100.000")
    application = applied(lagoon, lagoon.open_call(), request=lagoon.request)
    meeting = plan_meeting(actor=chair, programme="lagoon", title="One", when=NOW, now=NOW)
    facts = {"actor": chair, "meeting": meeting.code, "now": NOW}
    add_to_agenda(**facts, applications=[application.code])
    open_meeting(**facts, present=[chair.email])
    propose_decision(**facts, application=application.code, proposal=Proposal())
    cast_vote(**facts, application=application.code, choice=Choice.FOR)
    with pytest.raises(Refused, match="has not set how many members"):
        resolve_item(**facts, application=application.code)
