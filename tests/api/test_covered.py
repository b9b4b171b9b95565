"""What programs do of what was the pages' alone: the trail, what is kept no longer, deputies, files, estimates."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.api.asking import Program, problem, token_for
from tests.config.rows import DELTA, HARBOUR, OTHER, OWN, Scene
from tests.config.scene import address_of
from tests.sites.harness import until

from lionrock.api.actions import issue_token
from lionrock.api.domain.tokens import Scope
from lionrock.api.operations import OPERATIONS
from lionrock.audit.models import AuditRecord
from lionrock.people.models import Person

pytestmark = pytest.mark.django_db
RECORDS = f"programmes/{OWN}/audit-records"
SOON = timezone.now().date() + timedelta(days=1)


def _of(role: str) -> Program:
    return Program(token_for(address_of(role)))


def _deputy(holder: str, programme: str = OWN) -> dict[str, str]:
    days = {"first": SOON.isoformat(), "last": (SOON + timedelta(days=3)).isoformat()}
    return {"holder": holder, "deputy": address_of("member"), "role": "finance", **days}


def test_the_trail_comes_in_pieces_narrowed_and_each_record_with_its_seal(scene: Scene) -> None:
    auditor = _of("auditor")
    first = auditor.get(f"{RECORDS}?limit=1&action=awards.")
    rest = auditor.get(f"{RECORDS}?limit=1000&action=awards.&cursor={first['next']}")
    found = [each["record"] for each in (*first["items"], *rest["items"])]
    known = AuditRecord.objects.filter(programme=OWN, action__startswith="awards.").order_by("-pk")
    assert found == list(known.values_list("pk", flat=True))
    assert auditor.get(f"{RECORDS}?to=2020-01-01")["items"] == []
    assert {"record": found[0], "actor": known[0].actor}.items() <= auditor.get(f"{RECORDS}/{found[0]}").items()
    assert problem(auditor.ask("GET", f"{RECORDS}?from=yesterday")) == (422, "api.request.invalid")
    assert problem(_of("office").ask("GET", RECORDS))[0] == 403
    elsewhere = _of("auditor elsewhere")
    assert problem(elsewhere.ask("GET", f"programmes/{OTHER}/audit-records/{found[0]}"))[0] == 404


def test_the_trail_is_handed_out_to_read_and_to_verify(scene: Scene) -> None:
    auditor, path = _of("auditor"), f"programmes/{OWN}/audit-export?action=awards."
    table = auditor.ask("GET", f"{path}&form=csv")
    read = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert {each["action"].partition(".")[0] for each in read} == {"awards"}
    lines = auditor.ask("GET", path)
    assert (table["Content-Type"], lines["Content-Type"]) == ("text/csv", "application/x-ndjson")
    assert all(json.loads(line) for line in lines.content.splitlines())


def test_a_hold_is_placed_listed_and_released_and_nothing_is_erased_by_a_token(scene: Scene) -> None:
    compliance, path = _of("compliance"), f"programmes/{OWN}/legal-holds"
    made = json.loads(compliance.ask("POST", path, {"kind": "organisation", "code": HARBOUR, "reason": "A"}).content)
    assert compliance.get(path)["items"] == [made]
    assert problem(_of("compliance elsewhere").ask("GET", path))[0] == 403
    assert problem(compliance.ask("POST", path, {"kind": "ship", "code": "x", "reason": "A"}))[0] == 422
    released = compliance.ask("POST", f"{path}/{made['number']}/release", {"reason": "B"})
    assert json.loads(released.content)["released_why"] == "B"
    assert not [each for each in OPERATIONS.values() if "retention:erase" in each.pages]


def test_a_deputy_is_named_listed_and_ended_by_whom_it_concerns(scene: Scene) -> None:
    finance, path = _of("finance"), f"programmes/{OWN}/deputies"
    answer = finance.ask("POST", path, _deputy(address_of("finance")))
    made = json.loads(answer.content)
    assert (answer.status_code, made["first"], made["deputy"]) == (201, SOON.isoformat(), address_of("member"))
    assert [each["number"] for each in finance.get("deputies")["items"]] == [made["number"]]
    for stranger in ("finance elsewhere", "office elsewhere", "member elsewhere"):
        assert _of(stranger).get("deputies")["items"] == []
        assert problem(_of(stranger).ask("POST", f"deputies/{made['number']}/end"))[0] in (403, 404)
    assert problem(_of("compliance").ask("POST", path, _deputy(address_of("finance"))))[0] == 403
    ended = json.loads(finance.ask("POST", f"deputies/{made['number']}/end").content)
    assert ended["ended_by"] == address_of("finance")


def test_the_token_of_a_service_names_and_ends_no_deputy_where_it_does_not_hold(scene: Scene) -> None:
    finance = _of("finance")
    person = Person.objects.get(email=address_of("finance"))
    person.role_grants.create(role="office", programme=OTHER, granted_at=timezone.now())
    given = {"scopes": [Scope.PEOPLE, Scope.READ], "days": 3, "now": timezone.now(), "programme": OTHER}
    service = Program(issue_token(person=person, name="a service", **given).secret)
    path = f"programmes/{OWN}/deputies"
    assert problem(service.ask("POST", path, _deputy(person.email))) == (403, "people.role.missing")
    made = json.loads(finance.ask("POST", path, _deputy(person.email)).content)
    assert service.get("deputies")["items"] == []
    assert problem(service.ask("POST", f"deputies/{made['number']}/end")) == (404, "people.deputy.unknown")


def test_somebody_leaves_an_organisation_and_learns_of_no_other(scene: Scene) -> None:
    member = _of("member")
    assert [each["code"] for each in member.get("organisations")["items"]] == [HARBOUR]
    asked = {"email": address_of("member"), "colleague": "nobody@example.org"}
    assert problem(member.ask("POST", f"organisations/{HARBOUR}/leave", asked)) == (422, "people.leaving.colleague")
    assert problem(member.ask("POST", f"organisations/{DELTA}/leave", asked))[0] == 404


def test_a_request_is_estimated_as_on_the_page(scene: Scene) -> None:
    asked = {"category": "university", "item": "h800-node", "count": 1, "months": 3, "starts": "2027-04-01"}
    answer = _of("member").ask("POST", f"programmes/{OWN}/estimate", asked, key=None)
    found = json.loads(answer.content)
    assert found["list_price"] == found["scheme"] + found["user"] == sum(each["list_price"] for each in found["months"])
    assert (len(found["months"]), found["findings"] != []) == (3, True)
    wrong = _of("member").ask("POST", f"programmes/{OWN}/estimate", asked | {"item": "abacus"}, key=None)
    assert problem(wrong)[0] == 422


def test_the_files_of_a_job_are_listed_and_handed_out_piece_by_piece(scene: Scene) -> None:
    member = _of("member")
    job = {"award": scene.award, "argv": ["sh", "-c", "mkdir run; echo 0.25 > run/loss.csv"], "time_limit_seconds": 60}
    path = f"jobs/{json.loads(member.ask('POST', 'jobs', job).content)['code']}"
    until(lambda: {"name": "run/loss.csv", "size": 5} in member.get(f"{path}/files")["items"], "the file of the job")
    answer = member.ask("GET", f"{path}/file?name=run/loss.csv&offset=2")
    assert (answer.content, "loss.csv" in answer["Content-Disposition"]) == (b"25\n", True)
    assert member.ask("GET", f"{path}/file?name=run/loss.csv&offset=5").content == b""
    for name in ("../secret", "run", "run/none.csv"):
        assert problem(member.ask("GET", f"{path}/file?name={name}"))[0] == 404
    assert problem(_of("member elsewhere").ask("GET", f"{path}/files"))[0] == 404


def test_use_over_time_is_told_by_steps(scene: Scene) -> None:
    steps = _of("finance").get("usage/steps?from=2026-04-01&to=2026-04-30")["items"]
    total = _of("finance").get("usage/report?from=2026-04-01&to=2026-04-30")["items"]
    assert sum(each["used_device_seconds"] for each in steps) == sum(each["used_device_seconds"] for each in total)
