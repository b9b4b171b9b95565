"""Who may have which duties at once, who names staff, deputies by dates, and leavers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from itertools import combinations
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.calls.world import NOW, OPERATOR, holder

from lionrock.api.actions import issue_token
from lionrock.api.domain.tokens import Scope
from lionrock.api.models import Token
from lionrock.audit.actions import record
from lionrock.audit.models import AuditRecord
from lionrock.identity.models import Session
from lionrock.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from lionrock.notices.models import Notice
from lionrock.people.actions import (
    close_account,
    end_deputyship,
    grant_role,
    leave_organisation,
    name_administrator,
    name_deputy,
    register_organisation,
    register_person,
    revoke_role,
)
from lionrock.people.domain import PROGRAMME_ROLES, Actor, Role, excluded_by
from lionrock.people.models import Deputyship, Person, RoleGrant
from lionrock.people.queries import actor_by_email, actor_of, holders_of

PROGRAMME = "hk-aiss-demo"
FIRST, LAST = date(2026, 4, 1), date(2026, 4, 10)
BEGINS = datetime(2026, 3, 31, 16, tzinfo=UTC)
"""Midnight of the first day in the programme's zone."""
ENDS = datetime(2026, 4, 10, 16, tzinfo=UTC)
OFFICE, OWNER = holder(Role.OFFICE, PROGRAMME), holder(Role.PROGRAMME_OWNER, PROGRAMME)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("committee", "office"), ("committee", "finance"), ("committee", "compliance"), ("chair", "office"),
        ("chair", "finance"), ("chair", "compliance"), ("auditor", "office"), ("auditor", "finance"),
        ("auditor", "committee"), ("auditor", "cluster_admin"), ("auditor", "assessor"), ("programme_owner", "office"),
        ("programme_owner", "finance"), ("programme_owner", "chair"), ("programme_owner", "auditor"),
    ],
)  # fmt: skip
def test_duties_that_check_each_other_are_never_one_persons(one: str, other: str) -> None:
    assert excluded_by(Role(one), [Role(other)]) == [Role(other)]
    assert excluded_by(Role(other), [Role(one)]) == [Role(one)]


@pytest.mark.parametrize(
    "held",
    [{"office", "finance", "cluster_admin"}, {"chair", "committee"}, {"compliance", "office"}, {"member", "chair"}],
)
def test_a_small_centre_may_give_these_to_one_person(held: set[str]) -> None:
    for one, other in combinations(held, 2):
        assert excluded_by(Role(one), [Role(other)]) == []


def test_every_role_of_a_programme_is_excluded_by_the_auditors_and_never_by_itself() -> None:
    for role in PROGRAMME_ROLES:
        assert excluded_by(role, [role]) == []
        assert excluded_by(role, [Role.AUDITOR]) == ([] if role is Role.AUDITOR else [Role.AUDITOR])


def put(name: str, *roles: Role, **place: str) -> Person:
    person = register_person(actor=OPERATOR, email=f"{name}@example.org", name=name.title(), now=NOW)
    for role in roles:
        grant_role(actor=OPERATOR, email=person.email, role=role, now=NOW, **(place or {"programme": PROGRAMME}))
    return person


def named(by: Actor, of: Person, deputy: Person, role: Role = Role.FINANCE, **changes: Any) -> Deputyship:
    given = {"first": FIRST, "last": LAST, "now": NOW, **changes}
    return name_deputy(actor=by, holder=of.email, deputy=deputy.email, role=role, programme=PROGRAMME, **given)


@pytest.mark.django_db
def test_a_role_that_excludes_another_is_given_neither_at_once_nor_to_a_deputy() -> None:
    chair = put("chair", Role.CHAIR, Role.COMMITTEE)
    cashier, clerk = put("cashier", Role.FINANCE), put("clerk")
    with pytest.raises(Refused, match="nobody has that and finance at once"):
        grant_role(actor=OFFICE, email=chair.email, role=Role.FINANCE, programme=PROGRAMME, now=NOW)
    with pytest.raises(Refused, match="at once"):
        named(OFFICE, cashier, chair)
    named(OFFICE, cashier, clerk)
    with pytest.raises(Refused, match="has the role finance"):
        grant_role(actor=OFFICE, email=clerk.email, role=Role.COMMITTEE, programme=PROGRAMME, now=NOW)
    grant_role(actor=OPERATOR, email=chair.email, role=Role.FINANCE, programme="hk-aiss", now=NOW)


@pytest.mark.django_db
def test_nobody_gives_a_role_to_themselves_and_the_office_makes_no_owner() -> None:
    clerk, other = put("clerk", Role.OFFICE), put("other")
    with pytest.raises(NotAllowed, match="themselves"):
        grant_role(actor=actor_of(clerk), email="CLERK@example.org", role=Role.FINANCE, programme=PROGRAMME, now=NOW)
    with pytest.raises(NotAllowed):
        grant_role(actor=OFFICE, email=other.email, role=Role.PROGRAMME_OWNER, programme=PROGRAMME, now=NOW)
    grant_role(actor=OWNER, email=other.email, role=Role.PROGRAMME_OWNER, programme=PROGRAMME, now=NOW)
    with pytest.raises(NotAllowed):
        revoke_role(actor=OFFICE, email=other.email, role=Role.PROGRAMME_OWNER, programme=PROGRAMME, now=NOW)
    owner = actor_by_email(other.email)
    assert not owner.sees_programme(PROGRAMME)
    assert owner.programmes() == frozenset()


@pytest.mark.django_db
def test_a_deputy_has_the_role_on_these_days_of_the_programmes_zone_and_on_no_others() -> None:
    cashier, clerk = put("cashier", Role.FINANCE), put("clerk")
    made = named(OFFICE, cashier, clerk)
    assert (made.begins_at, made.ends_at, made.first, made.last) == (BEGINS, ENDS, FIRST, LAST)
    tick = timedelta(seconds=1)
    for at, has in ((BEGINS - tick, False), (BEGINS, True), (ENDS - tick, True), (ENDS, False)):
        assert actor_of(clerk, at).holds(Role.FINANCE, programme=PROGRAMME) is has, at
        assert not actor_of(clerk, at).holds(Role.FINANCE, programme="hk-aiss")
    assert actor_of(cashier, BEGINS).holds(Role.FINANCE, programme=PROGRAMME)
    assert {notice.person.email for notice in Notice.objects.select_related("person")} == {
        cashier.email, clerk.email,
    }  # fmt: skip


@pytest.mark.django_db
def test_a_deputy_stops_when_it_is_ended_when_the_holder_loses_the_role_or_leaves() -> None:
    cashier, clerk, other = put("cashier", Role.FINANCE), put("clerk"), put("other")
    stands = lambda: actor_of(clerk, BEGINS).holds(Role.FINANCE, programme=PROGRAMME)  # noqa: E731
    made = named(OFFICE, cashier, clerk)
    with pytest.raises(NotFound):
        end_deputyship(actor=actor_of(other), number=made.pk, now=NOW)
    for _ in range(2):
        end_deputyship(actor=actor_of(clerk), number=made.pk, now=NOW)
    assert not stands()
    assert AuditRecord.objects.filter(action="people.end_deputyship").count() == 1
    named(actor_of(cashier), cashier, clerk)
    assert stands()
    Person.objects.filter(pk=cashier.pk).update(is_active=False)
    assert not stands()
    Person.objects.filter(pk=cashier.pk).update(is_active=True)
    revoke_role(actor=OFFICE, email=cashier.email, role=Role.FINANCE, programme=PROGRAMME, now=NOW)
    assert not stands()


@pytest.mark.django_db
def test_what_a_deputy_does_is_recorded_with_whom_they_stand_in_for_and_nobody_else_is() -> None:
    cashier, clerk = put("cashier", Role.FINANCE), put("clerk")
    named(OFFICE, cashier, clerk)
    for at, whose in ((BEGINS, cashier.email), (ENDS, "")):
        actor = actor_of(clerk, at)
        record("finance.anything", "X", actor=actor.email, now=at, programme=PROGRAMME)
        record("finance.anything", "X", actor=actor.email, now=at, programme="hk-aiss")
        record("finance.anything", "X", actor=cashier.email, now=at, programme=PROGRAMME)
        told = AuditRecord.objects.filter(action="finance.anything").order_by("-pk")[:3]
        assert [row.on_behalf_of for row in told] == ["", "", whose]


@pytest.mark.django_db
def test_who_stands_in_is_asked_and_told_what_the_role_is() -> None:
    now = timezone.now()
    cashier, clerk = put("cashier", Role.FINANCE), put("clerk")
    today = timezone.localdate(now)
    named(OFFICE, cashier, clerk, first=today - timedelta(days=1), last=today + timedelta(days=2), now=now)
    assert holders_of(Role.FINANCE, programme=PROGRAMME) == [cashier.email, clerk.email]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "changes", "field"),
    [
        (Role.FINANCE, {"first": LAST, "last": FIRST}, "last"),
        (Role.FINANCE, {"first": date(2025, 1, 1), "last": date(2025, 1, 9)}, "last"),
        (Role.FINANCE, {"last": date(2027, 4, 2)}, "last"),
        (Role.COMMITTEE, {}, "role"),
        (Role.ASSESSOR, {}, "role"),
        (Role.AUDITOR, {}, "role"),
        (Role.COMPLIANCE, {}, "role"),
        (Role.CHAIR, {}, "deputy"),
    ],
)
def test_days_and_roles_that_do_not_fit_are_refused(role: Role, changes: dict[str, Any], field: str) -> None:
    head, clerk = put("head", Role.FINANCE), put("clerk")
    RoleGrant.objects.create(person=head, role=Role.CHAIR.value, programme=PROGRAMME, granted_at=NOW)
    with pytest.raises(Invalid) as wrong:
        named(OFFICE, head, clerk, role, **changes)
    assert [fault.field for fault in wrong.value.faults] == [field]
    assert not Deputyship.objects.exists()


@pytest.mark.django_db
def test_nobody_names_a_deputy_for_others_or_themselves_or_from_nobody() -> None:
    cashier, clerk = put("cashier", Role.FINANCE), put("clerk")
    with pytest.raises(NotAllowed):
        named(actor_of(clerk), cashier, clerk)
    with pytest.raises(Invalid, match="themselves"):
        named(OFFICE, cashier, cashier)
    with pytest.raises(Invalid, match="Nobody active"):
        named(OFFICE, cashier, Person(email="unknown@example.org"))
    named(OWNER, cashier, clerk)
    with pytest.raises(Invalid, match="does not have the role"):
        named(OFFICE, clerk, put("third"))


@pytest.mark.django_db
def test_a_deputy_is_named_and_ended_on_the_pages() -> None:
    cashier, clerk = put("cashier", Role.FINANCE), put("clerk")
    client = Client()
    client.force_login(cashier)
    address = f"/programmes/{PROGRAMME}/people/deputies"
    today = timezone.localdate()
    days = {"first": today.isoformat(), "last": (today + timedelta(days=3)).isoformat()}
    wrong = client.post(address, {"role": "finance", "deputy": "nobody@example.org", **days})
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    sent = client.post(address, {"role": "finance", "deputy": clerk.email, **days})
    assert (sent.status_code, sent["Location"]) == (HTTPStatus.FOUND, "/account")
    for person in (cashier, clerk):
        own = Client()
        own.force_login(person)
        assert "Who stands in for whom" in own.get("/account").content.decode()
    office = Client()
    office.force_login(put("office", Role.OFFICE))
    page = office.get(f"/programmes/{PROGRAMME}/people").content.decode()
    assert clerk.email in page
    number = Deputyship.objects.get().pk
    assert office.post(f"/account/deputies/{number}/end").status_code == HTTPStatus.FOUND
    assert "Who stands in for whom" not in client.get("/account").content.decode()


@pytest.fixture
def kite(db: None) -> list[Person]:
    """An organisation with two members."""
    register_organisation(actor=OPERATOR, code="kite", name="Kite Robotics", now=NOW)
    return [put(name, Role.MEMBER, organisation="kite") for name in ("lee", "ho")]


def leave(who: Person, by: Actor, **given: str) -> None:
    leave_organisation(actor=by, organisation="kite", email=who.email, now=NOW, **given)


def test_who_leaves_names_a_colleague_who_is_told_and_sign_ins_and_tokens_end(kite: list[Person]) -> None:
    lee, ho = kite
    client = Client()
    client.force_login(lee)
    scopes = [Scope.READ]
    service = issue_token(person=lee, name="ours", scopes=scopes, days=9, now=NOW, organisation="kite").token
    own = issue_token(person=lee, name="mine", scopes=scopes, days=9, now=NOW).token
    for wrong in ("", "stranger@example.org", lee.email):
        with pytest.raises(Invalid):
            leave(lee, actor_of(lee), colleague=wrong)
    leave(lee, actor_of(lee), colleague=ho.email)
    assert not actor_of(lee).belongs_to("kite")
    assert client.get("/awards").status_code == HTTPStatus.FOUND
    assert not Session.objects.filter(person=lee).exists()
    assert [token.revoked_at is None for token in Token.objects.filter(pk__in=[service.pk, own.pk]).order_by("pk")] == [
        False, True,
    ]  # fmt: skip
    assert Notice.objects.get().person == ho
    told = AuditRecord.objects.get(action="people.leave_organisation")
    by = {"colleague": ho.email, "administrator": ho.email}
    assert (told.subject, told.organisation, told.details) == (lee.email, "kite", by)
    with pytest.raises(NotFound):
        leave(lee, actor_of(ho), colleague=ho.email)


def test_the_last_member_goes_only_with_a_word_on_what_remains_and_the_offices_are_told(kite: list[Person]) -> None:
    lee, ho = kite
    office = put("office", Role.OFFICE)
    leave(lee, OFFICE, colleague=ho.email)
    with pytest.raises(Invalid, match="what becomes of"):
        leave(ho, actor_of(ho), colleague=lee.email)
    leave(ho, actor_of(ho), reason="The firm is dissolved.")
    assert "The firm is dissolved." in str(Notice.objects.get(person=office).said)
    assert (
        AuditRecord.objects.get(subject=ho.email, action="people.leave_organisation").reason == "The firm is dissolved."
    )


def test_a_stranger_removes_nobody(kite: list[Person]) -> None:
    with pytest.raises(NotFound):
        leave(kite[0], actor_of(put("stranger")), colleague=kite[1].email)
    assert actor_of(kite[0]).belongs_to("kite")


def test_an_account_is_closed_with_all_that_it_opened_and_its_records_stay(kite: list[Person]) -> None:
    cashier, clerk = put("cashier", Role.FINANCE), put("clerk")
    named(OFFICE, cashier, clerk)
    token = issue_token(person=cashier, name="mine", scopes=[Scope.READ], days=9, now=NOW).token
    client = Client()
    client.force_login(cashier)
    close_account(actor=OFFICE, email=cashier.email, reason="Has retired.", now=NOW)
    assert client.get("/account").status_code == HTTPStatus.FOUND
    assert not actor_of(cashier).grants
    assert not actor_of(clerk, BEGINS).grants
    token.refresh_from_db()
    assert token.revoked_by == OFFICE.email
    assert AuditRecord.objects.filter(subject=cashier.email, action="people.close_account").exists()
    with pytest.raises(NotFound):
        close_account(actor=OFFICE, email=cashier.email, reason="Has retired.", now=NOW)


def test_an_account_that_is_still_needed_or_not_ours_is_not_closed(kite: list[Person]) -> None:
    elsewhere, clerk = put("elsewhere", Role.FINANCE, programme="hk-aiss"), put("clerk", Role.OFFICE)
    with pytest.raises(Conflict, match="belongs to Kite"):
        close_account(actor=OFFICE, email=kite[0].email, reason="Gone.", now=NOW)
    for person in (elsewhere, clerk):
        with pytest.raises(NotAllowed):
            close_account(actor=actor_of(clerk), email=person.email, reason="Gone.", now=NOW)
    with pytest.raises(Invalid):
        close_account(actor=OFFICE, email=put("idle").email, reason=" ", now=NOW)


def test_leaving_is_one_form_on_the_pages(kite: list[Person]) -> None:
    lee, ho = kite
    client = Client()
    client.force_login(ho)
    address = f"/organisations/kite/members/{lee.pk}/leave"
    assert client.get(address).status_code == HTTPStatus.FORBIDDEN
    name_administrator(actor=OFFICE, organisation="kite", email=ho.email, now=NOW)
    assert address in client.get("/organisations/kite").content.decode()
    assert "Who looks after it now" in client.get(address).content.decode()
    assert client.post(address, {"colleague": ho.email})["Location"] == "/organisations/kite"
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND
    own = f"/organisations/kite/members/{ho.pk}/leave"
    assert "What becomes of" in client.get(own).content.decode()
