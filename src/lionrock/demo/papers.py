"""The documents of the story's applications, as PDFs that anybody can open and none takes for real ones."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from weasyprint import HTML

from lionrock.demo.story import Names

_PAGE = """<html lang="{}"><head><title>{}</title><style>
@page {{ size: A4; margin: 25mm; @bottom-left {{ content: "{}"; font-size: 9pt; color: #555 }} }}
body {{ font-family: "Noto Sans", "Noto Sans CJK TC", sans-serif; font-size: 11pt; line-height: 1.5 }}
h1 {{ font-size: 20pt }}
</style></head><body><h1>{}</h1>{}</body></html>"""


def paper(language: str, title: str, paragraphs: list[str], *, footer: Names) -> bytes:
    """Return a document of a page or two; the footer says in its language that it is part of a demonstration."""
    body = format_html_join("", "<p>{}</p>", ((text,) for text in paragraphs))
    page = format_html(_PAGE, language, title, in_language(footer, language), title, body)
    written = HTML(string=page).write_pdf(pdf_variant="pdf/ua-1")
    if not isinstance(written, bytes):
        raise TypeError("WeasyPrint wrote to a file although none was named")
    return written


def in_language(names: Names, language: str) -> str:
    """Return a name of the story in a language."""
    return {"zh-hant": names.zh_hant, "zh-hans": names.zh_hans}.get(language, names.en)
