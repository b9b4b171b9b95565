"""Passwords made of words that everybody at this site knows."""

from __future__ import annotations

from typing import Any

import pytest
from tests.calls.world import NOW, OPERATOR, SHIPPED

from lionrock.kernel.errors import Invalid
from lionrock.people.actions import register_organisation
from lionrock.people.actions.registering import check_password
from lionrock.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_file(settings: Any) -> None:
    settings.LIONROCK_RULEBOOK = SHIPPED
    settings.ALLOWED_HOSTS = ["portal.compute-centre.example"]
    register_organisation(
        actor=OPERATOR, code="kite-ai", name="Northern Kite Academy", name_zh_hant="北鳶學院", now=NOW
    )


@pytest.mark.parametrize(
    "password",
    ["lionrock-2026", "Lionrock!Password", "northernkite26", "Northern Kite Academy", "kite-academy-1",
     "ComputeCentre99", "hk-aiss-demo-1", "北鳶學院北鳶學院北鳶學院"],
    ids=ascii,
)  # fmt: skip
def test_one_that_is_hardly_more_than_these_words_is_refused(password: str) -> None:
    with pytest.raises(Invalid) as wrong:
        check_password(password, Person(email="chan@example.org", name="Chan", created_at=NOW))
    assert "everybody here knows" in str(wrong.value.faults[-1])


@pytest.mark.parametrize("password", ["granite over the kite", "ferries under the peak", "my lionrock has nine tails"])
def test_a_phrase_may_hold_one_of_them(password: str) -> None:
    check_password(password, Person(email="chan@example.org", name="Chan", created_at=NOW))
