"""A large programme in full swing: ten thousand applications, two thousand awards, a year of statements.

What money rests on is made by the actions that people use (decisions, acceptances, closed months); the
crowd around it is copied in the database from one application that went the whole way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import click

STATES = (
    ("draft", 600),
    ("submitted", 400),
    ("returned", 100),
    ("eligible", 900),
    ("assessed", 300),
    ("ineligible", 300),
    ("declined", 4900),
    ("withdrawn", 500),
    ("chosen", 2000),
)
"""What becomes of each 10,000; `chosen` ones are awarded."""
ORGANISATIONS = 200
ASSESSORS = 40
ON_THE_AGENDA = 60
PROGRAMME = "hk-aiss-demo"


@dataclass(frozen=True)
class Crowd:
    """Who reads, and codes of what there is to read."""

    readers: dict[str, list[str]]
    """Addresses by role."""
    codes: dict[str, list[str]]
    """Codes by kind: application (by state), award, statement, meeting."""


def put_programme(applications: int, now: datetime) -> Crowd:
    """Fill an empty database; `applications` is how many there are in all."""
    from tests.calls.world import World  # noqa: PLC0415 - needs settings

    began = now - timedelta(days=400)
    world = World(now=began)
    world.put_site()
    world.put_fund("90000000000.00")
    readers = _put_people(began)
    call = world.open_call()
    _copy_applications(world, call, applications, now)
    awards = _award(applications * 2000 // 10_000, began)
    _close_months(now)
    _put_assessing(now)
    meeting = _put_meeting(now)
    _put_notices(now)
    _analyse()
    return Crowd(readers, _codes(awards, meeting))


def _put_people(now: datetime) -> dict[str, list[str]]:
    from lionrock.people.domain import PROGRAMME_ROLES, Role  # noqa: PLC0415
    from lionrock.people.models import Organisation, Person, RoleGrant  # noqa: PLC0415

    places = Organisation.objects.bulk_create(
        Organisation(code=f"organisation-{number:03d}", name=f"Organisation {number}", created_at=now)
        for number in range(ORGANISATIONS)
    )
    template = Person(email="x", name="x", created_at=now)
    template.set_unusable_password()
    wanted: list[tuple[str, Role, Organisation | None]] = [
        (f"member-{place.code}@example.org", Role.MEMBER, place) for place in places
    ]
    for role in sorted(PROGRAMME_ROLES):
        count = ASSESSORS if role is Role.ASSESSOR else 6
        wanted += [(f"{role.value}-{number}@example.org", role, None) for number in range(count)]
    people = Person.objects.bulk_create(
        Person(email=email, name=email.split("@")[0], password=template.password, created_at=now)
        for email, _, _ in wanted
    )
    RoleGrant.objects.bulk_create(
        RoleGrant(
            person=person, role=role.value, organisation=place, programme="" if place else PROGRAMME, granted_at=now
        )
        for person, (_, role, place) in zip(people, wanted, strict=True)
    )
    found: dict[str, list[str]] = {}
    for email, role, _ in wanted:
        found.setdefault(role.value, []).append(email)
    return found


def _copy_applications(world: object, call: object, applications: int, now: datetime) -> None:
    """Write one application by the actions, then copy it with its answers, files and submission."""
    from django.db import connection  # noqa: PLC0415

    from lionrock.applications.domain import Request  # noqa: PLC0415
    from lionrock.people.models import Organisation  # noqa: PLC0415

    first = Organisation.objects.earliest("pk").code
    asked = Request("h800-card", 1, 12, date(now.year - 1, now.month, 1))
    one = world.submitted(call, organisation=first, request=asked)  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        made = 0
        for state, share in STATES:
            count = share * applications // 10_000
            cursor.execute(_COPY, {"from": made, "to": made + count - 1, "state": state, "one": one.pk, "now": now})
            made += count
        for table, columns in _PARTS.items():
            copied = ", ".join(f"t.{column}" for column in columns.split(", "))
            cursor.execute(
                f"INSERT INTO applications_{table} (application_id, {columns}) SELECT a.id, {copied} "  # noqa: S608
                f"FROM applications_{table} t, applications_application a "
                "WHERE t.application_id = %(one)s AND a.id <> %(one)s "
                + ("AND a.submitted_at IS NOT NULL" if table == "submission" else ""),
                {"one": one.pk},
            )


_PARTS = {
    "answer": "key, value, version, changed_by, changed_at",
    "partentry": "part, number",
    "attachment": "document, name, media_type, size, pages, sha256, added_by, added_at, removed_at",
    "submission": "round, submitted_by, submitted_at, content, sha256",
}
_COPY = """
INSERT INTO applications_application (
    code, call_id, organisation_id, applicant, category, title, title_zh_hant, title_zh_hans, purpose, item, count,
    months, hours, starts, declarations, other_subsidy, findings, created_at, decided_by, decision_reason, round,
    state, state_since, submitted_at, decided_at
)
SELECT
    'APP-2024-' || lpad(n::text, 5, '0'), call_id,
    (SELECT min(id) FROM people_organisation) + n %% 200, applicant,
    (ARRAY['university', 'rnd', 'startup', 'enterprise'])[1 + n %% 4], title || ' ' || n, '模型 ' || n, '', purpose,
    item, 1 + n %% 4, months, hours, starts, declarations, other_subsidy, findings, created_at,
    CASE WHEN %(state)s = 'declined' THEN 'the Committee' ELSE '' END,
    CASE WHEN %(state)s = 'declined' THEN 'Others were better.' ELSE '' END,
    CASE WHEN %(state)s = 'draft' THEN 0 ELSE 1 END,
    CASE WHEN %(state)s = 'chosen' THEN 'assessed' ELSE %(state)s END,
    %(now)s::timestamptz - (n %% 90) * interval '1 day',
    CASE WHEN %(state)s = 'draft' THEN NULL ELSE submitted_at + (n %% 300) * interval '1 day' END,
    CASE WHEN %(state)s = 'declined' THEN submitted_at + (300 + n %% 60) * interval '1 day' END
FROM applications_application, generate_series(%(from)s::int, %(to)s::int) AS n
WHERE id = %(one)s
"""


def _award(count: int, now: datetime) -> list[str]:
    """Approve and accept as many, by the actions that the committee and the applicants use."""
    from tests.calls.world import OPERATOR  # noqa: PLC0415

    from lionrock.applications.models import Application  # noqa: PLC0415
    from lionrock.awards.actions import accept_offer, decide_application  # noqa: PLC0415
    from lionrock.awards.domain import Decision  # noqa: PLC0415

    codes = Application.objects.filter(state="assessed").order_by("-code").values_list("code", flat=True)[:count]
    awards = []
    with click.progressbar(list(codes), label="awards") as chosen:
        for code in chosen:
            award = decide_application(
                actor=OPERATOR, application=code, decision=Decision.APPROVE, decided_by="the Committee", now=now
            )
            assert award is not None
            if len(awards) % 20 or len(awards) < 20:
                accept_offer(actor=OPERATOR, award=award.code, signatory="Chan", title="Director", now=now)
            awards.append(award.code)
    return awards


def _close_months(now: datetime) -> None:
    from tests.calls.world import OPERATOR  # noqa: PLC0415

    from lionrock.charging.actions import close_month  # noqa: PLC0415
    from lionrock.kernel.periods import Month  # noqa: PLC0415
    from lionrock.people.programmes import programme_on_file  # noqa: PLC0415

    zone = programme_on_file(PROGRAMME).zone
    last = Month.of(now, zone).plus(-1)
    with click.progressbar([last.plus(-number) for number in range(11, -1, -1)], label="months") as months:
        for month in months:
            close_month(actor=OPERATOR, programme=PROGRAMME, month=month, now=now)


def _put_assessing(now: datetime) -> None:
    """Ask two assessors about everything that is with the assessors, and one of five has declared."""
    from lionrock.applications.models import Admission, Application  # noqa: PLC0415
    from lionrock.people.models import Person  # noqa: PLC0415
    from lionrock.review.models import Assignment  # noqa: PLC0415

    assessors = list(Person.objects.filter(role_grants__role="assessor").order_by("pk"))
    rows, admitted = [], []
    for number, application in enumerate(Application.objects.filter(state="eligible").order_by("pk")):
        for step in (0, 7):
            who = assessors[(number + step) % len(assessors)]
            state = "cleared" if number % 5 else "invited"
            rows.append(
                Assignment(
                    application=application, assessor=who, state=state, state_since=now, assigned_at=now,
                    assigned_by="office-0@example.org", due=(now + timedelta(days=number % 30 - 5)).date(),
                )
            )  # fmt: skip
            if state == "cleared":
                admitted.append(Admission(application=application, person=who.email, standing="reader", since=now))
    Assignment.objects.bulk_create(rows)
    Admission.objects.bulk_create(admitted)


def _put_meeting(now: datetime) -> str:
    from tests.calls.world import OPERATOR  # noqa: PLC0415

    from lionrock.applications.models import Application  # noqa: PLC0415
    from lionrock.committee.actions import add_to_agenda, plan_meeting  # noqa: PLC0415

    meeting = plan_meeting(
        actor=OPERATOR, programme=PROGRAMME, title="The meeting", when=now + timedelta(days=3), now=now
    )
    waiting = Application.objects.filter(state="assessed").order_by("code").values_list("code", flat=True)
    add_to_agenda(actor=OPERATOR, meeting=meeting.code, applications=list(waiting[:ON_THE_AGENDA]), now=now)
    return meeting.code


def _put_notices(now: datetime) -> None:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notices_notice (person_id, said, kind, code, at, urgent, pending) "
            "SELECT p.id, t.said, t.kind, t.code, %(now)s::timestamptz - n * interval '1 hour', false, false "
            "FROM people_person p, generate_series(1, 1000) n, "
            "(SELECT * FROM notices_notice WHERE kind = 'application' LIMIT 1) t WHERE p.email LIKE 'office-%%'",
            {"now": now},
        )


def _analyse() -> None:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _codes(awards: list[str], meeting: str) -> dict[str, list[str]]:
    from lionrock.applications.models import Application  # noqa: PLC0415
    from lionrock.statements.models import Document  # noqa: PLC0415

    found = {"award": awards[:200], "meeting": [meeting]}
    found["statement"] = list(Document.objects.order_by("-pk").values_list("number", flat=True)[:200])
    for state in ("submitted", "eligible", "assessed", "declined"):
        wanted = Application.objects.filter(state=state).order_by("pk").values_list("code", flat=True)
        found[state] = list(wanted[:200])
    return found
