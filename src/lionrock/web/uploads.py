"""Uploads of a bounded size: what is too large is read past and not kept, so that a page can say so.

Without it a body of any size would be written to the disk before a page is asked, and a server that
hangs up instead shows the sender nothing but a broken connection.
"""

from __future__ import annotations

from typing import Any, Final

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

LARGEST_BODY: Final = 64 * 2**20
"""Bytes of one request with files; the proxy in front lets a little more through."""
_CUT_OFF: Final = "lionrock.upload_cut_off"


class BoundedUpload(FileUploadHandler):
    """Stands first among the upload handlers, counts what arrives, and stops at `LARGEST_BODY`."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - Django's signature
        """Hand a piece on, or stop when all pieces together are too many; the rest is read and thrown away."""
        self._received += len(raw_data)
        if self._received > LARGEST_BODY:
            if self.request is not None:
                self.request.META[_CUT_OFF] = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> Any:  # noqa: ARG002
        """Leave the file to the handlers that follow."""
        return None


def was_cut_off(request: HttpRequest) -> bool:
    """Tell whether the files of a request were too large to be kept; asks for `request.FILES` first."""
    _ = request.FILES
    return bool(request.META.get(_CUT_OFF))
