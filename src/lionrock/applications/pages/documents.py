"""The documents of an application: which are owed, what is attached, and handing them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lionrock.applications.actions import attach, remove_attachment
from lionrock.applications.domain.asked import document_key, is_owed
from lionrock.applications.files import file_of
from lionrock.applications.models import Attachment
from lionrock.applications.pages.filling import frame
from lionrock.applications.pages.sheets import Sheet, sheet_for_authors
from lionrock.applications.pages.uploading import sent_files
from lionrock.kernel.errors import Conflict, Invalid
from lionrock.kernel.messages import Message
from lionrock.people.viewer import viewer_of
from lionrock.rules.shape import Names
from lionrock.rules.terms import Document
from lionrock.web.sentences import translate

_MEDIA_ENDINGS = {"pdf": ".pdf", "docx": ".docx", "xlsx": ".xlsx", "pptx": ".pptx", "png": ".png", "jpeg": ".jpg,.jpeg"}


@dataclass(frozen=True, slots=True)
class Section:
    """One document: what is asked for, what is attached, and what was wrong with the last upload."""

    document: Document
    files: tuple[Attachment, ...]
    fault: Message | None = None

    @property
    def key(self) -> str:
        """Its id on the page."""
        return document_key(self.document.id)

    @property
    def owed(self) -> bool:
        """Whether the application is incomplete without it."""
        return is_owed(self.document)

    @property
    def kinds(self) -> str:
        """The kinds of file that are taken, for people; empty: any that is taken at all."""
        return ", ".join(media.upper() for media in self.document.media)

    @property
    def taken_as(self) -> tuple[Names, ...]:
        """What counts as this document, in the programme's words, where that says more than the kinds of file."""
        kinds = set(self.kinds.split(", "))
        return () if {each.en for each in self.document.accepts} <= kinds else self.document.accepts

    @property
    def accept(self) -> str:
        """The endings that a browser offers to choose from; empty: any."""
        return ",".join(_MEDIA_ENDINGS[media] for media in self.document.media)


@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest, code: str) -> HttpResponse:
    """Show what is attached; a post attaches one file to one document."""
    sheet = sheet_for_authors(viewer_of(request), code, timezone.now())
    if request.method == "POST":
        return _attached(request, sheet)
    return _page(request, sheet, {}) if sheet.is_open else redirect("applications:show", code)


def _page(request: HttpRequest, sheet: Sheet, faults: Mapping[str, Message], status: int = 200) -> HttpResponse:
    sections = [
        Section(each, tuple(file for file in sheet.files if file.document == each.id), faults.get(each.id))
        for each in sheet.asked.documents(sheet.values)
    ]
    context = {
        **frame(sheet, reverse("applications:documents", args=[sheet.application.code])),
        "sections": sections,
        "together": sum(file.size for file in sheet.files),
        "most": sheet.asked.terms.files_megabytes_max(),
        "faulty": [section for section in sections if section.fault],
        "refused": [fault for document, fault in faults.items() if document not in {s.document.id for s in sections}],
    }
    return render(request, "applications/documents.html", context, status=status)


def _attached(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Attach the file that was sent; whatever is wrong is said beside its document."""
    document = request.POST.get("document", "")
    try:
        for file in sent_files(request):
            attach(
                actor=sheet.viewer,
                application=sheet.application.code,
                document=document,
                name=file.name or "",
                content=cast("BinaryIO", file),
                now=sheet.now,
            )
    except Invalid as wrong:
        return _page(request, sheet.reread(), {document: wrong.message}, status=422)
    except Conflict as late:
        messages.error(request, translate(late.message))
        return redirect("applications:show", sheet.application.code)
    messages.success(request, gettext("It is attached."))
    return redirect(f"{reverse('applications:documents', args=[sheet.application.code])}#{document_key(document)}")


@require_POST
def remove_document(request: HttpRequest, code: str, file: int) -> HttpResponse:
    """Take an attached file out; what is out already stays out."""
    viewer, now = viewer_of(request), timezone.now()
    sheet = sheet_for_authors(viewer, code, now)
    try:
        remove_attachment(actor=viewer, application=code, attachment=file, now=now)
        messages.success(request, gettext("It was removed."))
    except Conflict as late:
        messages.error(request, translate(late.message))
        return redirect("applications:show", sheet.application.code)
    return redirect("applications:documents", code)


@require_safe
def attachment(request: HttpRequest, code: str, file: int) -> FileResponse:
    """Hand out an attached file, as a file to be kept and never as a page of ours."""
    found = file_of(viewer_of(request), code, file)
    return handed_out(found.path, found.attachment.name, found.attachment.media_type)


def handed_out(path: Path, name: str, media_type: str) -> FileResponse:
    """Return a file that somebody sent, as one to be kept."""
    response = FileResponse(path.open("rb"), as_attachment=True, filename=name)
    response["Content-Type"] = media_type
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
