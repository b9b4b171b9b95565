"""The files that a page was sent."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.web.uploads import LARGEST_BODY, was_cut_off


def sent_files(request: HttpRequest) -> list[UploadedFile[Any]]:
    """Return the files that were sent; raises `Invalid` when there are none, or they were too large to be kept."""
    found = request.FILES.getlist("file")
    if was_cut_off(request):
        template = gettext_noop("What you sent is larger than {most} MB, so that it was not read. Send a smaller file.")
        said, code = message(template, most=LARGEST_BODY // 2**20), "applications.upload.too_large"
    elif not found:
        said, code = message(gettext_noop("No file was chosen. Choose one, then send it.")), "applications.upload.none"
    else:
        return found
    raise Invalid(code, said, faults=[Fault(code, said, field="file")])
