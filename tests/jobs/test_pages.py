"""The pages of jobs: choosing, filling in, seeing cost and script, submitting, following, stopping."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.jobs import scene as scenery
from tests.jobs.scene import ITEM, MEMBER, NOW, award, scene, submitted, works_for
from tests.web.scene import member_of

from lionrock.allocations.models import Allocation
from lionrock.audit.models import AuditRecord
from lionrock.awards.models import Award
from lionrock.jobs.actions import refresh_open_jobs, requeue_job
from lionrock.jobs.models import Job
from lionrock.kernel.errors import Conflict, NotAllowed
from lionrock.notices.models import Notice
from lionrock.people.domain import Role
from lionrock.people.models import Organisation
from lionrock.sites.drivers.fake import FakeDriver, Plan
from lionrock.sites.drivers.registry import DRIVERS

pytestmark = pytest.mark.django_db

DEMO = "hk-aiss-demo"
CODE = "JOB-2026-0001"
TRAIN = {"award": "AW-2026-0001", "epochs": "5", "learning_rate": "0.1", "points": "100", "devices": "2",
         "time_limit": "30m", "requeue": "no"}  # fmt: skip


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> FakeDriver:
    """A site whose jobs do what is written down, and the pages' clock at the same time as its own."""
    driver = FakeDriver(NOW)
    monkeypatch.setitem(DRIVERS, "fake", lambda _place: driver)
    monkeypatch.setattr(timezone, "now", lambda: driver.now)
    monkeypatch.setattr(scenery, "PROGRAMME", DEMO)  # whose list has the item that the awards are for
    scene("fake")
    Allocation.objects.create(
        award=Award.objects.get(code="AW-2026-0001"), item=ITEM, count=4, device_seconds=36_000, starts=NOW,
        ends=NOW + timedelta(days=30), granted_at=NOW,
    )  # fmt: skip
    return driver


@pytest.fixture
def client(site: FakeDriver) -> Client:
    """A member of harbour, signed in."""
    signed_in = Client()
    signed_in.force_login(member_of(Organisation.objects.get(code="harbour"), MEMBER.email, "Chan Tai Man"))
    return signed_in


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


# --- before ---------------------------------------------------------------------------------------


def test_the_templates_are_offered(client: Client) -> None:
    page = text(client, "/jobs/new?award=AW-2026-0001")
    assert all(f"/jobs/new/{name}?award=AW-2026-0001" in page for name in ("train", "sweep", "command", "own-script"))


def test_the_form_shows_script_cost_and_limits_before_anything_is_submitted(client: Client) -> None:
    page = text(client, "/jobs/new/train")
    assert "export EPOCHS=200" in page
    assert "From 1 to 1000." in page
    assert page.count('class="tile') >= 3
    assert not Job.objects.exists()


def test_looking_again_shows_what_was_typed_and_submits_nothing(client: Client) -> None:
    page = client.post("/jobs/new/train", TRAIN | {"verb": "look"}).content.decode()
    assert "export EPOCHS=5" in page
    assert 'value="30m"' in page
    assert not Job.objects.exists()


def test_what_stands_against_it_is_named(client: Client, site: FakeDriver) -> None:
    page = client.post("/jobs/new/train", TRAIN | {"verb": "look", "devices": "9"}).content.decode()
    assert "the job asks for 9" in page
    refused = client.post("/jobs/new/train", TRAIN | {"verb": "submit", "devices": "9"})
    assert (refused.status_code, Job.objects.count()) == (409, 0)


def test_the_script_can_be_saved(client: Client) -> None:
    answer = client.post("/jobs/new/train", TRAIN | {"verb": "save"})
    assert answer["Content-Disposition"] == 'attachment; filename="train.sh"'
    assert answer.content.startswith(b"#!/bin/sh\n# train\nset -eu\nexport EPOCHS=5\n")


def test_every_fault_stands_beside_its_box_and_nothing_is_submitted(client: Client) -> None:
    answer = client.post("/jobs/new/train", TRAIN | {"verb": "submit", "epochs": "0", "time_limit": "soon"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="epochs-fault"' in page
    assert 'id="time_limit-fault"' in page
    assert 'value="soon"' in page
    assert not Job.objects.exists()


def test_a_template_that_is_not_there_is_named(client: Client) -> None:
    assert client.get("/jobs/new/nothing").status_code == 404


# --- submitting -----------------------------------------------------------------------------------


def test_a_form_becomes_a_job(client: Client) -> None:
    answer = client.post("/jobs/new/train", TRAIN | {"verb": "submit", "name": "First try", "requeue": "yes"})
    assert answer["Location"] == f"/jobs/{CODE}"
    job = Job.objects.get()
    assert (job.name, job.template, job.argv, job.devices) == ("First try", "train", ["sh", "job.sh"], {ITEM: 2})
    assert (job.time_limit_seconds, job.requeue, job.parameters["epochs"]) == (1800, True, "5")
    assert "export EPOCHS=5" in job.files["job.sh"]


def test_a_file_comes_along_and_is_kept_from_one_try_to_the_next(client: Client) -> None:
    form = {"award": "AW-2026-0001", "program": "wc", "words": "-l input.txt", "devices": "1", "time_limit": "1m"}
    sent = form | {"verb": "look", "input": SimpleUploadedFile("mine.csv", b"a\r\nb\r\n")}
    page = client.post("/jobs/new/command", sent).content.decode()
    kept = base64.b64encode(b"a\r\nb\r\n").decode()
    assert f'name="input-kept" value="{kept}"' in page
    client.post("/jobs/new/command", form | {"verb": "submit", "input-kept": kept})
    assert Job.objects.get().files["input.txt"] == "a\r\nb\r\n"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * (1024 * 1024 + 1), b"a\0b"])
def test_a_file_that_cannot_come_along_is_refused_by_name(client: Client, content: bytes) -> None:
    form = {"award": "AW-2026-0001", "program": "wc", "devices": "1", "time_limit": "1m", "verb": "submit"}
    answer = client.post("/jobs/new/command", form | {"input": SimpleUploadedFile("mine", content)})
    assert answer.status_code == 422
    assert 'id="input-fault"' in answer.content.decode()
    assert not Job.objects.exists()


def test_another_organisations_award_is_none_of_ours(client: Client) -> None:
    assert client.post("/jobs/new/train", TRAIN | {"verb": "submit", "award": "AW-2026-0002"}).status_code == 404
    assert not Job.objects.exists()


def test_a_job_is_submitted_again_as_it_was(client: Client) -> None:
    client.post("/jobs/new/train", TRAIN | {"verb": "submit", "epochs": "17"})
    page = text(client, f"/jobs/new/train?again={CODE}")
    assert 'value="17"' in page
    assert 'value="30m"' in page


# --- following ------------------------------------------------------------------------------------


def test_a_job_is_followed_from_waiting_to_its_end_and_cost(client: Client, site: FakeDriver) -> None:
    site.plans[CODE] = Plan(seconds=1200, stdout=b"epoch 1\n\x1b[31mred\n")
    client.post("/jobs/new/train", TRAIN | {"verb": "submit"})
    page = text(client, f"/jobs/{CODE}")
    assert "data-open" in page
    assert "It runs." in page
    site.tick(2000)
    page = text(client, f"/jobs/{CODE}")
    assert "data-open" not in page
    assert "It is done." in page
    assert "␛[31mred" in page
    assert "after 20m of at most 30m" in page
    assert "It comes onto" in page
    assert Notice.objects.filter(person__email=MEMBER.email, kind="job", code=CODE).count() == 1


def test_a_site_that_is_away_is_said_so_and_the_page_still_opens(client: Client, site: FakeDriver) -> None:
    submitted()
    site.away = True
    assert "The site does not answer" in text(client, f"/jobs/{CODE}")


def test_the_site_is_not_asked_more_often_than_every_two_seconds(client: Client, site: FakeDriver) -> None:
    submitted()
    text(client, f"/jobs/{CODE}")
    seen = Job.objects.get().asked_at
    site.now += timedelta(seconds=1)
    text(client, f"/jobs/{CODE}")
    assert Job.objects.get().asked_at == seen


def test_why_a_job_waits_stands_on_its_page_and_in_the_list(client: Client) -> None:
    submitted(), submitted()
    Job.objects.filter(code="JOB-2026-0002").update(waiting_because="QOSGrpGRESMinutes", asked_at=NOW)
    for path in ("/jobs/JOB-2026-0002", "/jobs", "/awards/AW-2026-0001"):
        assert "quota is used up" in text(client, path), path


def test_a_job_is_stopped_once(client: Client) -> None:
    submitted()
    assert client.post(f"/jobs/{CODE}/cancel")["Location"] == f"/jobs/{CODE}"
    assert Job.objects.get().state == "CANCELLED"
    assert client.post(f"/jobs/{CODE}/cancel").status_code == 302
    assert client.get(f"/jobs/{CODE}/cancel").status_code == 405


def test_a_site_that_cannot_run_a_job_again_says_so(client: Client, site: FakeDriver) -> None:
    submitted()
    with pytest.raises(Conflict):
        requeue_job(actor=MEMBER, code=CODE, now=NOW)
    assert client.post(f"/jobs/{CODE}/requeue").status_code == 302
    with pytest.raises(NotAllowed):
        requeue_job(actor=works_for(Role.OFFICE, DEMO), code=CODE, now=NOW)


def test_a_job_that_is_put_back_is_recorded(monkeypatch: pytest.MonkeyPatch, client: Client, site: FakeDriver) -> None:
    put_back: list[str] = []
    monkeypatch.setattr(site, "requeue", put_back.append)
    submitted()
    Job.objects.update(state="RUNNING", started_at=NOW)
    requeue_job(actor=MEMBER, code=CODE, now=NOW)
    assert put_back == [Job.objects.get().handle]
    kept = AuditRecord.objects.get(action="jobs.requeue_job")
    assert (kept.subject, kept.actor, kept.at) == (CODE, MEMBER.email, NOW)


def test_logs_are_handed_out_as_bytes_and_never_as_a_page(client: Client, site: FakeDriver) -> None:
    site.plans[CODE] = Plan(stdout=b"<script>alert(1)</script>")
    submitted()
    answer = client.get(f"/jobs/{CODE}/log/stdout")
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert client.get(f"/jobs/{CODE}/log/nothing").status_code == 404
    assert client.get(f"/jobs/{CODE}/files/x").status_code == 404


def test_what_is_due_refreshes_every_open_job(site: FakeDriver) -> None:
    submitted()
    site.tick(60)
    assert refresh_open_jobs(NOW) == 1
    assert refresh_open_jobs(NOW) == 0


# --- lists ----------------------------------------------------------------------------------------


def test_the_list_is_filtered_by_state_and_award(client: Client, site: FakeDriver) -> None:
    award(Award.objects.get(code="AW-2026-0001").application.call, "harbour", 3)
    submitted(), submitted(award="AW-2026-0003")
    site.tick(1)
    refresh_open_jobs(NOW)
    assert Job.objects.get(code=CODE).state == "COMPLETED"
    listed = {
        "?state=open": ["JOB-2026-0002"],
        "?state=completed": [CODE],
        "?award=AW-2026-0001": [CODE],
        "?award=AW-2026-0001&state=open": [],
        "?state=nonsense": ["JOB-2026-0002", CODE],
    }
    for query, codes in listed.items():
        page = text(client, f"/jobs{query}")
        assert [code for code in ("JOB-2026-0002", CODE) if f'"/jobs/{code}"' in page] == codes, query


def test_the_list_takes_no_more_queries_however_long_it_is(client: Client) -> None:
    counts = []
    for many in (1, 8):
        for _ in range(many):
            submitted()
        with CaptureQueriesContext(connection) as captured:
            text(client, "/jobs")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_award_shows_what_is_left_to_compute(client: Client) -> None:
    page = text(client, "/awards/AW-2026-0001")
    assert "What is left to compute" in page
    assert "/jobs/new?award=AW-2026-0001" in page
