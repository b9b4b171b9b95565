"""The portal says before a job is sent that its site may not hold the project's data, and refuses it when it is."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.custody.permissions import KEPT
from tests.jobs.scene import NOW, OPERATOR
from tests.jobs.test_pages import DEMO, TRAIN, client, site

from lionrock.custody.actions import register_data_set, set_place
from lionrock.jobs.models import Job

__all__ = ["client", "site"]
pytestmark = pytest.mark.django_db


def test_a_job_on_a_partner_s_site_is_refused_in_plain_words(client: Client) -> None:
    register_data_set(
        actor=OPERATOR, award=TRAIN["award"], name="Scans", owner="North Clinic", zone="no_egress", personal=True,
        keep_until=KEPT, now=NOW,
    )  # fmt: skip
    set_place(
        actor=OPERATOR, programme=DEMO, code="local", zone="no_egress", partner=True, why="The agreement.", now=NOW
    )
    for verb, status in (("look", 200), ("submit", 409)):
        answer = client.post("/jobs/new/train", TRAIN | {"verb": verb})
        said = answer.content.decode()
        assert answer.status_code == status
        assert "local is run by a partner" in said
        assert "The owner of the data declares another zone in writing" in said
    assert not Job.objects.exists()
