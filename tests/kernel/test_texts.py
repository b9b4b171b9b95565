"""Names, titles and paragraphs: what is kept as written, and what could not be shown again."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lionrock.kernel.errors import Invalid
from lionrock.kernel.texts import (
    LINE_LENGTH,
    check_line,
    check_lines,
    check_paragraph,
    cleaned,
    composed,
    escaped,
    is_no_text,
)

JOINERS = "\u200c\u200d"


@pytest.mark.parametrize(
    "text",
    [
        "Harbour University",
        "海港大學　研究院",
        "naïve café",
        "x" * LINE_LENGTH,
        "a\u00a0b",
        "👩‍🔬",
        "नमस्ते",
        "<b>&",
        "O’Brien",
        "𠮷野家",
        "\U00031350",
        "葛\U000e0100",
        "क्\u200dष",
        "می\u200cخواهم",
        "❤\ufe0f\u200d🔥",
        "👨🏽\u200d🚀",
        "x\u0331",
    ],
    ids=ascii,
)
def test_what_people_write_in_a_line_is_kept_as_it_is(text: str) -> None:
    assert check_line(text, field="name") == text


@pytest.mark.parametrize(
    ("text", "code", "shown"),
    [
        ("", "kernel.texts.empty", ""),
        ("  ", "kernel.texts.empty", "  "),
        ("x" * (LINE_LENGTH + 1), "kernel.texts.long", "x" * 60 + "…"),
        ("two\nlines", "kernel.texts.character", "two\\u000alines"),
        ("nul\0", "kernel.texts.character", "nul\\u0000"),
        ("bytes \udcff", "kernel.texts.character", "bytes \\udcff"),
        ("\x1b[31mred", "kernel.texts.character", "\\u001b[31mred"),
        ("evil\u202etxt.exe", "kernel.texts.character", "evil\\u202etxt.exe"),
        ("line\u2028end", "kernel.texts.character", "line\\u2028end"),
        ("Har\u200bbour", "kernel.texts.hidden", "Har\\u200bbour"),
        ("Har\u200dbour", "kernel.texts.hidden", "Har\\u200dbour"),
        ("海\u200d港", "kernel.texts.hidden", "海\\u200d港"),
        ("\ufeffKite", "kernel.texts.hidden", "\\ufeffKite"),
        ("Ki\u00adte", "kernel.texts.hidden", "Ki\\u00adte"),
        ("Kite\u3164", "kernel.texts.hidden", "Kite\\u3164"),
        ("Kite\U000e0041", "kernel.texts.hidden", "Kite\\U000e0041"),
        ("private \ue000", "kernel.texts.hidden", "private \\ue000"),
        ("none \u0378", "kernel.texts.hidden", "none \\u0378"),
        ("\u200b\u3164 \u0301", "kernel.texts.empty", "\\u200b\\u3164 \u0301"),
    ],
)
def test_what_is_no_line_is_named_so_that_it_can_be_printed(text: str, code: str, shown: str) -> None:
    with pytest.raises(Invalid) as wrong:
        check_line(text, field="name")
    (fault,) = wrong.value.faults
    assert (wrong.value.code, fault.field, fault.value) == (code, "name", shown)
    assert "name" in str(fault)
    str(fault).encode()


def test_an_optional_line_may_be_empty() -> None:
    assert check_line("", field="name", required=False) == ""


def test_the_faults_of_all_lines_come_together() -> None:
    with pytest.raises(Invalid) as wrong:
        check_lines({"name": "", "title": "fine"}, {"other": "a\tb", "none": ""})
    assert [fault.field for fault in wrong.value.faults] == ["name", "other"]


def test_a_paragraph_may_have_lines_but_no_broken_bytes() -> None:
    assert check_paragraph("one\r\n\ttwo", field="purpose") == "one\r\n\ttwo"
    with pytest.raises(Invalid, match="cannot be shown"):
        check_paragraph("one\0two", field="purpose")
    with pytest.raises(Invalid, match="3 fit"):
        check_paragraph("four", field="purpose", longest=3)


def test_one_name_has_one_spelling() -> None:
    assert check_line("cafe\u0301", field="name") == "caf\u00e9"
    assert check_paragraph("cafe\u0301\n", field="name") == "caf\u00e9\n"


@given(st.text(max_size=40))
def test_what_is_cleaned_is_text_in_one_spelling_and_cleaned_once_for_all(text: str) -> None:
    kept = cleaned(text)
    assert not is_no_text(kept)
    assert kept == composed(kept) == cleaned(kept)
    kept.encode()


@given(st.text(max_size=40))
def test_whatever_is_refused_is_shown_so_that_it_is_seen(text: str) -> None:
    shown = escaped(text)
    assert all(
        each.isprintable() or unicodedata.category(each) in {"Zs", "Cn"} for each in shown if each not in JOINERS
    )


@given(st.text(max_size=LINE_LENGTH + 20))
def test_a_line_that_passes_can_be_written_in_one_line(text: str) -> None:
    try:
        kept = check_line(text, field="name")
    except Invalid as wrong:
        str(wrong).encode()
        return
    assert len(kept.encode().decode().splitlines()) == 1
    assert kept == composed(kept) == check_line(kept, field="name")
