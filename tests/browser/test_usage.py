"""Use, waits, idle awards, efficiency and a cluster as it is now: at a desk, on a phone, in each language."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer
from tests.browser.conftest import DESK, PASSWORD, Visitor
from tests.browser.test_pages import LANGUAGES, look

if TYPE_CHECKING:
    from tests.usage.cluster import Cluster

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TODAY = datetime(2026, 5, 10, 2, 0, tzinfo=UTC)
PAGES = {
    "use-pools": "/use",
    "use-awards": "/use?by=award&from=2026-04-01&to=2026-05-10",
    "use-weeks": "/use?by=category&from=2026-01-01&to=2026-05-10",
    "use-waits": "/use/waits",
    "use-idle": "/use/idle?part=100",
    "use-efficiency": "/use/efficiency",
    "use-clusters": "/use/clusters",
    "use-wrong": "/use?from=2026-05-09&to=2026-05-01",
}


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Cluster:
    from tests.usage.cluster import Cluster, node, queued  # noqa: PLC0415

    waiting = int((TODAY - timedelta(hours=5)).timestamp())
    made = Cluster(
        nodes="".join(node(f"n{each}", "MIXED", 5) for each in range(1, 6)) + node("n6", "DOWN*", reason="no power"),
        queue=queued("h800", "RUNNING") * 7 + queued("h800", "PENDING", waiting, "Resources") * 2
        + queued("h800", "PENDING", waiting, "QOSGrpGRESMinutes"),
    )  # fmt: skip
    monkeypatch.setattr("lionrock.usage.actions.slurm_of", lambda _site: made)
    monkeypatch.setattr("django.utils.timezone.now", lambda: TODAY)
    return made


@pytest.fixture
def centre(transactional_db: None, settings: Settings, cluster: Cluster) -> None:
    """A cluster in use for forty days: two metered awards and somebody else; who works there, and a member."""
    from tests.calls.world import OPERATOR, SHIPPED, World  # noqa: PLC0415

    from lionrock.allocations.domain.naming import account_of  # noqa: PLC0415
    from lionrock.applications.domain import Request  # noqa: PLC0415
    from lionrock.jobs.models import Job  # noqa: PLC0415
    from lionrock.metering.models import Collection, MeteredRun  # noqa: PLC0415
    from lionrock.people.actions import grant_role, register_person  # noqa: PLC0415
    from lionrock.people.domain import Role  # noqa: PLC0415
    from lionrock.sites.models import Pool, Site  # noqa: PLC0415
    from lionrock.usage.models import CapacityReading  # noqa: PLC0415

    settings.LIONROCK_RULEBOOK = SHIPPED
    world = World(request=Request("h800-gpu", 8, 3, date(2026, 4, 1), hours=600))
    world.put_organisation()
    world.put_fund("90000000.00")
    opened = TODAY - timedelta(days=60)
    site = Site.objects.create(
        code="asc", name="Supercomputing Centre", time_zone="Asia/Hong_Kong", programme=world.programme,
        driver="slurm", connection={"cluster": "test", "service_user": "lionrock"}, created_at=opened,
    )  # fmt: skip
    Pool.objects.create(
        site=site, name="h800", partition="h800", item="h800-gpu", device="gres/gpu:h800", nodes=6,
        devices_per_node=8, created_at=opened,
    )  # fmt: skip
    for pool in ("", "h800"):
        for days, down in ((45, 0), (20, 8), (12, 0)):
            CapacityReading.objects.create(
                site=site, pool=pool, device="gres/gpu:h800", devices=48, down=down, since=TODAY - timedelta(days=days)
            )
    for role, where in ((Role.MEMBER, {"organisation": world.organisation}), (Role.OFFICE, None)):
        email = f"{role.value}@example.org"
        register_person(actor=OPERATOR, email=email, name=role.value, now=opened, password=PASSWORD)
        grant_role(actor=OPERATOR, email=email, role=role, now=opened, **(where or {"programme": world.programme}))
    awards = [world.awarded(world.open_call()) for _ in range(2)]
    Collection.objects.create(site=site, since=TODAY - timedelta(days=45), through=TODAY)
    chance = random.Random(7)
    runs = []
    for number in range(900):
        start = TODAY - timedelta(seconds=chance.randrange(3600, 40 * 86400))
        seconds = chance.randrange(600, 20 * 3600)
        account = chance.choice([account_of(awards[0].code)] * 6 + [account_of(awards[1].code), "physics", "physics"])
        gpus = chance.choice([1, 1, 2, 4, 8]) if account != account_of(awards[1].code) else 1
        runs.append(MeteredRun(
            site=site, key=f"{number}@{int(start.timestamp())}", job=str(number), account=account, username="u",
            partition="h800", state="COMPLETED", submitted=start - timedelta(seconds=int(chance.expovariate(1 / 4000))),
            start=start, end=min(TODAY, start + timedelta(seconds=seconds)), busy=seconds,
            tres=f"cpu=8,gres/gpu={gpus},gres/gpu:h800={gpus}", nodes=1, outcome="charged", read_at=TODAY,
        ))  # fmt: skip
    MeteredRun.objects.bulk_create(runs)
    for number, run in enumerate(runs[:40]):
        Job.objects.create(
            code=f"JOB-2026-{number:04d}", key=uuid.UUID(int=number), award=awards[number % 2], site=site,
            organisation=awards[0].organisation, submitted_by="member@example.org", name="train", argv=["true"],
            devices={"h800-gpu": 1}, time_limit_seconds=chance.choice([3600, 14400, 86400]), submitted_at=run.submitted,
            state="COMPLETED", started_at=run.start, ended_at=run.end, accounted_by_site=True,
            handle=f"test/{run.job}/{int(run.start.timestamp())}", allocated_cpus=8,
            cpu_milliseconds=int((run.end - run.start).total_seconds()) * 5000 if number % 3 else None,
            peak_memory_bytes=7 * 2**30 if number % 4 else None, asked_memory_bytes=16 * 2**30,
        )  # fmt: skip


@pytest.fixture
def visitor(chromium: Browser, live_server: LiveServer, centre: None) -> Iterator[Visitor]:
    context = chromium.new_context(viewport=DESK, locale="en-GB", reduced_motion="reduce")
    yield Visitor(context.new_page(), live_server.url)
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_office_sees_how_well_a_centre_is_used(visitor: Visitor, language: str) -> None:
    visitor.speak(language)
    visitor.sign_in("office@example.org")
    shown = PAGES if language == "en" else {name: PAGES[name] for name in ("use-pools", "use-clusters")}
    assert look(visitor, shown, language) == []


def test_a_cluster_that_goes_away_is_shown_as_it_was_last_seen(visitor: Visitor, cluster: Cluster) -> None:
    visitor.sign_in("office@example.org")
    page = visitor.page
    page.get_by_role("link", name="Use", exact=True).click()
    page.get_by_role("link", name="Clusters now").click()
    expect(page.get_by_text("7 jobs run, 3 wait.")).to_be_visible()
    expect(page.get_by_text("no power")).to_be_visible()
    from lionrock.usage.models import LastSeen  # noqa: PLC0415

    LastSeen.objects.update(tried_at=TODAY - timedelta(minutes=5))
    cluster.away = True
    page.reload()
    expect(page.get_by_text("What follows is as it was last seen")).to_be_visible()
    expect(page.get_by_role("row", name="h800 GPU h800")).to_contain_text("25")
    visitor.picture("use-cluster-away")


def test_a_member_sees_the_own_awards_and_nothing_of_the_centre(visitor: Visitor) -> None:
    visitor.sign_in("member@example.org")
    assert look(visitor, {"use-member": "/use", "use-member-waits": "/use/waits"}, "en") == []
    page = visitor.open("/use")
    expect(page.get_by_text("Given by the award").first).to_be_visible()
    expect(page.get_by_text("Under no award")).to_have_count(0)
    expect(page.get_by_role("link", name="Clusters now")).to_have_count(0)
