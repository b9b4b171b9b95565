"""A fresh proof before something is decided, paid or released; and no page that needs one is left out."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django.fixtures import Settings
from tests.identity.conftest import ADDRESS, PASSWORD
from tests.identity.test_signing_in import code_of

from lionrock.awards import actions as awards
from lionrock.committee import actions as committee
from lionrock.identity.models import Authenticator
from lionrock.identity.pages.proofs import SENT
from lionrock.identity.secret import present
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role, terminal_operator
from lionrock.people.models import Person, RoleGrant
from lionrock.receivables import actions as receivables
from lionrock.screening import actions as screening
from lionrock.web.proving import asks_proof

PROGRAMME = "hk-aiss-demo"
GIVE = f"/programmes/{PROGRAMME}/people/give"
AUDITOR = {"email": "lee@example.org", "role": "auditor"}
OPERATOR = terminal_operator("root")


@pytest.fixture
def office(browser: Client, person: Person) -> Client:
    """A browser of the programme's office, and a colleague who may get a role."""
    now = datetime(2026, 3, 2, tzinfo=UTC)
    grant_role(actor=OPERATOR, email=ADDRESS, role=Role.OFFICE, programme=PROGRAMME, now=now)
    register_person(actor=OPERATOR, email="lee@example.org", name="Lee", now=now, password=PASSWORD)
    return browser


def grow_old(browser: Client, ago: timedelta = timedelta(minutes=16)) -> None:
    """Let the latest proof of a browser be so old."""
    session = browser.session
    kept = session["signed_in"]
    session["signed_in"] = kept | {"proof": kept["proof"] | {"at": (datetime.now(UTC) - ago).isoformat()}}
    session.save()


def given() -> bool:
    return RoleGrant.objects.filter(person__email="lee@example.org", role="auditor").exists()


def main_of(answer: Any) -> str:
    return str(answer.content.decode().partition("<main")[2])


def hidden(answer: Any) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', main_of(answer))
    return {name: html.unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def test_a_fresh_sign_in_is_a_proof(office: Client) -> None:
    assert office.post(GIVE, AUDITOR).status_code == 302
    assert given()


def test_an_old_sign_in_is_asked_and_what_was_typed_goes_on(office: Client) -> None:
    grow_old(office)
    asked = office.post(GIVE, AUDITOR)
    assert (asked.status_code, given()) == (403, False)
    assert hidden(asked) == {**AUDITOR, "lionrock-proof": "1"}
    wrong = office.post(GIVE, hidden(asked) | {"lionrock-proof-password": "guess"})
    assert "This is not your password" in wrong.content.decode()
    assert (hidden(wrong), given()) == (hidden(asked), False)
    assert office.post(GIVE, hidden(wrong) | {"lionrock-proof-password": PASSWORD}).status_code == 302
    assert given()
    assert office.post(f"/programmes/{PROGRAMME}/people/take", AUDITOR).status_code == 302
    assert not given()


def test_what_was_typed_comes_through_letter_by_letter(office: Client) -> None:
    grow_old(office)
    typed = {"email": '"><script>\r\n&amp;é颱風', "role": "auditor", "proof": "of a room's own", "proof-code": "x"}
    asked = office.post(GIVE, typed)
    assert hidden(asked) == {**typed, SENT: "1"}
    assert "<script>" not in asked.content.decode()


def test_a_page_that_is_only_looked_at_is_not_asked_for(office: Client) -> None:
    grow_old(office)
    assert office.get(f"/programmes/{PROGRAMME}/people").status_code == 200


def test_a_page_for_one_act_alone_is_asked_for_when_it_is_opened(browser: Client) -> None:
    grow_old(browser)
    asked = browser.get("/account/app?from=mail")
    assert asked.status_code == 403
    opened = browser.post("/account/app?from=mail", hidden(asked) | {"lionrock-proof-password": PASSWORD})
    assert opened["Location"] == "/account/app?from=mail"
    assert browser.get("/account/app").status_code == 200


def test_files_are_asked_for_again_and_it_is_said(browser: Client, person: Person) -> None:
    grow_old(browser)
    sent = {"note": "May", "file": SimpleUploadedFile("bank.csv", b"a,b")}
    asked = browser.post(f"/programmes/{PROGRAMME}/payments/file", sent).content.decode()
    assert "Choose your file again" in asked
    assert '<input id="again-1" type="file" name="file">' in asked
    assert 'enctype="multipart/form-data"' in asked


def test_too_many_wrong_passwords_have_to_wait(office: Client) -> None:
    grow_old(office)
    for _ in range(10):
        office.post(GIVE, {**AUDITOR, "lionrock-proof": "1", "lionrock-proof-password": "guess"})
    told = office.post(GIVE, {**AUDITOR, "lionrock-proof": "1", "lionrock-proof-password": PASSWORD}).content.decode()
    assert "too many wrong tries" in told
    assert not given()


def test_who_has_a_second_factor_cannot_do_with_a_password(office: Client, person: Person) -> None:
    Authenticator.objects.create(person=person, seed="seed", under=present(), last_step=0, made_at=person.created_at)
    asked = office.post(GIVE, AUDITOR)
    assert asked.status_code == 403
    assert "lionrock-proof-password" not in asked.content.decode()
    office.post(GIVE, hidden(asked) | {"lionrock-proof-password": PASSWORD})
    assert not given()
    office.post(GIVE, hidden(asked) | {"lionrock-proof-code": code_of(person)})
    assert given()


def test_a_role_may_need_a_second_factor_and_the_refusal_says_what_to_do(office: Client, settings: Settings) -> None:
    settings.LIONROCK_SECOND_FACTOR_ROLES = frozenset({Role.FINANCE})
    assert office.post(GIVE, AUDITOR).status_code == 302
    settings.LIONROCK_SECOND_FACTOR_ROLES = frozenset({Role.OFFICE, Role.FINANCE})
    refused = office.post(GIVE, AUDITOR)
    assert refused.status_code == 403
    page = refused.content.decode()
    assert "A second factor is needed" in page
    assert "/account/app" in page
    assert office.get("/account/app").status_code == 200
    assert office.get("/account/passkeys/new").status_code == 200


def test_a_proof_without_a_valid_token_against_forgery_is_not_looked_at(office: Client, person: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    grow_old(strict)
    answer = strict.post(GIVE, {**AUDITOR, "lionrock-proof": "1", "lionrock-proof-password": PASSWORD})
    assert answer.status_code == 403
    assert not given()
    assert "lionrock-proof-password" not in answer.content.decode()


def test_a_browser_gets_round_it_by_the_api_neither(office: Client, settings: Settings) -> None:
    def asked() -> tuple[int, str]:
        answer = office.post("/api/v1/jobs", "{}", content_type="application/json")
        return answer.status_code, answer.json()["code"]

    assert asked() == (422, "api.request.invalid")
    settings.LIONROCK_SECOND_FACTOR_ROLES = frozenset({Role.OFFICE})
    assert asked() == (403, "api.session.stale")
    settings.LIONROCK_SECOND_FACTOR_ROLES = frozenset()
    grow_old(office)
    assert asked() == (403, "api.session.stale")
    assert office.get("/api/v1/me").status_code == 200


# No page is left out ----------------------------------------------------------------------------

PROVEN: Mapping[str, set[str]] = {
    "lionrock.awards.actions": {"decide_application", "decide_variation", "end_award", "resume_award", "suspend_award"},
    "lionrock.committee.actions": {
        "add_to_agenda", "adopt_ranking", "cancel_meeting", "cast_vote", "close_meeting", "note_attendance",
        "open_meeting", "postpone_item", "propose_decision", "recuse_member", "reorder_agenda", "resolve_item",
        "drop_trial", "keep_trial",
    },
    "lionrock.charging.actions": {"adjust", "close_month", "mend_row", "set_row_aside", "share_fee", "try_rows_again"},
    "lionrock.receivables.actions": {
        "agree_to_write_off", "drop_held_row", "import_bank_file", "record_payment", "refuse_write_off",
        "reverse_payment", "settle_paper", "write_off",
    },
    "lionrock.screening.actions": {
        "agree_to_clear", "clear_case", "confirm_case", "disagree_to_clear", "escalate_case",
    },
    "lionrock.assurance.actions": {"agree_to_lower", "answer_proof", "conclude", "lay_condition", "set_tier"},
    "lionrock.people.actions": {
        "change_domain", "end_administrator", "grant_role", "name_administrator", "revoke_role", "show_joining_link",
    },
    "lionrock.identity.actions": {
        "add_authenticator", "add_passkey", "make_recovery_codes", "remove_authenticator", "remove_passkey",
        "begin_support", "end_all_sessions", "give_consent",
    },
    "lionrock.api.actions": {"issue_token"},
}  # fmt: skip
"""What decides, pays, releases, or hands out the means to do so."""
NOT_PROVEN: Mapping[str, set[str]] = {
    "lionrock.awards.actions": {
        "accept_offer", "decline_offer", "lapse_offers", "release_award", "request_variation", "take_up_held",
        "withdraw_variation", "end_project_member", "hand_over_of_leaver", "hand_over_project", "name_project_member",
        "open_project",
    },
    "lionrock.committee.actions": {"plan_meeting"},
    "lionrock.receivables.actions": {"match_after_close", "remind_debtors"},
    "lionrock.screening.actions": {
        "end_stake", "import_list", "note_particular", "record_stake", "register_owner", "screen_due", "screen_party",
    },
}  # fmt: skip
"""What an applicant does with what is theirs, what prepares a decision, and what no page does."""


def views(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Callable[..., HttpResponse]]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from views(each, f"{prefix}{each.namespace}:" if each.namespace else prefix)
        elif isinstance(each, URLPattern) and not prefix.startswith("api:"):
            yield f"{prefix}{each.name}", each.callback


def reached(start: object) -> set[str]:
    """Return the actions ("room.actions:name") that a view can come to, by functions and tables."""
    found: set[str] = set()
    waiting, seen = [start], set[int]()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        if isinstance(each, FunctionType) and ".actions" in each.__module__:
            found.add(f"{each.__module__.partition('.actions')[0]}.actions:{each.__name__}")
        elif isinstance(each, FunctionType) and each.__module__.startswith("lionrock."):
            waiting += _within(each)
        else:
            waiting += _held(each)
    return found


def _within(function: FunctionType) -> Iterator[object]:
    """Return what a function can come to: what it is wrapped around, and what it names."""
    inner = getattr(function, "__wrapped__", None)
    yield inner
    yield from (cell.cell_contents for cell in function.__closure__ or ())
    for code in _codes(function.__code__):
        for name in code.co_names:
            value = function.__globals__.get(name)
            if isinstance(value, ModuleType) and value.__name__.endswith(".actions"):
                yield from (getattr(value, other) for other in code.co_names if hasattr(value, other))
            elif not isinstance(value, ModuleType | type):
                yield value


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)


def _held(each: object) -> Iterator[object]:
    if isinstance(each, Mapping):
        yield from each.values()
    elif isinstance(each, Sequence) and not isinstance(each, str | bytes):
        yield from each
    elif isinstance(each, partial):
        yield each.func
    elif is_dataclass(each) and not isinstance(each, type):
        yield from (getattr(each, field.name) for field in fields(each))


DECLARED = {f"{room}:{name}" for room, names in PROVEN.items() for name in names}


def takes_posts(view: Any) -> bool:
    """Tell whether a view answers to a form: one that says which methods it takes has to name POST."""
    held = (
        dict(zip(view.__code__.co_freevars, view.__closure__ or (), strict=True)) if hasattr(view, "__code__") else {}
    )
    methods = held.get("request_method_list")
    inner = getattr(view, "__wrapped__", None)
    return "POST" in methods.cell_contents if methods else inner is None or takes_posts(inner)


def test_no_page_that_decides_pays_or_releases_goes_without_a_mark() -> None:
    tried = {name: view for name, view in views(get_resolver()) if takes_posts(view) and reached(view) & DECLARED}
    unmarked = {name: sorted(reached(view) & DECLARED) for name, view in tried.items() if not asks_proof(view, "POST")}
    assert unmarked == {}
    assert set(tried) >= {
        "awards:end", "awards:variation", "committee:item", "finance_closing:close", "receivables:agree",
        "receivables:payments", "screening:case", "assurance:act", "staff:give", "staff:take", "identity:new_passkey",
    }  # fmt: skip


def test_the_search_for_pages_would_find_an_unmarked_one() -> None:
    def page(request: HttpRequest) -> HttpResponse:
        awards.end_award(actor=OPERATOR, award="AW", now=datetime.now(UTC), reason="over")
        return HttpResponse()

    page.__module__ = "lionrock.awards.pages.example"
    assert reached(page) & DECLARED == {"lionrock.awards.actions:end_award"}
    assert not asks_proof(page, "POST")


@pytest.mark.parametrize("room", [awards, committee, receivables, screening], ids=lambda room: room.__name__)
def test_every_action_of_a_room_that_decides_is_declared(room: ModuleType) -> None:
    declared = PROVEN[room.__name__] | NOT_PROVEN.get(room.__name__, set())
    assert set(room.__all__) == declared
