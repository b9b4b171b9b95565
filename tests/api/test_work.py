"""What is answered later: asked for, told of, done once whatever is killed, and nobody else's."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from http import HTTPMethod
from typing import Any

import pytest
from django.utils import timezone
from tests.api.asking import Program, problem, token_for
from tests.config.rows import OWN, Scene
from tests.config.scene import address_of

from lionrock.api import working
from lionrock.api.domain.later import LATER, MOST_WAITING, prefers_later
from lionrock.api.models import Token, Work
from lionrock.api.operations import OPERATIONS
from lionrock.api.working import do_work
from lionrock.charging.models import MonthClose

pytestmark = pytest.mark.django_db

LATER_PLEASE = {"Prefer": "respond-async"}


@pytest.fixture
def finance(scene: Scene) -> Program:
    """A program of the finance office."""
    return Program(token_for(address_of("finance"), days=90))


def _path(name: str) -> str:
    return OPERATIONS[name].path.format(programme=OWN)


def _put(program: Program, name: str = "preview_month", **more: str) -> dict[str, Any]:
    answer = program.ask("GET", f"{_path(name)}?month=2026-05", **LATER_PLEASE, **more)
    assert (answer.status_code, answer["Preference-Applied"]) == (202, "respond-async"), answer.content
    told: dict[str, Any] = json.loads(answer.content)
    assert answer["Location"] == f"/api/v1/work/{told['id']}"
    return told


def _do() -> int:
    return do_work(timezone.now())


def test_the_table_names_operations_whose_request_can_be_kept() -> None:
    for name in LATER:
        assert not OPERATIONS[name].takes_file, name
        assert OPERATIONS[name].guard is None or OPERATIONS[name].method is HTTPMethod.POST, name


@pytest.mark.parametrize(
    ("header", "wanted"),
    [("respond-async", True), ("wait=10, Respond-Async; x=1", True), ("return=minimal", False), ("", False)],
)
def test_the_preference_is_read_as_its_standard_has_it(header: str, wanted: bool) -> None:
    assert prefers_later(header) is wanted


def test_it_is_answered_later_with_the_same_as_at_once(finance: Program) -> None:
    at_once = finance.ask("GET", f"{_path('preview_month')}?month=2026-05")
    told = _put(finance)
    assert told["state"] == "waiting"
    assert problem(finance.ask("GET", f"work/{told['id']}/answer")) == (409, "api.work.no_answer")
    assert _do() == 1
    shown = finance.get(f"work/{told['id']}")
    assert (shown["state"], shown["status"], _do()) == ("done", 200, 0)
    assert finance.ask("GET", f"work/{told['id']}/answer").content == at_once.content
    assert [each["id"] for each in finance.get("work")["items"]] == [told["id"]]


def test_what_goes_wrong_is_its_answer(finance: Program) -> None:
    answer = finance.ask("GET", f"{_path('preview_month')}?month=2020-13", **LATER_PLEASE)
    told = json.loads(answer.content)
    _do()
    shown = finance.get(f"work/{told['id']}")
    assert (shown["state"], shown["status"]) == ("failed", 422)
    assert finance.ask("GET", f"work/{told['id']}/answer")["Content-Type"].startswith("application/problem+json")


def test_a_write_is_done_once_though_it_was_killed_behind_its_transaction(
    finance: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, body = _path("close_month"), {"month": "2026-05"}
    first, again = (finance.ask("POST", path, body, key="may", **LATER_PLEASE) for _ in range(2))
    assert (first.status_code, again.content) == (202, first.content)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 6, 2, tzinfo=UTC))
    number = Work.objects.get().pk
    before = working._answer

    def killed(work: Work) -> Any:
        before(work)
        raise KeyboardInterrupt

    monkeypatch.setattr(working, "_answer", killed)
    with pytest.raises(KeyboardInterrupt):
        _do()
    assert (Work.objects.get(pk=number).ended_at, MonthClose.objects.filter(month="2026-05-01").count()) == (None, 1)
    monkeypatch.setattr(working, "_answer", before)
    assert _do() == 1
    assert finance.get(f"work/{json.loads(first.content)['id']}")["state"] == "done"
    assert MonthClose.objects.filter(month="2026-05-01").count() == 1


def test_one_that_waits_can_be_cancelled_and_one_that_is_over_cannot(finance: Program) -> None:
    told, other = _put(finance), _put(finance)
    cancelled = finance.ask("POST", f"work/{told['id']}/cancel")
    assert json.loads(cancelled.content)["state"] == "cancelled"
    assert _do() == 1
    assert problem(finance.ask("POST", f"work/{other['id']}/cancel")) == (409, "api.work.begun")
    assert problem(finance.ask("GET", f"work/{told['id']}/answer"))[0] == 409


def test_it_is_nobody_elses(finance: Program) -> None:
    told = _put(finance)
    for viewer in ("finance elsewhere", "auditor", "member"):
        other = Program(token_for(address_of(viewer)))
        assert other.get("work")["items"] == []
        for path in (f"work/{told['id']}", f"work/{told['id']}/answer", "work/nonsense"):
            assert problem(other.ask("GET", path)) == (404, "api.work.not_yours")
        assert problem(other.ask("POST", f"work/{told['id']}/cancel")) == (404, "api.work.not_yours")


def test_who_is_shut_out_meanwhile_gets_nothing(finance: Program) -> None:
    told = _put(finance)
    Token.objects.filter(hint__endswith=finance.secret[-4:]).update(revoked_at=timezone.now(), revoked_by="x")
    _do()
    assert Work.objects.get(uid=told["id"]).status == 401


def test_not_too_many_wait_at_once_and_others_are_not_bound_by_it(finance: Program) -> None:
    for _ in range(MOST_WAITING):
        _put(finance)
    refused = finance.ask("GET", f"{_path('preview_month')}?month=2026-05", **LATER_PLEASE)
    assert problem(refused) == (409, "api.work.too_many")
    _put(Program(token_for(address_of("auditor"))))
