"""Names that look alike, and names that only sound so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lionrock.kernel.likeness import mixed_word, skeleton

HARBOUR = "Harbour University"


@pytest.mark.parametrize(
    "name",
    ["HARBOUR  UNIVERSITY", "Harb\u043eur University", "Harb0ur University", "\u041darbour University",
     "Harbour-University", "Hàrbour Univérsity", "Harbour Universlty", "Ｈarbour University", "Harbour Un1versity"],
    ids=ascii,
)  # fmt: skip
def test_what_looks_like_a_name_has_its_skeleton(name: str) -> None:
    assert skeleton(name) == skeleton(HARBOUR)


@pytest.mark.parametrize(("one", "other"), [(HARBOUR, "Harbor University"), ("海港大學", "海巷大學"), ("", "海")])
def test_what_is_another_name_has_another(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@pytest.mark.parametrize(
    ("name", "word"),
    [("Harb\u043eur University", "Harb\u043eur"), ("The \u0391cademy", "\u0391cademy"), ("N\u03bfva", "N\u03bfva")],
    ids=ascii,
)
def test_a_word_in_two_alphabets_is_named(name: str, word: str) -> None:
    assert mixed_word(name) == word


@pytest.mark.parametrize(
    "name",
    ["Дальневосточный университет", "ДВФУ FEFU", "μSR Laboratory", "βVAE", "AI 實驗室", "Łódź", "Kite AI 人工智能"],
    ids=ascii,
)
def test_words_in_one_alphabet_each_stay(name: str) -> None:
    assert mixed_word(name) == ""


@given(st.text(max_size=40))
def test_capitals_and_blanks_count_for_nothing(name: str) -> None:
    assert skeleton(f"  {name} ") == skeleton(name)
    assert mixed_word(name) in name
