"""Documents made without any use behind them, and what is open told by SQL: another way to the same figures."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from tests.receivables.till import FINANCE, PROGRAMME, SECOND

from lionrock.charging.models import MonthClose
from lionrock.kernel.errors import LionrockError
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month, local_midnight
from lionrock.ledger.actions import post
from lionrock.ledger.domain import AccrualLine, accrual
from lionrock.people.models import Organisation
from lionrock.people.programmes import programme_on_file
from lionrock.receivables.actions import agree_to_write_off, record_payment, reverse_payment, write_off
from lionrock.receivables.actions.matching import match_after_close
from lionrock.receivables.models import Payment
from lionrock.receivables.queries import open_items
from lionrock.statements.models import Document

ZONE = ZoneInfo("Asia/Hong_Kong")
FIRST = date(2026, 1, 1)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), ZONE)


def bill(month: Month, **amounts: int) -> None:
    """Send organisations documents of a month over these amounts (below zero: credit notes), on the 3rd of the next."""
    issued = noon(month.next.first_day + timedelta(days=2))
    total = sum(amounts.values())
    close = MonthClose.objects.create(
        programme=PROGRAMME, month=month.first_day, closed_at=issued, closed_by="f", last_record=0, gross=total,
        subsidy=0, user=total, currency="HKD",
    )  # fmt: skip
    lines = [AccrualLine(code, "here", Money(0, "HKD"), Money(amount, "HKD")) for code, amount in amounts.items()]
    draft = accrual(
        PROGRAMME,
        lines,
        at=local_midnight(month.next.first_day, ZONE) - timedelta(seconds=1),
        cause=f"bill {month}",
        memo="x",
    )
    if draft:
        post(draft, actor="f")
    for number, (code, amount) in enumerate(sorted(amounts.items())):
        Document.objects.create(
            number=f"{month}-{number}", close=close, programme=PROGRAMME, month=month.first_day, issued_at=issued,
            organisation=Organisation.objects.get(code=code), kind="credit note" if amount < 0 else "invoice",
            currency="HKD", gross=amount, subsidy=0, user=amount,
        )  # fmt: skip
    match_after_close(close=close, actor=FINANCE, now=issued)


def at_random(seed: int, codes: tuple[str, ...], months: int = 8) -> list[date]:
    """Bill, pay, return and write off at random; return the days on which something happened."""
    chance = random.Random(seed)
    days = [FIRST]
    for number in range(months):
        month = Month.containing(FIRST).plus(number)
        bill(month, **{code: chance.choice((0, 1, 5_00, 70_01, 1000_00, -30_00)) for code in codes})
        for step in range(4):
            day = month.next.first_day + timedelta(days=4 + 6 * step)
            _something(chance, f"{seed}-{number}-{step}", chance.choice(codes), day)
            days.append(day)
    return days


def _something(chance: random.Random, reference: str, code: str, day: date) -> None:
    given = {"actor": FINANCE, "now": noon(day)}
    if chance.random() < 0.6:
        back = timedelta(days=chance.randrange(20))
        amount = Money(chance.choice((1, 4_99, 70_01, 500_00, 2000_00)), "HKD")
        record_payment(
            programme=PROGRAMME, organisation=code, amount=amount, paid_on=day - back, reference=reference, **given
        )  # type: ignore[arg-type]
    elif chance.random() < 0.6:
        standing = list(Payment.objects.filter(reversal__isnull=True).order_by("pk").values_list("pk", flat=True))
        if standing:
            reverse_payment(payment=chance.choice(standing), reason="returned", **given)  # type: ignore[arg-type]
    else:
        for item in [each for each in open_items(programme_on_file(PROGRAMME), organisations=[code]) if each.open > 0][
            :1
        ]:
            amount = Money(min(item.open, 600_00), "HKD")
            try:
                asked = write_off(document=item.number, amount=amount, reason="gone", **given)  # type: ignore[arg-type]
            except LionrockError:
                continue
            if not hasattr(asked, "answer"):
                agree_to_write_off(actor=SECOND, number=asked.pk, now=noon(day))


AGEING = """
with days as (select %(on)s::date as d), standing as (
    select m.invoice_id, m.credit_note_id, m.payment_id, m.amount
    from receivables_matching m left join receivables_reversal r on r.payment_id = m.payment_id, days
    where m.on <= d and (r.id is null or r.on > d)
), left_of as (
    select o.code, (doc.issued_at at time zone 'Asia/Hong_Kong')::date + 30 as due,
        doc.user
        - coalesce((select sum(amount) from standing s where s.invoice_id = doc.id), 0)
        + coalesce((select sum(amount) from standing s where s.credit_note_id = doc.id), 0)
        - coalesce((
            select sum(w.amount) from receivables_writeoff w join receivables_writeoffanswer a on a.write_off_id = w.id
            where w.invoice_id = doc.id and a.agreed and a.on <= d), 0) as amount
    from statements_document doc join people_organisation o on o.id = doc.organisation_id, days
    where (doc.issued_at at time zone 'Asia/Hong_Kong')::date <= d
), advances as (
    select o.code, p.amount - coalesce((select sum(amount) from standing s where s.payment_id = p.id), 0) as amount
    from receivables_payment p join people_organisation o on o.id = p.organisation_id
    left join receivables_reversal r on r.payment_id = p.id, days
    where p.paid_on <= d and (r.id is null or r.on > d)
)
select code,
    sum(amount) filter (where amount > 0 and d - due < 1),
    sum(amount) filter (where amount > 0 and d - due between 1 and 30),
    sum(amount) filter (where amount > 0 and d - due between 31 and 60),
    sum(amount) filter (where amount > 0 and d - due between 61 and 90),
    sum(amount) filter (where amount > 0 and d - due > 90),
    sum(amount) filter (where amount < 0)
from (select code, due, amount from left_of union all select code, null, -amount from advances) x, days
where amount <> 0 group by code order by code
"""


def told_by_sql(on: date) -> list[tuple[str, tuple[int, ...], int]]:
    """Return what each organisation owes by age, and its credit, as the database alone reckons it."""
    with connection.cursor() as cursor:
        cursor.execute(AGEING, {"on": on})
        rows = cursor.fetchall()
    return [(code, tuple(int(each or 0) for each in ages), int(credit or 0)) for code, *ages, credit in rows]


def owed_in_the_books(on: date) -> dict[str, int]:
    """Return what the ledger alone says that each organisation owes at the end of a day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select substr(a.path, 17), sum(p.amount) from ledger_posting p"
            " join ledger_journal j on j.id = p.journal_id join ledger_ledgeraccount a on a.id = p.account_id"
            " where a.path like 'receivable/user/%%'"
            " and (j.at at time zone 'Asia/Hong_Kong')::date <= %s group by 1",
            [on],
        )
        return {code: int(amount) for code, amount in cursor.fetchall() if amount}
