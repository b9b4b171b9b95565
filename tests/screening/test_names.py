"""Names seen as one although they are written otherwise, and names that only look alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.screening import PAIRS, read_pairs, recall_and_precision
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.calls.world import SHIPPED

from lionrock.screening.domain.forms import alike, forms_of
from lionrock.screening.domain.names import Kind, take_apart
from lionrock.screening.domain.scoring import compare
from lionrock.screening.rulebook import load_rules

RULES = load_rules(Path(SHIPPED))
REVIEW = RULES.thresholds[-1].review
PERSON, FIRM = Kind.PERSON, Kind.ORGANISATION


def score(kind: Kind, one: str, other: str) -> int:
    return alike(forms_of(one, kind, RULES.spelling), forms_of(other, kind, RULES.spelling)).percent


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (PERSON, "Ysolde van Tongeren", "VAN TONGEREN, Ysolde"),
        (PERSON, "José Müller-Ørsted", "Jose Muller Orsted"),
        (PERSON, "Y. M. van Tongeren", "Ysolde Marguerite van Tongeren"),
        (PERSON, "Dr. Anna Kowalska", "Anna Kowalska"),
        (PERSON, "Mohamed Haddad", "Muhammad Hadad"),
        (PERSON, "annakowalska", "Anna Kowalska"),
        (FIRM, "Zephyr Quantum Instruments Co., Ltd.", "ZEPHYR QUANTUM INSTRUMENTS LIMITED"),
        (FIRM, "The Zephyr Works", "Zephyr Works GmbH"),
        (FIRM, "First Zephyr Laboratory", "1st Zephyr Lab"),
        (FIRM, "ZQI", "Zephyr Quantum Instruments"),
        (PERSON, "陳大文", "Chan Tai-man"),
        (PERSON, "陳大文", "Chen Dawen"),
        (PERSON, "陳大文", "Peter CHAN Tai Man"),
        (PERSON, "陳大文", "陈大文"),
        (PERSON, "Ch'en Ta-wen", "陈大文"),
        (PERSON, "歐陽志強", "Au-yeung Chi-keung"),
        (FIRM, "琥珀海洋科技有限公司", "琥珀海洋科技股份有限公司"),
        (FIRM, "琥珀海洋科技有限公司", "Hupo Ocean Technology Co Ltd"),
        (FIRM, "香港琥珀大學", "University of Hupo, Hong Kong"),
    ],
)
def test_the_same_written_otherwise(kind: Kind, one: str, other: str) -> None:
    assert score(kind, one, other) >= REVIEW
    assert score(kind, other, one) >= REVIEW


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (PERSON, "Anna Kowalska", "Boris Kowalski-Braun"),
        (PERSON, "Chan Tai Man", "Chan Siu Ming"),
        (PERSON, "陳大文", "陳小明"),
        (PERSON, "陳大文", "Wong Tai-man"),
        (FIRM, "Harbour University", "Harbour Robotics Limited"),
        (FIRM, "Kite Trading Company", "Delta Trading Company"),
        (FIRM, "琥珀海洋科技有限公司", "蔚藍海洋科技有限公司"),
    ],
)
def test_others_who_look_alike(kind: Kind, one: str, other: str) -> None:
    assert score(kind, one, other) < REVIEW


def test_a_score_says_how_it_came_about() -> None:
    found = compare(take_apart("Ysolde van Tongeren", PERSON), take_apart("TONGEREN, Isolde van", PERSON))
    assert found.way == "words"
    assert ("ysolde", "isolde") in {(pair.left, pair.right) for pair in found.pairs}


@pytest.mark.parametrize(("one", "other"), [("", "Anna"), ("…", "Anna"), ("Ltd", ""), ("А", "Anna")])
def test_what_says_nothing_is_like_nothing(one: str, other: str) -> None:
    assert score(FIRM, one, other) == 0


_TEXT = st.text(alphabet="abcdefg hijk.lmnop-é陳大文 ,'", max_size=24)


@settings(max_examples=150, deadline=None)
@given(_TEXT, _TEXT, st.sampled_from([PERSON, FIRM, Kind.ANY]))
def test_a_score_is_the_same_both_ways_and_between_nothing_and_all(one: str, other: str, kind: Kind) -> None:
    left, right = forms_of(one, kind, RULES.spelling), forms_of(other, kind, RULES.spelling)
    there, back = alike(left, right).value, alike(right, left).value
    assert 0 <= there <= 1
    assert abs(there - back) < 0.2
    if not left.empty and left.latin:
        assert alike(left, left).value >= 0.9


def test_recall_and_precision_on_public_pairs_in_latin_letters() -> None:
    recall, precision = recall_and_precision(read_pairs(PAIRS / "latin.csv"), RULES, REVIEW)
    assert (recall >= 0.98, precision >= 0.78) == (True, True), (recall, precision)


def test_recall_and_precision_on_chinese_names() -> None:
    recall, precision = recall_and_precision(read_pairs(PAIRS / "chinese.csv"), RULES, REVIEW)
    assert (recall >= 0.9, precision >= 0.93) == (True, True), (recall, precision)
