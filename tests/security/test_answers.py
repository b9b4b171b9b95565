"""What every kind of answer carries, so that a browser does with it what is meant and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client, override_settings
from tests.api.asking import Program, token_for
from tests.calls.fixtures import world
from tests.config.conftest import scene, scene_on_file
from tests.config.scene import address_of

from lionrock.people.models import Person

__all__ = ["scene", "scene_on_file", "world"]
pytestmark = pytest.mark.django_db

KINDS = {
    "front": ("/", 200),
    "sign-in": ("/sign-in", 302),
    "own page": ("/account", 200),
    "list": ("/awards", 200),
    "open data": ("/programmes/{programme}/results.csv", 200),
    "not there": ("/nowhere", 404),
    "not theirs": ("/awards/AW-1999-0001", 404),
    "wrong method": ("/sign-out", 405),
    "operation": ("/api/v1/me", 200),
    "problem": ("/api/v1/awards/AW-1999-0001", 404),
    "description": ("/api/v1/openapi.json", 200),
}


def _answers(scene: Any, settings: Any) -> dict[str, Any]:
    client = Client(raise_request_exception=False)
    client.force_login(Person.objects.get(email=address_of("office")))
    return {
        kind: client.get(path.format(programme=scene.programme if hasattr(scene, "programme") else "hk-aiss-demo"))
        for kind, (path, _) in KINDS.items()
    }


def test_every_kind_of_answer_is_told_to_browsers_as_what_it_is(scene: Any, settings: Any) -> None:
    for kind, answer in _answers(scene, settings).items():
        policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
        assert answer.status_code == KINDS[kind][1], kind
        assert "unsafe" not in answer["Content-Security-Policy"], kind
        closed = {policy[name] for name in ("default-src", "object-src", "base-uri", "frame-ancestors")}
        assert closed == {"'none'"}, kind
        assert answer["X-Content-Type-Options"] == "nosniff", kind
        assert answer["X-Frame-Options"] == "DENY", kind
        assert answer["Referrer-Policy"] == "same-origin", kind
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", kind
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin", kind
        assert "camera=()" in answer["Permissions-Policy"], kind
        assert answer.get("Access-Control-Allow-Origin") == ("*" if kind == "open data" else None), kind


def test_nothing_of_a_person_is_kept_by_a_cache(scene: Any, settings: Any) -> None:
    for kind, answer in _answers(scene, settings).items():
        public = kind in ("description", "open data")
        assert ("no-store" in answer["Cache-Control"]) is not public, (kind, answer["Cache-Control"])


def test_texts_say_in_which_letters_they_are(scene: Any, settings: Any) -> None:
    for kind, answer in _answers(scene, settings).items():
        if answer.content and answer["Content-Type"].startswith("text/"):
            assert "charset=utf-8" in answer["Content-Type"], kind


@override_settings(SECURE_HSTS_SECONDS=31_536_000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True, SESSION_COOKIE_SECURE=True)
def test_over_tls_browsers_are_told_to_stay_there(client: Client) -> None:
    assert client.get("/sign-in", secure=True)["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_behind_tls_every_cookie_is_for_this_host_and_tls_alone() -> None:
    asked = (
        "from lionrock.config import settings as s; "
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME, "
        "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, "
        "s.CSRF_COOKIE_HTTPONLY, s.LANGUAGE_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.SECURE_HSTS_SECONDS, "
        "s.SECURE_HSTS_INCLUDE_SUBDOMAINS)"
    )
    told = {"LIONROCK_INSECURE_HTTP": "false", "LIONROCK_ALLOWED_HOSTS": '["portal.example.org"]'}
    told |= {"LIONROCK_PORTAL_URL": "https://portal.example.org", "LIONROCK_SECRET_KEY": "k" * 50}
    ran = subprocess.run(
        [sys.executable, "-c", asked], env={**os.environ, **told}, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == [
        "__Host-sessionid", "__Host-csrftoken", "__Host-language", *["True"] * 6, "Lax", "31536000", "True",
    ]  # fmt: skip


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "127.0.0.1:80@evil.example", ""])
def test_a_host_that_is_not_ours_is_refused(client: Client, settings: Any, host: str) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    for path in ("/sign-in", "/api/v1/me"):
        answer = client.get(path, headers={"Host": host, "X-Forwarded-Host": "testserver"})
        assert answer.status_code in (400, 422)
        assert b"evil.example/" not in answer.content


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "\thttps://evil.example",
        "/%09/evil.example",
        "https:///evil.example",
    ],
)
def test_nobody_is_led_to_another_site(client: Client, wanted: str) -> None:
    chosen = client.post("/language", {"language": "en", "next": wanted})
    page = client.get("/sign-in", {"next": wanted})
    for told in (chosen.get("Location", "/"), page.get("Location", "/")):
        assert told.startswith("/")
        assert not told.startswith(("//", "/\\"))


def test_a_token_in_an_address_opens_nothing(scene: Any) -> None:
    secret = token_for(address_of("office"))
    for name in ("token", "access_token", "api_key"):
        assert Program("").ask("GET", f"me?{name}={secret}").status_code == 401


def test_methods_that_echo_or_tunnel_are_not_there(client: Client) -> None:
    for method in ("TRACE", "CONNECT", "PROPFIND"):
        assert client.generic(method, "/api/v1/me").status_code in (401, 405, 422)
        assert client.generic(method, "/sign-in").status_code in (403, 405)
