"""Who may do what about people; see tests/people/rows.py and tests/config/rows.py."""

from __future__ import annotations

from tests.calls.world import NOW
from tests.config.rows import EVERYBODY, HARBOUR, OWN, CommandRow, PageRow
from tests.people.rows import ActionRow

from lionrock.people.domain import Role
from lionrock.people.models import Joining, MembershipRequest, Organisation, Person, RoleGrant

ANY_OFFICE = "office, office elsewhere"
ANY_OFFICE_PAGE = {"office", "office elsewhere"}


def _request_of(email: str) -> int:
    person, place = Person.objects.get(email=email), Organisation.objects.get(code=HARBOUR)
    row, _made = MembershipRequest.objects.get_or_create(person=person, organisation=place, defaults={"asked_at": NOW})
    return row.pk


def _role_of(email: str) -> dict[str, object]:
    person = Person.objects.get(email=email)
    place = {"programme": OWN, "organisation": None}
    RoleGrant.objects.get_or_create(person=person, role="auditor", **place, defaults={"granted_at": NOW})
    return {"email": email, "role": Role.AUDITOR, "programme": OWN}


def _joining() -> int:
    return Joining.objects.create(
        email="ng@kite.example", organisation_name="Kite", asked_at=NOW, expires_at=NOW.replace(year=9000)
    ).pk


def _email_of(joining: int) -> str:
    return Joining.objects.get(pk=joining).email


def _nothing_more(_request: int) -> str:
    return ""


ACTIONS = {
    "people.revoke_role": ActionRow("office", lambda _: _role_of("chan@example.org")),
    "people.invite_colleague": ActionRow("member", lambda _: {"organisation": HARBOUR, "email": "new@example.org"}),
    "people.answer_membership": ActionRow(
        f"{ANY_OFFICE}, member", lambda _: {"request": _request_of("chan@example.org"), "granted": True}
    ),
    "people.show_joining_link": ActionRow(ANY_OFFICE, lambda _: {"joining": _joining()}),
}
COMMANDS: dict[tuple[str, ...], CommandRow] = {
    ("person", "revoke"): CommandRow(
        {"office"}, lambda _: f"{_role_of('nobody@example.org')['email']} auditor --programme {OWN}"
    ),
    ("person", "link"): CommandRow(ANY_OFFICE_PAGE, lambda _: f"{_email_of(_joining())}"),
    ("organisation", "invite"): CommandRow({"member"}, lambda _: f"{HARBOUR} new@example.org"),
    ("organisation", "requests"): CommandRow(
        {*ANY_OFFICE_PAGE, "member"},
        lambda _: _nothing_more(_request_of("nobody@example.org")),
        lambda _: "nobody@example.org",
    ),
    ("organisation", "answer"): CommandRow(
        {*ANY_OFFICE_PAGE, "member"}, lambda _: f"{_request_of('nobody@example.org')} yes"
    ),
}
HIDDEN = {"people.membership.unknown": "who asks to belong where"}
PAGES = {
    "people:account": PageRow(EVERYBODY),
    "people:enter": PageRow(EVERYBODY, posted=lambda _: {"organisation_name": "Kite"}),
    "people:organisation": PageRow({*ANY_OFFICE_PAGE, "member"}, lambda _: [HARBOUR]),
    "people:invite": PageRow(
        {"member"}, lambda _: [HARBOUR], posted=lambda _: {"email": "new@example.org", "language": "en"}
    ),
    "people:answer": PageRow(
        {*ANY_OFFICE_PAGE, "member"},
        lambda _: [HARBOUR, str(_request_of("nobody@example.org"))],
        posted=lambda _: {"answer": "no"},
    ),
    "staff:list": PageRow(EVERYBODY),
    "staff:people": PageRow({"office"}, lambda _: [OWN]),
    "staff:give": PageRow(
        {"office"}, lambda _: [OWN], posted=lambda _: {"email": "nobody@example.org", "role": "auditor"}
    ),
    "staff:take": PageRow(
        {"office"}, lambda _: [OWN], posted=lambda _: {"email": "nobody@example.org", "role": "auditor"}
    ),
    "staff:link": PageRow({"office"}, lambda _: [OWN], posted=lambda _: {"joining": str(_joining())}),
}
PAGES_FOR_EVERYBODY = {
    "people:password": "one's own, and takes one's password; tested in tests/people/test_accounts.py",
    "people:join": "asks for an account",
    "people:joined": "says that a link is on its way",
    "people:joining": "its link is its permission, tested in tests/people/test_joining.py",
}
