"""Tokens: what they open, for how long, and never more than their person may."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.api.asking import Program, expired, problem, token_for
from tests.calls.world import NOW, OPERATOR, World, member
from tests.config.rows import DELTA, HARBOUR, OWN

from lionrock.api.actions import issue_token, revoke_token
from lionrock.api.domain.tokens import LOOKS, MOST_TOKENS, PER_MINUTE, Kind, Scope, digest, new_secret
from lionrock.api.models import Token
from lionrock.audit.models import AuditRecord
from lionrock.kernel.errors import Invalid, NotAllowed, Refused
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role
from lionrock.people.models import Person, RoleGrant

pytestmark = pytest.mark.django_db
CHAN = "chan@example.org"


@pytest.fixture
def chan(world: World) -> Person:
    """Chan is a member of one organisation and an auditor of the programme."""
    register_person(actor=OPERATOR, email=CHAN, name="Chan", now=NOW)
    grant_role(actor=OPERATOR, email=CHAN, role=Role.MEMBER, organisation=HARBOUR, now=NOW)
    grant_role(actor=OPERATOR, email=CHAN, role=Role.AUDITOR, programme=OWN, now=NOW)
    return Person.objects.get(email=CHAN)


@pytest.mark.parametrize("kind", Kind)
def test_a_secret_looks_like_one_and_is_kept_as_a_digest_only(kind: Kind) -> None:
    secret = new_secret(kind)
    assert LOOKS.fullmatch(secret)
    assert new_secret(kind) != secret
    assert secret not in digest(secret)


def test_a_token_is_kept_nowhere_in_full(chan: Person) -> None:
    secret = token_for(CHAN, Scope.READ)
    token = Token.objects.get()
    assert secret not in [str(value) for value in vars(token).values()]
    assert secret not in str(list(AuditRecord.objects.filter(action="api.issue_token").values()))
    assert Program(secret).get("me")["email"] == CHAN


def test_what_is_no_longer_good_is_refused_with_its_reason(chan: Person) -> None:
    old, revoked, left = expired(token_for(CHAN)), token_for(CHAN), token_for(CHAN)
    revoke_token(actor=OPERATOR, number=Token.objects.get(digest=digest(revoked)).pk, now=NOW)
    assert problem(Program(old).ask("GET", "me")) == (401, "api.token.expired")
    assert problem(Program(revoked).ask("GET", "me")) == (401, "api.token.revoked")
    assert problem(Program(new_secret(Kind.PERSONAL)).ask("GET", "me")) == (401, "api.token.unknown")
    assert problem(Program("lionrock_p_short").ask("GET", "me")) == (401, "api.token.unreadable")
    Person.objects.filter(pk=chan.pk).update(is_active=False)
    assert problem(Program(left).ask("GET", "me")) == (401, "api.token.unknown")


def test_a_scope_that_is_not_there_opens_nothing(chan: Person) -> None:
    program = Program(token_for(CHAN, Scope.READ))
    assert program.ask("GET", "awards").status_code == 200
    assert problem(program.ask("POST", "jobs", {})) == (403, "api.token.scope")
    assert problem(Program(token_for(CHAN, Scope.JOBS)).ask("GET", "awards")) == (403, "api.token.scope")


def test_nobody_makes_a_token_beyond_their_roles(chan: Person) -> None:
    with pytest.raises(Invalid) as wrong:
        token_for(CHAN, Scope.USAGE, Scope.READ)
    assert [(fault.code, fault.value) for fault in wrong.value.faults] == [("api.token.beyond_roles", "usage")]
    with pytest.raises(Invalid) as days:
        token_for(CHAN, Scope.READ, days=367)
    assert days.value.code == "api.token.days"


def test_a_token_loses_what_its_person_loses(chan: Person) -> None:
    program = Program(token_for(CHAN))
    assert program.ask("GET", f"programmes/{OWN}/fund").status_code == 200
    RoleGrant.objects.filter(person=chan, programme=OWN).delete()
    assert problem(program.ask("GET", f"programmes/{OWN}/fund"))[0] == 404


def test_a_service_of_one_place_sees_nothing_elsewhere(chan: Person) -> None:
    made = issue_token(person=chan, name="sync", scopes=[Scope.READ], days=9, now=NOW, organisation=HARBOUR)
    Token.objects.update(expires_at=NOW.replace(year=2027))
    program = Program(made.secret)
    here = {"programme": None, "organisation": HARBOUR}
    assert program.get("me")["roles"] == [{"role": role, **here} for role in ("member", "organisation_admin")]
    assert problem(program.ask("GET", f"programmes/{OWN}/fund"))[0] == 404
    with pytest.raises(NotAllowed):
        issue_token(person=chan, name="sync", scopes=[Scope.READ], days=9, now=NOW, organisation=DELTA)
    with pytest.raises(Invalid):
        issue_token(person=chan, name="sync", scopes=[Scope.READ], days=9, now=NOW, programme="hk-aiss")


def test_colleagues_end_a_service_and_nobody_elses_token(chan: Person) -> None:
    service = issue_token(person=chan, name="sync", scopes=[Scope.READ], days=9, now=NOW, organisation=HARBOUR).token
    assert revoke_token(actor=member(HARBOUR), number=service.pk, now=NOW).revoked_by == member(HARBOUR).email


def test_there_is_a_bound_to_tokens_and_to_how_often_one_asks(chan: Person) -> None:
    program = Program(token_for(CHAN, Scope.READ))
    assert program.ask("GET", "me").status_code == 200
    Token.objects.update(asked=PER_MINUTE)
    answer = program.ask("GET", "me")
    assert (problem(answer), answer["Retry-After"]) == ((429, "api.token.too_often"), "60")
    Token.objects.update(minute=NOW)
    assert program.ask("GET", "me").status_code == 200
    Token.objects.bulk_create(
        Token(person=chan, kind="personal", name="x", scopes=[], digest=f"{n}", hint="x", created_at=NOW,
              expires_at=NOW.replace(year=2030)) for n in range(MOST_TOKENS)
    )  # fmt: skip
    with pytest.raises(Refused):
        token_for(CHAN, Scope.READ)


def test_a_browser_reads_with_its_session_and_writes_only_with_the_token_of_its_page(chan: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(chan)
    program = Program(client=client)
    assert program.get("me")["email"] == CHAN
    assert problem(program.ask("POST", "jobs", {})) == (403, "api.session.csrf")
    client.get("/account")
    proven = program.ask("POST", "jobs", {}, X_CSRFToken=client.cookies["csrftoken"].value)
    assert problem(proven) == (422, "api.request.invalid")


def test_the_page_shows_a_new_token_once(chan: Person) -> None:
    client = Client()
    client.force_login(chan)
    made = client.post("/account/tokens", {"name": "Nightly", "place": "", "days": "30", "scopes": ["read", "jobs"]})
    found = LOOKS.search(made.content.decode())
    assert found
    assert Program(found[0]).get("me")["email"] == CHAN
    again = client.get("/account/tokens").content.decode()
    assert found[0] not in again
    assert "Nightly" in again
    wrong = client.post("/account/tokens", {"name": "", "place": "", "days": "9999", "scopes": ["usage"]})
    assert wrong.status_code == 422
    number = Token.objects.get().pk
    assert client.post(f"/account/tokens/{number}/revoke").status_code == 302
    assert problem(Program(found[0]).ask("GET", "me")) == (401, "api.token.revoked")
