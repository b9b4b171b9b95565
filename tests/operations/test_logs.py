"""What is logged holds no secret and nothing about a person, whatever is thrown at it."""

from __future__ import annotations

import json
import logging
import logging.config
import re
from collections.abc import Iterator

import pytest
import structlog
from django.conf import settings
from django.test import Client

from lionrock.kernel import tracing
from lionrock.operations import logs

SECRETS = (
    "hunter2-of-the-operator", "wong@harbour.example", "postgresql://lionrock:s3cret@db.example/lionrock",
    "lrp_0123456789abcdefghij", "eyJhbGciOiJIUzI1NiJ9eyJzdWIiOiIxMjM0", "+852 5555 1234",
)  # fmt: skip
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def lines(capfd: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    logging.config.dictConfig(logs.settings_of("json"))
    yield capfd
    logging.config.dictConfig(settings.LOGGING)


def written(lines: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in lines.readouterr().err.splitlines()]


def fail_with(text: str) -> None:
    raise ValueError(f'duplicate key value: Key (email)=("{text}") already exists')


def test_a_line_is_an_object_with_its_trace(lines: pytest.CaptureFixture[str]) -> None:
    token = tracing.current.set(tracing.begin(TRACEPARENT))
    structlog.get_logger("lionrock.tests").info("tests.event", done=3, page="awards:show")
    tracing.current.reset(token)
    [line] = written(lines)
    assert (line["event"], line["done"], line["page"], line["level"]) == ("tests.event", 3, "awards:show", "info")
    assert line["trace"] == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert re.fullmatch("[0-9a-f]{16}", str(line["request"]))
    assert line["request"] != "00f067aa0ba902b7", "our own place in the trace, not that of whoever asked"


@pytest.mark.parametrize("secret", SECRETS)
def test_secrets_and_addresses_do_not_reach_a_line(lines: pytest.CaptureFixture[str], secret: str) -> None:
    log = structlog.get_logger("lionrock.tests")
    for field in ("password", "token", "authorization", "cookie", "email", "address", "phone", "path", "session_key"):
        log.error("tests.event", **{field: secret})
    try:
        fail_with(secret)
    except ValueError as error:
        log.error("tests.event", exc_info=error)
        logging.getLogger("django.request").error("Internal Server Error: %s", secret, exc_info=error)
        logging.getLogger("django.security").error("Invalid HTTP_HOST header: %r", secret)
        logging.getLogger("somebody.else").exception("Failed for %s", secret)
    found = lines.readouterr().err
    assert found.count("\n") == 12
    assert secret not in found
    assert "ValueError" in found
    assert "fail_with" in found, "where it happened is told"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("no answer from wong@harbour.example.", "no answer from …@…."),
        ("tried postgresql://lionrock:s3cret@db.example/lionrock", "tried postgresql://…@db.example/lionrock"),
        ("sent Bearer abc.def-ghi", "sent Bearer …"),
        ("took lrp_0123456789abcdefghij", "took …"),
        ("took eyJhbGciOiJIUzI1NiJ9eyJzdWIiOiIxMjM0", "took …"),
        ("awards.lapse_offers took 3 s at 10:15", "awards.lapse_offers took 3 s at 10:15"),
    ],
)
def test_they_are_masked_where_nobody_expects_them(lines: pytest.CaptureFixture[str], said: str, shown: str) -> None:
    structlog.get_logger("lionrock.tests").error("tests.event", reason=said)
    assert [line["reason"] for line in written(lines)] == [shown]


@pytest.mark.django_db
def test_a_request_is_logged_by_its_page_and_not_by_its_address(lines: pytest.CaptureFixture[str]) -> None:
    answer = Client().post(
        "/sign-in?next=/awards/SECRET-CODE",
        {"username": SECRETS[1], "password": SECRETS[0]},
        headers={"traceparent": TRACEPARENT, "cookie": "sessionid=abcdefghijklmnop"},
    )
    said = lines.readouterr().err
    [line] = [json.loads(each) for each in said.splitlines() if "web.request" in each]
    assert (line["page"], line["method"], line["status"]) == ("people:sign_in", "POST", answer.status_code)
    assert answer["X-Request-ID"] == line["request"]
    for secret in (SECRETS[0], SECRETS[1], "SECRET-CODE", "abcdefghijklmnop"):
        assert secret not in said


@pytest.mark.parametrize(
    "header", ["", "nonsense", f"00-{'0' * 32}-{'1' * 16}-01", f"{TRACEPARENT}\n", "ff" + TRACEPARENT[2:]]
)
def test_what_is_no_trace_begins_one_anew(header: str) -> None:
    begun = tracing.begin(header)
    assert re.fullmatch("00-[0-9a-f]{32}-[0-9a-f]{16}-00", begun.header)
    assert begun.id not in TRACEPARENT
