"""Who may look after how people sign in; see tests/people/rows.py and tests/config/rows.py."""

from __future__ import annotations

from tests.calls.world import NOW
from tests.config.rows import EVERYBODY, CommandRow, PageRow
from tests.people.rows import ActionRow

from lionrock.identity.models import Authenticator
from lionrock.people.models import Person

LEE = "chan@example.org"


def _with_app(email: str) -> str:
    person = Person.objects.get(email=email)
    Authenticator.objects.get_or_create(person=person, defaults={"seed": "seed", "last_step": 0, "made_at": NOW})
    return email


ACTIONS = {
    "identity.end_all_sessions": ActionRow("", lambda _: {"email": LEE}),
    "identity.reset_factors": ActionRow("", lambda _: {"email": _with_app(LEE), "reason": "lost"}),
}
COMMANDS: dict[tuple[str, ...], CommandRow] = {
    ("identity", "show"): CommandRow(set(), lambda _: "nobody@example.org"),
    ("identity", "reset-factors"): CommandRow(set(), lambda _: f"{_with_app('nobody@example.org')} --reason lost"),
    ("identity", "end-sessions"): CommandRow(set(), lambda _: "nobody@example.org"),
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
}
PAGES_FOR_EVERYBODY = {
    "identity:second": "asks who has just given the right password; tested in tests/identity/test_signing_in.py",
    "identity:passkey": "signs in",
    "identity:reset": "asks for a link",
    "identity:reset_sent": "says that a link is on its way",
    "identity:reset_by_link": "its link is its permission, tested in tests/identity/test_signing_in.py",
}
