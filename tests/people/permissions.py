"""Who may do what about people; see tests/people/rows.py and tests/config/rows.py."""

from __future__ import annotations

from datetime import date

from tests.calls.world import NOW
from tests.config.rows import EVERYBODY, HARBOUR, OWN, CommandRow, PageRow
from tests.people.rows import ActionRow

from lionrock.people.domain import Role
from lionrock.people.models import Deputyship, Joining, MembershipRequest, Organisation, Person, RoleGrant

ANY_OFFICE = "office, office elsewhere"
ANY_OFFICE_PAGE = {"office", "office elsewhere"}
NAMES_STAFF = {"office", "programme_owner"}


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


def _put(name: str, role: str = "", place: Organisation | None = None) -> str:
    email = f"{name}@example.org"
    person, _ = Person.objects.get_or_create(email=email, defaults={"name": name, "created_at": NOW})
    if role:
        where = {"programme": "" if place else OWN, "organisation": place}
        RoleGrant.objects.get_or_create(person=person, role=role, **where, defaults={"granted_at": NOW})
    return email


def _member() -> str:
    return _put("leaver", "member", Organisation.objects.get(code=HARBOUR))


def _colleague() -> str:
    return _put("colleague", "member", Organisation.objects.get(code=HARBOUR))


def _named() -> dict[str, object]:
    days = {"first": date(2026, 4, 1), "last": date(2026, 4, 9)}
    return {"holder": _put("away", "finance"), "deputy": _put("deputy"), "role": Role.FINANCE, "programme": OWN, **days}


def _deputyship() -> int:
    holder, deputy = (Person.objects.get(email=each) for each in (_put("away", "finance"), _put("deputy")))
    given = {"role": "finance", "programme": OWN, "named_by": holder.email, "named_at": NOW}
    span = {"begins_at": NOW, "ends_at": NOW.replace(year=9000)}
    return Deputyship.objects.create(holder=holder, deputy=deputy, **span, **given).pk


def _number(email: str) -> str:
    return str(Person.objects.get(email=email).pk)


def _nothing_more(_request: int) -> str:
    return ""


ACTIONS = {
    "people.revoke_role": ActionRow("office, programme_owner", lambda _: _role_of("chan@example.org")),
    "people.invite_colleague": ActionRow("member", lambda _: {"organisation": HARBOUR, "email": "new@example.org"}),
    "people.answer_membership": ActionRow(
        f"{ANY_OFFICE}, member", lambda _: {"request": _request_of("chan@example.org"), "granted": True}
    ),
    "people.name_deputy": ActionRow("office, programme_owner", lambda _: _named()),
    "people.end_deputyship": ActionRow("office, programme_owner", lambda _: {"number": _deputyship()}),
    "people.leave_organisation": ActionRow(
        f"{ANY_OFFICE}, member",
        lambda _: {"organisation": HARBOUR, "email": _member(), "reason": "Over.", "colleague": _colleague()},
    ),
    "people.close_account": ActionRow(ANY_OFFICE, lambda _: {"email": _put("gone"), "reason": "Has left."}),
    "people.show_joining_link": ActionRow(ANY_OFFICE, lambda _: {"joining": _joining()}),
}
COMMANDS: dict[tuple[str, ...], CommandRow] = {
    ("person", "revoke"): CommandRow(
        NAMES_STAFF, lambda _: f"{_role_of('nobody@example.org')['email']} auditor --programme {OWN}"
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
HIDDEN = {
    "people.membership.unknown": "who asks to belong where",
    "people.deputy.unknown": "who stands in for whom",
    "people.organisation.not_yours": "who belongs where",
}
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
    "staff:people": PageRow(NAMES_STAFF, lambda _: [OWN]),
    "staff:give": PageRow(
        NAMES_STAFF, lambda _: [OWN], posted=lambda _: {"email": "nobody@example.org", "role": "auditor"}
    ),
    "staff:take": PageRow(
        NAMES_STAFF, lambda _: [OWN], posted=lambda _: {"email": "nobody@example.org", "role": "auditor"}
    ),
    "staff:deputies": PageRow(
        {"office", "programme_owner", "chair", "finance", "cluster_admin", "compliance"}, lambda _: [OWN]
    ),
    "staff:close": PageRow({"office"}, lambda _: [OWN, _number(_put("gone"))]),
    "people:end_deputy": PageRow(NAMES_STAFF, lambda _: [str(_deputyship())], posted=lambda _: {}),
    "people:leave": PageRow({*ANY_OFFICE_PAGE, "member"}, lambda _: [HARBOUR, _number(_member())]),
    "staff:link": PageRow({"office"}, lambda _: [OWN], posted=lambda _: {"joining": str(_joining())}),
}
PAGES_FOR_EVERYBODY = {
    "people:password": "one's own, and takes one's password; tested in tests/people/test_accounts.py",
    "people:join": "asks for an account",
    "people:joined": "says that a link is on its way",
    "people:joining": "its link is its permission, tested in tests/people/test_joining.py",
}
