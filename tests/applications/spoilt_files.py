"""Files as people send them, and as nobody should: by name, with what they are taken for."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from pypdf import PdfWriter
from tests.applications.filling import pdf


def office(part: str = "word/document.xml", **more: bytes) -> bytes:
    """Return an office file, with more entries by their names."""
    return archive({"[Content_Types].xml": b"<Types/>", part: b"<x/>", **more})


def archive(entries: dict[str, bytes]) -> bytes:
    """Return an archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in entries.items():
            opened.writestr(name, content)
    return made.getvalue()


def png(after: bytes = b"") -> bytes:
    """Return a picture of one dot, and what somebody added to it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    dots = zlib.compress(b"\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", dots) + chunk(b"IEND", b"") + after


def encrypted_pdf() -> bytes:
    """Return a PDF that asks for a password."""
    writer, made = PdfWriter(clone_from=io.BytesIO(pdf())), io.BytesIO()
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(made)
    return made.getvalue()


def lying_archive() -> bytes:
    """Return an office file of which one entry says that it is smaller than it is."""
    honest = office(**{"word/big.xml": b"a" * 100_000})
    return honest.replace(struct.pack("<I", 100_000), struct.pack("<I", 10))


def locked_archive() -> bytes:
    """Return an office file of which the entries say that they have a password."""
    honest = bytearray(office())
    place = honest.find(b"PK\x01\x02")
    while place >= 0:
        honest[place + 8] |= 1
        place = honest.find(b"PK\x01\x02", place + 4)
    return bytes(honest)


def looping_pdf() -> bytes:
    """Return a PDF whose page tree holds itself."""
    return pdf().replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")


def bursting_pdf() -> bytes:
    """Return a PDF whose cross-reference stream unpacks to far more than it is."""
    packed = zlib.compress(b"\0" * 200_000_000, 9)
    head = b"%PDF-1.5\n1 0 obj\n<< /Type /XRef /Size 9999999 /W [1 4 2] /Root 2 0 R /Filter /FlateDecode /Length "
    body = head + str(len(packed)).encode() + b" >>\nstream\n" + packed + b"\nendstream\nendobj\n"
    return body + b"startxref\n9\n%%EOF\n"


TAKEN = {
    "plan.pdf": (pdf(3), "application/pdf", 3),
    "one-thousand.pdf": (pdf(1000), "application/pdf", 1000),
    "cv.docx": (office(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", None),
    "sums.xlsx": (office("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", None),
    "slides.pptx": (
        office("ppt/presentation.xml", **{"ppt/slides/slide1.xml": b"<x/>", "ppt/slides/slide2.xml": b"<x/>"}),
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        2,
    ),
    "chart.docx": (
        office(**{"word/embeddings/sums.xlsx": office("xl/workbook.xml")}),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        None,
    ),
    "dot.png": (png(), "image/png", None),
    "photo.jpg": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 50 + b"\xff\xd9", "image/jpeg", None),
}
REFUSED = {
    "empty.pdf": (b"", "empty"),
    "setup.pdf": (b"MZ" + b"\0" * 400, "program"),
    "tool.pdf": (b"\x7fELF" + b"\0" * 400, "program"),
    "script.pdf": (b"#!/bin/sh\nrm -rf ~\n", "program"),
    "page.pdf": (b"<html><script>alert(1)</script></html>", "unknown_kind"),
    "picture.png": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "unknown_kind"),
    "late.pdf": (b"junk before\n" + pdf(), "unknown_kind"),
    "old.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_office"),
    "two.pdf": (pdf() + office(), "two_things"),
    "two.jpg": (b"\xff\xd8\xff\xe0" + b"\0" * 20 + b"\xff\xd9" + archive({"a": b"b"}), "two_things"),
    "cut.pdf": (pdf()[:-40], "cut_off"),
    "cut.png": (png()[:-6], "cut_off"),
    "more.png": (png(b"and more"), "cut_off"),
    "cut.jpg": (b"\xff\xd8\xff\xe0" + b"\0" * 50, "cut_off"),
    "cut.docx": (office()[:-30], "broken"),
    "any.docx": (archive({"readme.txt": b"hello"}), "unknown_kind"),
    "both.docx": (office(**{"xl/workbook.xml": b"<x/>"}), "unknown_kind"),
    "macro.docx": (office(**{"word/vbaProject.bin": b"x"}), "macros"),
    "locked.docx": (locked_archive(), "password"),
    "lying.docx": (lying_archive(), "broken"),
    "bomb.docx": (office(**{"word/big.xml": b"a" * 60_000_000}), "bomb"),
    "many.docx": (office(**{f"word/{number}.xml": b"" for number in range(5_001)}), "bomb"),
    "nested.docx": (office(**{"a.zip": archive({"b.zip": archive({"c": b"d"})})}), "nested"),
    "outside.docx": (office(**{"../../etc/passwd": b"x"}), "names"),
    "drive.docx": (office(**{"C:/windows/x": b"x"}), "names"),
    "garbage.pdf": (b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF", "unreadable"),
    "empty-tree.pdf": (pdf().replace(b"/Kids [4 0 R]", b"/Kids [     ]"), "unreadable"),
    "loop.pdf": (looping_pdf(), "unreadable"),
    "burst.pdf": (bursting_pdf(), "unreadable"),
    "secret.pdf": (encrypted_pdf(), "password"),
}
