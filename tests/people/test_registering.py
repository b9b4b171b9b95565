"""Putting organisations and persons on file: names that can be shown, passwords that are not guessed."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.contrib.auth import authenticate
from tests.calls.world import NOW, OPERATOR

from lionrock.kernel.errors import Invalid
from lionrock.people.actions import register_organisation, register_person
from lionrock.people.commands import person
from lionrock.people.models import Organisation, Person

pytestmark = pytest.mark.django_db
BROKEN = ["", "   ", "x" * 201, "two\nlines", "broken \udcff"]


@pytest.mark.parametrize("name", BROKEN)
def test_an_organisation_has_a_name_that_can_be_shown(name: str) -> None:
    with pytest.raises(Invalid) as wrong:
        register_organisation(actor=OPERATOR, code="peak", name=name, now=NOW)
    assert [fault.field for fault in wrong.value.faults] == ["name"]
    assert not Organisation.objects.exists()


def test_the_faults_of_all_its_names_come_together() -> None:
    with pytest.raises(Invalid) as wrong:
        register_organisation(actor=OPERATOR, code="peak", name="", name_zh_hant="x" * 201, name_zh_hans="\0", now=NOW)
    assert [fault.field for fault in wrong.value.faults] == ["name", "name_zh_hant", "name_zh_hans"]


@pytest.mark.parametrize("name", BROKEN)
def test_a_person_has_a_name_that_can_be_shown(name: str) -> None:
    with pytest.raises(Invalid):
        register_person(actor=OPERATOR, email="chan@example.org", name=name, now=NOW)
    assert not Person.objects.exists()


@pytest.mark.parametrize("email", ["", "chan", "chan@", f"{'x' * 60}@{'y.' * 100}example.org", "chan@example.org\n"])
def test_an_address_is_one_that_mail_reaches(email: str) -> None:
    with pytest.raises(Invalid) as wrong:
        register_person(actor=OPERATOR, email=email, name="Chan Tai Man", now=NOW)
    assert {fault.field for fault in wrong.value.faults} == {"email"}


@pytest.mark.parametrize("password", ["short", "password1234", "chan@example.org"])
def test_a_password_that_is_easy_to_guess_is_refused_and_not_repeated(password: str) -> None:
    with pytest.raises(Invalid) as wrong:
        register_person(actor=OPERATOR, email="chan@example.org", name="Chan Tai Man", password=password, now=NOW)
    assert {fault.code for fault in wrong.value.faults} == {"people.person.password"}
    assert f"“{password}”" not in str(wrong.value)
    assert not Person.objects.exists()


def test_a_good_password_signs_in_and_none_signs_in_nobody() -> None:
    register_person(actor=OPERATOR, email="chan@example.org", name="Chan", password="granite over the harbour", now=NOW)
    register_person(actor=OPERATOR, email="lee@example.org", name="Lee", now=NOW)
    assert authenticate(username="chan@example.org", password="granite over the harbour") is not None
    assert authenticate(username="lee@example.org", password="") is None


def test_a_script_without_a_terminal_is_told_how_to_give_the_password() -> None:
    ended = CliRunner().invoke(person, ["add", "chan@example.org", "--name", "Chan"])
    assert isinstance(ended.exception, Invalid)
    assert ended.exception.code == "people.person.no_terminal"
    assert not Person.objects.exists()
