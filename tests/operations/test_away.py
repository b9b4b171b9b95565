"""What is said while the database is away: at once, in three languages, and never as a fault of ours."""

from __future__ import annotations

import json

import psycopg
import pytest
from django.db import OperationalError, ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from lionrock.operations import away
from lionrock.operations.away import Reachable, server_error


def asked(path: str, error: Exception) -> HttpResponse:
    try:
        raise error
    except type(error):
        return server_error(RequestFactory().get(path))


def lost() -> Exception:
    error = OperationalError("server closed the connection")
    error.__cause__ = psycopg.OperationalError("server closed the connection at db.example")
    return error


def test_a_page_says_so_in_every_language_and_when_to_try_again() -> None:
    answer = asked("/awards", lost())
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert [language for language in ("en", "zh-Hant", "zh-Hans") if f'lang="{language}"' in page] == [
        "en", "zh-Hant", "zh-Hans",
    ]  # fmt: skip
    assert "Nothing that was saved is lost" in page
    assert "db.example" not in page
    assert "script" not in page
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert "no-store" in answer["Cache-Control"]


def test_a_program_gets_a_problem_document() -> None:
    answer = asked("/api/v1/awards", lost())
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json; charset=utf-8")
    assert (answer["Retry-After"], json.loads(answer.content)["code"]) == ("5", "api.database.away")


@pytest.mark.parametrize("cause", [psycopg.errors.UndefinedColumn, psycopg.errors.UndefinedTable])
def test_a_process_of_another_version_says_that_the_portal_is_being_upgraded(cause: type[Exception]) -> None:
    error = ProgrammingError("column awards_award.colour does not exist")
    error.__cause__ = cause("column awards_award.colour does not exist")
    answer = asked("/awards", error)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "being upgraded" in answer.content.decode()
    assert b"colour" not in answer.content
    assert asked("/api/v1/awards", error).status_code == 503


@pytest.mark.parametrize("path", ["/awards", "/api/v1/awards"])
def test_a_defect_is_called_one_and_quotes_nothing(path: str) -> None:
    answer = asked(path, ValueError("wong@harbour.example"))
    assert answer.status_code == 500
    assert b"wong" not in answer.content


class Inner:
    """What stands behind the door: counts who comes through, and is away or not."""

    def __init__(self) -> None:
        self.came, self.status = 0, 503

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.came += 1
        return HttpResponse(status=self.status)


def test_while_it_is_away_one_request_in_a_while_looks_and_all_others_are_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(away.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(away, "_is_lost", lambda: True)
    inner, request = Inner(), RequestFactory().get("/awards")
    door = Reachable(inner)
    assert [door(request).status_code for _ in range(5)] == [503] * 5
    assert inner.came == 1
    clock[0] += 2.5
    assert [door(request).status_code for _ in range(3)] == [503] * 3
    assert inner.came == 2
    inner.status = 200
    clock[0] += 2.5
    assert [door(request).status_code for _ in range(3)] == [200] * 3
    assert inner.came == 5


def test_a_question_that_took_too_long_closes_no_door(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(away, "_is_lost", lambda: False)
    inner, request = Inner(), RequestFactory().get("/awards")
    door = Reachable(inner)
    assert [door(request).status_code for _ in range(3)] == [503] * 3
    assert inner.came == 3
