"""Who may do what with awards, and with what it is tried; see tests/people/rows.py and tests/config/rows.py."""

from __future__ import annotations

from tests.calls.world import NOW, OPERATOR
from tests.config import rows as pages
from tests.config.rows import CommandRow, PageRow
from tests.people import rows as people
from tests.people.rows import ActionRow

from lionrock.applications.models import Application
from lionrock.awards.actions import decide_application
from lionrock.awards.domain import Decision
from lionrock.awards.models import Award

SIGNED = {"signatory": "Chan Tai Man", "title": "Vice-President"}


def offered(scene: people.Scene | pages.Scene) -> str:
    """Approve the scene's submitted application, and return the code of the offer; once for each scene."""
    application = Application.objects.get(code=scene.submitted)
    found = Award.objects.filter(application=application).first()
    return found.code if found else _approved(application)


def _approved(application: Application) -> str:
    given = {"decision": Decision.APPROVE, "decided_by": "Committee", "now": NOW}
    made = decide_application(actor=OPERATOR, application=application.code, **given)
    assert made is not None
    return made.code


ACTIONS = {
    "awards.accept_offer": ActionRow("member", lambda scene: {"award": offered(scene), **SIGNED}),
    "awards.decline_offer": ActionRow("member", lambda scene: {"award": offered(scene), "reason": "We have our own."}),
}
AT = "--at 2026-03-02T10:00+08:00"
COMMANDS = {
    ("award", "accept"): CommandRow({"member"}, lambda scene: f"{offered(scene)} --signatory Chan --title Dean {AT}"),
    ("award", "refuse"): CommandRow({"member"}, lambda scene: f"{offered(scene)} --reason enough {AT}"),
}
PAGES: dict[str, PageRow] = {}
