"""Belonging to an organisation: invitations, requests, answers; and roles given and taken by an office."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.calls.world import NOW, OPERATOR, administrator, member

from lionrock.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lionrock.notices.models import Mail, Notice
from lionrock.people.actions import (
    answer_membership,
    ask_membership,
    end_administrator,
    grant_role,
    invite_colleague,
    leave_organisation,
    name_administrator,
    register_organisation,
    register_person,
    resend_invitation,
    revoke_role,
    take_back_invitation,
    take_up_joining,
)
from lionrock.people.domain import Actor, Grant, Role
from lionrock.people.joining import token_of
from lionrock.people.models import Joining, MembershipRequest, Organisation, Person, RoleGrant
from lionrock.people.queries import actor_by_email, invitations, waiting

pytestmark = pytest.mark.django_db
PASSWORD = "granite over the harbour"
PROGRAMME = "hk-aiss-demo"


@pytest.fixture
def kite() -> Organisation:
    return register_organisation(actor=OPERATOR, code="kite", name="Kite Robotics", now=NOW)


def put(email: str, role: Role | None = None, **place: str) -> Person:
    person = register_person(actor=OPERATOR, email=email, name=email.split("@", maxsplit=1)[0].title(), now=NOW)
    if role:
        grant_role(actor=OPERATOR, email=email, role=role, now=NOW, **place)
    return person


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def belongs(email: str) -> bool:
    return RoleGrant.objects.filter(person__email=email, organisation__code="kite").exists()


def invited(email: str) -> Joining:
    invite_colleague(actor=administrator("kite"), organisation="kite", email=email, now=NOW)
    return Joining.objects.latest("pk")


def test_a_colleague_without_an_account_makes_one_by_the_link_and_belongs(kite: Organisation) -> None:
    joining = invited("lee@kite.example")
    assert not belongs("lee@kite.example")
    take_up_joining(token=token_of(joining), name="Lee", password=PASSWORD, now=NOW)
    assert belongs("lee@kite.example")
    assert Person.objects.get().name == "Lee"


def test_a_colleague_with_an_account_accepts_and_keeps_it(kite: Organisation) -> None:
    person = put("lee@kite.example")
    joining = Joining.objects.create(
        email="lee@kite.example",
        organisation=kite,
        invited_by="c@kite.example",
        asked_at=NOW,
        expires_at=NOW.replace(year=9000),
    )
    link = f"/join/{token_of(joining)}"
    page = Client().get(link).content.decode()
    assert "Accept the invitation" in page
    assert 'type="password"' not in page
    assert Client().post(link, {"name": "Eve", "password": "another long password"})["Location"] == "/sign-in"
    before = person.password
    person.refresh_from_db()
    assert (person.name, person.password) == ("Lee", before)
    assert belongs("lee@kite.example")


def test_nothing_tells_the_inviter_whether_the_address_has_an_account(kite: Organisation) -> None:
    put("lee@kite.example")
    chan = put("chan@kite.example", Role.MEMBER, organisation="kite")
    pages = []
    for email in ("lee@kite.example", "new@kite.example"):
        Joining.objects.all().delete()
        answer = signed_in(chan).post(
            "/organisations/kite/invite", {"email": email, "role": "member", "language": "en"}, follow=True
        )
        page = answer.content.decode().replace(email, "")
        pages.append(page.split("<main")[1].split("csrfmiddlewaretoken")[0])
    assert pages[0] == pages[1]


def test_somebody_who_has_left_cannot_come_back_by_an_invitation(kite: Organisation) -> None:
    person = put("lee@kite.example")
    Person.objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(Conflict):
        take_up_joining(token=token_of(invited("lee@kite.example")), now=NOW)
    assert not belongs("lee@kite.example")


def test_invited_twice_in_an_hour_gets_one_mail(kite: Organisation) -> None:
    for minutes in (0, 30, 59, 61):
        at = NOW + timedelta(minutes=minutes)
        invite_colleague(actor=administrator("kite"), organisation="kite", email="Lee@kite.example", now=at)
    assert Mail.objects.count() == 2


@pytest.mark.parametrize("email", ["", "lee", "a@b.example\nBcc: c@d.example"])
def test_what_is_no_address_is_told_at_its_field(kite: Organisation, email: str) -> None:
    with pytest.raises(Invalid):
        invite_colleague(actor=administrator("kite"), organisation="kite", email=email, now=NOW)
    chan = put("chan@kite.example", Role.MEMBER, organisation="kite")
    answer = signed_in(chan).post("/organisations/kite/invite", {"email": email, "role": "member", "language": "en"})
    assert (answer.status_code, Joining.objects.count()) == (HTTPStatus.UNPROCESSABLE_ENTITY, 0)
    assert 'id="email-fault"' in answer.content.decode()


def test_asking_waits_for_an_answer_and_the_answer_is_told(kite: Organisation) -> None:
    put("chan@kite.example", Role.MEMBER, organisation="kite")
    lee = put("lee@kite.example")
    for _ in range(2):
        ask_membership(person=lee, organisation_name="kite robotics", now=NOW)
    [request] = MembershipRequest.objects.all()
    chan = actor_by_email("chan@kite.example")
    assert [line.address for line in waiting(chan, NOW)] == ["/organisations/kite"]
    for _ in range(2):
        answer_membership(actor=chan, request=request.pk, granted=True, now=NOW)
    assert belongs("lee@kite.example")
    assert waiting(chan, NOW) == []
    told = Notice.objects.order_by("pk").values_list("person__email", "kind")
    assert list(told) == [("chan@kite.example", "organisation"), ("lee@kite.example", "organisation")]
    with pytest.raises(Conflict):
        answer_membership(actor=chan, request=request.pk, granted=False, now=NOW)


def test_who_is_declined_may_ask_again(kite: Organisation) -> None:
    lee = put("lee@kite.example")
    for number in range(2):
        ask_membership(person=lee, organisation_name="Kite Robotics", now=NOW)
        request = MembershipRequest.objects.get(answered_at=None)
        answer_membership(actor=OPERATOR, request=request.pk, granted=bool(number), now=NOW)
    assert belongs("lee@kite.example")


def test_an_office_is_asked_to_answer_only_where_no_member_can(kite: Organisation) -> None:
    put("office@scheme.example", Role.OFFICE, programme=PROGRAMME)
    ask_membership(person=put("lee@kite.example"), organisation_name="Kite Robotics", now=NOW)
    office = actor_by_email("office@scheme.example")
    assert [line.count for line in waiting(office, NOW)] == [1]
    put("chan@kite.example", Role.MEMBER, organisation="kite")
    assert waiting(office, NOW) == []


@pytest.mark.parametrize("who", [member("other"), Actor("nobody@example.org")])
def test_nobody_else_answers_or_looks(kite: Organisation, who: Actor) -> None:
    ask_membership(person=put("lee@kite.example"), organisation_name="Kite Robotics", now=NOW)
    with pytest.raises(NotFound):
        answer_membership(actor=who, request=MembershipRequest.objects.get().pk, granted=True, now=NOW)
    assert not belongs("lee@kite.example")


def test_who_belongs_already_does_not_ask(kite: Organisation) -> None:
    lee = put("lee@kite.example", Role.MEMBER, organisation="kite")
    ask_membership(person=lee, organisation_name="Kite Robotics", now=NOW)
    assert not MembershipRequest.objects.exists()


def test_many_members_take_no_more_queries(kite: Organisation) -> None:
    chan = put("chan@kite.example", Role.MEMBER, organisation="kite")
    client, counts = signed_in(chan), []
    for many in (range(2), range(2, 20)):
        for number in many:
            put(f"m{number}@kite.example", Role.MEMBER, organisation="kite")
            ask_membership(person=put(f"a{number}@kite.example"), organisation_name="Kite Robotics", now=NOW)
        client.get("/organisations/kite")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/organisations/kite").status_code == HTTPStatus.OK
        counts.append(len(captured))
    assert counts[0] == counts[1]


def office_client() -> Client:
    return signed_in(put("office@scheme.example", Role.OFFICE, programme=PROGRAMME))


def test_an_office_gives_and_takes_roles_once_each() -> None:
    lee, client = put("lee@kite.example"), office_client()
    row = {"email": "lee@kite.example", "role": "assessor"}
    for _ in range(2):
        assert client.post(f"/programmes/{PROGRAMME}/people/give", row).status_code == HTTPStatus.FOUND
    assert [grant.role for grant in lee.role_grants.all()] == ["assessor"]
    for _ in range(2):
        assert client.post(f"/programmes/{PROGRAMME}/people/take", row).status_code == HTTPStatus.FOUND
    assert not lee.role_grants.exists()
    with pytest.raises(NotFound):
        revoke_role(actor=OPERATOR, email="lee@kite.example", role=Role.ASSESSOR, programme=PROGRAMME, now=NOW)
    with pytest.raises(NotAllowed):
        revoke_role(actor=member("kite"), email="lee@kite.example", role=Role.ASSESSOR, programme=PROGRAMME, now=NOW)


@pytest.mark.parametrize(
    ("email", "role", "field"),
    [
        ("nobody@kite.example", "assessor", "email"),
        ("lee@kite.example", "member", "role"),
        ("lee@kite.example", "", "role"),
    ],
)
def test_a_role_that_cannot_be_given_is_told_at_its_field(email: str, role: str, field: str) -> None:
    put("lee@kite.example")
    answer = office_client().post(f"/programmes/{PROGRAMME}/people/give", {"email": email, "role": role})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f'id="{field}-fault"' in answer.content.decode()
    assert f'value="{email}"' in answer.content.decode()


def test_an_office_finds_people_by_name_address_or_organisation(kite: Organisation) -> None:
    put("lee@kite.example", Role.MEMBER, organisation="kite")
    put("ng@harbour.example")
    client = office_client()
    for asked, found in {"LEE": {"lee"}, "kite": {"lee"}, "harbour.ex": {"ng"}, "nothing like it": set()}.items():
        page = client.get(f"/programmes/{PROGRAMME}/people", {"q": asked}).content.decode()
        assert {name for name in ("lee", "ng") if f"{name}@" in page} == found
    assert client.get(f"/programmes/{PROGRAMME}/people", {"q": "a\0b"}).status_code == HTTPStatus.OK
    assert client.get("/people")["Location"] == f"/programmes/{PROGRAMME}/people"


def test_a_longer_list_of_people_takes_no_more_queries(kite: Organisation) -> None:
    client, counts = office_client(), []
    for many in (range(2), range(2, 20)):
        for number in many:
            put(f"m{number}@kite.example", Role.ASSESSOR, programme=PROGRAMME)
            grant_role(actor=OPERATOR, email=f"m{number}@kite.example", role=Role.MEMBER, organisation="kite", now=NOW)
        client.get("/")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/programmes/{PROGRAMME}/people?q=kite")
        counts.append(len(captured))
    assert counts[0] == counts[1]


# Administrators ---------------------------------------------------------------------------------


def administers(email: str) -> bool:
    return actor_by_email(email).administers("kite")


def test_the_first_member_is_the_administrator_and_those_after_are_not(kite: Organisation) -> None:
    for name in ("chan", "lee"):
        put(f"{name}@kite.example", Role.MEMBER, organisation="kite")
    assert (administers("chan@kite.example"), administers("lee@kite.example")) == (True, False)
    assert actor_by_email("lee@kite.example").belongs_to("kite")


def test_an_administrator_by_the_office_is_a_member_too(kite: Organisation) -> None:
    for name, role in (("chan", Role.MEMBER), ("lee", Role.ORGANISATION_ADMIN)):
        put(f"{name}@kite.example", role, organisation="kite")
    assert administers("lee@kite.example")


def test_an_administrators_grant_without_membership_is_worth_nothing() -> None:
    odd = Actor("odd@kite.example", frozenset({Grant(Role.ORGANISATION_ADMIN, organisation="kite")}))
    assert (odd.administers("kite"), odd.administered()) == (False, frozenset())


def test_administrators_are_named_and_ended_but_never_the_last(kite: Organisation) -> None:
    chan, lee = (put(f"{name}@kite.example", Role.MEMBER, organisation="kite") for name in ("chan", "lee"))
    actor = actor_by_email(chan.email)
    given = {"organisation": "kite", "now": NOW}
    with pytest.raises(Conflict) as last:
        end_administrator(actor=actor, email=chan.email, **given)
    assert last.value.code == "people.administrator.last"
    for _ in range(2):
        name_administrator(actor=actor, email=lee.email, **given)
    end_administrator(actor=actor_by_email(lee.email), email=chan.email, **given)
    assert (administers(chan.email), administers(lee.email)) == (False, True)
    with pytest.raises(NotAllowed):
        name_administrator(actor=actor_by_email(chan.email), email=chan.email, **given)
    told = Notice.objects.order_by("pk").values_list("person__email", flat=True)
    assert list(told) == [lee.email, chan.email]


def test_after_the_last_administrator_the_colleague_looks_after_it(kite: Organisation) -> None:
    chan, lee, ng = (put(f"{name}@kite.example", Role.MEMBER, organisation="kite") for name in ("chan", "lee", "ng"))
    with pytest.raises(NotAllowed):
        leave_organisation(actor=actor_by_email(lee.email), organisation="kite", email=ng.email, now=NOW)
    leave_organisation(
        actor=actor_by_email(chan.email), organisation="kite", email=chan.email, colleague=lee.email, now=NOW
    )
    assert (belongs(chan.email), administers(lee.email), administers(ng.email)) == (False, True, False)
    leave_organisation(
        actor=actor_by_email(ng.email), organisation="kite", email=ng.email, colleague=lee.email, now=NOW
    )
    assert administers(lee.email)


def test_a_plain_member_sees_colleagues_and_no_means_to_change_them(kite: Organisation) -> None:
    put("chan@kite.example", Role.MEMBER, organisation="kite")
    lee = put("lee@kite.example", Role.MEMBER, organisation="kite")
    ask_membership(person=put("ng@kite.example"), organisation_name="Kite Robotics", now=NOW)
    invited("new@kite.example")
    page = signed_in(lee).get("/organisations/kite").content.decode()
    assert "chan@kite.example" in page
    assert not any(text in page for text in ("ng@kite.example", "new@kite.example", "/invite", "/administrators"))
    assert page.count("/leave") == 1


def test_by_page_an_administrator_names_another_and_is_told_about_the_last(kite: Organisation) -> None:
    chan, lee = (put(f"{name}@kite.example", Role.MEMBER, organisation="kite") for name in ("chan", "lee"))
    client = signed_in(chan)
    change = "/organisations/kite/administrators"
    assert client.post(change, {"email": chan.email, "named": "no"}).status_code == HTTPStatus.CONFLICT
    assert client.post(change, {"email": lee.email, "named": "yes"}).status_code == HTTPStatus.FOUND
    assert administers(lee.email)


# Invitations ------------------------------------------------------------------------------------


def test_an_invitation_as_administrator_makes_one(kite: Organisation) -> None:
    put("chan@kite.example", Role.MEMBER, organisation="kite")
    given = {"organisation": "kite", "email": "lee@kite.example", "now": NOW}
    invite_colleague(actor=administrator("kite"), administrator=True, **given)
    take_up_joining(token=token_of(Joining.objects.get()), name="Lee", password=PASSWORD, now=NOW)
    assert administers("lee@kite.example")


def test_sent_again_the_old_link_is_dead_and_not_too_often(kite: Organisation) -> None:
    first = invited("lee@kite.example")
    old, admin = token_of(first), administrator("kite")
    with pytest.raises(Conflict) as soon:
        resend_invitation(actor=admin, number=first.pk, now=NOW + timedelta(minutes=9))
    assert soon.value.code == "people.invitation.too_soon"
    later = NOW + timedelta(days=3)
    again = resend_invitation(actor=admin, number=first.pk, now=later)
    for token in (old, f"{old.partition('~')[0]}.2~{old.partition('~')[2]}"):
        with pytest.raises((Conflict, NotFound)):
            take_up_joining(token=token, name="Lee", password=PASSWORD, now=later)
    page = Client().get(f"/join/{old}")
    assert (page.status_code, "A newer link" in page.content.decode()) == (HTTPStatus.CONFLICT, True)
    assert Mail.objects.count() == 2
    take_up_joining(token=token_of(again), name="Lee", password=PASSWORD, now=later)
    with pytest.raises(NotFound):
        resend_invitation(actor=admin, number=first.pk, now=later + timedelta(days=1))


def test_taken_back_the_link_is_dead_at_once_and_says_so(kite: Organisation) -> None:
    joining = invited("lee@kite.example")
    for who in (member("other"), administrator("other")):
        with pytest.raises(NotFound):
            take_back_invitation(actor=who, number=joining.pk, now=NOW)
    with pytest.raises(NotAllowed):
        take_back_invitation(actor=member("kite"), number=joining.pk, now=NOW)
    take_back_invitation(actor=administrator("kite"), number=joining.pk, now=NOW)
    with pytest.raises(Conflict) as gone:
        take_up_joining(token=token_of(joining), name="Lee", password=PASSWORD, now=NOW)
    assert gone.value.code == "people.joining.taken_back"
    page = Client().post(f"/join/{token_of(joining)}", {"name": "Lee", "password": PASSWORD})
    assert (page.status_code, "taken back" in page.content.decode()) == (HTTPStatus.CONFLICT, True)
    assert not Person.objects.filter(email="lee@kite.example").exists()
    invited("lee@kite.example")
    assert [row.email for row in invitations(administrator("kite"))] == ["lee@kite.example"]
    assert list(invitations(administrator("other"))) == []


def test_by_page_invitations_are_listed_sent_again_and_taken_back(kite: Organisation) -> None:
    chan = put("chan@kite.example", Role.MEMBER, organisation="kite")
    client, joining = signed_in(chan), invited("lee@kite.example")
    page = client.get("/organisations/kite").content.decode()
    assert all(text in page for text in ("lee@kite.example", "administrator@kite.example", "(over)"))
    at = f"/organisations/kite/invitations/{joining.pk}"
    assert client.post(f"{at}/resend").status_code == HTTPStatus.FOUND
    assert client.post(f"{at}/resend").status_code == HTTPStatus.CONFLICT
    assert "(over)" not in client.get("/organisations/kite").content.decode()
    assert client.post(f"{at}/take-back").status_code == HTTPStatus.FOUND
    client.get("/organisations/kite")
    assert "lee@kite.example" not in client.get("/organisations/kite").content.decode()
