"""Errors as pages: what happened, why, what to do next."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from django.utils.translation import override

from lionrock.config import urls
from lionrock.kernel.errors import (
    Broken,
    Conflict,
    Fault,
    Invalid,
    LionrockError,
    NotAllowed,
    NotFound,
    Refused,
    Unavailable,
)
from lionrock.kernel.findings import Finding, Outcome
from lionrock.kernel.messages import message
from lionrock.web.errors import error_page

HOSTILE = "<script>alert('{0}')</script>"


@pytest.fixture
def request_of_nobody(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/anywhere")
    request.user = AnonymousUser()
    request.resolver_match = None
    return request


def shown(request: HttpRequest, error: LionrockError) -> str:
    return error_page(request, error).content.decode()


@pytest.mark.parametrize(
    ("kind", "status", "title"),
    [
        (Invalid, 422, "Something in this needs correcting"),
        (Refused, 409, "A rule of the programme says no"),
        (NotAllowed, 403, "This is not yours to do"),
        (NotFound, 404, "There is nothing here for you"),
        (Conflict, 409, "This cannot be done now"),
        (Unavailable, 503, "Something we depend on does not answer"),
        (Broken, 500, "Lionrock found a fault in itself"),
    ],
)
def test_each_kind_has_its_status_its_title_and_its_code(
    request_of_nobody: HttpRequest, kind: type[LionrockError], status: int, title: str
) -> None:
    response = error_page(request_of_nobody, kind("room.thing.reason", message("It was {what}.", what="so")))
    page = response.content.decode()
    assert response.status_code == status
    assert title in page
    assert "It was so." in page
    assert "room.thing.reason" in page


def test_what_people_wrote_is_never_markup(request_of_nobody: HttpRequest) -> None:
    said = message("“{value}” is wrong.", value=HOSTILE)
    fault = Fault("a.b", said, file=HOSTILE, line=3, value=HOSTILE)
    finding = Finding("rule", Outcome.NOT_MET, said, remedy=said)
    page = shown(request_of_nobody, Refused("a.b", said, faults=[fault], findings=[finding]))
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 4


def test_every_fault_and_every_finding_is_shown(request_of_nobody: HttpRequest) -> None:
    faults = [Fault("a.b", message("Fault {n}.", n=n), file="rows.csv", line=n) for n in (1, 2)]
    findings = [Finding("r", outcome, message("Found {o}.", o=outcome.value)) for outcome in Outcome]
    page = shown(request_of_nobody, Invalid("a.b", message("Two."), faults=faults, findings=findings))
    assert "rows.csv:1" in page
    assert "rows.csv:2" in page
    for word in ("Met", "Not met", "Not known"):
        assert word in page


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_error_pages_speak_the_language_of_the_visitor(request_of_nobody: HttpRequest, language: str) -> None:
    with override(language):
        page = shown(request_of_nobody, NotFound("a.b", message("Gone.")))
    assert ("There is nothing here for you" in page) == (language == "en")


@pytest.mark.django_db
def test_a_page_that_is_not_there_keeps_the_design(client: Client) -> None:
    response = client.get("/nowhere")
    assert response.status_code == HTTPStatus.NOT_FOUND
    assert "There is no page here" in response.content.decode()
    assert "Content-Security-Policy" in response


@pytest.mark.django_db
def test_a_stale_form_says_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post("/sign-in", {"username": "a@example.org", "password": "x"})
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "This form has gone stale" in response.content.decode()


def break_down(request: HttpRequest) -> None:
    """Fail as a defect does."""
    raise ZeroDivisionError(request.path)


def refuse(request: HttpRequest) -> None:
    """Fail as the product does."""
    raise Broken("test.broken", message("The books of {programme} are out.", programme="hk"))


class BrokenUrls:
    """Our pages, and two that fail."""

    urlpatterns = [path("break", break_down), path("refuse", refuse), *urls.urlpatterns]


@pytest.fixture
def careless_client(client: Client, db: None) -> Client:
    client.raise_request_exception = False
    return client


@override_settings(ROOT_URLCONF=BrokenUrls)
@pytest.mark.parametrize(
    ("address", "said"), [("/break", "Something broke on our side"), ("/refuse", "The books of hk")]
)
def test_a_defect_gives_a_calm_page_and_no_trace(careless_client: Client, address: str, said: str) -> None:
    from tests.web.scene import person  # noqa: PLC0415 - models need Django set up

    careless_client.force_login(person("a@example.org", "A"))
    response = careless_client.get(address)
    page = response.content.decode()
    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert said in page
    assert "Traceback" not in page
    assert "ZeroDivisionError" not in page
