"""Who may look after how people sign in; see tests/people/rows.py and tests/config/rows.py."""

from __future__ import annotations

from typing import Any

from tests.calls.world import NOW
from tests.config.rows import EVERYBODY, OWN, CommandRow, PageRow
from tests.people.rows import ActionRow

from lionrock.identity.models import Authenticator, Consent
from lionrock.people.models import Person, RoleGrant

LEE = "chan@example.org"


def _with_app(email: str) -> str:
    person = Person.objects.get(email=email)
    Authenticator.objects.get_or_create(person=person, defaults={"seed": "seed", "last_step": 0, "made_at": NOW})
    return email


def _of_staff(email: str) -> str:
    person, _ = Person.objects.get_or_create(email=email, defaults={"name": "Staff", "created_at": NOW})
    place = {"programme": OWN, "organisation": None}
    RoleGrant.objects.get_or_create(person=person, role="auditor", **place, defaults={"granted_at": NOW})
    return email


def _consent() -> int:
    email = "asks@example.org"
    person, _ = Person.objects.get_or_create(email=email, defaults={"name": "Who asks", "created_at": NOW})
    known = {"parts": ["jobs"], "reason": "x", "given_at": NOW, "ends_at": NOW.replace(year=9000)}
    return Consent.objects.get_or_create(person=person, programme=OWN, ended_at=None, defaults=known)[0].pk


def _who_consents() -> str:
    return Person.objects.get(support_consents=_consent()).email


def _consented(rows: str | list[str]) -> Any:
    """Return what is given, once there is a consent."""
    _consent()
    return rows


def _staff_number() -> str:
    return str(Person.objects.get(email=_of_staff("staff@example.org")).pk)


ACTIONS = {
    "identity.end_all_sessions": ActionRow(
        "office, programme_owner", lambda _: {"email": _of_staff(LEE), "reason": "stolen"}
    ),
    "identity.stop_support": ActionRow("", lambda _: {"email": _who_consents()}),
    "identity.reseal_secrets": ActionRow("", lambda _: {}),
    "identity.begin_support": ActionRow("office", lambda _: {"consent": _consent(), "reason": "called"}),
    "identity.reset_factors": ActionRow("", lambda _: {"email": _with_app(LEE), "reason": "lost"}),
}
COMMANDS: dict[tuple[str, ...], CommandRow] = {
    ("identity", "show"): CommandRow(set(), lambda _: "nobody@example.org"),
    ("identity", "reset-factors"): CommandRow(set(), lambda _: f"{_with_app('nobody@example.org')} --reason lost"),
    ("identity", "end-sessions"): CommandRow(
        {"office", "programme_owner"}, lambda _: f"{_of_staff('staff@example.org')} --reason stolen"
    ),
    ("identity", "consents"): CommandRow({"office"}, lambda _: _consented(""), shows=lambda _: "asks@example.org"),
    ("identity", "stop-support"): CommandRow(set(), lambda _: "nobody@example.org"),
    ("identity", "reseal"): CommandRow(set()),
}
PAGES = {
    "identity:new_passkey": PageRow(EVERYBODY),
    "identity:drop_passkey": PageRow(EVERYBODY, lambda _: ["1"], posted=lambda _: {}),
    "identity:authenticator": PageRow(EVERYBODY),
    "identity:drop_authenticator": PageRow(EVERYBODY, posted=lambda _: {}),
    "identity:recovery_codes": PageRow(EVERYBODY, posted=lambda _: {}),
    "identity:sessions": PageRow(EVERYBODY),
    "identity:end": PageRow(EVERYBODY, lambda _: ["0" * 32], posted=lambda _: {}),
    "identity:end_others": PageRow(EVERYBODY, posted=lambda _: {}),
    "identity:consent": PageRow(EVERYBODY),
    "identity:withdraw": PageRow(EVERYBODY, posted=lambda _: {}),
    "identity:supports": PageRow({"office"}, lambda _: _consented([]), shows=lambda _: "asks@example.org"),
    "identity:support": PageRow({"office"}, lambda _: [str(_consent())], posted=lambda _: {"reason": "called"}),
    "identity:end_support": PageRow(EVERYBODY, posted=lambda _: {}),
    "identity:end_staff": PageRow(
        {"office", "programme_owner"}, lambda _: [OWN, _staff_number()], posted=lambda _: {"reason": "stolen"}
    ),
}
HIDDEN = {
    "identity.staff.unknown": "whose sign-ins are whose business",
    "identity.consent.unknown": "who lets whom look",
}
PAGES_FOR_EVERYBODY = {
    "identity:second": "asks who has just given the right password; tested in tests/identity/test_signing_in.py",
    "identity:passkey": "signs in",
    "identity:reset": "asks for a link",
    "identity:reset_sent": "says that a link is on its way",
    "identity:reset_by_link": "its link is its permission, tested in tests/identity/test_signing_in.py",
}
