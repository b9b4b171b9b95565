"""Reminding who is late, as the programme says: level by level, with interest and consequences where it sets them."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from django.db import transaction
from django.db.models import Max

from lionrock.awards.actions import suspend_award
from lionrock.awards.models import Award
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.ledger.actions import post
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.people.domain import terminal_operator
from lionrock.people.programmes import programmes_on_file
from lionrock.people.queries import members_of
from lionrock.receivables.actions.matching import match_account
from lionrock.receivables.domain import Item, Level, interest_note, interest_of, levels_reached
from lionrock.receivables.models import Reminder
from lionrock.receivables.queries import open_items, owed_by_day, today_of
from lionrock.receivables.terms import interest_rate, levels_of
from lionrock.rules.programme import Programme
from lionrock.statements.models import Document

_SAID = gettext_noop("{level}: {document} was due on {due}, and {amount} of it is open. Pay it, naming its number.")
_UNPAID = gettext_noop("{document} was due on {due} and is not paid")


def remind_debtors(now: datetime) -> int:
    """Remind every organisation of what it has not paid in time; return how many reminders went out.

    Each level goes out once for an invoice, whenever this is called; of several that were passed
    since, only the last. Where the programme sets no levels nobody is reminded.
    """
    return sum(_remind_of(programme, now) for programme in programmes_on_file().values())


def _remind_of(programme: Programme, now: datetime) -> int:
    today = today_of(programme, now)
    levels = levels_of(programme, today)
    late = [item for item in open_items(programme) if item.open > 0 and item.days_late(today)] if levels else []
    rows = Reminder.objects.filter(invoice__number__in=[item.number for item in late])
    sent = dict(rows.values("invoice__number").annotate(last=Max("number")).values_list("invoice__number", "last"))
    due = [(item, levels_reached(levels, item.days_late(today))) for item in late]
    return sum(
        _remind(item, number, levels[number - 1], programme, now)
        for item, number in due
        if number > sent.get(item.number, 0)
    )


@transaction.atomic
def _remind(item: Item, number: int, level: Level, programme: Programme, now: datetime) -> int:
    document = Document.objects.select_related("organisation").get(number=item.number)
    today, rate = today_of(programme, now), interest_rate(programme, today_of(programme, now))
    since = _interest_since(document, item)
    interest = _interest(document, since, today, rate) if rate else 0
    if interest:
        amount = Money(interest, item.currency)
        draft = interest_note(programme.id, item.organisation, amount, document=item.number, level=number, at=now)
        post(draft, actor=terminal_operator("due").email)
    Reminder.objects.create(
        invoice=document,
        number=number,
        level=level.id,
        on=today,
        open=item.open + interest,
        interest=interest,
        interest_from=since if interest else None,
        suspended=_suspend(item, programme, now) if level.suspends else [],
        sent_at=now,
    )
    if interest:
        match_account(programme, item.organisation, now)
    left = Money(item.open + interest, item.currency)
    said = message(_SAID, level=level.label, document=item.number, due=item.due, amount=left)
    about = Subject("statement", item.number)
    notify(to=members_of(item.organisation), said=said, about=about, now=now, urgent=level.suspends)
    return 1


def _interest_since(document: Document, item: Item) -> date:
    """Return the day from which no interest was charged yet: that of the last reminder, else the day due."""
    last = document.reminders.order_by("-number").values_list("on", flat=True).first()
    return max(day for day in (last, item.due) if day)


def _interest(document: Document, since: date, today: date, rate: Fraction) -> int:
    return interest_of(owed_by_day(document, since, today), rate)


def _suspend(item: Item, programme: Programme, now: datetime) -> list[str]:
    """Suspend every active award of the debtor, and return their codes."""
    rows = Award.objects.filter(programme=programme.id, organisation__code=item.organisation, state="active")
    codes = list(rows.order_by("code").values_list("code", flat=True))
    reason = str(message(_UNPAID, document=item.number, due=item.due))
    for code in codes:
        suspend_award(actor=terminal_operator("due"), award=code, reason=f"{reason}.", now=now)
    return codes
