"""A small programme with two organisations and their awards, for jobs to run under."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from lionrock.applications.domain import ApplicationState
from lionrock.applications.models import Application
from lionrock.awards.models import Award
from lionrock.calls.models import Call
from lionrock.jobs.actions import submit_job
from lionrock.jobs.domain.requests import JobRequest
from lionrock.jobs.models import Job
from lionrock.people.domain import Actor, Grant, Role, terminal_operator
from lionrock.people.models import Organisation
from lionrock.rules.items import Mode
from lionrock.sites.models import Site

PROGRAMME = "hk-aiss"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ITEM = "cpu-core"
OPERATOR = terminal_operator("root")
MEMBER = Actor("chan@harbour.example", frozenset({Grant(Role.MEMBER, organisation="harbour")}))
STRANGER = Actor("lee@peak.example", frozenset({Grant(Role.MEMBER, organisation="peak")}))


def works_for(role: Role, programme: str = PROGRAMME) -> Actor:
    return Actor(f"{role.value}@{programme}.example", frozenset({Grant(role, programme=programme)}))


@dataclass(frozen=True)
class Scene:
    """A site, and an award for each organisation."""

    site: Site
    harbour: Award
    peak: Award


def scene(driver: str) -> Scene:
    site = Site.objects.create(
        code="local", name="Here", time_zone="Asia/Hong_Kong", programme=PROGRAMME, driver=driver, created_at=NOW
    )
    call = Call.objects.create(
        code="CALL-2026-0001", programme=PROGRAMME, title="Spring", opens=NOW, currency="HKD", created_at=NOW
    )
    return Scene(site, award(call, "harbour", 1), award(call, "peak", 2))


def award(call: Call, holder: str, number: int, **changes: object) -> Award:
    organisation, _ = Organisation.objects.get_or_create(
        code=holder, defaults={"name": holder.title(), "created_at": NOW}
    )
    application = Application.objects.create(
        code=f"APP-2026-{number:04d}",
        call=call,
        organisation=organisation,
        applicant=MEMBER.email,
        category="startup",
        title="Work",
        item=ITEM,
        count=4,
        months=1,
        starts=date(2026, 3, 1),
        state=ApplicationState.APPROVED.value,
        created_at=NOW,
        submitted_at=NOW,
        state_since=NOW,
        decided_at=NOW,
    )
    facts: dict[str, object] = {
        "code": f"AW-2026-{number:04d}",
        "application": application,
        "programme": PROGRAMME,
        "organisation": organisation,
        "item": ITEM,
        "mode": Mode.METERED.value,
        "count": 4,
        "share": Decimal("0.7"),
        "list_minor": 100_00,
        "cap_minor": 70_00,
        "currency": "HKD",
        "valid_from": date(2026, 3, 1),
        "valid_to": date(2026, 4, 1),
        "decided_by": "Committee",
        "made_at": NOW,
        "accept_by": date(2026, 3, 31),
        "accepted_at": NOW,
        "in_force_from": date(2026, 3, 1),
        "state": "active",
    }
    return Award.objects.create(**(facts | changes))


def request(*argv: str, **changes: object) -> JobRequest:
    """Return what harbour asks for."""
    facts: dict[str, object] = {"award": "AW-2026-0001", "argv": argv or ("true",), "time_limit_seconds": 60}
    return JobRequest(**(facts | changes))  # type: ignore[arg-type]


def submitted(*argv: str, actor: Actor = MEMBER, now: datetime = NOW, **changes: object) -> Job:
    return submit_job(actor=actor, request=request(*argv, **changes), now=now)
