"""One answer against its field: every kind, right and wrong, as people and machines type it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lionrock.applications.domain.answers import (
    KEPT_LENGTH,
    cannot_keep,
    check_answer,
    is_empty,
    lengths,
    read_day,
    read_flag,
    read_whole,
    shown,
)
from lionrock.rules.forms import Core, FieldKind, FormField, FormPart, Longest, Slot
from lionrock.rules.shape import Names

PART = FormPart("plea", Names("Plea"), None, repeats=False, most=1, fields=())


def slot(kind: FieldKind, language: str = "", **facts: object) -> Slot:
    """Return a box of one kind."""
    field = FormField(
        id="box", kind=kind, names=Names("The box", "方格"), help=None, required=True, languages=(),
        required_languages=(), longest=Longest(), least=None, most=None, options=(), shown_to=(), core=None,
        identifies=False,
    )  # fmt: skip
    return Slot(PART, 0, replace(field, **facts), language)


OPTIONS = ("red", "green", "blue")
FITS = [
    (FieldKind.LINE, {}, "A title: 天氣 & co. (№ 2)"),
    (FieldKind.LINE, {}, "x" * 200),
    (FieldKind.PARAGRAPH, {}, "two\nlines\r\nand a\ttab"),
    (FieldKind.PARAGRAPH, {}, "<script>alert(1)</script> is only a text"),
    (FieldKind.PARAGRAPH, {}, "=cmd|' /C calc'!A0"),
    (FieldKind.WHOLE, {}, "0"),
    (FieldKind.WHOLE, {}, " 12 "),
    (FieldKind.WHOLE, {}, "１２"),
    (FieldKind.WHOLE, {}, "1,000,000"),
    (FieldKind.WHOLE, {"least": 1, "most": 9}, "9"),
    (FieldKind.WHOLE, {"core": Core.MONTHS}, "120"),
    (FieldKind.DATE, {}, "2026-04-01"),
    (FieldKind.DATE, {}, "２０２６-04-01 "),
    (FieldKind.DATE, {}, "2028-02-29"),
    (FieldKind.EMAIL, {}, "somebody@example.org"),
    (FieldKind.EMAIL, {}, "陳大文@例子.香港"),
    (FieldKind.TELEPHONE, {}, "+852 2123 4567"),
    (FieldKind.TELEPHONE, {}, "(852) 2123-4567 ext. 12"),
    (FieldKind.TELEPHONE, {}, "＋８５２ ２１２３ ４５６７"),
    (FieldKind.FLAG, {}, "yes"),
    (FieldKind.FLAG, {}, "No"),
    (FieldKind.CHOICE, {}, "red"),
    (FieldKind.CHOICES, {}, ["red", "blue"]),
    (FieldKind.CHOICES, {"most": 2}, ["red", "blue"]),
]
WRONG = [
    (FieldKind.LINE, {}, "two\nlines", "kernel.texts.character"),
    (FieldKind.LINE, {}, "x" * 201, "kernel.texts.long"),
    (FieldKind.LINE, {}, "turned \u202e round", "kernel.texts.character"),
    (FieldKind.PARAGRAPH, {}, "x" * 20_001, "kernel.texts.long"),
    (FieldKind.PARAGRAPH, {}, "a bell \x07", "kernel.texts.character"),
    (FieldKind.WHOLE, {}, "1.5", "applications.answer.whole"),
    (FieldKind.WHOLE, {}, "-1", "applications.answer.whole"),
    (FieldKind.WHOLE, {}, "1e3", "applications.answer.whole"),
    (FieldKind.WHOLE, {}, "1,00", "applications.answer.whole"),
    (FieldKind.WHOLE, {}, "twelve", "applications.answer.whole"),
    (FieldKind.WHOLE, {}, "十二", "applications.answer.whole"),
    (FieldKind.WHOLE, {}, "9" * 5_000, "applications.answer.whole"),
    (FieldKind.WHOLE, {}, "1000000001", "applications.answer.whole"),
    (FieldKind.WHOLE, {"least": 1}, "0", "applications.answer.whole"),
    (FieldKind.WHOLE, {"most": 9}, "10", "applications.answer.whole"),
    (FieldKind.WHOLE, {"core": Core.COUNT}, "0", "applications.answer.whole"),
    (FieldKind.WHOLE, {"core": Core.MONTHS}, "121", "applications.answer.whole"),
    (FieldKind.DATE, {}, "2026-02-30", "applications.answer.date"),
    (FieldKind.DATE, {}, "01/04/2026", "applications.answer.date"),
    (FieldKind.DATE, {}, "2026-W14-3", "applications.answer.date"),
    (FieldKind.DATE, {}, "9999-12-31", "applications.answer.date"),
    (FieldKind.EMAIL, {}, "somebody", "applications.answer.email"),
    (FieldKind.EMAIL, {}, "a@b", "applications.answer.email"),
    (FieldKind.EMAIL, {}, "a@b.c, d@e.f", "applications.answer.email"),
    (FieldKind.EMAIL, {}, "a@b..c", "applications.answer.email"),
    (FieldKind.EMAIL, {}, "a@" + "b." * 200 + "c", "applications.answer.email"),
    (FieldKind.EMAIL, {}, "a@b.c\nBcc: d@e.f", "applications.answer.email"),
    (FieldKind.TELEPHONE, {}, "1234", "applications.answer.telephone"),
    (FieldKind.TELEPHONE, {}, "ask me", "applications.answer.telephone"),
    (FieldKind.TELEPHONE, {}, "1" * 30, "applications.answer.telephone"),
    (FieldKind.FLAG, {}, "maybe", "applications.answer.flag"),
    (FieldKind.CHOICE, {}, "mauve", "applications.answer.choice"),
    (FieldKind.CHOICES, {}, ["red", "mauve"], "applications.answer.choice"),
    (FieldKind.CHOICES, {}, ["red", "red"], "applications.answer.twice"),
    (FieldKind.CHOICES, {"most": 1}, ["red", "blue"], "applications.answer.many"),
    (FieldKind.CHOICES, {"least": 2}, ["red"], "applications.answer.many"),
]


@pytest.mark.parametrize(("kind", "facts", "value"), FITS)
def test_what_fits(kind: FieldKind, facts: dict[str, object], value: str | list[str]) -> None:
    assert check_answer(slot(kind, **facts), value, OPTIONS) is None
    assert cannot_keep(slot(kind, **facts), value) is None


@pytest.mark.parametrize(("kind", "facts", "value", "code"), WRONG)
def test_what_is_wrong_is_named_with_its_field_and_what_was_typed(
    kind: FieldKind, facts: dict[str, object], value: str | list[str], code: str
) -> None:
    fault = check_answer(slot(kind, **facts), value, OPTIONS)
    assert fault is not None
    assert (fault.code, fault.field) == (code, "plea.box")
    assert "The box" in str(fault)
    assert fault.value is not None
    assert len(fault.value) < 200
    assert cannot_keep(slot(kind, **facts), value) is None, "what is wrong is still kept as it was typed"


@pytest.mark.parametrize("kind", FieldKind)
def test_nothing_is_never_wrong(kind: FieldKind) -> None:
    for nothing in ("", "  \n") if kind is not FieldKind.CHOICES else ([],):
        assert is_empty(nothing)
        assert check_answer(slot(kind, least=2), nothing, OPTIONS) is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FieldKind.LINE, "nul \0"),
        (FieldKind.LINE, "half a character \ud83d"),
        (FieldKind.PARAGRAPH, "x" * (KEPT_LENGTH + 1)),
        (FieldKind.LINE, ["a", "list"]),
        (FieldKind.LINE, 7),
        (FieldKind.LINE, None),
        (FieldKind.CHOICES, "red"),
        (FieldKind.CHOICES, ["red", 7]),
        (FieldKind.CHOICES, ["red"] * 501),
        (FieldKind.CHOICES, {"red": True}),
    ],
)
def test_what_no_table_holds_is_not_kept(kind: FieldKind, value: object) -> None:
    fault = cannot_keep(slot(kind), value)
    assert fault is not None
    assert fault.code == "applications.answer.cannot_keep"


@pytest.mark.parametrize(
    ("text", "words", "wide"),
    [
        ("", 0, 0),
        ("two words", 2, 0),
        ("  three,  little\nwords ", 3, 0),
        ("天氣模型", 4, 4),
        ("天氣，模型。", 6, 6),
        ("AI 天氣 model 2026", 5, 2),
        ("粵語speech模型", 5, 4),
        ("zero\u200bwidth", 2, 0),
    ],
)
def test_words_and_characters_are_counted_as_word_processors_do(text: str, words: int, wide: int) -> None:
    assert lengths(text) == (words, wide)


@pytest.mark.parametrize(
    ("language", "text", "fault"),
    [
        ("en", "one two three", None),
        ("en", "one two three four", "has 4 words; 3 are allowed. Take out 1 or more."),
        ("zh-hant", "一二三四五", None),
        ("zh-hant", "一二三四五六", "has 6 characters; 5 are allowed. Take out 1 or more."),
        ("", "one two three four", "has 4 words; 3 are allowed"),
        ("", "一二三四五", None),
        ("", "一二三四五六七", "has 7 characters; 5 are allowed"),
    ],
)
def test_the_limit_is_that_of_the_language(language: str, text: str, fault: str | None) -> None:
    box = slot(FieldKind.PARAGRAPH, language, longest=Longest(words=3, characters=5))
    found = check_answer(box, text)
    assert (found is None) if fault is None else (found is not None and fault in str(found))


def test_a_language_without_a_limit_has_none() -> None:
    assert check_answer(slot(FieldKind.PARAGRAPH, "zh-hant", longest=Longest(words=1)), "一二三") is None
    assert check_answer(slot(FieldKind.PARAGRAPH, "", longest=Longest(words=1)), "一二三") is not None


@given(st.integers(0, 10**9))
def test_every_whole_number_is_read_back(number: int) -> None:
    assert read_whole(str(number)) == read_whole(f"{number:,}") == number


@given(st.dates(date(2000, 1, 1), date(2199, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    assert read_day(day.isoformat()) == day


@given(st.text() | st.lists(st.text()))
def test_whatever_is_typed_is_read_or_refused_and_never_a_defect(value: str | list[str]) -> None:
    for kind in FieldKind:
        fault = check_answer(slot(kind), value, OPTIONS)
        assert fault is None or str(fault)
    assert read_flag(value) in (True, False, None)
    assert read_whole(value) is None or read_whole(value) >= 0  # type: ignore[operator]
    assert shown(str(value)).isprintable()
