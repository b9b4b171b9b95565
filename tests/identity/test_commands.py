"""What whoever sits at the machine can see and do about how somebody signs in."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result
from django.test import Client
from tests.identity.conftest import ADDRESS

from lionrock.audit.models import AuditRecord
from lionrock.config import cli
from lionrock.identity.models import Authenticator, Passkey, RecoveryCode, Session
from lionrock.identity.secret import present
from lionrock.notices.models import Notice
from lionrock.people.models import Person


@pytest.fixture
def equipped(browser: Client, person: Person) -> Person:
    """Somebody who is signed in, with a passkey, an app and a recovery code."""
    made = {"person": person, "made_at": person.created_at}
    Passkey.objects.create(name="Key ring", owner=b"o", credential=b"c", public=b"p", **made)
    Authenticator.objects.create(seed="seed", last_step=0, **made)
    RecoveryCode.objects.create(digest="d", under=present(), **made)
    return person


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.main, ["identity", *words])


def test_all_that_somebody_signs_in_with_is_shown_and_no_secret(equipped: Person) -> None:
    shown = run("show", ADDRESS.upper(), "--json")
    [found] = json.loads(shown.stdout)
    assert (found["passkeys"], found["app"], found["recovery_codes"]) == (["Key ring"], True, 1)
    assert [each["by"] for each in found["sessions"]] == ["password"]
    table = run("show", ADDRESS).stdout
    assert "Key ring" in table
    assert "seed" not in shown.stdout + table


def test_a_lost_second_factor_is_removed_with_a_reason_and_the_person_told(equipped: Person) -> None:
    assert run("reset-factors", ADDRESS, "--reason", " ").exit_code == 2
    assert Authenticator.objects.exists()
    assert run("reset-factors", ADDRESS, "--reason", "lost telephone, called back").exit_code == 0
    assert [table.objects.count() for table in (Authenticator, Passkey, RecoveryCode)] == [0, 0, 0]
    assert AuditRecord.objects.get(action="identity.reset_factors").details["reason"] == "lost telephone, called back"
    assert "has removed your passkeys" in Notice.objects.get().said["template"]
    assert run("reset-factors", ADDRESS, "--reason", "again").exit_code == 6


def test_all_sign_ins_of_somebody_are_ended(equipped: Person, browser: Client) -> None:
    assert run("end-sessions", ADDRESS, "--reason", " ").exit_code == 2
    assert run("end-sessions", ADDRESS, "--reason", "laptop stolen").stdout == f"1 sign-ins of {ADDRESS} have ended.\n"
    assert not Session.objects.exists()
    assert browser.get("/account").status_code == 302
    assert AuditRecord.objects.get(action="identity.end_all_sessions").reason == "laptop stolen"
    assert Notice.objects.get().said["fields"]["name"] == "laptop stolen"
    assert run("end-sessions", "nobody@example.org", "--reason", "x").exit_code == 5
