"""A job of an organisation that is blocked is kept, and starts by itself once that is cleared."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.jobs.scene import NOW, OPERATOR, scene, submitted
from tests.screening.world import FIRST, SECOND, plain

from lionrock.jobs.actions import refresh_jobs
from lionrock.jobs.domain.waiting import BEING_CHECKED, explain_waiting
from lionrock.jobs.models import Job
from lionrock.people.models import Organisation
from lionrock.screening.actions import agree_to_clear, clear_case, import_list, screen_due
from lionrock.screening.models import Case
from lionrock.sites.drivers.fake import FakeDriver
from lionrock.sites.drivers.registry import DRIVERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = FakeDriver(NOW + timedelta(microseconds=250_000))
    monkeypatch.setitem(DRIVERS, "fake", lambda _home: driver)
    scene("fake")
    Organisation.objects.filter(code="harbour").update(name="Harbour Quantum Works")


def listed(name: str) -> Case:
    data = plain(f"1,organisation,{name},,,,,,Entity List (EL),,\n")
    import_list(actor=OPERATOR, list_code="invented", data=data, file="l.csv", dated=NOW.date(), now=NOW)
    screen_due(NOW)
    return Case.objects.get(code="harbour")


def test_a_blocked_job_is_kept_and_starts_when_it_is_cleared(site: None) -> None:
    case = listed("Harbour Quantum Works Ltd.")
    job = submitted()
    assert (job.state, job.handle, job.waiting_because) == ("PENDING", "", BEING_CHECKED)
    said = explain_waiting(job.waiting_because)
    assert said is not None
    assert "being checked" in str(said)
    refresh_jobs(actor=OPERATOR, now=NOW)
    assert Job.objects.get().handle == ""
    clear_case(actor=FIRST, case=case.pk, reason="Another.", now=NOW)
    agree_to_clear(actor=SECOND, case=case.pk, reason="Another.", now=NOW)
    refresh_jobs(actor=OPERATOR, now=NOW)
    assert Job.objects.get().handle != ""


def test_a_hit_that_is_only_to_be_looked_at_holds_back_no_job(site: None) -> None:
    assert listed("Harbor Quantom").strength == "review"
    assert submitted().handle != ""
