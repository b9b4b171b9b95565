"""Statements on paper: readable, tagged, complete, and made without any network."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from django.template import engines
from pypdf import PdfReader
from tests.web.sample_paper import paper
from weasyprint.urls import FatalURLFetchingError

from lionrock.statements.papers import Paper
from lionrock.web import pdf
from lionrock.web.pdf import OwnFilesOnly, render_pdf


def printed(document: Paper, language: str = "en") -> PdfReader:
    return PdfReader(BytesIO(render_pdf("statements/document.html", {"paper": document}, language)))


def words(reader: PdfReader) -> str:
    return " ".join("\n".join(page.extract_text() for page in reader.pages).split())


def test_a_statement_says_who_when_what_and_how_much() -> None:
    text = words(printed(paper()))
    for said in ("HK-AISS-DEMO-INV-2025-0042", "Harbour University", "March 2025", "1 April 2025", "HKD 365,798.68"):
        assert said in text.replace("\u00a0", " ")
    for figure in ("299,354.84", "209,548.39", "89,806.45", "−1,200.00", "corrects February 2025"):
        assert figure in text


@pytest.mark.parametrize(
    ("language", "name", "organisation"),
    [
        ("en", "AI Subsidy Scheme (demonstration)", "Harbour University"),
        ("zh-hant", "人工智能資助計劃（示範）", "海港大學"),
        ("zh-hans", "人工智能资助计划（示范）", "海港大学"),
    ],
)
def test_it_speaks_three_languages_with_its_fonts_inside(language: str, name: str, organisation: str) -> None:
    reader = printed(paper(), language)
    text = words(reader)
    assert name in text
    assert organisation in text
    fonts = [font for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    files = [font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts]
    assert files
    assert all({"/FontFile2", "/FontFile3"} & set(each) for each in files)


def test_it_is_tagged_for_screen_readers() -> None:
    reader = printed(paper(), "zh-hant")
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-Hant"
    assert "/StructTreeRoot" in root
    assert reader.metadata is not None
    assert "HK-AISS-DEMO-INV-2025-0042" in str(reader.metadata.title)


def test_every_page_of_a_long_statement_is_numbered_and_headed() -> None:
    reader = printed(paper(lines=60))
    count = len(reader.pages)
    assert count > 2
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        assert f"{number} / {count}" in text
        assert "HK-AISS-DEMO-INV-2025-0042" in text
    assert "At list price" in " ".join(reader.pages[1].extract_text().split())


def test_a_hostile_name_stays_a_name() -> None:
    hostile = '<img src="https://example.org/spy.png"><script>alert(1)</script>'
    assert "<script>alert(1)</script>" in words(printed(paper(organisation=hostile)))


def test_a_statement_without_lines_says_so() -> None:
    assert "Nothing was used in this month." in words(printed(replace(paper(), lines=())))


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/style.css",
        "file:///etc/passwd",
        "https://static.invalid/static/../settings.py",
        "https://static.invalid/static/web/nothing.css",
        "https://static.invalid/elsewhere/web/tokens.css",
        "data:text/css,",
    ],
)
def test_nothing_but_our_own_files_is_ever_loaded(address: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        OwnFilesOnly().fetch(address)


def test_our_own_files_are_found() -> None:
    assert b"@page" in OwnFilesOnly().fetch("https://static.invalid/static/web/document.css").read()


def test_a_template_that_reaches_out_fails_instead_of_leaving_a_hole(monkeypatch: pytest.MonkeyPatch) -> None:
    page = engines["django"].from_string('<html lang="en"><title>x</title><img alt="" src="https://example.org/a.png">')
    monkeypatch.setattr(pdf, "render_to_string", lambda template, context: page.render(context))
    with pytest.raises(FatalURLFetchingError):
        render_pdf("any", {}, "en")


def test_the_sheet_names_only_fonts_that_the_system_can_embed() -> None:
    sheet = Path(pdf.__file__).parent / "static/web/document.css"
    assert "@import" not in sheet.read_text()
    assert "url(" not in sheet.read_text()
