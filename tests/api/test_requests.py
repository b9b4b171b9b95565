"""Requests: bounds, faults, cursors, conditions, languages; what is asked twice is done once."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from tests.api.asking import Program, problem, token_for
from tests.calls.world import NOW, World
from tests.config.rows import OWN, Scene
from tests.config.scene import address_of
from tests.sites.harness import until

from lionrock.api.models import KeptAnswer
from lionrock.api.once import forget_answers
from lionrock.api.receiving import MOST_JSON_BYTES
from lionrock.applications.models import Application
from lionrock.jobs.models import Job

pytestmark = pytest.mark.django_db
JOB = {"argv": ["true"], "time_limit_seconds": 60}


@pytest.fixture
def member(scene: Scene) -> Program:
    """A program of the member's."""
    return Program(token_for(address_of("member")))


@pytest.fixture
def keeper(scene: Scene) -> Program:
    """A program of who runs the clusters."""
    return Program(token_for(address_of("cluster_admin")))


def test_the_same_key_does_it_once_and_other_content_is_refused(member: Program, scene: Scene) -> None:
    job = {**JOB, "award": scene.award}
    first = member.ask("POST", "jobs", job, key="once-1")
    again = member.ask("POST", "jobs", job, key="once-1")
    assert (first.status_code, again.content, again["Idempotent-Replayed"]) == (201, first.content, "true")
    assert Job.objects.filter(argv=["true"], submitted_by=address_of("member")).count() == 1
    assert problem(member.ask("POST", "jobs", {**job, "name": "x"}, key="once-1")) == (422, "api.once.other_content")
    assert problem(member.ask("POST", "jobs", job, key=None)) == (422, "api.once.no_key")
    assert problem(member.ask("POST", "jobs", job, key="with space")) == (422, "api.once.key")


def test_a_refusal_keeps_no_key_so_that_the_same_may_be_tried_again(member: Program, scene: Scene) -> None:
    call = {"call": scene.open_call, "organisation": "delta-institute"}
    assert problem(member.ask("POST", "applications", call, key="k"))[0] == 403
    assert KeptAnswer.objects.count() == 0
    assert (
        member.ask("POST", "applications", {**call, "organisation": "harbour-university"}, key="k").status_code == 201
    )


def test_what_speaks_to_other_systems_is_kept_behind_them_and_done_again_when_killed(
    member: Program, scene: Scene
) -> None:
    path = f"jobs/{scene.waiting_job}/cancel"
    first = member.ask("POST", path, key="stop")
    assert first.status_code == 200
    assert member.ask("POST", path, key="stop").content == first.content
    until(lambda: member.ask("POST", path, key=uuid4().hex).status_code == 409, "the job's end at its site")
    assert problem(member.ask("POST", path, key="another"))[0] == 409
    KeptAnswer.objects.filter(key="stop").update(status=0)  # as a kill between the two leaves it
    assert problem(member.ask("POST", path, key="stop"))[0] == 409
    assert KeptAnswer.objects.filter(key="stop").count() == 0


def test_old_answers_are_forgotten(member: Program, scene: Scene) -> None:
    member.ask("POST", "jobs", {**JOB, "award": scene.award}, key="old")
    assert forget_answers(NOW) == 0
    assert forget_answers(NOW.replace(year=2027)) == 1


def test_a_change_says_what_it_changes(member: Program, scene: Scene) -> None:
    path = f"applications/{scene.draft}"
    shown = member.ask("GET", path)
    title = next(each for each in json.loads(shown.content)["answers"] if each["value"] == "Weather models")
    change = {"changes": [{"key": title["key"], "value": "Storms", "version": title["version"]}]}
    assert problem(member.ask("PATCH", f"{path}/answers", change)) == (428, "api.change.unconditional")
    assert problem(member.ask("PATCH", f"{path}/answers", change, If_Match='"other"')) == (412, "api.change.outdated")
    saved = member.ask("PATCH", f"{path}/answers", change, If_Match=shown["ETag"])
    assert (saved.status_code, json.loads(saved.content)["whole"]) == (200, True)
    assert Application.objects.get(code=scene.draft).title == "Storms"
    assert problem(member.ask("PATCH", f"{path}/answers", change, If_Match=shown["ETag"]))[0] == 412
    assert member.ask("GET", path, If_None_Match=shown["ETag"]).status_code == 200
    fresh = member.ask("GET", path)
    assert member.ask("GET", path, If_None_Match=fresh["ETag"]).status_code == 304
    assert problem(member.ask("POST", f"{path}/submit", If_Match=shown["ETag"]))[0] == 412


def test_a_list_goes_on_where_it_stopped_whatever_is_put_in_front(member: Program, scene: Scene) -> None:
    whole = [each["code"] for each in member.get("applications")["items"]]
    first = member.get("applications?limit=1")
    world = World()
    world.drafted(world.open_call())
    rest = member.get(f"applications?limit=100&cursor={first['next']}")
    assert [each["code"] for each in first["items"] + rest["items"]] == whole
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("cursor=!!!", "cursor"), ("cursor=YWZ0ZXI6MTox", "cursor"), ("limit=0", "limit"), ("limit=many", "limit"),
        ("nonsense=1", "nonsense"), ("programme=%00", "programme"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named(member: Program, query: str, field: str) -> None:
    answer = member.ask("GET", f"applications?{query}")
    assert problem(answer)[0] == 422
    assert [fault["field"] for fault in json.loads(answer.content)["faults"]] == [field]


def test_each_fault_of_a_body_is_named_with_its_place(member: Program) -> None:
    body = {"call": "C", "organisation": "o", "request": {"item": "x", "count": 0, "months": 1, "starts": 7}, "no": 1}
    answer = json.loads(member.ask("POST", "applications", body).content)
    assert {fault["field"] for fault in answer["faults"]} == {"request.count", "request.starts", "no"}


def test_what_is_too_large_or_of_another_type_or_method_is_refused(member: Program, scene: Scene) -> None:
    large = b'{"award": "' + b"x" * MOST_JSON_BYTES + b'"}'
    assert problem(member.ask("POST", "jobs", large)) == (413, "api.request.too_large")
    assert problem(member.ask("POST", "jobs", b"award: x", Content_Type="text/yaml")) == (415, "api.request.type")
    assert problem(member.ask("POST", "jobs", b"{")) == (422, "api.request.invalid")
    assert problem(member.ask("POST", "jobs", {**JOB, "award": "a\0b"})) == (422, "api.request.no_text")
    refused = member.ask("DELETE", "jobs")
    assert (problem(refused), refused["Allow"]) == ((405, "api.request.method"), "POST, GET")
    assert problem(member.ask("GET", "?".join(["jobs", "a=1&" * 1001]))) == (422, "api.request.unreadable")


def test_a_problem_speaks_the_language_that_is_asked_for(member: Program) -> None:
    english = json.loads(member.ask("GET", "awards/AW-0").content)
    chinese = json.loads(member.ask("GET", "awards/AW-0", Accept_Language="zh-hant").content)
    assert english["code"] == chinese["code"] == "awards.award.unknown"
    assert english["title"] != chinese["title"]


def test_a_rule_that_says_no_sends_its_findings(member: Program, scene: Scene) -> None:
    answer = member.ask("POST", "jobs", {**JOB, "award": scene.award, "devices": {"cpu-node": 9}})
    assert problem(answer) == (409, "jobs.request.not_covered")
    assert [each["rule"] for each in json.loads(answer.content)["findings"]] == ["jobs.devices_awarded"]


def test_an_estimate_says_what_a_job_would_cost_and_writes_nothing(member: Program, scene: Scene) -> None:
    before = Job.objects.count()
    answer = member.ask("POST", "jobs/estimate", {"award": scene.award, "template": "train"}, key=None)
    told = json.loads(answer.content)
    assert answer.status_code == 200, told
    assert told["cost"]["list_price"] == told["cost"]["scheme"] + told["cost"]["own"] > 0
    assert Job.objects.count() == before


ROWS = "job,account,start,end,devices\n"
GOOD = "1,harbour-university,2026-05-02T00:00Z,2026-05-02T01:00Z,cpu-node=1\n"
BAD = "2,harbour-university,yesterday,2026-05-02T01:00Z,cpu-node=1\n"


def _sent(keeper: Program, rows: str, more: str = "") -> Any:
    path = f"usage/imports?programme={OWN}&site=here&name=may.csv{more}"
    return keeper.ask("POST", path, (ROWS + rows).encode(), Content_Type="text/csv")


def test_use_is_imported_row_by_row_or_whole(keeper: Program) -> None:
    refused = _sent(keeper, GOOD + BAD, "&whole=true")
    assert problem(refused) == (409, "api.usage.not_whole")
    [fault] = json.loads(refused.content)["faults"]
    assert (fault["file"], fault["line"]) == ("may.csv", 3)
    held = [each for each in keeper.get("usage/held")["items"] if each["file"] == "may.csv"]
    assert held == []
    done = json.loads(_sent(keeper, GOOD + BAD).content)
    assert (done["rows"], done["new"], done["held"]) == (2, 1, 1)
    again = json.loads(_sent(keeper, GOOD + BAD).content)
    assert (again["new"], again["repeated"]) == (0, 1)
    assert keeper.get("usage/held?limit=1")["items"][0]["line"] == 3


def test_questions_are_answered_a_row_at_a_time(scene: Scene) -> None:
    officer = Program(token_for(address_of("compliance")))
    asked = {"case_id": "1", "chip_id": "nvidia-h800-sxm5-80gb", "date": "2026-02-01", "destination": "HK"}

    def ask(rows: str) -> Any:
        path = "controls/determinations/rows"
        return officer.ask("POST", path, rows.encode(), Content_Type="application/x-ndjson")

    first, second = map(json.loads, ask(f'{json.dumps(asked)}\n{{"case_id": "2"}}\n').content.splitlines())
    assert first["case_id"] == "1"
    assert {fault["line"] for fault in second["faults"]} == {2}
    assert problem(ask('{"case_id": 1}\nno')) == (422, "api.rows.no_object")


def test_anybody_may_read_the_description(db: None) -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert json.loads(answer.content)["openapi"] == "3.1.0"
