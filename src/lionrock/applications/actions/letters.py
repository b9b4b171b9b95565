"""The correspondence between applicants and office: one thread to each application, and nothing beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from lionrock.applications.actions.recording import record_of
from lionrock.applications.domain.requests import ApplicationState
from lionrock.applications.letters import letters_of
from lionrock.applications.models import Application, Letter
from lionrock.applications.parties import applicants_of, is_party, may_check
from lionrock.applications.queries import application_by_code, may_write
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotAllowed
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_paragraph
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.people.domain import Actor, Role
from lionrock.people.queries import holders_of

LONGEST_LETTER: Final = 8000
"""Characters of one letter: some four pages."""


@transaction.atomic
def write_letter(*, actor: Actor, application: str, text: str, now: datetime) -> Letter:
    """Write to the other side of an application, from its first submission on; the other side is told.

    Its authors write, and the programme's office, of which nobody writes to their own organisation.
    The same words sent again right after are the same letter. Raises `Invalid` for no text or more
    than `LONGEST_LETTER` characters, `NotAllowed` for anybody else who sees the application,
    `Conflict` before it was ever submitted: the office does not see drafts.
    """
    found = application_by_code(actor, application, lock=True)
    from_applicant = _writes_as_applicant(actor, found)
    if found.submitted_at is None:
        said = message(
            gettext_noop("{application} was not submitted yet, so the office cannot see it. Submit it, then write."),
            application=application,
        )
        raise Conflict("applications.letter.draft", said)
    words = _checked(text)
    last = letters_of(actor, found).last()
    if last is not None and (last.author, last.text) == (actor.email, words):
        return last
    letter = Letter.objects.create(
        application=found,
        kind=_kind(found, from_applicant),
        author=actor.email,
        from_applicant=from_applicant,
        text=words,
        written_at=now,
    )
    record_of("applications.write_letter", found, actor, now, {"letter": letter.pk})
    _tell(found, letter, now)
    return letter


def _writes_as_applicant(actor: Actor, application: Application) -> bool:
    """Tell which side the actor writes for; the operator at the machine is of the office."""
    if is_party(actor, application) and may_write(actor, application):
        return True
    if may_check(actor, application):
        return False
    said = message(
        gettext_noop("{email} does not write in this correspondence: it is between the authors and the office."),
        email=actor.email,
    )
    raise NotAllowed("applications.letter.not_allowed", said)


def _checked(text: str) -> str:
    words = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not words:
        said = message(gettext_noop("The letter is empty. Write what you have to say."))
        raise Invalid(
            "applications.letter.empty", said, faults=[Fault("applications.letter.empty", said, field="text")]
        )
    return check_paragraph(words, field="text", longest=LONGEST_LETTER)


def _kind(application: Application, from_applicant: bool) -> Letter.Kind:
    answers = from_applicant and application.state == ApplicationState.RETURNED
    return Letter.Kind.ANSWER if answers else Letter.Kind.MESSAGE


def _tell(application: Application, letter: Letter, now: datetime) -> None:
    if letter.from_applicant:
        to = holders_of(Role.OFFICE, programme=application.call.programme)
        said = gettext_noop("{organisation} wrote to the office about {application}.")
    else:
        to = applicants_of(application)
        said = gettext_noop("The programme's office wrote to you about {application}.")
    names = {"application": application.code, "organisation": application.organisation.name}
    others = [address for address in to if address.lower() != letter.author.lower()]
    notify(to=others, said=message(said, **names), about=Subject("letters", application.code), now=now)
