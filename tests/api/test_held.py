"""What holds a project holds its jobs from programs, too, and says so in a document that they can read."""

from __future__ import annotations

import json
from datetime import date

import pytest
from pytest_django.fixtures import Settings
from tests.api.asking import Program, problem, token_for
from tests.assurance.project import CREDIT, SPAM, Project, project, rulebook_that_asks
from tests.calls.world import NOW, OPERATOR, World

from lionrock.assurance.domain.concluding import Conclusion
from lionrock.assurance.domain.rules import Binding
from lionrock.awards.models import Award
from lionrock.custody.actions import register_data_set, set_place
from lionrock.jobs.models import Job
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(world: World, settings: Settings) -> Project:
    settings.LIONROCK_RULEBOOK = rulebook_that_asks()
    return project(world)


def _submit(award: Award | None) -> tuple[tuple[int, str], set[str]]:
    assert award is not None
    email = "member@harbour-university.example"
    register_person(actor=OPERATOR, email=email, name="Member", now=NOW)
    grant_role(actor=OPERATOR, email=email, role=Role.MEMBER, organisation="harbour-university", now=NOW)
    asked = {"award": award.code, "argv": ["true"], "time_limit_seconds": 60}
    answer = Program(token_for(email)).ask("POST", "jobs", asked)
    assert not Job.objects.exists()
    return problem(answer), {finding["rule"] for finding in json.loads(answer.content)["findings"]}


def test_credit_scoring_waits_for_its_validation_and_for_the_notice_to_the_regulator(
    study: Project, world: World
) -> None:
    study.answered(CREDIT)
    study.hand_in()
    study.reviewed_by()
    study.settle(*study.open_at(Binding.BEFORE_AWARD))
    study.conclude(Conclusion.THROUGH)
    (status, _), rules = _submit(world.decided(study.application))
    assert status == 409
    assert {"assurance.item.RA-17", "assurance.item.RA-37"} <= rules


def test_data_that_may_not_leave_their_zone_are_not_computed_on_at_a_partner_s(study: Project, world: World) -> None:
    study.answered(SPAM)
    study.hand_in()
    award = world.decided(study.application)
    assert award is not None
    register_data_set(
        actor=OPERATOR, award=award.code, name="Scans", owner="North Clinic", zone="no_egress", personal=True,
        keep_until=date(2028, 1, 1), now=NOW,
    )  # fmt: skip
    set_place(
        actor=OPERATOR, programme=world.programme, code="here", zone="no_egress", partner=True, why="Agreed.", now=NOW
    )
    (status, code), _ = _submit(award)
    assert (status, code.partition(".")[0]) == (409, "custody")
