"""One application as its pages read it, at once and in a constant number of queries; and the steps through it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.urls import reverse

from lionrock.applications.domain import OPEN_TO_AUTHORS
from lionrock.applications.domain.answers import Value
from lionrock.applications.domain.asked import DECLARATION, DOCUMENT, Asked
from lionrock.applications.domain.completeness import Completeness, Filled, completeness
from lionrock.applications.models import Answer, Application, Attachment
from lionrock.applications.queries import (
    answers_of,
    application_by_code,
    asked_of,
    entries_of,
    files_of,
    may_write,
)
from lionrock.kernel.errors import NotAllowed
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.rules.forms import FieldKind, FormPart, key_of
from lionrock.rules.terms import Label


@dataclass(frozen=True)
class Sheet:
    """An application with all that is written in it, as one viewer sees it at one instant."""

    viewer: Actor
    now: datetime
    application: Application
    asked: Asked
    answers: dict[str, Answer]
    entries: dict[str, tuple[int, ...]]
    files: tuple[Attachment, ...]

    @cached_property
    def values(self) -> dict[str, Value]:
        """Every answer by its key, as typed."""
        return {key: answer.value for key, answer in self.answers.items()}

    @cached_property
    def completeness(self) -> Completeness:
        """What is missing from it, or wrong in it."""
        documents = {each.document for each in self.files}
        return completeness(self.asked, Filled(self.values, self.entries, documents))

    @property
    def category(self) -> str:
        """The category of applicant that was chosen; empty while none is."""
        return self.asked.category(self.values)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the programme's dates."""
        return self.asked.terms.programme.zone

    @property
    def is_open(self) -> bool:
        """Whether its authors can write in it now."""
        return self.application.state in OPEN_TO_AUTHORS

    def reread(self) -> Sheet:
        """Return the same application as it stands now."""
        return sheet_of(self.viewer, self.application.code, self.now)

    def title_of(self, part: FormPart, number: int) -> str:
        """Return what an entry is called by those who wrote it: the first line that is filled in it."""
        lines = [each for each in part.fields if each.kind is FieldKind.LINE]
        keys = [key_of(part, each.id, number, language) for each in lines for language in each.languages or ("",)]
        return next((text for key in keys if isinstance(text := self.values.get(key), str) and text.strip()), "")


def sheet_of(viewer: Actor, code: str, now: datetime) -> Sheet:
    """Return one application; raises `NotFound` when there is none that this viewer may see."""
    application = application_by_code(viewer, code)
    return Sheet(
        viewer,
        now,
        application,
        asked_of(application, now),
        answers_of(application),
        entries_of(application),
        tuple(files_of(application)),
    )


def sheet_for_authors(viewer: Actor, code: str, now: datetime) -> Sheet:
    """Return one application for somebody who writes in it; raises `NotAllowed` for who only sees it."""
    sheet = sheet_of(viewer, code, now)
    if not may_write(viewer, sheet.application):
        said = message(
            gettext_noop("{email} does not write in {application}. Ask one of its authors for an invitation."),
            email=viewer.email,
            application=code,
        )
        raise NotAllowed("applications.application.not_an_author", said)
    return sheet


def part_address(code: str, part: str, number: int = 0) -> str:
    """Return where a part, or an entry of it, is filled in."""
    if number:
        return reverse("applications:entry", args=[code, part, number])
    return reverse("applications:part", args=[code, part])


def gap_address(code: str, part: str, number: int, key: str) -> str:
    """Return where a gap is mended: the page, and the box on it."""
    if part == DECLARATION:
        return f"{reverse('applications:submit', args=[code])}#{key}"
    if part == DOCUMENT:
        return f"{reverse('applications:documents', args=[code])}#{key}"
    return f"{part_address(code, part, number)}#{key}"


@dataclass(frozen=True, slots=True)
class Hole:
    """A gap, and the address of the box in which it is mended."""

    said: Message
    address: str


@dataclass(frozen=True, slots=True)
class Step:
    """A page of the form in the list of all of them: its name, its address, what is missing on it."""

    label: Label
    number: int
    title: str
    address: str
    holes: tuple[Hole, ...]
    complete: bool

    @property
    def gaps(self) -> int:
        """How many things are missing on it."""
        return len(self.holes)


def steps_of(sheet: Sheet) -> list[Step]:
    """Return every page of the form in order: parts, the entries of those that repeat, documents, submission."""
    code, told = sheet.application.code, sheet.completeness
    steps = []
    for part in sheet.asked.form.parts:
        for number in (0, *(sheet.entries.get(part.id, ()) if part.repeats else ())):
            holes = _holes(sheet, part.id, number)
            complete = not (holes if number else told.of_part(part.id))
            title = sheet.title_of(part, number) if number else ""
            steps.append(Step(part.names, number, title, part_address(code, part.id, number), holes, complete))
    for page, name, part_id in _LAST:
        holes = _holes(sheet, part_id)
        steps.append(Step(message(name), 0, "", reverse(page, args=[code]), holes, not holes))
    return steps


_LAST = (
    ("applications:documents", gettext_noop("Documents"), DOCUMENT),
    ("applications:submit", gettext_noop("Check and submit"), DECLARATION),
)


def _holes(sheet: Sheet, part: str, number: int = 0) -> tuple[Hole, ...]:
    gaps, code = sheet.completeness.of_part(part, number), sheet.application.code
    return tuple(Hole(gap.said, gap_address(code, gap.part, gap.number, gap.key)) for gap in gaps)
