"""Recording that the scheme has paid a claim, or that a site was paid what it has earned."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import Conflict, Fault, Invalid, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import local_date, local_midnight
from lionrock.kernel.texts import check_line
from lionrock.ledger.actions import post
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file
from lionrock.receivables.domain import settled_paper
from lionrock.receivables.domain.bank_file import LONGEST_REFERENCE
from lionrock.receivables.models import Settled
from lionrock.receivables.queries import today_of
from lionrock.statements.models import Settlement, SettlementKind
from lionrock.statements.queries import settlement_by_number


@transaction.atomic
def settle_paper(*, actor: Actor, number: str, on: date, reference: str, now: datetime) -> Settled:
    """Record that a claim or a remittance was paid, in full, on a day. Takes the role finance.

    Raises `Invalid` for a day before it was issued or in the future or without a reference, `Conflict`
    when it was settled before, `Refused` when the day lies in a locked period.
    """
    paper = settlement_by_number(actor, number)
    require(actor, Role.FINANCE, programme=paper.programme)
    _check(paper, on, reference, now)
    at = local_midnight(on, programme_on_file(paper.programme).zone)
    Settlement.objects.select_for_update().get(pk=paper.pk)
    if Settled.objects.filter(paper=paper).exists():
        template = gettext_noop("{number} was settled before. Nothing was done twice.")
        raise Conflict("receivables.settle.settled", message(template, number=number))
    draft = settled_paper(paper.programme, number, paper.kind, _amounts(paper), reference=reference, at=at)
    if draft is not None:
        post(draft, actor=actor.email)
    made = Settled.objects.create(paper=paper, on=on, reference=reference, recorded_at=now, recorded_by=actor.email)
    details = {"amount": paper.amount, "reference": reference, "on": on.isoformat()}
    record("receivables.settle_paper", number, actor=actor.email, now=now, programme=paper.programme, details=details)
    return made


def _check(paper: Settlement, on: date, reference: str, now: datetime) -> None:
    rules = programme_on_file(paper.programme)
    faults: list[Fault] = []
    with collecting(faults):
        check_line(reference, field="reference", longest=LONGEST_REFERENCE)
    first, last = local_date(paper.issued_at, rules.zone), today_of(rules, now)
    if not first <= on <= last:
        template = gettext_noop("{day} is not between the day of issue, {first}, and today, {last}.")
        said = message(template, day=on, first=first, last=last)
        faults.append(Fault("receivables.settle.day", said, field="on", value=on.isoformat()))
    if faults:
        raise Invalid("receivables.settle.invalid", faults[0].message, faults=faults)


def _amounts(paper: Settlement) -> dict[str, Money]:
    """Return what is paid: by award of a claim, by site of a remittance."""
    if paper.kind == SettlementKind.REMITTANCE.value:
        return {paper.site: Money(paper.amount, paper.currency)}
    sums: dict[str, int] = {}
    for line in paper.lines:
        sums[line["award"]] = sums.get(line["award"], 0) + line["subsidy"]
    return {award: Money(amount, paper.currency) for award, amount in sums.items()}
