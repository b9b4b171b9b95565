"""Exchanging the secret of an installation: what it signed and keeps goes on, and is then kept under the new one."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.test import Client
from pytest_django.fixtures import Settings
from tests.identity.conftest import ADDRESS, PASSWORD

from lionrock.api.actions import change_key, register_webhook
from lionrock.api.domain.webhooks import Topic
from lionrock.api.keys import keys_of
from lionrock.api.models import Webhook
from lionrock.config import cli
from lionrock.identity.domain import STEP_SECONDS, code_at
from lionrock.identity.models import Authenticator, RecoveryCode
from lionrock.identity.queries import secret_of, secret_of_app, sessions_of
from lionrock.kernel.errors import Unavailable
from lionrock.people.models import Person
from lionrock.people.queries import actor_of

NEW = "another secret of this installation, and a long one"


@pytest.fixture
def webhook(person: Person) -> Webhook:
    now = datetime.now(UTC)
    made = register_webhook(person=person, url="https://203.0.113.7/in", topics=[Topic.AWARD_MADE], now=now)
    return change_key(actor=actor_of(person), number=made.pk, now=now)


@pytest.fixture
def codes(browser: Client) -> list[str]:
    """Recovery codes of somebody with an authenticator app, made under the secret of before."""
    browser.get("/account/app")
    seed = browser.session["asked:app"]["content"]["seed"]
    page = browser.post("/account/app", {"code": code_at(secret_of(seed), step(-1))}).content.decode()
    return re.findall(r"<code>([a-z0-9-]+)</code>", page)


def step(ahead: int = 0) -> int:
    return int(datetime.now(UTC).timestamp()) // STEP_SECONDS + ahead


def exchange(settings: Settings) -> str:
    before: str = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [before]
    return before


def second(code: str) -> Any:
    client = Client()
    client.post("/sign-in", {"username": ADDRESS, "password": PASSWORD})
    return client.post("/sign-in/second", {"lionrock-proof-code": code})


def test_nobody_notices_an_exchange(
    browser: Client, codes: list[str], webhook: Webhook, person: Person, settings: Settings
) -> None:
    keys = keys_of(webhook, datetime.now(UTC))
    exchange(settings)
    assert browser.get("/account").status_code == 200
    assert len(sessions_of(person, datetime.now(UTC))) == 1
    assert keys_of(webhook, datetime.now(UTC)) == keys
    assert len(keys) == 2
    assert second(codes[0]).status_code == 302
    assert second(code_at(secret_of_app(Authenticator.objects.get()), step())).status_code == 302


def test_what_is_kept_is_put_under_the_new_secret_and_the_old_one_may_go(
    codes: list[str], webhook: Webhook, settings: Settings
) -> None:
    keys, secret = keys_of(webhook, datetime.now(UTC)), secret_of_app(Authenticator.objects.get())
    exchange(settings)
    told = CliRunner().invoke(cli.main, ["identity", "reseal"]).stdout
    assert "1 authenticator apps" in told
    assert f"Recovery codes of {ADDRESS} still need the earlier secret." in told
    assert "0 authenticator apps" in CliRunner().invoke(cli.main, ["identity", "reseal"]).stdout
    settings.SECRET_KEY_FALLBACKS = []
    assert keys_of(Webhook.objects.get(), datetime.now(UTC)) == keys
    assert secret_of_app(Authenticator.objects.get()) == secret
    assert second(codes[0]).status_code == 422
    assert second(code_at(secret, step())).status_code == 302
    kept = Authenticator.objects.get()
    assert secret.hex() not in f"{kept.seed}{kept.mask}"


def test_a_secret_that_is_gone_too_early_is_said(codes: list[str], webhook: Webhook, settings: Settings) -> None:
    before = exchange(settings)
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Unavailable):
        keys_of(webhook, datetime.now(UTC))
    answer = second("000000")
    assert answer.status_code == 503
    assert before not in answer.content.decode()
    assert CliRunner().invoke(cli.main, ["identity", "reseal"]).exit_code == Unavailable.exit_code


def test_what_was_there_before_it_had_a_name_is_of_the_secret_of_then(codes: list[str], webhook: Webhook) -> None:
    keys, secret = keys_of(webhook, datetime.now(UTC)), secret_of_app(Authenticator.objects.get())
    for model in (Authenticator, RecoveryCode, Webhook):
        model.objects.update(under="")
    import_module("lionrock.identity.migrations.0002_support_entries_and_secrets")._name_the_secret(apps, None)
    import_module("lionrock.api.migrations.0002_secrets_by_name")._name_the_secret(apps, None)
    assert keys_of(Webhook.objects.get(), datetime.now(UTC)) == keys
    assert secret_of_app(Authenticator.objects.get()) == secret
    assert second(codes[0]).status_code == 302
