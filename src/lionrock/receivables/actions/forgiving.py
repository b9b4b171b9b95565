"""Writing off what nobody will collect: asked by finance, agreed to by whom the programme says."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotFound, Refused, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.kernel.texts import check_line
from lionrock.ledger.actions import post
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file
from lionrock.people.queries import holders_of
from lionrock.receivables.domain import Authority, writing_off
from lionrock.receivables.models import WriteOff, WriteOffAnswer
from lionrock.receivables.queries import asked_to_write_off, item_by_number, today_of
from lionrock.receivables.terms import limits_of
from lionrock.statements.models import Document
from lionrock.statements.queries import document_by_number

AGREE = {
    Authority.ALONE: (Role.FINANCE,),
    Authority.FINANCE: (Role.FINANCE, Role.CHAIR),
    Authority.CHAIR: (Role.CHAIR,),
}
"""Who may agree, by what the amount takes."""


@transaction.atomic
def write_off(*, actor: Actor, document: str, amount: Money, reason: str, now: datetime) -> WriteOff:
    """Ask to write off an amount of an invoice; where one person is enough, it is booked at once.

    Takes the role finance. All that was asked of one invoice counts together, so that no limit is
    passed in slices. Raises `Invalid` for an amount beyond what is open or without a reason, `Refused`
    where the programme lets nobody write off so much, or has not said who may.
    """
    found = document_by_number(actor, document)
    require(actor, Role.FINANCE, programme=found.programme)
    _check(found, amount, reason)
    authority = _authority(found, amount, now)
    made = WriteOff.objects.create(
        invoice=found, amount=amount.minor, reason=reason, authority=authority.value, asked_at=now, asked_by=actor.email
    )
    _tell_audit("write_off", made, actor, now)
    if authority is Authority.ALONE:
        _book(made, actor, now)
        return made
    said = gettext_noop("{asker} asks to write off {amount} of {document}. Agree, or refuse.")
    told = message(said, asker=actor.email, amount=amount, document=found.number)
    to = set(holders_of(*AGREE[authority], programme=found.programme)) - {actor.email}
    notify(to=to, said=told, about=Subject("write_offs", found.programme), now=now)
    return made


def _check(document: Document, amount: Money, reason: str) -> None:
    faults: list[Fault] = []
    with collecting(faults):
        check_line(reason, field="reason", longest=300)
    left = item_by_number(document).open - _waiting(document)
    if amount.currency != document.currency or not 0 < amount.minor <= left:
        template = gettext_noop(
            "{amount} cannot be written off: {left} of {document} is open and not asked for already."
        )
        said = message(template, amount=amount, left=Money(left, document.currency), document=document.number)
        faults.append(Fault("receivables.write_off.amount", said, field="amount", value=str(amount.decimal)))
    if faults:
        raise Invalid("receivables.write_off.invalid", faults[0].message, faults=faults)


def _waiting(document: Document) -> int:
    rows = WriteOff.objects.filter(invoice=document, answer__isnull=True)
    return sum(rows.values_list("amount", flat=True))


def _authority(document: Document, amount: Money, now: datetime) -> Authority:
    rules = programme_on_file(document.programme)
    before = item_by_number(document).written_off + _waiting(document)
    authority = limits_of(rules, today_of(rules, now)).needed(before + amount.minor)
    if authority is Authority.UNSET:
        template = gettext_noop(
            "The owner of {programme} has not set who may write off {amount} (write_off.alone_max, "
            "write_off.finance_max, write_off.chair_max). Ask the owner."
        )
        raise Refused("receivables.write_off.unset", message(template, programme=rules.id, amount=amount))
    if authority is Authority.NOBODY:
        template = gettext_noop("{amount} is more than anybody may write off for {programme}. Ask its owner.")
        raise Refused("receivables.write_off.too_much", message(template, programme=rules.id, amount=amount))
    return authority


@transaction.atomic
def agree_to_write_off(*, actor: Actor, number: int, now: datetime) -> WriteOff:
    """Agree to a write-off, which books it. Takes another person than who asked, with the authority it needs.

    Raises `Refused` for who asked, `Conflict` when it was answered, or so much is no longer open.
    """
    found = _for_answer(actor, number)
    require(actor, *AGREE[Authority(found.authority)], programme=found.invoice.programme)
    if actor.email == found.asked_by:
        template = gettext_noop("You have asked for this write-off yourself. Another person has to agree.")
        raise Refused("receivables.write_off.four_eyes", message(template))
    _book(found, actor, now)
    return found


@transaction.atomic
def refuse_write_off(*, actor: Actor, number: int, reason: str, now: datetime) -> WriteOff:
    """Refuse a write-off, or take back what one has asked; takes the role finance or chair, and a reason."""
    found = _for_answer(actor, number)
    require(actor, Role.FINANCE, Role.CHAIR, programme=found.invoice.programme)
    check_line(reason, field="reason", longest=300)
    _answer(found, actor, now, agreed=False, reason=reason)
    return found


def _for_answer(actor: Actor, number: int) -> WriteOff:
    found = asked_to_write_off(actor).select_for_update(of=("self",)).filter(pk=number).first()
    if found is None:
        template = gettext_noop("There is no write-off {number} for you to answer.")
        raise NotFound("receivables.write_off.unknown", message(template, number=number))
    if WriteOffAnswer.objects.filter(write_off=found).exists():
        template = gettext_noop("The write-off of {document} was answered before.")
        raise Conflict("receivables.write_off.answered", message(template, document=found.invoice.number))
    return found


def _book(asked: WriteOff, actor: Actor, now: datetime) -> None:
    """Post the write-off, which holds the debtor's account; then see that so much is still open."""
    document = asked.invoice
    amount = Money(asked.amount, document.currency)
    code = document.organisation.code
    draft = writing_off(document.programme, code, amount, document=document.number, number=asked.pk, at=now)
    post(draft, actor=actor.email)
    left = item_by_number(document).open
    if amount.minor > left:
        template = gettext_noop("Only {left} of {document} is still open. Refuse this, and ask for less.")
        said = message(template, left=Money(left, document.currency), document=document.number)
        raise Conflict("receivables.write_off.paid_meanwhile", said)
    _answer(asked, actor, now, agreed=True)


def _answer(asked: WriteOff, actor: Actor, now: datetime, *, agreed: bool, reason: str = "") -> None:
    on = today_of(programme_on_file(asked.invoice.programme), now)
    WriteOffAnswer.objects.create(
        write_off=asked, agreed=agreed, reason=reason, on=on, answered_at=now, answered_by=actor.email
    )
    _tell_audit("agree_to_write_off" if agreed else "refuse_write_off", asked, actor, now, reason=reason)


def _tell_audit(verb: str, asked: WriteOff, actor: Actor, now: datetime, reason: str = "") -> None:
    document = asked.invoice
    record(
        f"receivables.{verb}",
        document.number,
        actor=actor.email,
        now=now,
        programme=document.programme,
        organisation=document.organisation.code,
        details={"amount": asked.amount, "takes": asked.authority, "reason": reason or asked.reason},
    )
