"""What one was told, by day; and how one wants to be told by e-mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lionrock.kernel.errors import Fault, Invalid, collecting
from lionrock.kernel.messages import Message
from lionrock.kernel.periods import local_date
from lionrock.notices.actions import choose_wishes, mark_all_read, mark_one
from lionrock.notices.domain import Pace, Subject, told
from lionrock.notices.models import Notice, Wishes
from lionrock.notices.queries import notices_of
from lionrock.people.actions import change_account
from lionrock.people.models import Person
from lionrock.people.pages.boxes import language_box
from lionrock.people.programmes import house_zone
from lionrock.people.viewer import person_of
from lionrock.web.filling import Box, filled, in_words, typed_in
from lionrock.web.language import keep_language
from lionrock.web.listing import page_of


@dataclass(frozen=True, slots=True)
class Line:
    """One notice on the page."""

    notice: Notice
    said: Message


@dataclass(frozen=True, slots=True)
class Day:
    """The notices of one day, unread or read."""

    unread: bool
    day: date
    lines: tuple[Line, ...]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show what one was told: what is unread first, by day."""
    page = page_of(request, notices_of(person_of(request)))
    context = {"page": page, "days": _by_day(page), "zone": house_zone()}
    return render(request, "notices/index.html", context)


def _by_day(notices: Iterable[Notice]) -> list[Day]:
    zone = house_zone()
    groups = groupby(notices, lambda each: (each.read_at is None, local_date(each.at, zone)))
    return [
        Day(unread, day, tuple(Line(notice, told(notice.said)) for notice in rows)) for (unread, day), rows in groups
    ]


@require_safe
def open_notice(request: HttpRequest, number: int) -> HttpResponse:
    """Mark one notice as read, and go to what it is about."""
    person = person_of(request)
    notice = get_object_or_404(Notice, person=person, pk=number)
    mark_one(reader=person, notice=number, now=timezone.now())
    return redirect(address_of(Subject(notice.kind, notice.code)))


def address_of(subject: Subject) -> str:
    """Return the page of a subject; of one whose page is no more, the list of notices."""
    try:
        return reverse(subject.page, args=subject.arguments)
    except NoReverseMatch:
        return reverse("notices:list")


@require_POST
def read_notice(request: HttpRequest, number: int) -> HttpResponse:
    """Mark one notice as read, and stay."""
    mark_one(reader=person_of(request), notice=number, now=timezone.now())
    return redirect("notices:list")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    mark_all_read(reader=person_of(request), now=timezone.now())
    return redirect("notices:list")


@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: HttpRequest) -> HttpResponse:
    """Choose when mail comes, and in which language."""
    person, boxes = person_of(request), _wish_boxes()
    kept = Wishes.objects.filter(person=person).first() or Wishes()
    if request.method != "POST":
        shown = {"pace": kept.pace, "hour": str(kept.hour), "language": person.language}
        return render(request, "notices/settings.html", _context(person, filled(boxes, shown)))
    typed = typed_in(boxes, request.POST)
    try:
        _keep(person, typed, timezone.now())
    except Invalid as wrong:
        told_why = in_words(wrong, boxes)
        context = _context(person, filled(boxes, typed, told_why.faults)) | {"wrong": told_why}
        return render(request, "notices/settings.html", context, status=wrong.status)
    response = redirect("notices:settings")
    keep_language(response, typed["language"])
    messages.success(request, gettext("Your wishes are kept."))
    return response


@transaction.atomic
def _keep(person: Person, typed: Mapping[str, str], now: datetime) -> None:
    """Keep all that was chosen, or nothing; raises one `Invalid` with the faults of all."""
    faults: list[Fault] = []
    with collecting(faults):
        choose_wishes(reader=person, pace=typed["pace"], hour=typed["hour"], now=now)
    with collecting(faults):
        change_account(person=person, name=person.name, language=typed["language"], now=now)
    if faults:
        raise Invalid("notices.wishes.invalid", faults[0].message, faults=faults)


def _context(person: Person, boxes: list[Box]) -> dict[str, object]:
    return {"person": person, "boxes": boxes, "mail": settings.LIONROCK_MAIL}


def _wish_boxes() -> list[Box]:
    paces = [
        (Pace.AT_ONCE.value, gettext("Each as it happens")),
        (Pace.DAILY.value, gettext("Once a day, all together; urgent ones at once")),
        (Pace.URGENT.value, gettext("Urgent ones only")),
    ]
    hours = [(str(hour), f"{hour:02d}:00") for hour in range(24)]
    zone = gettext("By the clock of {zone}.").format(zone=house_zone().key)
    return [
        Box("pace", gettext("Notices by e-mail"), kind="choice", choices=paces),
        Box("hour", gettext("Hour of the daily mail"), kind="select", choices=hours, help=zone),
        language_box(),
    ]
