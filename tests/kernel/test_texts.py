"""Names, titles and paragraphs: what is kept as written, and what could not be shown again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lionrock.kernel.errors import Invalid
from lionrock.kernel.texts import LINE_LENGTH, check_line, check_lines, check_paragraph


@pytest.mark.parametrize(
    "text",
    ["Harbour University", "海港大學　研究院", "naïve café", "x" * LINE_LENGTH, "a\u00a0b", "👩‍🔬", "नमस्ते", "<b>&"],
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


@given(st.text(max_size=LINE_LENGTH + 20))
def test_a_line_that_passes_can_be_written_in_one_line(text: str) -> None:
    try:
        kept = check_line(text, field="name")
    except Invalid as wrong:
        str(wrong).encode()
        return
    assert len(kept.encode().decode().splitlines()) == 1
