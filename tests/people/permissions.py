"""Who may do what about people; see tests/people/rows.py and tests/config/rows.py."""

from __future__ import annotations

from datetime import date

from tests.calls.world import NOW
from tests.config.rows import EVERYBODY, HARBOUR, OWN, CommandRow, PageRow
from tests.people.rows import ActionRow

from lionrock.people.domain import Role
from lionrock.people.models import Deputyship, Joining, MailDomain, MembershipRequest, Organisation, Person, RoleGrant

ANY_OFFICE = "office, office elsewhere"
ANY_OFFICE_PAGE = {"office", "office elsewhere"}
CARETAKERS = f"{ANY_OFFICE}, organisation_admin"
CARETAKERS_PAGE = {*ANY_OFFICE_PAGE, "organisation_admin"}
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


def _second() -> str:
    """Put two administrators on file, so that one of them is not the last."""
    place = Organisation.objects.get(code=HARBOUR)
    for name in ("first", "second"):
        _put(name, "member", place)
        _put(name, "organisation_admin", place)
    return "second@example.org"


def _invitation() -> int:
    place, sent = Organisation.objects.get(code=HARBOUR), NOW.replace(year=2020)
    facts = {"organisation": place, "invited_by": "first@example.org", "asked_at": sent, "sent_at": sent}
    return Joining.objects.create(email="asked@example.org", expires_at=NOW.replace(year=9000), **facts).pk


def _domain() -> int:
    """Put a claim on file that was looked at so lately that nobody asks any DNS for it."""
    place, claimed = Organisation.objects.get(code=HARBOUR), {"claimed_at": NOW, "claimed_by": "first@example.org"}
    found, _ = MailDomain.objects.get_or_create(
        organisation=place, name="example.net", defaults={"proof": "x", "looked_at": NOW.replace(year=9000), **claimed}
    )
    return found.pk


def _named() -> dict[str, object]:
    days = {"first": date(2026, 4, 1), "last": date(2026, 4, 9)}
    return {"holder": _put("away", "finance"), "deputy": _put("deputy"), "role": Role.FINANCE, "programme": OWN, **days}


def _named_in_words(given: dict[str, object]) -> str:
    days = f"--first {given['first']} --last {given['last']} --at 2026-04-01T09:00:00+08:00"
    return f"{given['holder']} {given['deputy']} finance --programme {OWN} {days}"


def _deputyship() -> int:
    holder, deputy = (Person.objects.get(email=each) for each in (_put("away", "finance"), _put("deputy")))
    given = {"role": "finance", "programme": OWN, "named_by": holder.email, "named_at": NOW}
    span = {"begins_at": NOW, "ends_at": NOW.replace(year=9000)}
    return Deputyship.objects.create(holder=holder, deputy=deputy, **span, **given).pk


def _number(email: str) -> str:
    return str(Person.objects.get(email=email).pk)


def _nothing_more(_request: int) -> str:
    return ""


def _harbour(_made: int) -> list[str]:
    """Return the argument of its pages, once something is on file there."""
    return [HARBOUR]


ACTIONS = {
    "people.revoke_role": ActionRow("office, programme_owner", lambda _: _role_of("chan@example.org")),
    "people.invite_colleague": ActionRow(CARETAKERS, lambda _: {"organisation": HARBOUR, "email": "new@example.org"}),
    "people.resend_invitation": ActionRow(CARETAKERS, lambda _: {"number": _invitation()}),
    "people.take_back_invitation": ActionRow(CARETAKERS, lambda _: {"number": _invitation()}),
    "people.name_administrator": ActionRow(CARETAKERS, lambda _: {"organisation": HARBOUR, "email": _member()}),
    "people.end_administrator": ActionRow(CARETAKERS, lambda _: {"organisation": HARBOUR, "email": _second()}),
    "people.claim_domain": ActionRow(CARETAKERS, lambda _: {"organisation": HARBOUR, "domain": "example.net"}),
    "people.verify_domain": ActionRow(CARETAKERS, lambda _: {"number": _domain()}),
    "people.change_domain": ActionRow(CARETAKERS, lambda _: {"number": _domain(), "lets_in": True}),
    "people.end_domain": ActionRow(CARETAKERS, lambda _: {"number": _domain()}),
    "people.answer_membership": ActionRow(
        CARETAKERS, lambda _: {"request": _request_of("chan@example.org"), "granted": True}
    ),
    "people.name_deputy": ActionRow("office, programme_owner", lambda _: _named()),
    "people.end_deputyship": ActionRow("office, programme_owner", lambda _: {"number": _deputyship()}),
    "people.leave_organisation": ActionRow(
        CARETAKERS,
        lambda _: {"organisation": HARBOUR, "email": _member(), "reason": "Over.", "colleague": _colleague()},
    ),
    "people.close_account": ActionRow(ANY_OFFICE, lambda _: {"email": _put("gone"), "reason": "Has left."}),
    "people.show_joining_link": ActionRow(ANY_OFFICE, lambda _: {"joining": _joining()}),
}
COMMANDS: dict[tuple[str, ...], CommandRow] = {
    ("person", "revoke"): CommandRow(
        NAMES_STAFF, lambda _: f"{_role_of('nobody@example.org')['email']} auditor --programme {OWN}"
    ),
    ("person", "deputies"): CommandRow(
        NAMES_STAFF, lambda _: _nothing_more(_deputyship()), lambda _: "away@example.org"
    ),
    ("person", "name-deputy"): CommandRow(NAMES_STAFF, lambda _: _named_in_words(_named())),
    ("person", "end-deputy"): CommandRow(NAMES_STAFF, lambda _: str(_deputyship())),
    ("organisation", "leave"): CommandRow(
        CARETAKERS_PAGE, lambda _: f"{HARBOUR} {_member()} --colleague {_colleague()}"
    ),
    ("person", "link"): CommandRow(ANY_OFFICE_PAGE, lambda _: f"{_email_of(_joining())}"),
    ("organisation", "invite"): CommandRow(CARETAKERS_PAGE, lambda _: f"{HARBOUR} new@example.org"),
    ("organisation", "invitations"): CommandRow(
        CARETAKERS_PAGE, lambda _: _nothing_more(_invitation()), lambda _: "asked@example.org"
    ),
    ("organisation", "resend"): CommandRow(CARETAKERS_PAGE, lambda _: str(_invitation())),
    ("organisation", "take-back"): CommandRow(CARETAKERS_PAGE, lambda _: str(_invitation())),
    ("organisation", "name-administrator"): CommandRow(CARETAKERS_PAGE, lambda _: f"{HARBOUR} {_member()}"),
    ("organisation", "end-administrator"): CommandRow(CARETAKERS_PAGE, lambda _: f"{HARBOUR} {_second()}"),
    ("organisation", "domains"): CommandRow(
        CARETAKERS_PAGE, lambda _: _nothing_more(_domain()), lambda _: "_lionrock.example.net"
    ),
    ("organisation", "claim-domain"): CommandRow(CARETAKERS_PAGE, lambda _: f"{HARBOUR} example.net"),
    ("organisation", "verify-domain"): CommandRow(CARETAKERS_PAGE, lambda _: str(_domain()), ends=frozenset({6})),
    ("organisation", "change-domain"): CommandRow(CARETAKERS_PAGE, lambda _: f"{_domain()} lets-in"),
    ("organisation", "end-domain"): CommandRow(CARETAKERS_PAGE, lambda _: str(_domain())),
    ("organisation", "requests"): CommandRow(
        CARETAKERS_PAGE,
        lambda _: _nothing_more(_request_of("nobody@example.org")),
        lambda _: "nobody@example.org",
    ),
    ("organisation", "answer"): CommandRow(CARETAKERS_PAGE, lambda _: f"{_request_of('nobody@example.org')} yes"),
}
HIDDEN = {
    "people.membership.unknown": "who asks to belong where",
    "people.deputy.unknown": "who stands in for whom",
    "people.organisation.not_yours": "who belongs where",
    "people.invitation.unknown": "who is invited where",
    "people.domain.unknown": "who claims which domain",
}
PAGES = {
    "people:account": PageRow(EVERYBODY),
    "people:enter": PageRow(EVERYBODY, posted=lambda _: {"organisation_name": "Kite"}),
    "people:organisation": PageRow({*ANY_OFFICE_PAGE, "member"}, lambda _: _harbour(_invitation())),
    "people:invite": PageRow(
        CARETAKERS_PAGE,
        lambda _: [HARBOUR],
        posted=lambda _: {"email": "new@example.org", "role": "member", "language": "en"},
    ),
    "people:resend": PageRow(CARETAKERS_PAGE, lambda _: [HARBOUR, str(_invitation())], posted=lambda _: {}),
    "people:take_back": PageRow(CARETAKERS_PAGE, lambda _: [HARBOUR, str(_invitation())], posted=lambda _: {}),
    "people:administrator": PageRow(
        CARETAKERS_PAGE, lambda _: [HARBOUR], posted=lambda _: {"email": _member(), "named": "yes"}
    ),
    "people:domains": PageRow(CARETAKERS_PAGE, lambda _: _harbour(_domain())),
    "people:verify_domain": PageRow(
        CARETAKERS_PAGE, lambda _: [HARBOUR, str(_domain())], posted=lambda _: {}, ends=frozenset({409})
    ),
    "people:change_domain": PageRow(
        CARETAKERS_PAGE, lambda _: [HARBOUR, str(_domain())], posted=lambda _: {"lets_in": "yes"}
    ),
    "people:end_domain": PageRow(CARETAKERS_PAGE, lambda _: [HARBOUR, str(_domain())], posted=lambda _: {}),
    "people:answer": PageRow(
        CARETAKERS_PAGE,
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
    "people:leave": PageRow(CARETAKERS_PAGE, lambda _: [HARBOUR, _number(_member())]),
    "staff:link": PageRow({"office"}, lambda _: [OWN], posted=lambda _: {"joining": str(_joining())}),
}
PAGES_FOR_EVERYBODY = {
    "people:password": "one's own, and takes one's password; tested in tests/people/test_accounts.py",
    "people:join": "asks for an account",
    "people:joined": "says that a link is on its way",
    "people:belong": "one's own address is its permission, tested in tests/people/test_domains.py",
    "people:joining": "its link is its permission, tested in tests/people/test_joining.py",
}
ELSEWHERE_RECORDED = {"people.verify_domain": "tested with a name server, in tests/people/test_domains.py"}
