"""Signing up: what is asked, what is answered to whom, and what the link is worth."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from http import HTTPStatus

import pytest
from django.contrib.auth import authenticate
from django.test import Client
from django.utils import timezone
from tests.calls.world import NOW, OPERATOR

from lionrock.audit.models import AuditRecord
from lionrock.kernel.errors import Conflict, Invalid, NotFound
from lionrock.notices.models import Mail, Notice
from lionrock.notices.writing import written
from lionrock.people.actions import (
    ask_to_join,
    forget_joinings,
    grant_role,
    register_organisation,
    register_person,
    show_joining_link,
    take_up_joining,
)
from lionrock.people.actions.joining import Newcomer
from lionrock.people.domain import ASKED_BY_SOURCE, JOININGS_KEPT_FOR, LINK_COUNTS_FOR, Role, end_of_wait
from lionrock.people.joining import token_of
from lionrock.people.models import Joining, MembershipRequest, Organisation, Person

pytestmark = pytest.mark.django_db
PASSWORD = "granite over the harbour"
FORM = {
    "name": "Ng Wing Sze",
    "email": "ng@kite.example",
    "organisation_name": "Kite Robotics",
    "organisation_name_zh_hant": "紙鳶機械人",
    "organisation_name_zh_hans": "",
    "language": "zh-hant",
}


def asked(*, source: str = "192.0.2.1", now: datetime = NOW, **changes: str) -> Joining:
    """Ask, and return what is kept of it."""
    ask_to_join(newcomer=Newcomer(**FORM | changes), source=source, now=now)
    return Joining.objects.latest("pk")


def put(email: str, name: str = "Chan", **place: str) -> Person:
    """Put somebody on file, a member of the organisation or an office of the programme."""
    person = register_person(actor=OPERATOR, email=email, name=name, password=PASSWORD, now=NOW)
    if place:
        role = Role.MEMBER if "organisation" in place else Role.OFFICE
        grant_role(actor=OPERATOR, email=email, role=role, now=NOW, **place)
    return person


def kite() -> Organisation:
    return register_organisation(actor=OPERATOR, code="kite", name="Kite Robotics", name_zh_hant="紙鳶機械人", now=NOW)


def test_a_founder_comes_through_the_link_and_is_the_first_member_of_a_new_organisation() -> None:
    joining = asked()
    assert not Person.objects.exists()
    assert not Organisation.objects.exists()
    person = take_up_joining(token=token_of(joining), password=PASSWORD, now=NOW + timedelta(hours=1))
    assert (person.email, person.name, person.language) == ("ng@kite.example", "Ng Wing Sze", "zh-hant")
    assert authenticate(username="NG@kite.example", password=PASSWORD) == person
    place = Organisation.objects.get()
    assert (place.code, place.name, place.name_zh_hant) == ("kite-robotics", "Kite Robotics", "紙鳶機械人")
    held = [(grant.role, grant.organisation) for grant in person.role_grants.order_by("role")]
    assert held == [("member", place), ("organisation_admin", place)]
    told = AuditRecord.objects.order_by("pk").values_list("action", "actor")
    assert list(told) == [
        ("people.register_organisation", "ng@kite.example"),
        ("people.take_up_joining", "ng@kite.example"),
    ]


@pytest.mark.parametrize("name", ["Kite Robotics", "  kite   ROBOTICS ", "紙鳶機械人"])
def test_an_organisation_that_is_on_file_is_asked_and_not_entered(name: str) -> None:
    kite()
    member = put("chan@kite.example", organisation="kite")
    person = take_up_joining(
        token=token_of(asked(organisation_name=name, organisation_name_zh_hant="")), password=PASSWORD, now=NOW
    )
    assert not person.role_grants.exists()
    assert [(row.person, row.organisation.code) for row in MembershipRequest.objects.all()] == [(person, "kite")]
    assert [(notice.person, notice.kind, notice.code) for notice in Notice.objects.all()] == [
        (member, "organisation", "kite")
    ]


def test_where_nobody_belongs_to_it_the_offices_are_told() -> None:
    kite()
    office = put("office@scheme.example", programme="hk-aiss-demo")
    take_up_joining(token=token_of(asked()), password=PASSWORD, now=NOW)
    assert [notice.person for notice in Notice.objects.all()] == [office]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Kite Robotics", "kite-robotics-3"),
        ("紙鳶", "organisation"),
        ("Café Über_Labs!", "cafe-uber-labs"),
        ("x" * 200, "x" * 48),
    ],
)
def test_the_code_is_made_of_the_name_and_never_taken_twice(name: str, code: str) -> None:
    for taken in ("kite-robotics", "kite-robotics-2"):
        register_organisation(actor=OPERATOR, code=taken, name=f"Other {taken}", now=NOW)
    joining = asked(organisation_name=name, organisation_name_zh_hant="")
    take_up_joining(token=token_of(joining), password=PASSWORD, now=NOW)
    assert Organisation.objects.latest("pk").code == code


def test_the_link_counts_once_and_for_its_time() -> None:
    joining = asked()
    token = token_of(joining)
    with pytest.raises(Conflict) as late:
        take_up_joining(token=token, password=PASSWORD, now=NOW + LINK_COUNTS_FOR)
    assert late.value.code == "people.joining.expired"
    take_up_joining(token=token, password=PASSWORD, now=NOW + LINK_COUNTS_FOR - timedelta(seconds=1))
    with pytest.raises(Conflict) as again:
        take_up_joining(token=token, password="another long password", now=NOW)
    assert again.value.code == "people.joining.used"
    assert Person.objects.count() == 1


def test_a_link_that_we_did_not_make_leads_nowhere() -> None:
    token = token_of(asked())
    number, _, signature = token.partition("~")
    wrong = ["", "~", number, f"{int(number) + 1}~{signature}", f"{token}x", token[:-1], "1~1~1", "\x00", "—"]
    for each in wrong:
        with pytest.raises(NotFound):
            take_up_joining(token=each, password=PASSWORD, now=NOW)
    assert not Person.objects.exists()


@pytest.mark.parametrize("password", ["", "short", "password1234", "ng@kite.example"])
def test_a_password_that_is_easy_to_guess_leaves_the_link_good(password: str) -> None:
    token = token_of(asked())
    with pytest.raises(Invalid) as wrong:
        take_up_joining(token=token, password=password, now=NOW)
    assert {fault.field for fault in wrong.value.faults} == {"password"}
    assert take_up_joining(token=token, password=PASSWORD, now=NOW).email == "ng@kite.example"


def test_two_links_to_one_address_make_one_account() -> None:
    first, second = asked(), asked(now=NOW + timedelta(minutes=1))
    take_up_joining(token=token_of(second), password=PASSWORD, now=NOW)
    with pytest.raises(Conflict) as wrong:
        take_up_joining(token=token_of(first), password="another long password", now=NOW)
    assert wrong.value.code == "people.joining.on_file"
    assert authenticate(username="ng@kite.example", password=PASSWORD)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "two\nlines"),
        ("name", "x" * 201),
        ("email", "nobody"),
        ("email", "a@b.example\r\nBcc: everybody@b.example"),
        ("organisation_name", " "),
        ("organisation_name_zh_hant", "\u200bturned"),
    ],
)
def test_what_cannot_be_used_is_told_at_its_field_and_nothing_typed_is_lost(field: str, value: str) -> None:
    answer = Client().post("/join", FORM | {field: value})
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f'id="{field}-fault"' in page
    assert f'href="#{field}"' in page
    kept = {name: text for name, text in FORM.items() if name not in {field, "language"} and text}
    assert all(f'value="{text}"' in page for text in kept.values())
    assert not Joining.objects.exists()
    assert not Mail.objects.exists()


def test_all_faults_come_together() -> None:
    page = Client().post("/join", {"email": "nobody"}).content.decode()
    assert {name for name in FORM if f'id="{name}-fault"' in page} == {"name", "email", "organisation_name"}


def test_nothing_that_is_answered_tells_an_address_on_file_from_another() -> None:
    put("chan@kite.example")
    answers = []
    for email in ("chan@kite.example", "CHAN@kite.example", "nobody@kite.example"):
        client = Client()
        posted = client.post("/join", FORM | {"email": email})
        shown = client.get(posted["Location"])
        answers.append((posted.status_code, posted["Location"], re.sub("csrf.*?>", "", shown.content.decode())))
    assert len(set(answers)) == 1
    subjects = {mail.address: str(written(mail).subject) for mail in Mail.objects.all()}
    assert len(set(subjects.values())) == 2
    assert Mail.objects.count() == 3


def test_the_link_to_an_address_on_file_changes_nothing() -> None:
    person = put("ng@kite.example", "Ng")
    token = token_of(asked())
    assert "sign-in" in Client().get(f"/join/{token}").content.decode()
    Client().post(f"/join/{token}", {"name": "Eve", "password": "another long password"})
    person.refresh_from_db()
    assert person.name == "Ng"
    assert person.check_password(PASSWORD)


def test_an_address_gets_three_mails_an_hour_and_the_same_answer() -> None:
    for minute in range(5):
        at = NOW + timedelta(minutes=minute)
        asked(source=f"192.0.2.{minute}", now=at)
    assert Mail.objects.count() == 3
    asked(source="192.0.2.9", now=NOW + timedelta(hours=2))
    assert Mail.objects.count() == 4


def test_a_network_that_asks_too_often_waits() -> None:
    for number in range(ASKED_BY_SOURCE):
        asked(email=f"ng{number}@kite.example", now=NOW + timedelta(minutes=number))
    with pytest.raises(Conflict) as wrong:
        asked(email="one-more@kite.example", now=NOW + timedelta(minutes=20))
    assert wrong.value.code == "people.joining.too_many"
    assert wrong.value.message.fields["minutes"] == 40
    asked(source="192.0.2.2", email="elsewhere@kite.example", now=NOW + timedelta(minutes=20))
    asked(email="later@kite.example", now=NOW + timedelta(hours=1))


@pytest.mark.parametrize(("before", "waits"), [(19, None), (20, 60), (25, 65)])
def test_the_wait_ends_when_the_oldest_that_counts_is_an_hour_old(before: int, waits: int | None) -> None:
    at = [NOW + timedelta(minutes=minute) for minute in range(before)]
    wanted = None if waits is None else NOW + timedelta(minutes=waits)
    assert end_of_wait(at, NOW + timedelta(minutes=30)) == wanted


def test_too_many_requests_are_told_as_a_page(client: Client) -> None:
    for number in range(ASKED_BY_SOURCE):
        client.post("/join", FORM | {"email": f"ng{number}@kite.example"})
    answer = client.post("/join", FORM | {"email": "one-more@kite.example"})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "too many requests from your network" in answer.content.decode()
    assert 'value="Kite Robotics"' in answer.content.decode()


def test_by_page_from_the_form_through_the_link_to_the_first_sign_in(client: Client) -> None:
    answer = client.post("/join", FORM, follow=True)
    assert "Look into your mail" in answer.content.decode() or "寄" in answer.content.decode()
    link = f"/join/{token_of(Joining.objects.get())}"
    assert client.get(link).status_code == HTTPStatus.OK
    assert client.head(link).status_code == HTTPStatus.OK
    assert not Person.objects.exists(), "looking at the link uses nothing up"
    wrong = client.post(link, {"name": "Ng Wing Sze", "password": "short"})
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'value="short"' not in wrong.content.decode()
    done = client.post(link, {"name": "Ng Wing Sze", "password": PASSWORD})
    assert (done.status_code, done["Location"]) == (HTTPStatus.FOUND, "/sign-in")
    assert client.post("/sign-in", {"username": "ng@kite.example", "password": PASSWORD})["Location"] == "/"
    used = Client().post(link, {"name": "Eve", "password": PASSWORD})
    assert used.status_code == HTTPStatus.CONFLICT


def test_without_mail_the_office_hands_the_link_over(client: Client) -> None:
    joining = asked(now=timezone.now())
    office = put("office@scheme.example", programme="hk-aiss-demo")
    client.force_login(office)
    page = client.get("/programmes/hk-aiss-demo/people").content.decode()
    assert "ng@kite.example" in page
    shown = client.post("/programmes/hk-aiss-demo/people/link", {"joining": str(joining.pk)}).content.decode()
    assert f"/join/{token_of(joining)}" in shown
    assert AuditRecord.objects.filter(action="people.show_joining_link", actor=office.email).exists()
    take_up_joining(token=token_of(joining), password=PASSWORD, now=timezone.now())
    with pytest.raises(Conflict):
        show_joining_link(actor=OPERATOR, joining=joining.pk, now=timezone.now())


def test_what_never_came_to_anything_is_forgotten() -> None:
    asked(email="old@kite.example")
    asked(email="new@kite.example", now=NOW + timedelta(days=1))
    assert forget_joinings(NOW + JOININGS_KEPT_FOR) == 1
    assert [joining.email for joining in Joining.objects.all()] == ["new@kite.example"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "source"),
    [
        ("192.0.2.7", None, "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "203.0.113.5, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("", "198.51.100.1", "198.51.100.1"),
        ("2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::/64"),
        ("", "", "unknown"),
    ],
)
def test_limits_count_by_the_address_that_our_own_proxy_saw(
    peer: str, forwarded: str | None, source: str, client: Client
) -> None:
    more = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    client.post("/join", FORM, REMOTE_ADDR=peer, **more)
    assert Joining.objects.get().source == source
