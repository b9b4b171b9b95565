"""Escalating missed deadlines, from time to time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.concerns.actions.raising import tell_office
from lionrock.concerns.domain.rules import Owed
from lionrock.concerns.models import Concern, ConcernAsking, ConcernEscalation
from lionrock.concerns.queries import concerned_by, deadlines_of, open_concerns
from lionrock.concerns.rulebook import rules_now
from lionrock.kernel.messages import gettext_noop, message
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.people.domain import ASKED_WITHIN, Role
from lionrock.people.queries import holders_of

_MISSED = {
    "take_up": gettext_noop("Nobody has taken up the concern {code}, which was due by {due}."),
    "tell": gettext_noop("On the concern {code} nobody was told yet, which was due by {due}."),
    "close": gettext_noop("The concern {code} is not closed yet, which was due by {due}."),
}


def escalate_concerns(now: datetime) -> int:
    """Escalate what is late, each time once; return how many times. Askings that no longer count are forgotten."""
    ConcernAsking.objects.filter(at__lte=now - ASKED_WITHIN).delete()
    every = rules_now().every_hours
    rows = open_concerns().prefetch_related("persons")
    return sum(_escalate(row, each, each.escalations(now, every), now) for row in rows for each in deadlines_of(row))


@transaction.atomic
def _escalate(concern: Concern, missed: Owed, number: int, now: datetime) -> int:
    if not number:
        return 0
    known = {"concern": concern, "step": missed.step, "number": number}
    _, is_new = ConcernEscalation.objects.get_or_create(**known, defaults={"at": now})
    if is_new:
        said = message(_MISSED[missed.step], code=concern.code, due=missed.due.date())
        tell_office(concern, said, now)
        if number > 1:
            hidden = concerned_by(concern)
            auditors = holders_of(Role.AUDITOR, programme=concern.programme)
            seeing = [each for each in auditors if each.casefold() not in hidden]
            notify(to=seeing, said=said, about=Subject("concern", concern.code), now=now, urgent=True)
    return int(is_new)
