"""A page that is one form: its boxes, what is done with them, and where that leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_instant
from lionrock.kernel.texts import cleaned
from lionrock.web.filling import Box, tried


@dataclass(frozen=True, slots=True)
class Asked:
    """A form of a page: words in the language of the page, boxes, and the page that it belongs to.

    `act` gets what was typed and returns the address that comes next; it raises `Invalid`, `Refused` or `Conflict`.
    """

    heading: str
    lede: str
    button: str
    done: str
    back: str
    back_label: str
    boxes: Sequence[Box]
    act: Callable[[Mapping[str, str]], str]


def sent_by_script(request: HttpRequest) -> str:
    """Return what a page's own script sent, cleaned as a form is; nothing where a form with files was sent instead."""
    if request.content_type == "multipart/form-data":
        return ""
    return cleaned(request.body.decode(errors="replace"))


def ask(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Show the form; when it is sent, do it and go on, or show it again with what stands in the way."""
    if request.method != "POST":
        return render(request, "web/form.html", {"asked": asked, "boxes": asked.boxes})
    found = tried(asked.boxes, request.POST, asked.act)
    if found.wrong is not None:
        context = {"asked": asked, "boxes": found.boxes, "wrong": found.wrong}
        return render(request, "web/form.html", context, status=found.wrong.status)
    messages.success(request, asked.done)
    return redirect(str(found.result))


def read_day(text: str, *, field: str) -> date:
    """Read a date as forms send it; raises `Invalid`."""
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        said = message(gettext_noop("“{value}” is not a date. Write it as 2026-04-01."), value=text, field=field)
        raise Invalid("web.day", said, faults=[Fault("web.day", said, field=field, value=text)]) from wrong


def read_when(text: str, zone: ZoneInfo, *, field: str) -> datetime:
    """Read a local date and time as forms send it, as an instant; raises `Invalid`."""
    try:
        return local_instant(datetime.fromisoformat(text).replace(tzinfo=None), zone)
    except ValueError as wrong:
        said = message(
            gettext_noop("“{value}” is not a date with a time. Write it as 2026-04-01T10:00."), value=text, field=field
        )
        raise Invalid("web.when", said, faults=[Fault("web.when", said, field=field, value=text)]) from wrong
