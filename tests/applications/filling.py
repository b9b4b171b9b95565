"""Fills the form of a draft with whatever it asks for, in a few statements: hundreds of tests need one complete."""

from __future__ import annotations

import hashlib
import zlib
from typing import Any

from lionrock.applications.domain.asked import Asked, is_owed, must_be_filled
from lionrock.applications.files import place_of
from lionrock.applications.models import Answer, Application, Attachment
from lionrock.applications.queries import asked_of, entries_of, values_of
from lionrock.rules.forms import FieldKind, Portion, Slot

WORDS = {"": "Some words", "en": "Some words", "zh-hant": "一些文字", "zh-hans": "一些文字"}
TYPED = {
    FieldKind.DATE: "2026-04-01",
    FieldKind.EMAIL: "somebody@example.org",
    FieldKind.TELEPHONE: "+852 2123 4567",
    FieldKind.FLAG: "no",
}


def put_all_that_is_missing(application: Application) -> Application:
    """Answer every required box that is empty, and attach every document that is owed."""
    now = application.created_at
    asked = asked_of(application, now)
    answers, entries = values_of(application), entries_of(application)
    missing = [slot for slot in asked.slots(answers, entries) if must_be_filled(slot) and slot.key not in answers]
    Answer.objects.bulk_create(
        Answer(
            application=application, key=slot.key, value=something(asked, slot), changed_by=application.applicant,
            changed_at=now,
        )
        for slot in missing
    )  # fmt: skip
    owed = [document.id for document in asked.documents(answers) if is_owed(document)]
    Attachment.objects.bulk_create(a_file(application, document, now) for document in owed)
    return application


def something(asked: Asked, slot: Slot) -> str | list[str]:
    """Return an answer that fits a box."""
    field = slot.field
    if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        options = [each.id for each in asked.options(field)]
        return options[0] if field.kind is FieldKind.CHOICE else options[: field.least or 1]
    if field.kind is FieldKind.WHOLE:
        return "1" if field.portion is Portion.COUNT else str(field.least or 1)
    return TYPED.get(field.kind, WORDS[slot.language])


def a_file(application: Application, document: str, now: Any, content: bytes | None = None) -> Attachment:
    """Return the row of a file of one page; `put_the_bytes` puts its content where it belongs."""
    content = content or pdf()
    return Attachment(
        application=application, document=document, name=f"{document}.pdf", media_type="application/pdf",
        size=len(content), pages=1, sha256=hashlib.sha256(content).hexdigest(), added_by=application.applicant,
        added_at=now,
    )  # fmt: skip


def put_the_bytes(application: Application) -> None:
    """Put the content of the files of `put_all_that_is_missing` where it belongs."""
    for each in application.attachments.filter(sha256=hashlib.sha256(pdf()).hexdigest()):
        place = place_of(each.sha256)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(pdf())


def pdf(pages: int = 1, text: str = "A page.") -> bytes:
    """Return a PDF of so many pages, each with a line of text, that readers and checkers accept."""
    kids = " ".join(f"{4 + 2 * page} 0 R" for page in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    drawn = zlib.compress(f"BT /F1 18 Tf 72 720 Td ({text}) Tj ET".encode())
    for page in range(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            + f"/Contents {5 + 2 * page} 0 R >>".encode()
        )
        objects.append(f"<< /Length {len(drawn)} /Filter /FlateDecode >>\nstream\n".encode() + drawn + b"\nendstream")
    out, offsets = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, each in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    table = b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n".encode()
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode() + table + trailer
