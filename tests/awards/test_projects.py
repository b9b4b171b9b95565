"""The people of an award: who answers for it, who works on it, and what the rest of the organisation sees: nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.calls.world import NOW, OPERATOR, World

from lionrock.allocations.queries import allocations, may_lend
from lionrock.audit.models import AuditRecord
from lionrock.awards.actions import (
    end_project_member,
    hand_over_project,
    name_project_member,
    open_project,
    request_variation,
)
from lionrock.awards.domain import Change
from lionrock.awards.models import Award, Project, ProjectMember
from lionrock.awards.projects import answers_for, investigator_of, people_of, standing
from lionrock.awards.queries import awards, waiting
from lionrock.jobs.queries import jobs
from lionrock.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lionrock.people.actions import grant_role, leave_organisation, register_person
from lionrock.people.domain import Actor, Grant, Role
from lionrock.people.models import Person
from lionrock.people.queries import actor_by_email
from lionrock.usage.queries.scope import scope_of

pytestmark = pytest.mark.django_db

LEAD, NAMED, OUTSIDER = "lead@harbour.example", "named@harbour.example", "outsider@harbour.example"
STRANGER, FIRST = "stranger@delta.example", "administrator@harbour.example"
TODAY = NOW.date()


@pytest.fixture
def award(world: World) -> Award:
    """An award in force, led by one of three members of its organisation; its administrator, and a stranger."""
    world.put_fund("10000000.00")
    found = world.awarded(world.open_call())
    world.put_organisation("delta-institute")
    for email in (FIRST, LEAD, NAMED, OUTSIDER, STRANGER):
        place = "delta-institute" if email == STRANGER else world.organisation
        register_person(actor=OPERATOR, email=email, name=email.partition("@")[0].title(), now=NOW)
        grant_role(actor=OPERATOR, email=email, role=Role.MEMBER, organisation=place, now=NOW)
    Project.objects.create(award=found, investigator=LEAD, since=NOW)
    return found


def _name(award: Award, actor: Actor | None = None, **given: Any) -> ProjectMember:
    asked = {"email": NAMED, "first": TODAY, "now": NOW} | given
    return name_project_member(actor=actor or actor_by_email(LEAD), award=award.code, **asked)


def _sees(email: str, award: Award) -> bool:
    return awards(actor_by_email(email)).filter(pk=award.pk).exists()


def test_where_nobody_is_named_every_member_works_on_it_and_answers_for_it(award: Award) -> None:
    for email in (LEAD, NAMED, OUTSIDER):
        assert (_sees(email, award), answers_for(actor_by_email(email), award)) == (True, True)
    assert people_of(award) == [FIRST, LEAD, NAMED, OUTSIDER]
    assert (_sees(STRANGER, award), answers_for(actor_by_email(STRANGER), award)) == (False, False)


def test_once_somebody_is_named_the_rest_of_the_organisation_sees_nothing_of_it(award: Award, world: World) -> None:
    assert OUTSIDER in people_of(award)
    _name(award)
    seen = {email: _sees(email, award) for email in (LEAD, NAMED, OUTSIDER, STRANGER)}
    assert seen == {LEAD: True, NAMED: True, OUTSIDER: False, STRANGER: False}
    outsider = actor_by_email(OUTSIDER)
    assert not allocations(outsider).exists()
    assert not jobs(outsider).exists()
    assert scope_of(outsider).hidden == {award.code}
    assert scope_of(actor_by_email(NAMED)).hidden == frozenset()
    assert waiting(outsider, NOW) == []
    assert people_of(award) == [LEAD, NAMED]
    administrator = Grant(Role.ORGANISATION_ADMIN, organisation=world.organisation)
    looks_after = Actor(OUTSIDER, outsider.grants | {administrator})
    assert awards(looks_after).filter(pk=award.pk).exists()
    assert answers_for(looks_after, award)


def test_who_is_named_works_and_only_the_investigator_answers(award: Award) -> None:
    _name(award)
    asked = {"award": award.code, "change": Change(contact="Lee Ka Yan"), "reason": "a new lead", "now": NOW}
    with pytest.raises(NotAllowed) as wrong:
        request_variation(actor=actor_by_email(NAMED), **asked)
    assert wrong.value.code == "awards.project.not_the_investigator"
    with pytest.raises(NotFound):
        request_variation(actor=actor_by_email(OUTSIDER), **asked)
    assert request_variation(actor=actor_by_email(LEAD), **asked).number == 1
    assert not may_lend(actor_by_email(NAMED), award)


def test_a_naming_holds_on_its_days_alone(award: Award) -> None:
    _name(award, first=TODAY - timedelta(days=9), last=TODAY)
    row = ProjectMember.objects.get()
    assert [standing(at).exists() for at in (row.begins_at, row.ends_at)] == [True, False]
    assert not standing(row.begins_at - timedelta(microseconds=1)).exists()
    ProjectMember.objects.update(ended_at=NOW)
    _name(award, first=TODAY + timedelta(days=36500))
    assert not _sees(NAMED, award)
    assert not _sees(OUTSIDER, award)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"email": STRANGER}, "email"), ({"email": "nobody@harbour.example"}, "email"),
        ({"last": TODAY - timedelta(days=1)}, "last"),
        ({"first": TODAY - timedelta(days=9), "last": TODAY - timedelta(days=8)}, "last"),
    ],
    ids=["stranger", "nobody", "turned", "over"],
)  # fmt: skip
def test_what_does_not_fit_is_told_at_its_field(award: Award, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        _name(award, **given)
    assert [fault.field for fault in wrong.value.faults] == [field]
    assert not ProjectMember.objects.exists()


def test_nobody_is_named_twice_and_who_is_ended_is_out(award: Award) -> None:
    _name(award)
    with pytest.raises(Conflict):
        _name(award)
    end_project_member(actor=actor_by_email(LEAD), award=award.code, email=NAMED, now=NOW)
    assert (_sees(NAMED, award), _sees(OUTSIDER, award), _sees(LEAD, award)) == (False, False, True)
    with pytest.raises(NotFound):
        end_project_member(actor=actor_by_email(LEAD), award=award.code, email=NAMED, now=NOW)
    open_project(actor=actor_by_email(LEAD), award=award.code, now=NOW)
    assert _sees(OUTSIDER, award)


def test_only_who_leads_names_people(award: Award) -> None:
    for email in (NAMED, OUTSIDER):
        with pytest.raises(NotAllowed) as wrong:
            _name(award, actor_by_email(email))
        assert wrong.value.code == "awards.project.not_yours"
    with pytest.raises(NotFound):
        _name(award, actor_by_email(STRANGER))


def test_a_project_is_handed_over_and_the_record_says_by_whom_and_why(award: Award) -> None:
    hand_over_project(actor=actor_by_email(LEAD), award=award.code, email=NAMED, reason="a sabbatical", now=NOW)
    assert investigator_of(award) == NAMED
    told = AuditRecord.objects.get(action="awards.hand_over_project")
    assert (told.actor, told.details) == (LEAD, {"before": LEAD, "after": NAMED, "reason": "a sabbatical"})
    with pytest.raises(NotAllowed):
        _name(award, actor_by_email(LEAD))


def test_who_leaves_hands_the_project_to_the_colleague_who_looks_after_it(award: Award, world: World) -> None:
    _name(award)
    leave_organisation(
        actor=OPERATOR, organisation=world.organisation, email=LEAD, colleague=OUTSIDER, reason="moves", now=NOW
    )
    assert investigator_of(award) == OUTSIDER
    assert _sees(OUTSIDER, award)


def test_who_applied_leads_until_somebody_else_is_said_to(award: Award) -> None:
    award.application.applicant = OUTSIDER
    assert investigator_of(award) == LEAD
    other = Award(pk=-1, code="AW-0", organisation=award.organisation, application=award.application)
    assert investigator_of(other) == OUTSIDER
    other.application.applicant = STRANGER
    assert investigator_of(other) == ""


def test_the_page_names_hands_over_and_opens(award: Award) -> None:
    client = Client()
    client.force_login(Person.objects.get(email=LEAD))
    here = f"/awards/{award.code}/people"
    assert "Every member of the organisation" in client.get(here).content.decode()
    posted = {"email": NAMED, "first": TODAY.isoformat(), "last": ""}
    assert client.post(f"{here}/new", posted)["Location"] == here
    page = client.get(here).content.decode()
    assert all(each in page for each in ("Named", NAMED, LEAD, "Let every member work on it again"))
    outside = Client()
    outside.force_login(Person.objects.get(email=OUTSIDER))
    assert [outside.get(each).status_code for each in (here, f"/awards/{award.code}")] == [404, 404]
    client.post(f"{here}/end", {"email": NAMED})
    client.post(f"{here}/open", {})
    assert outside.get(here).status_code == 200
    assert outside.get(f"{here}/new").status_code == 403
    assert client.post(f"{here}/hand-over", {"email": OUTSIDER, "reason": "a sabbatical"}).status_code == 302
    assert outside.get(f"{here}/new").status_code == 200
