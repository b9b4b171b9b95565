"""What a job wrote, as files to take away."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from lionrock.jobs.models import Job
from lionrock.jobs.outputs import piece_of
from lionrock.jobs.queries import driver_of, job_by_code
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.viewer import viewer_of
from lionrock.sites.drivers.protocol import Stream

_PIECE_BYTES = 256 * 1024
Read = Callable[[int], bytes]


@require_safe
def log_file(request: HttpRequest, code: str, stream: str) -> StreamingHttpResponse:
    """Hand out the whole of a job's output or errors, as bytes."""
    job = job_by_code(viewer_of(request), code)
    if stream not in set(Stream) or not job.handle:
        said = message(gettext_noop("{job} has no output of that name yet."), job=code)
        raise NotFound("jobs.log.unknown", said)
    driver, which = driver_of(job.site), Stream(stream)
    return _handed_out(
        f"{code}.{stream}.txt",
        lambda offset: driver.output(job.handle, which, offset=offset, limit=_PIECE_BYTES),
    )


@require_safe
def output_file(request: HttpRequest, code: str, name: str) -> StreamingHttpResponse:
    """Hand out one file of a job's folder; raises `NotFound` for any other name."""
    job: Job = job_by_code(viewer_of(request), code)
    return _handed_out(name.rpartition("/")[2], lambda offset: piece_of(job, name, offset=offset, limit=_PIECE_BYTES))


def _handed_out(name: str, read: Read) -> StreamingHttpResponse:
    first = read(0)
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
        "X-Content-Type-Options": "nosniff",
    }
    # What a program wrote is never shown as a page of ours, whatever it calls itself.
    return StreamingHttpResponse(_pieces(first, read), content_type="application/octet-stream", headers=headers)


def _pieces(first: bytes, read: Read) -> Iterator[bytes]:
    piece, offset = first, 0
    while piece:
        yield piece
        offset += len(piece)
        piece = read(offset)
