"""Who may do what with awards, and with what it is tried; see tests/people/rows.py and tests/config/rows.py."""

from __future__ import annotations

from tests.calls.world import NOW, OPERATOR
from tests.config import rows as pages
from tests.config.rows import SEES, CommandRow, PageRow
from tests.people import rows as people
from tests.people.rows import ActionRow

from lionrock.applications.models import Application
from lionrock.awards.actions import decide_application, name_project_member, request_variation, suspend_award
from lionrock.awards.domain import Change, Decision
from lionrock.awards.models import Award, Project, ProjectMember
from lionrock.people.domain import Role
from lionrock.people.models import Person

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


def asked(scene: people.Scene | pages.Scene) -> int:
    """Ask for a change of the scene's award, and return its number; once for each scene."""
    award = Award.objects.get(code=scene.award)
    found = award.variations.first()
    return found.number if found else _asked(award)


def _asked(award: Award) -> int:
    change = Change(contact="Lee Ka Yan")
    return request_variation(actor=OPERATOR, award=award.code, change=change, reason="a new lead", now=NOW).number


def suspended(scene: people.Scene | pages.Scene) -> str:
    """Suspend the scene's award, and return its code."""
    award = Award.objects.get(code=scene.award)
    if award.state == "active":
        suspend_award(actor=OPERATOR, award=award.code, reason="overdue", now=NOW)
    return award.code


COLLEAGUE = "colleague@harbour.example"


def led(scene: people.Scene | pages.Scene) -> str:
    """Make the tables' member the principal investigator of the scene's award, with a colleague; return its code."""
    award, address = Award.objects.get(code=scene.award), "member@example.org"
    if not Person.objects.filter(email=address).exists():
        address = f"member@{award.organisation.code}.example"
    for email in (address, COLLEAGUE):
        person, _ = Person.objects.get_or_create(email=email, defaults={"name": email, "created_at": NOW})
        belonging = {"role": Role.MEMBER.value, "organisation": award.organisation, "programme": ""}
        person.role_grants.get_or_create(**belonging, defaults={"granted_at": NOW})
    Project.objects.get_or_create(award=award, defaults={"investigator": address, "since": NOW})
    return award.code


def named(scene: people.Scene | pages.Scene) -> str:
    """Name the colleague for the scene's award as well, and return its code."""
    code = led(scene)
    if not ProjectMember.objects.filter(award__code=code, ended_at__isnull=True).exists():
        name_project_member(actor=OPERATOR, award=code, email=COLLEAGUE, first=NOW.date(), now=NOW)
    return code


STAFF = "office, committee, chair"
ACTIONS = {
    "awards.accept_offer": ActionRow("member", lambda scene: {"award": offered(scene), **SIGNED}),
    "awards.decline_offer": ActionRow("member", lambda scene: {"award": offered(scene), "reason": "We have our own."}),
    "awards.request_variation": ActionRow(
        "member, office", lambda scene: {"award": scene.award, "change": Change(contact="Lee"), "reason": "a new lead"}
    ),
    "awards.withdraw_variation": ActionRow(
        "member, office", lambda scene: {"award": scene.award, "number": asked(scene)}
    ),
    "awards.decide_variation": ActionRow(
        STAFF,
        lambda scene: {
            "award": scene.award,
            "number": asked(scene),
            "decision": Decision.APPROVE,
            "decided_by": "Committee",
        },
    ),
    "awards.name_project_member": ActionRow(
        "member, office", lambda scene: {"award": led(scene), "email": COLLEAGUE, "first": NOW.date()}
    ),
    "awards.end_project_member": ActionRow("member, office", lambda scene: {"award": named(scene), "email": COLLEAGUE}),
    "awards.hand_over_project": ActionRow(
        "member, office", lambda scene: {"award": led(scene), "email": COLLEAGUE, "reason": "a new post"}
    ),
    "awards.open_project": ActionRow("member, office", lambda scene: {"award": named(scene)}),
    "awards.suspend_award": ActionRow(STAFF, lambda scene: {"award": scene.award, "reason": "overdue"}),
    "awards.resume_award": ActionRow(STAFF, lambda scene: {"award": suspended(scene), "reason": "handed in"}),
}
AT = "--at 2026-03-02T10:00+08:00"
OFFICE_TOO = {"member", "office"}
STAFF_ROLES = {"office", "committee", "chair"}
COMMANDS = {
    ("award", "accept"): CommandRow({"member"}, lambda scene: f"{offered(scene)} --signatory Chan --title Dean {AT}"),
    ("award", "refuse"): CommandRow({"member"}, lambda scene: f"{offered(scene)} --reason enough {AT}"),
    ("award", "change", "ask"): CommandRow(
        OFFICE_TOO, lambda scene: f"{scene.award} --contact Lee --reason ill {AT}", ends=frozenset({0})
    ),
    ("award", "change", "withdraw"): CommandRow(OFFICE_TOO, lambda scene: f"{scene.award} {asked(scene)} {AT}"),
    ("award", "change", "decide"): CommandRow(
        STAFF_ROLES, lambda scene: f"{scene.award} {asked(scene)} approve --decided-by Committee {AT}"
    ),
    ("award", "change", "list"): CommandRow(SEES, lambda scene: scene.award),
    ("award", "people", "show"): CommandRow(SEES, lambda scene: f"{scene.award} {AT}"),
    ("award", "people", "add"): CommandRow(
        OFFICE_TOO, lambda scene: f"{led(scene)} {COLLEAGUE} --first 2026-03-02 {AT}"
    ),
    ("award", "people", "remove"): CommandRow(OFFICE_TOO, lambda scene: f"{named(scene)} {COLLEAGUE} {AT}"),
    ("award", "people", "hand-over"): CommandRow(
        OFFICE_TOO, lambda scene: f"{led(scene)} {COLLEAGUE} --reason post {AT}"
    ),
    ("award", "people", "open"): CommandRow(OFFICE_TOO, lambda scene: f"{named(scene)} {AT}"),
    ("award", "suspend"): CommandRow(STAFF_ROLES, lambda scene: f"{scene.award} --reason overdue {AT}"),
    ("award", "resume"): CommandRow(STAFF_ROLES, lambda scene: f"{suspended(scene)} --reason handed-in {AT}"),
    ("award", "letter"): CommandRow(
        SEES, lambda scene: f"{scene.award} --output {scene.usage.with_name('letter.pdf')}"
    ),
}
PAGES = {
    "awards:accept": PageRow({"member"}, lambda scene: [offered(scene)]),
    "awards:refuse": PageRow({"member"}, lambda scene: [offered(scene)]),
    "awards:people": PageRow(SEES, lambda scene: [scene.award]),
    "awards:name_person": PageRow(OFFICE_TOO, lambda scene: [led(scene)]),
    "awards:end_person": PageRow(OFFICE_TOO, lambda scene: [named(scene)], posted=lambda _: {"email": COLLEAGUE}),
    "awards:hand_over": PageRow(OFFICE_TOO, lambda scene: [led(scene)]),
    "awards:open_to_all": PageRow(OFFICE_TOO, lambda scene: [named(scene)], posted=lambda _: {}),
    "awards:paper": PageRow(SEES, lambda scene: [scene.award, "offer"]),
    "awards:new_variation": PageRow(OFFICE_TOO, lambda scene: [scene.award]),
    "awards:variation": PageRow(SEES, lambda scene: [scene.award, str(asked(scene))]),
    "awards:suspend": PageRow(STAFF_ROLES, lambda scene: [scene.award]),
    "awards:resume": PageRow(STAFF_ROLES, lambda scene: [suspended(scene)]),
    "awards:end": PageRow(STAFF_ROLES, lambda scene: [scene.award]),
}
