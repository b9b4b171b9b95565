"""A statement as CSV, JSON and PDF: the same figures, and nothing that runs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from pypdf import PdfReader
from tests.statements.books import Books
from tests.web.sample_paper import paper as sample

from lionrock.kernel.findings import ParameterRead
from lionrock.rules.shape import Names
from lionrock.statements.commands import LANGUAGES, content_of
from lionrock.statements.exports import COLUMNS, to_csv, to_json
from lionrock.statements.papers import Paper
from lionrock.statements.queries import paper_of

pytestmark = pytest.mark.django_db


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_csv_has_every_line_with_decimals(books: Books) -> None:
    _, note = books.invoice_and_credit_note()
    (row,) = rows(to_csv(paper_of(note)))
    assert tuple(row) == COLUMNS
    expected = {
        "number": "HK-AISS-DEMO-CN-2026-0001", "month": "2026-05", "kind": "correction", "item": "Processor node hour",
        "site": "here", "quantity": "-30", "unit": "device_hour", "unit_price": "16.00", "price_from": "2024-10-07",
        "corrects": "2026-04", "reason": "", "gross": "-480.00", "subsidy": "-336.00", "user": "-144.00",
        "currency": "HKD", "awards": "AW-2026-0001 -336.00",
    }  # fmt: skip
    assert row == expected


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_text_of_the_csv_is_a_formula(start: str) -> None:
    evil = f"{start}HYPERLINK(\"x\"),'cmd'"
    lines = [replace(line, what=Names(evil), site=evil, reason=evil) for line in sample().lines]
    for row in rows(to_csv(replace(sample(), lines=tuple(lines)))):
        assert row["item"] == row["site"] == row["reason"] == f"'{evil}"


def test_negative_amounts_stay_numbers() -> None:
    last = rows(to_csv(sample()))[-1]
    assert (Decimal(last["gross"]), Decimal(last["user"])) == (Decimal("-1200.00"), Decimal("-360.00"))


@pytest.mark.parametrize("paper", [sample(), sample(lines=60)], ids=["short", "long"])
def test_csv_and_json_add_up_to_the_paper(paper: Paper) -> None:
    data = to_json(paper)
    for amount in ("gross", "subsidy", "user"):
        assert data[amount] == sum(line[amount] for line in data["lines"]) == getattr(paper, amount).minor
        assert sum(Decimal(row[amount]) for row in rows(to_csv(paper))) == getattr(paper, amount).decimal


def test_the_json_is_in_minor_units_and_complete(books: Books) -> None:
    invoice, _ = books.invoice_and_credit_note()
    data = json.loads(content_of(paper_of(invoice), "json", "en"))
    line = data["lines"][0]
    assert (data["number"], data["month"], data["currency"]) == ("HK-AISS-DEMO-INV-2026-0002", "2026-04", "HKD")
    assert (data["gross"], data["subsidy"], data["user"]) == (80000, 56000, 24000)
    assert line["subsidy_by_award"] == {"AW-2026-0001": 56000}
    assert (line["quantity"], line["unit_price"], line["corrects"]) == ("50", "16.00", None)
    assert data["awards"] == [{"award": "AW-2026-0001", "subsidy": 56000, "left": 56000}]


def test_the_csv_file_names_its_encoding(books: Books) -> None:
    invoice, _ = books.invoice_and_credit_note()
    assert content_of(paper_of(invoice), "csv", "en").startswith(b"\xef\xbb\xbfnumber,")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_opens_in_each_language(books: Books, language: str) -> None:
    invoice, _ = books.invoice_and_credit_note()
    reader = PdfReader(io.BytesIO(content_of(paper_of(invoice), "pdf", language)))
    text = " ".join("".join(page.extract_text() for page in reader.pages).split())
    assert len(reader.pages) == 1
    assert invoice.number in text
    assert "240.00" in text
    assert ("=Harbour University" if language == "en" else "海港大學") in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"].lower() == language
    fonts = [font for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    files = [font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts]
    assert files
    assert all({"/FontFile2", "/FontFile3"} & set(each) for each in files)


def test_the_same_paper_comes_of_the_same_document(books: Books) -> None:
    invoice, _ = books.invoice_and_credit_note()
    first, again = paper_of(invoice), paper_of(invoice)
    assert first == again
    assert all(isinstance(read, ParameterRead) for remark in first.notes for read in remark.reads)
