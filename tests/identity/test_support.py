"""Looking at somebody's pages: by consent alone, for a while, reading alone, and with a trace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.identity.conftest import ADDRESS, PASSWORD

from lionrock.audit.models import AuditRecord
from lionrock.identity.actions import give_consent, withdraw_consent
from lionrock.identity.domain import support
from lionrock.identity.domain.support import Part, opens, shown_by
from lionrock.identity.models import Consent, Support
from lionrock.kernel.errors import Refused
from lionrock.notices.models import Notice
from lionrock.people.actions import close_account, grant_role, register_organisation, register_person
from lionrock.people.domain import Role, terminal_operator
from lionrock.people.models import Person, RoleGrant

OWN, OTHER = "hk-aiss-demo", "hk-aiss"
OFFICE, ELSEWHERE = "office@lionrock.example", "office@other.example"
ROOT = terminal_operator("root")
ALL = tuple(part.value for part in Part)
BANNER = "reading only"


def now() -> datetime:
    return datetime.now(UTC)


def staff(email: str, programme: str, role: Role = Role.OFFICE) -> Person:
    person = register_person(actor=ROOT, email=email, name=f"Staff {email}", now=now(), password=PASSWORD)
    grant_role(actor=ROOT, email=email, role=role, programme=programme, now=now())
    return person


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def member(person: Person) -> Person:
    for code in ("harbour-university", "delta-institute"):
        register_organisation(actor=ROOT, code=code, name=code.title(), now=now())
    grant_role(actor=ROOT, email=ADDRESS, role=Role.MEMBER, organisation="harbour-university", now=now())
    return person


@pytest.fixture
def office(member: Person) -> Client:
    return signed_in(staff(OFFICE, OWN))


def consented(person: Person, *, parts: tuple[str, ...] = ALL, supporter: str = "", hours: int = 1) -> Consent:
    return give_consent(
        person=person, programme=OWN, supporter=supporter, parts=parts, hours=hours, reason="My form", now=now()
    )


@pytest.fixture
def looking(office: Client, member: Person) -> Client:
    """A browser of the office that looks at the member's pages."""
    answer = office.post(f"/support/{consented(member).pk}", {"reason": "Called about the form"})
    assert answer["Location"] == "/"
    return office


def text(answer: Any) -> str:
    content: bytes = answer.content
    return content.decode()


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from addresses(each, f"{prefix}{each.namespace}:" if each.namespace else prefix)
        elif isinstance(each, URLPattern):
            yield prefix + (each.name or ""), each


def address_of(name: str, pattern: URLPattern) -> str:
    samples = {"IntConverter": 7, "UUIDConverter": "0" * 32}
    converters = pattern.pattern.converters
    names = pattern.pattern.regex.groupindex
    return reverse(name, kwargs={key: samples.get(type(converters.get(key)).__name__, "some") for key in names})


def test_the_office_sees_what_the_member_sees_and_is_told_so_on_each_page(looking: Client) -> None:
    page = text(looking.get("/"))
    assert BANNER in page
    assert ADDRESS in page
    assert "Harbour-University" in text(looking.get("/organisations/harbour-university"))
    assert looking.get("/organisations/delta-institute").status_code == HTTPStatus.NOT_FOUND
    assert looking.get("/programmes/hk-aiss-demo/people").status_code == HTTPStatus.FORBIDDEN


def test_nothing_is_posted_anywhere_but_the_end(looking: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = looking.post("/account", {"name": "Mine", "language": "en"})
    assert (answer.status_code, "change nothing there" in text(answer)) == (HTTPStatus.FORBIDDEN, True)
    # The same page of an error a thousand times takes a minute to render.
    monkeypatch.setattr("lionrock.identity.middleware.error_page", lambda *_: HttpResponse(status=403))
    let_through = []
    for name, pattern in addresses(get_resolver()):
        if name in {"identity:end_support", "people:sign_out"}:
            continue
        if looking.post(address_of(name, pattern)).status_code != HTTPStatus.FORBIDDEN:
            let_through.append(name)
    assert let_through == []
    for method in (looking.put, looking.delete, looking.patch, looking.options):
        assert method("/account").status_code == HTTPStatus.FORBIDDEN
    assert not AuditRecord.objects.filter(action="identity.note_look").exists()


SHUT = (
    "/account", "/account/sessions", "/account/passkeys/new", "/account/app", "/account/sign-in", "/account/tokens",
    "/account/webhooks", "/account/support", "/account/support/end", "/notices", "/notices/settings", "/concerns/raise",
    "/api/v1/me", "/api/v1/openapi.json", "/support", "/assessments", "/audit", "/no-such-page",
)  # fmt: skip


@pytest.mark.parametrize("address", SHUT)
def test_what_is_secret_or_a_duty_stays_shut(address: str, looking: Client) -> None:
    answer = looking.get(address)
    assert answer.status_code in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
    assert looking.get(address, headers={"Authorization": "Bearer lionrock_p_x"}).status_code == answer.status_code


def test_each_page_is_in_the_trail_and_shown_to_its_owner(looking: Client, browser: Client) -> None:
    looking.get("/applications?q=secret")
    kept = AuditRecord.objects.get(action="identity.note_look")
    assert (kept.actor, kept.subject, kept.programme, kept.reason) == (OFFICE, ADDRESS, OWN, "Called about the form")
    assert kept.details["page"] == "/applications"
    own = text(browser.get("/account/support"))
    assert "/applications" in own
    assert OFFICE in own
    assert "looks at your pages now" in Notice.objects.filter(person__email=ADDRESS).latest("pk").said["template"]


def test_a_part_that_is_left_out_is_not_shown(office: Client, member: Person) -> None:
    found = consented(member, parts=(Part.APPLICATIONS.value,))
    assert office.post(f"/support/{found.pk}", {"reason": "x"})["Location"] == "/applications"
    assert office.get("/applications").status_code == HTTPStatus.OK
    for shut in ("/", "/awards", "/jobs", "/statements", "/organisations/harbour-university"):
        assert office.get(shut).status_code == HTTPStatus.FORBIDDEN, shut
    assert 'href="/awards"' not in text(office.get("/applications"))


def test_a_page_that_writes_when_it_is_opened_is_stopped_by_the_database(
    looking: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def writes(*_: object, **__: object) -> HttpResponse:
        Person.objects.filter(email=ADDRESS).update(name="Somebody else")
        return HttpResponse()

    monkeypatch.setattr("lionrock.config.home.render", writes)
    answer = looking.get("/")
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "writes something" in text(answer)
    assert Person.objects.get(email=ADDRESS).name != "Somebody else"


def left(_looking: Client, member: Person) -> None:
    withdraw_consent(person=member, now=now())


def expired(_looking: Client, _member: Person) -> None:
    Consent.objects.update(given_at=now() - timedelta(hours=2), ends_at=now())


def without_the_role(_looking: Client, _member: Person) -> None:
    RoleGrant.objects.filter(person__email=OFFICE).delete()


def with_a_duty(_looking: Client, member: Person) -> None:
    grant_role(actor=ROOT, email=member.email, role=Role.ASSESSOR, programme=OTHER, now=now())


def closed(_looking: Client, member: Person) -> None:
    RoleGrant.objects.filter(person=member).delete()
    close_account(actor=ROOT, email=member.email, reason="Gone.", now=now())


def ended(looking: Client, _member: Person) -> None:
    assert looking.post("/support/end")["Location"] == "/support"


@pytest.mark.parametrize("end", [left, expired, without_the_role, with_a_duty, closed, ended])
def test_it_ends_at_once(end: Any, looking: Client, member: Person) -> None:
    assert BANNER in text(looking.get("/"))
    end(looking, member)
    answer = looking.post("/account", {"name": "Mine", "language": "en"}) if end is not ended else looking.get("/")
    if end is not ended:
        assert answer["Location"] == "/support"
        assert Person.objects.get(email=OFFICE).name != "Mine"
    assert BANNER not in text(looking.get("/"))
    assert f"Staff {OFFICE}" in text(looking.get("/account"))


def test_signing_out_ends_it(looking: Client) -> None:
    looking.post("/sign-out")
    looking.force_login(Person.objects.get(email=OFFICE))
    assert BANNER not in text(looking.get("/"))


def test_a_supporter_whose_account_is_closed_looks_no_more(looking: Client) -> None:
    close_account(actor=ROOT, email=OFFICE, reason="Gone.", now=now())
    assert looking.get("/").status_code in {HTTPStatus.OK, HTTPStatus.FOUND}
    assert BANNER not in text(looking.get("/"))
    assert Support.objects.get().ended_at is not None


def test_only_the_office_that_is_named_sees_and_begins(office: Client, member: Person) -> None:
    found = consented(member)
    other, stranger = signed_in(staff(ELSEWHERE, OTHER)), signed_in(staff("money@lionrock.example", OWN, Role.FINANCE))
    for client in (other, stranger):
        assert ADDRESS not in text(client.get("/support"))
        assert client.post(f"/support/{found.pk}", {"reason": "x"}).status_code == HTTPStatus.NOT_FOUND
    assert ADDRESS in text(office.get("/support"))
    alone = consented(member, supporter="second@lionrock.example")
    assert office.get(f"/support/{found.pk}").status_code == HTTPStatus.NOT_FOUND
    assert office.get(f"/support/{alone.pk}").status_code == HTTPStatus.NOT_FOUND
    assert not Support.objects.exists()


def test_who_holds_a_duty_consents_to_nothing(member: Person) -> None:
    grant_role(actor=ROOT, email=member.email, role=Role.COMMITTEE, programme=OTHER, now=now())
    with pytest.raises(Refused):
        consented(member)
    assert "not yours to show" in text(signed_in(member).get("/account/support"))


def test_one_consents_on_a_page_with_its_parts_and_ends_it(browser: Client, member: Person) -> None:
    sent = {"programme": OWN, "supporter": "", "hours": "4", "reason": "My form", "parts": ["jobs", "nonsense"]}
    assert browser.post("/account/support", sent)["Location"] == "/account/support"
    kept = Consent.objects.get()
    assert (kept.parts, kept.ends_at - kept.given_at) == (["jobs"], timedelta(hours=4))
    for wrong in ({"parts": []}, {"hours": "5"}, {"programme": "nowhere"}, {"reason": ""}, {"hours": "9" * 50}):
        assert browser.post("/account/support", {**sent, **wrong}).status_code == 422
    assert browser.post("/account/support/end")["Location"] == "/account/support"
    assert Consent.objects.get().ended_at is not None
    assert AuditRecord.objects.filter(action="identity.withdraw_consent").count() == 1


def test_beginning_asks_for_a_fresh_proof(office: Client, member: Person) -> None:
    found = consented(member)
    session = office.session
    session["signed_in"]["proof"]["at"] = (now() - timedelta(hours=1)).isoformat()
    session.save()
    assert "Confirm that it is you" in text(office.post(f"/support/{found.pk}", {"reason": "x"}))
    assert not Support.objects.exists()


def test_every_page_that_is_opened_there_is_and_a_new_one_is_shut() -> None:
    names = {name for name, _ in addresses(get_resolver())}
    rooms = {name.partition(":")[0] for name in names}
    assert shown_by("tokens:list") is None
    assert not opens(list(Part), "api:me")
    assert set(support._ROOMS) <= rooms
    assert set(support._PAGES) <= names
