"""Putting notices that wait for it into e-mail, as each person wishes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from lionrock.notices.domain import STALE_AFTER, Fate, Pace, Told, Wish, fate
from lionrock.notices.models import Mail, Notice, Wishes
from lionrock.people.models import Person
from lionrock.people.programmes import house_zone


def pack_mail(now: datetime) -> int:
    """Make mails of the notices that are due by e-mail; return how many mails.

    One transaction for each person, who is passed over while another process packs for them. What
    will never go out (read meanwhile, stale, not wished, of somebody gone) stops waiting.
    """
    _drop(now)
    waiting = Notice.objects.filter(pending=True).order_by("person").values_list("person", flat=True).distinct()
    return sum(_pack_for(person, now) for person in list(waiting))


def _drop(now: datetime) -> None:
    waiting = Notice.objects.filter(pending=True)
    waiting.filter(at__lte=now - STALE_AFTER).update(pending=False)
    waiting.filter(person__is_active=False).update(pending=False)


@transaction.atomic
def _pack_for(person: int, now: datetime) -> int:
    rows = Notice.objects.filter(person=person, pending=True).order_by("at", "pk")
    notices = list(rows.select_for_update(skip_locked=True, of=("self",)))
    wish = wish_of(person)
    fates = {
        notice.pk: fate(Told(notice.at, notice.urgent, notice.read_at is not None), wish, now) for notice in notices
    }
    settled = [pk for pk, end in fates.items() if end is not Fate.LATER]
    made = [
        _pack(person, kind, [pk for pk in settled if fates[pk] is end], now)
        for end, kind in ((Fate.AT_ONCE, Mail.Kind.NOTICES), (Fate.DIGEST, Mail.Kind.DIGEST))
    ]
    Notice.objects.filter(pk__in=settled).update(pending=False)
    return sum(made)


def _pack(person: int, kind: Mail.Kind, notices: Iterable[int], now: datetime) -> int:
    packed = list(notices)
    if not packed:
        return 0
    reader = Person.objects.get(pk=person)
    mail = Mail.objects.create(kind=kind, address=reader.email, language=reader.language, made_at=now, next_try=now)
    Notice.objects.filter(pk__in=packed).update(mail=mail)
    return 1


def wish_of(person: int) -> Wish:
    """Return how somebody wants e-mail; who has said nothing gets it at once."""
    kept = Wishes.objects.filter(person=person).first() or Wishes()
    return Wish(Pace(kept.pace), kept.hour, house_zone())
