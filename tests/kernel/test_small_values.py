"""Codes and slugs, sentences, state tables: the small values that every room uses."""

from __future__ import annotations

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lionrock.kernel.errors import Conflict, Fault, Invalid, collecting
from lionrock.kernel.ids import SLUG_LENGTH, check_slug, numbered
from lionrock.kernel.messages import message
from lionrock.kernel.states import advance


class Light(StrEnum):
    RED = "red"
    GREEN = "green"


TABLE = {(Light.RED, "go"): Light.GREEN, (Light.GREEN, "stop"): Light.RED}


@pytest.mark.parametrize(
    ("year", "number", "code"), [(2026, 7, "AW-2026-0007"), (2026, 12345, "AW-2026-12345"), (87, 1, "AW-0087-0001")]
)
def test_a_code_has_its_year_and_its_number(year: int, number: int, code: str) -> None:
    assert numbered("AW", year, number) == code


@pytest.mark.parametrize("text", ["a", "h800-node", "7", "a" * SLUG_LENGTH, "a-1-b"])
def test_a_slug_is_kept(text: str) -> None:
    assert check_slug(text, field="code") == text


@pytest.mark.parametrize("text", ["", "A", "a_b", "-a", "a-", "a--b", "a b", "é", "a\n", "a/b", "a" * 65, "../a", "٣"])
def test_what_is_no_slug_is_refused_with_its_field(text: str) -> None:
    with pytest.raises(Invalid) as wrong:
        check_slug(text, field="site")
    assert [(fault.field, fault.value) for fault in wrong.value.faults] == [("site", text)]


@given(st.sampled_from(Light), st.sampled_from(["go", "stop", "fly"]))
def test_every_state_and_verb_moves_or_is_refused_with_what_is_open(state: Light, verb: str) -> None:
    if (state, verb) in TABLE:
        assert advance(TABLE, state, verb, thing="The light") is TABLE[state, verb]
        return
    with pytest.raises(Conflict) as refused:
        advance(TABLE, state, verb, thing="The light")
    said = str(refused.value)
    assert said.startswith(f"The light is {state}, so nobody can {verb} it now.")
    assert said.endswith("go." if state is Light.RED else "stop.")


def test_a_sentence_keeps_template_and_fields_apart() -> None:
    said = message("{who} asks for {what}.", who="{what}", what="more")
    assert str(said) == "{what} asks for more."
    assert said.template == "{who} asks for {what}."


def test_faults_are_collected_until_all_is_read() -> None:
    faults: list[Fault] = []
    for slug in ("a", "B", "c", "D"):
        with collecting(faults):
            check_slug(slug, field="code")
    assert [fault.value for fault in faults] == ["B", "D"]


@pytest.mark.parametrize(
    ("file", "line", "shown"),
    [("use.csv", 7, "use.csv:7: Odd."), ("use.csv", None, "use.csv: Odd."), (None, None, "Odd.")],
)
def test_a_fault_begins_with_its_place(file: str | None, line: int | None, shown: str) -> None:
    assert str(Fault("a.b", message("Odd."), file=file, line=line)) == shown
