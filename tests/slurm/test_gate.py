"""What the responsible-AI gate holds, the portal refuses, and so does the cluster itself."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django.fixtures import Settings
from tests.assurance.project import SPAM, Project, person, rulebook_that_asks
from tests.calls.world import OPERATOR
from tests.slurm.test_enforcement import IN_APRIL, Place, place

from lionrock.applications.domain import Request
from lionrock.assurance.actions import answer_proof, hand_in_proof
from lionrock.awards.models import Award
from lionrock.jobs.actions import submit_job
from lionrock.jobs.domain.requests import JobRequest
from lionrock.kernel.errors import Refused
from lionrock.people.domain import Role

__all__ = ["place"]


def passed(place: Place) -> Project:
    """Have a harmless project pass the gate, with a condition that binds before its first job."""
    place.world.request = Request("h800-gpu", 8, 3, date(2026, 4, 1), hours=10)
    application = place.world.submitted(place.world.open_call())
    study = Project(application, person(Role.COMPLIANCE, "officer"), person(Role.COMPLIANCE, "second"), author=OPERATOR)
    study.answered(SPAM)
    study.hand_in()
    study.lay("RA-28", proof="whom to call at night", owner=study.officer.email)
    return study


def test_a_condition_holds_the_jobs_until_its_proof_is_accepted(place: Place, settings: Settings) -> None:
    settings.LIONROCK_RULEBOOK = rulebook_that_asks()
    study = passed(place)
    award = place.world.decided(study.application)
    assert award is not None
    place.push()
    assert "QOSGrpSubmitJobsLimit" in place.sbatch(award)
    with pytest.raises(Refused, match="does not cover this job") as refused:
        _submit(award, place.site.code)
    assert [finding.rule for finding in refused.value.findings] == ["assurance.condition.1"]
    proof = {"application": study.code, "number": 1, "now": IN_APRIL}
    hand_in_proof(actor=OPERATOR, text="The duty officer.", **proof)
    answer_proof(actor=study.reviewer, accept=True, reason="Called, and heard.", **proof)
    place.push()
    job = place.sbatch(award)
    assert job.isdigit()
    assert place.cluster.wait(job) == "COMPLETED"


def _submit(award: Award, site: str) -> None:
    request = JobRequest(award=award.code, argv=("true",), time_limit_seconds=60, devices={"h800-gpu": 1}, site=site)
    submit_job(actor=OPERATOR, request=request, now=IN_APRIL)
