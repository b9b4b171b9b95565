"""Recording a payment once, and recording that one did not stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotFound, collecting
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import local_midnight
from lionrock.kernel.texts import check_line
from lionrock.ledger.actions import post
from lionrock.ledger.domain.journals import LARGEST
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Organisation
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file
from lionrock.people.queries import organisation_by_code
from lionrock.receivables.actions.matching import match_account
from lionrock.receivables.domain import Wish, payment_in, payment_undone
from lionrock.receivables.domain.bank_file import LONGEST_REFERENCE
from lionrock.receivables.models import Payment, Reversal
from lionrock.receivables.queries import payment_by_number, today_of
from lionrock.rules.programme import Programme
from lionrock.statements.models import Document


@transaction.atomic
def record_payment(
    *,
    actor: Actor,
    programme: str,
    organisation: str,
    amount: Money,
    paid_on: date,
    reference: str,
    now: datetime,
    wishes: Sequence[Wish] = (),
    note: str = "",
    source: str = "",
) -> tuple[Payment, bool]:
    """Record money that an organisation paid; return it, and whether it is new. Takes the role finance.

    It pays the documents that it names (`wishes`), then the oldest open ones; what is over stays on
    account. The reference makes it one: again with the same content it changes nothing.

    Raises `Invalid` with every fault of amount, day, reference, payer and documents, `Conflict` when
    the reference was used for another payment, `Refused` when the day lies in a locked period.
    """
    require(actor, Role.FINANCE, programme=programme)
    rules = programme_on_file(programme)
    payer = _checked(rules, organisation, amount, paid_on, reference, note, wishes, now)
    at = local_midnight(paid_on, rules.zone)
    again = _again(programme, reference, payer, amount, paid_on)
    if again:
        return again, False
    post(payment_in(programme, organisation, amount, reference=reference, paid_on=paid_on, at=at), actor=actor.email)
    again = _again(programme, reference, payer, amount, paid_on)
    if again:  # Somebody else has recorded it while our posting waited for theirs.
        return again, False
    made = Payment.objects.create(
        programme=programme,
        reference=reference,
        organisation=payer,
        amount=amount.minor,
        currency=amount.currency,
        paid_on=paid_on,
        note=note,
        source=source,
        recorded_at=now,
        recorded_by=actor.email,
    )
    match_account(rules, organisation, now, payment=made, wishes=wishes)
    _tell_audit("record_payment", made, actor, now)
    return made, True


def _again(programme: str, reference: str, payer: Organisation, amount: Money, paid_on: date) -> Payment | None:
    found = Payment.objects.filter(programme=programme, reference=reference).first()
    if found is None:
        return None
    if (found.organisation_id, found.amount, found.paid_on) == (payer.pk, amount.minor, paid_on):
        return found
    template = gettext_noop(
        "{reference} was recorded before as {amount} from {payer} on {day}. A payment is never changed: reverse it, "
        "or record this one under a reference of its own."
    )
    said = message(
        template,
        reference=reference,
        amount=Money(found.amount, found.currency),
        payer=found.organisation.code,
        day=found.paid_on,
    )
    raise Conflict("receivables.payment.reference_taken", said)


def _checked(
    rules: Programme,
    organisation: str,
    amount: Money,
    paid_on: date,
    reference: str,
    note: str,
    wishes: Sequence[Wish],
    now: datetime,
) -> Organisation:
    """Return the payer when all that was sent can be recorded; raises one `Invalid` with every fault."""
    faults = [*_amount_faults(rules, amount), *_day_faults(rules, paid_on, now)]
    with collecting(faults):
        check_line(reference, field="reference", longest=LONGEST_REFERENCE)
    with collecting(faults):
        check_line(note, field="note", required=False, longest=300)
    try:
        payer = organisation_by_code(organisation)
    except NotFound as unknown:
        payer = None
        faults.append(Fault(unknown.code, unknown.message, field="payer", value=organisation))
    faults += _wish_faults(rules, organisation, wishes)
    if faults or payer is None:
        raise Invalid("receivables.payment.invalid", faults[0].message, faults=faults)
    return payer


def _amount_faults(rules: Programme, amount: Money) -> list[Fault]:
    if amount.currency != rules.currency:
        template = gettext_noop("{amount} cannot be recorded here: the books are kept in {currency}.")
        return [_fault("currency", message(template, amount=amount, currency=rules.currency), "amount", str(amount))]
    if not 0 < amount.minor <= LARGEST:
        template = gettext_noop("{amount} is not an amount that came in. Write one above zero.")
        return [_fault("amount", message(template, amount=amount), "amount", str(amount))]
    return []


def _day_faults(rules: Programme, paid_on: date, now: datetime) -> list[Fault]:
    if paid_on <= today_of(rules, now):
        return []
    template = gettext_noop("{day} lies in the future. Write the day on which the money arrived.")
    return [_fault("day", message(template, day=paid_on), "date", paid_on.isoformat())]


def _wish_faults(rules: Programme, organisation: str, wishes: Sequence[Wish]) -> list[Fault]:
    numbers = [wish.invoice for wish in wishes]
    known = Document.objects.filter(
        programme=rules.id, organisation__code=organisation, number__in=numbers, user__gte=0
    )
    there = set(known.values_list("number", flat=True)) if numbers else set()
    template = gettext_noop(
        "{number} is no invoice of {payer}. Name one of theirs, or none: then the oldest is paid first."
    )
    return [
        _fault("document", message(template, number=number, payer=organisation), "documents", number)
        for number in numbers
        if number not in there
    ]


def _fault(reason: str, said: Message, field: str, value: str) -> Fault:
    return Fault(f"receivables.payment.{reason}", said, field=field, value=value)


@transaction.atomic
def reverse_payment(*, actor: Actor, payment: int, reason: str, now: datetime) -> Payment:
    """Record that a payment did not stand; what it paid is open again. Takes the role finance.

    Raises `Invalid` without a reason, `Conflict` when it was reversed before.
    """
    found = payment_by_number(actor, payment)
    require(actor, Role.FINANCE, programme=found.programme)
    check_line(reason, field="reason", longest=300)
    rules, amount = programme_on_file(found.programme), Money(found.amount, found.currency)
    code, on = found.organisation.code, today_of(rules, now)
    post(payment_undone(found.programme, code, amount, reference=found.reference, at=now), actor=actor.email)
    if Reversal.objects.filter(payment=found).exists():
        template = gettext_noop("{reference} was reversed before. Nothing was done twice.")
        raise Conflict("receivables.payment.reversed", message(template, reference=found.reference))
    Reversal.objects.create(payment=found, on=on, reason=reason, recorded_at=now, recorded_by=actor.email)
    match_account(rules, code, now)
    _tell_audit("reverse_payment", found, actor, now, reason=reason)
    return found


def _tell_audit(verb: str, payment: Payment, actor: Actor, now: datetime, **more: str) -> None:
    record(
        f"receivables.{verb}",
        payment.reference,
        actor=actor.email,
        now=now,
        programme=payment.programme,
        organisation=payment.organisation.code,
        details={
            "number": payment.pk,
            "amount": payment.amount,
            "currency": payment.currency,
            "paid_on": payment.paid_on.isoformat(),
            **more,
        },
    )
