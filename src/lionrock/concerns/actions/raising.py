"""Raising a concern, also without saying who one is, and following it up with its code."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from lionrock.audit.actions import record
from lionrock.awards.models import Award
from lionrock.calls.numbering import next_code
from lionrock.concerns.domain.sending import LENGTH, counted_as, digest_of, fits, hour_of, secret_of
from lionrock.concerns.domain.states import ConcernState
from lionrock.concerns.models import Concern, ConcernAsking, ConcernNote, ConcernPerson
from lionrock.concerns.queries import assigned_to, concerned_by
from lionrock.concerns.rulebook import rules_now
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotFound, collecting
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.kernel.texts import check_line, check_paragraph
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.people.domain import ASKED_WITHIN, Role, end_of_wait
from lionrock.people.models import Person
from lionrock.people.programmes import programme_on_file, programmes_on_file
from lionrock.people.queries import holders_of

LONGEST = 8000
ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Raised:
    """What a sender writes; `award` is the code of the project's award, where they know it.

    `about` is the address of somebody whom it is about: they never see it, not even when they answer for compliance.
    """

    programme: str
    kind: str
    title: str
    said: str
    award: str = ""
    about: str = ""


@transaction.atomic
def raise_concern(*, sender: str, source: str, raised: Raised, now: datetime) -> tuple[Concern, str]:
    """Take a concern in, and return it with the secret code that follows it up, which is kept nowhere.

    `sender` is an address, or empty for somebody who does not say who they are: then nothing of them is kept, and of
    the time only the hour. `source` is the network address, of which a keyed digest is kept for an hour and tied to
    nothing. Anybody may. Raises `Invalid` with every fault, `Conflict` when that network asked too often.
    """
    _check(raised)
    _count(source, now)
    kind = rules_now().kinds[raised.kind]
    received = now if sender else hour_of(now)
    secret = secret_of(secrets.token_bytes(LENGTH))
    year = local_date(now, programme_on_file(raised.programme).zone).year
    made = Concern.objects.create(
        code=next_code("CN", year),
        programme=raised.programme,
        award=Award.objects.filter(code=raised.award.strip(), programme=raised.programme).first(),
        kind=kind.id,
        severity=kind.severity,
        title=raised.title.strip(),
        said=raised.said.strip(),
        raised_by=sender,
        secret=digest_of(secret),
        received_at=received,
        state=ConcernState.RECEIVED.value,
    )
    _keep_out(made, raised.about)
    record(
        "concerns.raise_concern", made.code, actor=ANONYMOUS, now=received, programme=made.programme,
        details={"kind": kind.id},
    )  # fmt: skip
    said = message(gettext_noop("A concern came in: {code}. Take it up."), code=made.code)
    tell_office(made, said, received)
    return made, secret


def _keep_out(concern: Concern, about: str) -> None:
    """Keep somebody whom a concern is about out of it from the first moment; nothing tells whether they are on file."""
    person = Person.objects.filter(email__iexact=about.strip()).first() if about.strip() else None
    if person is not None:
        ConcernPerson.objects.create(
            concern=concern, email=person.email, part="concerned", by=ANONYMOUS, at=concern.received_at
        )


def _check(raised: Raised) -> None:
    faults: list[Fault] = []
    known = rules_now().kinds
    for field, value, among in (("programme", raised.programme, programmes_on_file()), ("kind", raised.kind, known)):
        if value not in among:
            said = message(gettext_noop("Nothing is chosen in {field}. Choose one."), field=field)
            faults.append(Fault("concerns.raised.choice", said, field=field, value=value))
    with collecting(faults):
        check_line(raised.title, field="title")
    if not raised.said.strip():
        said = message(gettext_noop("Nothing is written in {field}. Say what happened."), field="said")
        faults.append(Fault("concerns.raised.said", said, field="said", value=""))
    with collecting(faults):
        check_paragraph(raised.said, field="said", longest=LONGEST)
    award = raised.award.strip()
    if award and not Award.objects.filter(code=award, programme=raised.programme).exists():
        said = message(gettext_noop("There is no award {value} of this programme. Leave it out."), value=award)
        faults.append(Fault("concerns.raised.award", said, field="award", value=award))
    if faults:
        raise Invalid("concerns.raised", faults[0].message, faults=faults)


def _count(source: str, now: datetime) -> None:
    """Count an asking of a network; raises `Conflict` when there were too many. What is over an hour old is removed."""
    ConcernAsking.objects.filter(at__lte=now - ASKED_WITHIN).delete()
    counted = counted_as(source, settings.SECRET_KEY)
    asked = list(ConcernAsking.objects.filter(source=counted).values_list("at", flat=True))
    until = end_of_wait(asked, now)
    if until is not None:
        said = message(
            gettext_noop(
                "There were too many requests from your network, so nobody there can ask for now. Try again in "
                "{minutes} minutes."
            ),
            minutes=-(-(until - now) // timedelta(minutes=1)),
        )
        raise Conflict("concerns.too_many", said)
    ConcernAsking.objects.create(source=counted, at=now)


def tell_office(concern: Concern, said: Message, now: datetime) -> None:
    """Tell whoever answers for compliance, the owner and those assigned; nobody whom the concern is about.

    Where that leaves nobody, auditors are told.
    """
    officers = holders_of(Role.COMPLIANCE, programme=concern.programme)
    to = {*officers, *assigned_to(concern), concern.owner} - {""}
    hidden = concerned_by(concern)
    auditors = holders_of(Role.AUDITOR, programme=concern.programme)
    seeing = [each for each in to if each.casefold() not in hidden]
    seeing = seeing or [each for each in auditors if each.casefold() not in hidden]
    notify(to=seeing, said=said, about=Subject("concern", concern.code), now=now, urgent=True)


def follow_up(*, code: str, secret: str, source: str, now: datetime) -> Concern:
    """Return the concern of a case number and its secret code; every asking counts, as signing in does.

    Raises `NotFound` where the two do not belong together, whichever is wrong; `Conflict` after too many askings.
    """
    _count(source, now)
    found = Concern.objects.filter(code=code.strip().upper()).first()
    if not fits(secret, found.secret if found else "") or found is None:
        said = message(gettext_noop("No concern has this number and this code. Look at both again."))
        raise NotFound("concerns.follow.unknown", said)
    return found


@transaction.atomic
def write_again(*, concern: Concern, said: str, now: datetime) -> ConcernNote:
    """Add what a sender has to say later to a concern that was followed up; raises `Invalid`."""
    if not said.strip():
        why = message(gettext_noop("Nothing is written in {field}. Say what happened."), field="said")
        raise Invalid("concerns.raised.said", why, faults=[Fault("concerns.raised.said", why, field="said", value="")])
    check_paragraph(said, field="said", longest=LONGEST)
    at = now if concern.raised_by else hour_of(now)
    note = ConcernNote.objects.create(concern=concern, said=said.strip(), shown=True, at=at)
    tell_office(concern, message(gettext_noop("The sender of {code} has written again."), code=concern.code), at)
    return note
