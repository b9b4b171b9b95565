"""One of everything on file, and everybody who tries it: the scene of the tables of permissions."""

from __future__ import annotations

import uuid
from datetime import date
from pathlib import Path

from django.conf import settings
from tests.calls.world import NOW, OPERATOR, World
from tests.config.rows import DELTA, HARBOUR, OF_ORGANISATIONS, OTHER, OWN, ROLES, VIEWERS, Scene

from lionrock.applications.domain import Request
from lionrock.charging.actions import close_month, record_usage
from lionrock.charging.models import HeldRow, UsageImport
from lionrock.charging.usage_files import Origin, UsageRecord
from lionrock.jobs.models import Job
from lionrock.kernel.periods import Month, local_instant
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role
from lionrock.rules.rulebook import load_rulebook
from lionrock.sites.models import Site
from lionrock.statements.models import Document


def address_of(viewer: str) -> str:
    """Return the address under which a viewer of the tables is on file."""
    return f"{viewer.replace(' ', '-').replace('_', '-')}@example.org"


def put_viewers() -> None:
    """Put everybody on file who is tried, with the role that they are named after."""
    # Administrators first: the first member of an organisation is one, and "member" is a plain one.
    for viewer in sorted(VIEWERS, reverse=True):
        register_person(actor=OPERATOR, email=address_of(viewer), name=viewer, now=NOW)
        role, _, elsewhere = viewer.partition(" ")
        if role in ROLES:
            place = {"programme": OTHER if elsewhere else OWN}
        elif viewer in OF_ORGANISATIONS:
            place = {"organisation": DELTA if elsewhere else HARBOUR}
        else:
            continue
        grant_role(actor=OPERATOR, email=address_of(viewer), role=Role(role), now=NOW, **place)  # type: ignore[arg-type]


def put_scene(world: World, folder: Path) -> Scene:
    """Put one of everything on file; its files are put into the folder."""
    world.put_organisation(DELTA)
    put_viewers()
    world.put_fund("10000000.00")
    call = world.open_call()
    asked = Request("cpu-node", 1, 6, date(2026, 4, 1), 100)
    award = world.decided(world.submitted(call, request=asked))
    assert award is not None
    _use_and_close()
    usage = folder / "may.csv"
    usage.write_text("job,account,start,end,devices\n9,nobody-known,2026-05-02T00:00Z,2026-05-02T01:00Z,cpu-node=1\n")
    imported = UsageImport.objects.create(programme=OWN, digest="0" * 64, name="april.csv", started_at=NOW)
    HeldRow.objects.create(usage_import=imported, line=7, code="x.y", template="It is held.", raw="7")
    jobs = [_job(award, number, state) for number, state in ((1, "COMPLETED"), (2, "PENDING"))]
    return Scene(
        draft_call=world.prepared_call().code,
        open_call=call.code,
        draft=world.drafted(call).code,
        submitted=world.submitted(call).code,
        award=award.code,
        job=jobs[0],
        waiting_job=jobs[1],
        statement=Document.objects.get().number,
        usage=usage,
    )


def _use_and_close() -> None:
    zone = load_rulebook(settings.LIONROCK_RULEBOOK).programme(OWN).zone
    first = local_instant(NOW.replace(month=4, day=10, hour=0, tzinfo=None), zone)
    run = UsageRecord(
        site="here", job="1", start=first, end=first.replace(hour=23), account=HARBOUR, award=None,
        devices={"cpu-node": 1}, device_seconds={}, state="COMPLETED", revision=0, interim=False,
        origin=Origin("test", 1), cluster_key="",
    )  # fmt: skip
    record_usage([run], actor=OPERATOR, programme=OWN, now=NOW, source="test")
    close_month(actor=OPERATOR, programme=OWN, month=Month(2026, 4), now=NOW.replace(month=5))


def _job(award: object, number: int, state: str) -> str:
    """Put a job on file, long enough that who asks for it to be cancelled does not find it over."""
    site = Site.objects.get()
    over = {"started_at": NOW, "ended_at": NOW, "usage_recorded_at": NOW} if state == "COMPLETED" else {}
    return Job.objects.create(
        code=f"JOB-2025-{number:04d}", key=uuid.UUID(int=number), award=award, site=site,
        organisation=award.organisation, submitted_by="somebody@example.org", name="a job", argv=["sleep", "30"],  # type: ignore[attr-defined]
        devices={"cpu-node": 1}, time_limit_seconds=60, submitted_at=NOW, state=state, **over,
    ).code  # fmt: skip
