"""Writing to the books: posting a journal, and putting money into the fund."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, datetime

from django.db import IntegrityError, transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import Conflict, Fault, Invalid, LionrockError, Refused, collecting
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month, local_date, local_midnight
from lionrock.kernel.texts import check_line
from lionrock.ledger.domain import journals
from lionrock.ledger.domain.accounts import COMMITTED_PREFIX, FREE, amount_text, floor_of
from lionrock.ledger.domain.drafts import appropriation, opening
from lionrock.ledger.domain.journals import Entry, JournalDraft
from lionrock.ledger.domain.opening import read_opening
from lionrock.ledger.models import Journal, LedgerAccount, PeriodLock, Posting
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file


def post(draft: JournalDraft, *, actor: str) -> Journal:
    """Post a journal once: the same content again under its cause returns the first journal.

    What makes two journals the same is their unit, entries and details. `actor` is the address for
    the record; permission is the business of the action that calls. The transaction of the caller
    stays usable after an error.

    Raises `Conflict` (ledger.journal.cause_taken) when the cause was posted with other content, and
    `Refused` (ledger.fund.exhausted, ledger.commitment.exhausted) when the fund, or what is
    committed to an award, does not hold what the journal takes.
    """
    return _post(draft, actor=actor)[0]


@transaction.atomic
def appropriate(*, actor: Actor, programme: str, amount: Money, reason: str, cause: str, now: datetime) -> Journal:
    """Put money into a programme's fund; a negative amount takes out what is free.

    `cause` is the reference of the decision (a vote, a letter): booking it twice changes nothing.
    Takes the role finance. Raises `Invalid` for a zero, oversized or foreign amount or empty text,
    `Refused` when more is taken out than is free, `Conflict` when the cause was booked otherwise.
    """
    require(actor, Role.FINANCE, programme=programme)
    currency = programme_on_file(programme).currency
    _check_appropriation(amount, currency, reason, cause)
    draft = appropriation(programme, amount, at=now, cause=f"ledger.appropriate:{cause}", reason=reason)
    journal, is_new = _post(draft, actor=actor.email)
    if is_new:
        record(
            "ledger.appropriate",
            programme,
            actor=actor.email,
            now=now,
            programme=programme,
            details={"amount": str(amount), "reason": reason, "cause": cause, "journal": journal.pk},
        )
    return journal


def _check_appropriation(amount: Money, currency: str, reason: str, cause: str) -> None:
    faults: list[Fault] = []
    if amount.currency != currency:
        text = gettext_noop(
            "“{value}” cannot be put into this fund, which is kept in {currency}. Write it in {currency}."
        )
        faults.append(_fault("ledger.appropriate.currency", text, "amount", str(amount), currency=currency))
    if not 0 < abs(amount.minor) <= journals.LARGEST:
        text = gettext_noop("“{value}” is not an amount that can be booked. Check its digits.")
        faults.append(_fault("ledger.appropriate.amount", text, "amount", str(amount)))
    text = gettext_noop("The {field} is empty. Name the decision that this money rests on.")
    faults += [
        _fault(f"ledger.appropriate.{field}", text, field, value)
        for field, value in (("reason", reason), ("cause", cause))
        if not value.strip()
    ]
    for field, value in (("reason", reason), ("cause", cause)):
        with collecting(faults):
            check_line(value, field=field, required=False)
    if faults:
        raise Invalid("ledger.appropriate.invalid", faults[0].message, faults=faults)


def _fault(code: str, template: str, field: str, value: str, **more: object) -> Fault:
    return Fault(code, message(template, field=field, value=value, **more), field=field, value=value)


@transaction.atomic
def _post(draft: JournalDraft, *, actor: str) -> tuple[Journal, bool]:
    first = _first(draft)
    if first is not None:
        return _same_or_conflict(first, draft), False
    accounts = accounts_of(draft.programme, draft.unit, {entry.account for entry in draft.entries})
    try:
        with transaction.atomic():
            return _insert(draft, accounts, actor), True
    except IntegrityError as wrong:
        meanwhile = _first(draft)
        if meanwhile is not None:
            return _same_or_conflict(meanwhile, draft), False
        refusal = _refusal(draft, wrong)
        if refusal is None:
            raise
        raise refusal from wrong


def _first(draft: JournalDraft) -> Journal | None:
    return Journal.objects.filter(programme=draft.programme, cause=draft.cause).first()


def _insert(draft: JournalDraft, accounts: dict[str, LedgerAccount], actor: str) -> Journal:
    journal = Journal.objects.create(
        programme=draft.programme,
        cause=draft.cause,
        unit=draft.unit,
        memo=draft.memo,
        at=draft.at,
        actor=actor,
        details=dict(draft.details),
    )
    # One statement, so that all its balances are locked together and in order.
    Posting.objects.bulk_create(
        Posting(journal=journal, account=accounts[entry.account], amount=entry.amount) for entry in draft.entries
    )
    return journal


def accounts_of(programme: str, unit: str, paths: Collection[str]) -> dict[str, LedgerAccount]:
    """Return accounts of a programme in a unit by path, opening those that are new.

    New ones are opened in the order of their paths: two transactions that open the same accounts
    wait for each other in one direction only.
    """
    known = LedgerAccount.objects.filter(programme=programme, unit=unit, path__in=paths)
    found = {account.path: account for account in known}
    missing = sorted(set(paths) - set(found))
    if missing:
        LedgerAccount.objects.bulk_create(
            [LedgerAccount(programme=programme, unit=unit, path=path, floor=floor_of(path)) for path in missing],
            ignore_conflicts=True,
        )
        found = {account.path: account for account in known.all()}
    return found


def _same_or_conflict(first: Journal, draft: JournalDraft) -> Journal:
    entries = [Entry(*row) for row in first.postings.values_list("account__path", "amount")]
    posted = journals.content(first.unit, entries, first.details)
    if posted == journals.content(draft.unit, draft.entries, draft.details):
        return first
    raise Conflict(
        "ledger.journal.cause_taken",
        message(
            gettext_noop(
                "{cause} of {programme} was booked before with other content, as journal {number}. "
                "Books are never changed: book the difference under a cause of its own."
            ),
            cause=draft.cause,
            programme=draft.programme,
            number=first.pk,
        ),
    )


def _refusal(draft: JournalDraft, wrong: IntegrityError) -> LionrockError | None:
    """Return the refusal that a database error means, or None when it means a defect."""
    diagnosis = getattr(wrong.__cause__, "diag", None)
    if diagnosis is not None and diagnosis.constraint_name == "ledger_period_locked":
        return _locked(draft, json.loads(diagnosis.message_detail))
    if diagnosis is None or diagnosis.constraint_name != "ledger_balance_floor":
        return None
    below = json.loads(diagnosis.message_detail)
    held, asked = amount_text(below["held"], draft.unit), amount_text(below["asked"], draft.unit)
    if below["path"] == FREE:
        return Refused("ledger.fund.exhausted", _fund_exhausted(draft.programme, held, asked))
    award = below["path"].removeprefix(COMMITTED_PREFIX)
    return Refused("ledger.commitment.exhausted", _commitment_exhausted(award, held, asked))


def _locked(draft: JournalDraft, found: dict[str, str]) -> Refused:
    zone = programme_on_file(draft.programme).zone
    before = local_date(datetime.fromisoformat(found["before"]), zone)
    template = gettext_noop(
        "The books of {programme} are locked before {before}, and this is dated {day}. Date it later, or have finance "
        "open the period again: `lionrock ledger reopen`."
    )
    said = message(template, programme=draft.programme, before=before, day=local_date(draft.at, zone))
    return Refused("ledger.period.locked", said)


def _fund_exhausted(programme: str, held: str, asked: str) -> Message:
    return message(
        gettext_noop(
            "The fund of {programme} holds {held} free, and {asked} was asked. "
            "Ask for less, release what ended awards no longer need, or have more appropriated."
        ),
        programme=programme,
        held=held,
        asked=asked,
    )


def _commitment_exhausted(award: str, held: str, asked: str) -> Message:
    return message(
        gettext_noop(
            "{held} is still committed to {award}, and {asked} was to be taken from it. "
            "Take no more than is committed, or commit more to the award first."
        ),
        award=award,
        held=held,
        asked=asked,
    )


@transaction.atomic
def lock_period(*, actor: Actor, programme: str, month: Month, reason: str, now: datetime) -> PeriodLock:
    """Let nothing be posted any more that is dated in this month or before it; takes the role finance.

    Waits for postings that are under way. Raises `Invalid` without a reason, `Refused` for a month that
    has not ended, `Conflict` when the books are locked further already.
    """
    require(actor, Role.FINANCE, programme=programme)
    check_line(reason, field="reason", longest=300)
    end = month.interval(programme_on_file(programme).zone).end
    if now < end:
        template = gettext_noop("{month} has not ended; a month is locked when it is over.")
        raise Refused("ledger.period.not_ended", message(template, month=str(month)))
    latest = _latest_lock(programme)
    if latest and latest.before and latest.before >= end:
        template = gettext_noop("The books of {programme} are locked up to {month}, or further, already.")
        raise Conflict("ledger.period.locked_already", message(template, programme=programme, month=str(month)))
    return _write_lock("lock_period", programme, end, reason, actor, now)


@transaction.atomic
def reopen_period(*, actor: Actor, programme: str, month: Month | None, reason: str, now: datetime) -> PeriodLock:
    """Open locked months again: from `month` on, or all of them (None); takes the role finance, and a reason.

    Raises `Conflict` when that month is not locked.
    """
    require(actor, Role.FINANCE, programme=programme)
    check_line(reason, field="reason", longest=300)
    start = month.interval(programme_on_file(programme).zone).start if month else None
    latest = _latest_lock(programme)
    if not latest or not latest.before or (start and start >= latest.before):
        template = gettext_noop("There is nothing locked to open in the books of {programme}.")
        raise Conflict("ledger.period.open", message(template, programme=programme))
    return _write_lock("reopen_period", programme, start, reason, actor, now)


def _latest_lock(programme: str) -> PeriodLock | None:
    return PeriodLock.objects.filter(programme=programme).order_by("-id").first()


def _write_lock(
    verb: str, programme: str, before: datetime | None, reason: str, actor: Actor, now: datetime
) -> PeriodLock:
    made = PeriodLock.objects.create(
        programme=programme, before=before, reason=reason, locked_at=now, locked_by=actor.email
    )
    details = {"before": before.isoformat() if before else None, "reason": reason}
    record(f"ledger.{verb}", programme, actor=actor.email, now=now, programme=programme, details=details)
    return made


@transaction.atomic
def bring_in_balances(
    *, actor: Actor, programme: str, text: str, name: str, on: date, now: datetime
) -> tuple[Journal, ...]:
    """Begin the books of a programme with the balances of a table, dated the start of a day.

    Takes the role finance. One journal a unit; the same table again changes nothing. Raises `Invalid`
    with every fault of the table, `Conflict` when the books have begun before that day otherwise.
    """
    require(actor, Role.FINANCE, programme=programme)
    at = local_midnight(on, programme_on_file(programme).zone)
    entries = read_opening(text, name)
    drafts = [opening(programme, unit, legs, at=at, name=name) for unit, legs in entries.items()]
    causes = [draft.cause for draft in drafts]
    if Journal.objects.filter(programme=programme, at__lte=at).exclude(cause__in=causes).exists():
        template = gettext_noop("The books of {programme} have begun before {day}. Balances are brought in first.")
        raise Conflict("ledger.opening.late", message(template, programme=programme, day=on))
    posted = [_post(draft, actor=actor.email) for draft in drafts]
    if any(is_new for _, is_new in posted):
        details = {"file": name, "on": on.isoformat(), "journals": [journal.pk for journal, _ in posted]}
        record("ledger.bring_in_balances", programme, actor=actor.email, now=now, programme=programme, details=details)
    return tuple(journal for journal, _ in posted)
