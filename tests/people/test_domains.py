"""Mail domains: what can be claimed, what proves one, who enters by one, and when a proof is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import dns.rcode
import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.calls.world import NOW, OPERATOR, administrator, member
from tests.people.name_server import NameServer, serving

from lionrock.audit.models import AuditRecord
from lionrock.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from lionrock.notices.models import Notice
from lionrock.people import resolving
from lionrock.people.actions import (
    answer_membership,
    ask_membership,
    belong_by_address,
    change_domain,
    claim_domain,
    end_domain,
    grant_role,
    leave_organisation,
    look_at_domains,
    register_organisation,
    register_person,
    verify_domain,
)
from lionrock.people.domain import Role
from lionrock.people.mail_domains import (
    MOST_DOMAINS,
    Standing,
    after_look,
    domain_of,
    lets_in_now,
    read_domain,
    record_of,
    shared_domains,
    shown,
)
from lionrock.people.models import MailDomain, MembershipRequest, Person, RoleGrant
from lionrock.people.queries import mail_domains
from lionrock.people.resolving import NoAnswer, read_resolver, texts_at

KITE, PEAK = administrator("kite"), administrator("peak")
DAY = timedelta(days=1)


# What can be claimed ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("example.org", "example.org"),
        (" Example.ORG. ", "example.org"),
        ("cs.example.org", "cs.example.org"),
        ("例子.香港", "xn--fsqu00a.xn--j6w193g"),
        ("ｅｘａｍｐｌｅ。org", "example.org"),
        ("bücher.example.com", "xn--bcher-kva.example.com"),
    ],
)
def test_a_domain_is_kept_as_dns_writes_it(typed: str, name: str) -> None:
    assert read_domain(typed) == name
    assert domain_of(f"lee@{typed.strip().rstrip('.')}") == name


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "name"), ("org", "suffix"), ("edu.hk", "suffix"), ("com.hk", "suffix"), ("github.io", "suffix"),
        ("香港", "suffix"), ("localhost", "suffix"), ("host.internal", "suffix"), ("printer.local", "suffix"),
        ("192.0.2.1", "suffix"), ("1.2.0.192.in-addr.arpa", "suffix"), ("kite.example", "suffix"),
        ("gmail.com", "shared"), ("QQ.com", "shared"), ("yahoo.com.hk", "shared"),
        ("lee@example.org", "name"), ("a b.org", "name"), ("-a.org", "name"), ("a..org", "name"), ("*.org", "name"),
        ("_lionrock.example.org", "name"), (f"{'x' * 64}.org", "name"), (f"{'x.' * 121}example.org", "name"),
        ("exаmple.org", "name"), ("a\0b.org", "name"), ("a/b.org", "name"),
    ],
)  # fmt: skip
def test_what_is_no_organisations_own_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as wrong:
        read_domain(typed)
    assert wrong.value.code == f"people.domain.{code}"
    assert [fault.field for fault in wrong.value.faults] == ["domain"]


def test_what_looks_like_another_is_shown_with_its_own_spelling() -> None:
    turned = read_domain("аррӏе.com")
    assert shown(turned) == f"аррӏе.com ({turned})"
    assert (shown("example.org"), turned.startswith("xn--")) == ("example.org", True)


def test_the_list_of_shared_domains_is_in_order() -> None:
    assert len(shared_domains()) > 40
    assert all(domain_of(f"x@{each}") == each for each in shared_domains())


# What follows from a look -----------------------------------------------------------------------


def test_a_proof_lapses_after_three_looks_in_vain_over_three_days() -> None:
    seen = after_look(Standing.CLAIMED, None, 0, found=True, now=NOW)
    assert (seen.standing, seen.next_look_at) == (Standing.VERIFIED, NOW + DAY)
    now, times = NOW + DAY, 0
    while seen.standing is Standing.VERIFIED:
        seen = after_look(seen.standing, seen.failing_since, seen.failures, found=False, now=now)
        assert seen.failing_since == NOW + DAY
        now, times = seen.next_look_at or now, times + 1
    assert (seen.standing, now - (NOW + DAY), times) == (Standing.LAPSED, 3 * DAY, 13)


def test_many_looks_in_a_minute_do_not_end_a_proof_and_one_found_forgives() -> None:
    seen = after_look(Standing.VERIFIED, NOW - timedelta(minutes=1), 40, found=False, now=NOW)
    assert seen.standing is Standing.VERIFIED
    late = after_look(Standing.VERIFIED, NOW - 9 * DAY, 1, found=False, now=NOW)
    assert late.standing is Standing.VERIFIED
    assert after_look(seen.standing, seen.failing_since, 41, found=True, now=NOW).failing_since is None
    assert after_look(Standing.LAPSED, NOW, 3, found=False, now=NOW).next_look_at is None


@pytest.mark.parametrize(
    ("facts", "enters"),
    [
        ({}, True), ({"wished": False}, False), ({"standing": Standing.CLAIMED}, False),
        ({"standing": Standing.LAPSED}, False), ({"failing_since": NOW}, False), ({"seen_at": None}, False),
        ({"seen_at": NOW - 2 * DAY}, False), ({"seen_at": NOW - 2 * DAY + timedelta(seconds=1)}, True),
    ],
)  # fmt: skip
def test_an_address_lets_in_only_while_the_proof_is_fresh(facts: dict[str, Any], enters: bool) -> None:
    given = {"standing": Standing.VERIFIED, "failing_since": None, "seen_at": NOW, "wished": True, "now": NOW} | facts
    assert lets_in_now(**given) is enters


# Asking DNS -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def running() -> Iterator[NameServer]:
    with serving() as server:
        yield server


@pytest.fixture
def names(running: NameServer, settings: Settings) -> NameServer:
    """A name server that knows nothing yet, and is the only one that is asked."""
    running.texts, running.aliases, running.rcode, running.silent, running.asked = {}, {}, None, False, []
    settings.LIONROCK_RESOLVERS = [running.address]
    return running


def test_texts_are_read_at_exactly_the_name(names: NameServer) -> None:
    names.put("_lionrock.example.org", "one", "two")
    assert texts_at("_lionrock.example.org", [names.address]) == {"one", "two"}
    assert texts_at("_lionrock.cs.example.org", [names.address]) == frozenset()
    assert names.asked == ["_lionrock.example.org.", "_lionrock.cs.example.org."]


def test_an_alias_proves_nothing(names: NameServer) -> None:
    names.aliases["_lionrock.example.org."] = "elsewhere.example.com."
    names.put("elsewhere.example.com", "one")
    assert texts_at("_lionrock.example.org", [names.address]) == frozenset()


def test_what_is_sent_is_bounded(names: NameServer) -> None:
    names.put("_lionrock.example.org", *(f"text {number}" for number in range(60)))
    assert len(texts_at("_lionrock.example.org", [names.address])) == resolving.MOST_TEXTS


@pytest.mark.parametrize("way", ["silent", "servfail"])
def test_who_does_not_answer_is_not_waited_for(names: NameServer, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "SECONDS", 0.4)
    names.silent = way == "silent"
    names.rcode = dns.rcode.SERVFAIL
    with pytest.raises(NoAnswer, match=r"_lionrock\.example\.org"):
        texts_at("_lionrock.example.org", [names.address])


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("192.0.2.53", ("192.0.2.53", 53)), ("192.0.2.53:5353", ("192.0.2.53", 5353)),
        ("[2001:db8::53]:5353", ("2001:db8::53", 5353)), ("[2001:db8::53]", ("2001:db8::53", 53)),
    ],
)  # fmt: skip
def test_a_resolver_is_an_address(text: str, read: tuple[str, int]) -> None:
    assert read_resolver(text) == read


@pytest.mark.parametrize("text", ["", "dns.example.org", "192.0.2.53:0", "192.0.2.53:99999", "192.0.2.53:x", "1:2:3"])
def test_a_resolver_that_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_resolver(text)


# Claiming and proving ---------------------------------------------------------------------------


@pytest.fixture
def places(db: None) -> None:
    for code in ("kite", "peak"):
        register_organisation(actor=OPERATOR, code=code, name=code.title(), now=NOW)


def put(email: str, *, proven: bool = True, organisation: str = "") -> Person:
    person = register_person(actor=OPERATOR, email=email, name="Lee", now=NOW)
    if proven:
        Person.objects.filter(pk=person.pk).update(address_proven_at=NOW)
    if organisation:
        grant_role(actor=OPERATOR, email=email, role=Role.MEMBER, organisation=organisation, now=NOW)
    person.refresh_from_db()
    return person


def claimed(code: str = "kite", domain: str = "example.org") -> MailDomain:
    return claim_domain(actor=administrator(code), organisation=code, domain=domain, now=NOW)


def publish(names: NameServer, *claims: MailDomain) -> None:
    where = record_of(claims[0].name, "")[0]
    names.put(where, *(record_of(claim.name, claim.proof)[1] for claim in claims))


def proven(names: NameServer, code: str = "kite", *, lets_in: bool = True) -> MailDomain:
    claim = claimed(code)
    publish(names, claim)
    verify_domain(actor=administrator(code), number=claim.pk, now=NOW)
    return change_domain(actor=administrator(code), number=claim.pk, lets_in=lets_in, now=NOW)


def told() -> list[str]:
    actions = AuditRecord.objects.filter(action__contains="domain").order_by("pk")
    return [f"{row.action} {row.organisation} {row.actor}" for row in actions]


def test_the_record_proves_it_and_without_it_nothing_is(places: None, names: NameServer) -> None:
    claim = claimed()
    assert claimed().pk == claim.pk
    with pytest.raises(Conflict) as wrong:
        verify_domain(actor=KITE, number=claim.pk, now=NOW)
    assert wrong.value.code == "people.domain.not_proven"
    with pytest.raises(Conflict) as soon:
        verify_domain(actor=KITE, number=claim.pk, now=NOW + timedelta(seconds=19))
    assert (soon.value.code, len(names.asked)) == ("people.domain.too_soon", 1)
    names.put("example.org", record_of("example.org", claim.proof)[1])
    names.put("_lionrock.example.org", "lionrock-domain=guess")
    with pytest.raises(Conflict):
        verify_domain(actor=KITE, number=claim.pk, now=NOW + DAY)
    publish(names, claim)
    found = verify_domain(actor=KITE, number=claim.pk, now=NOW + 2 * DAY)
    assert (found.standing, found.seen_at, found.lets_in) == ("verified", NOW + 2 * DAY, False)
    assert told() == [f"people.claim_domain kite {KITE.email}", f"people.verify_domain kite {KITE.email}"]


def test_of_two_who_claim_it_the_record_decides(places: None, names: NameServer) -> None:
    ours, theirs = proven(names), claimed("peak")
    assert ours.proof != theirs.proof
    publish(names, ours, theirs)
    with pytest.raises(Conflict) as both:
        verify_domain(actor=PEAK, number=theirs.pk, now=NOW)
    assert both.value.code == "people.domain.contended"
    publish(names, theirs)
    verify_domain(actor=PEAK, number=theirs.pk, now=NOW + DAY)
    ours.refresh_from_db()
    assert (ours.standing, ours.lets_in) == ("lapsed", False)
    with pytest.raises(Conflict):
        verify_domain(actor=KITE, number=ours.pk, now=NOW + 2 * DAY)
    assert MailDomain.objects.get(standing="verified").organisation.code == "peak"


def test_others_see_and_do_nothing_and_a_member_may_not(places: None, names: NameServer) -> None:
    claim = claimed()
    for act in (verify_domain, end_domain):
        with pytest.raises(NotFound):
            act(actor=PEAK, number=claim.pk, now=NOW)
        with pytest.raises(NotAllowed):
            act(actor=member("kite"), number=claim.pk, now=NOW)
    assert [list(mail_domains(who)) for who in (KITE, PEAK, member("kite"))] == [[claim], [], []]
    assert names.asked == []


def test_an_organisation_claims_only_so_many(places: None) -> None:
    for number in range(MOST_DOMAINS):
        claimed(domain=f"d{number}.example.org")
    with pytest.raises(Refused):
        claimed()
    end_domain(actor=KITE, number=MailDomain.objects.first().pk, now=NOW)  # type: ignore[union-attr]
    claimed()


def test_a_record_that_is_gone_is_told_of_and_then_the_proof_lapses(places: None, names: NameServer) -> None:
    chan = put("chan@kite.example", organisation="kite")
    claim = proven(names)
    assert (look_at_domains(NOW), look_at_domains(NOW + DAY)) == (0, 1)
    names.texts.clear()
    for hour in range(24, 24 * 7, 6):
        look_at_domains(NOW + DAY + timedelta(hours=hour))
    claim.refresh_from_db()
    assert (claim.standing, claim.failing_since, claim.next_look_at) == ("lapsed", NOW + 2 * DAY, None)
    kinds = [notice.said["template"].split(" ")[1:2] for notice in Notice.objects.filter(person=chan).order_by("pk")]
    assert kinds == [["record"], ["proof"]]
    assert told()[-1] == "people.lapse_domain kite due@terminal"
    publish(names, claim)
    verify_domain(actor=KITE, number=claim.pk, now=NOW + 20 * DAY)
    assert MailDomain.objects.get().standing == "verified"


def test_a_name_server_that_is_away_counts_like_a_record_that_is_gone(
    places: None, names: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolving, "SECONDS", 0.2)
    proven(names)
    names.rcode = dns.rcode.SERVFAIL
    assert look_at_domains(NOW + DAY) == 1
    assert MailDomain.objects.get().failing_since == NOW + DAY


# Who enters -------------------------------------------------------------------------------------


def belongs(person: Person, code: str = "kite") -> bool:
    return RoleGrant.objects.filter(person=person, organisation__code=code).exists()


def enter(person: Person, now: datetime = NOW) -> None:
    belong_by_address(person=person, organisation="kite", now=now)


def test_a_proven_address_enters_at_once_as_a_member_and_it_is_told(places: None, names: NameServer) -> None:
    chan = put("chan@kite.example", organisation="kite")
    proven(names)
    lee = put("Lee@Example.ORG")
    for _ in range(2):
        enter(lee)
    assert [grant.role for grant in lee.role_grants.all()] == ["member"]
    assert told()[-1] == f"people.join_by_domain kite {lee.email}"
    assert [notice.code for notice in Notice.objects.filter(person=chan)] == ["kite"]
    ng = put("ng@example.org")
    ask_membership(person=ng, organisation_name="KITE", now=NOW)
    assert (belongs(ng), MembershipRequest.objects.count()) == (True, 0)


@pytest.mark.parametrize("why", ["not wished", "failing", "stale", "left", "declined"])
def test_who_cannot_enter_at_once_asks(places: None, names: NameServer, why: str) -> None:
    put("chan@kite.example", organisation="kite")
    claim, lee, now = proven(names, lets_in=why != "not wished"), put("lee@example.org"), NOW
    if why == "failing":
        names.texts.clear()
        look_at_domains(NOW + DAY)
    elif why == "stale":
        now = NOW + 2 * DAY
    elif why == "left":
        enter(lee)
        leave = {"email": lee.email, "colleague": "chan@kite.example", "reason": ""}
        leave_organisation(actor=KITE, organisation="kite", now=NOW, **leave)
    elif why == "declined":
        change_domain(actor=KITE, number=claim.pk, lets_in=False, now=NOW)
        enter(lee)
        request = MembershipRequest.objects.get()
        answer_membership(actor=KITE, request=request.pk, granted=False, now=NOW)
        change_domain(actor=KITE, number=claim.pk, lets_in=True, now=NOW)
    enter(lee, now)
    assert not belongs(lee)
    assert [row.person for row in MembershipRequest.objects.filter(answered_at=None)] == [lee]


@pytest.mark.parametrize(
    "email", ["lee@cs.example.org", "lee@example.org.example.com", "lee@exаmple.org", "lee@kite.example"]
)
def test_another_domain_below_or_alike_is_not_this_one(places: None, names: NameServer, email: str) -> None:
    proven(names)
    person = Person.objects.create(email=email, name="Lee", created_at=NOW, address_proven_at=NOW)
    with pytest.raises(NotFound):
        enter(person)
    assert not MembershipRequest.objects.exists()


def test_an_address_that_nobody_has_proven_enters_nowhere(places: None, names: NameServer) -> None:
    put("chan@kite.example", organisation="kite")
    proven(names)
    lee = put("lee@example.org", proven=False)
    with pytest.raises(NotFound):
        enter(lee)
    ask_membership(person=lee, organisation_name="kite", now=NOW)
    assert (belongs(lee), MembershipRequest.objects.count()) == (False, 1)


# By page ----------------------------------------------------------------------------------------


def test_by_page_from_the_claim_to_the_colleague_who_enters(
    places: None, names: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    chan, lee, browser, other = (
        put("chan@kite.example", organisation="kite"),
        put("lee@example.org"),
        Client(),
        Client(),
    )
    browser.force_login(chan)
    other.force_login(lee)
    wrong = browser.post("/organisations/kite/domains", {"domain": "gmail.com"})
    assert (wrong.status_code, 'id="domain-fault"' in wrong.content.decode()) == (422, True)
    browser.post("/organisations/kite/domains", {"domain": "Example.org"})
    claim = MailDomain.objects.get()
    page = browser.get("/organisations/kite/domains").content.decode()
    assert all(text in page for text in record_of(claim.name, claim.proof))
    at = f"/organisations/kite/domains/{claim.pk}"
    assert browser.post(f"{at}/verify").status_code == 409
    publish(names, claim)
    MailDomain.objects.update(looked_at=None)
    assert browser.post(f"{at}/verify").status_code == 302
    assert "Belong to Kite" in other.get("/account").content.decode()
    assert browser.post(f"{at}/change", {"lets_in": "yes"}).status_code == 302
    assert other.post("/organisations/kite/belong")["Location"] == "/account"
    assert belongs(lee)
    assert "Belong to Kite" not in other.get("/account").content.decode()
    assert other.get("/organisations/kite/domains").status_code == 403
    assert browser.post(f"{at}/end").status_code == 302
    assert (belongs(lee), MailDomain.objects.get().ended_at is None) == (True, False)
