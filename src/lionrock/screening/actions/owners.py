"""What is known of parties besides their names: who owns them, and particulars that tell them from others."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotFound, Refused
from lionrock.kernel.events import publish
from lionrock.kernel.ids import check_slug
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_line
from lionrock.people.domain import Actor
from lionrock.people.queries import organisation_by_code
from lionrock.screening.domain.cases import PartyReleased
from lionrock.screening.memory import today
from lionrock.screening.models import Owner, Particular, Stake, SubjectKind
from lionrock.screening.policies import require_compliance

REPLACED: Final = "a newer stake of the same two"
"""Why a stake has ended that another took the place of."""


@transaction.atomic
def register_owner(*, actor: Actor, code: str, name: str, kind: str, now: datetime) -> Owner:
    """Put an owner on file: a `kind` of person or organisation; takes the role compliance."""
    require_compliance(actor)
    check_slug(code, field="code")
    check_line(name, field="name")
    if kind not in ("person", "organisation"):
        raise _fault(
            "screening.owner.kind", gettext_noop("“{value}” is no {field}: person or organisation."), "kind", kind
        )
    if Owner.objects.filter(code=code).exists():
        raise _fault(
            "screening.owner.taken", gettext_noop("The {field} “{value}” is taken. Choose another."), "code", code
        )
    made = Owner.objects.create(code=code, name=name.strip(), kind=kind, created_at=now)
    record("screening.register_owner", code, actor=actor.email, now=now, details={"name": made.name, "kind": kind})
    return made


@transaction.atomic
def record_stake(
    *, actor: Actor, owner: str, owned: str, share: Decimal | None, since: date, source: str, now: datetime
) -> Stake:
    """Record that an owner has a share (per cent; None: not known) of `owned` from a day on, and where that is said.

    `owned` is an organisation's code, or another owner's as "owner:CODE". Takes the role compliance.
    A stake of the same two that still holds ends on that day; a lower share than it takes another person
    than who recorded it (`Refused`, screening.stake.four_eyes), as that may release somebody.
    """
    require_compliance(actor)
    check_line(source, field="source", longest=400)
    if share is not None and not Decimal(0) < share <= Decimal(100):
        template = gettext_noop(
            "“{value}” in {field} is no share. Write per cent above 0 and up to 100, or leave it out."
        )
        raise _fault("screening.stake.share", template, "share", str(share))
    who = owner_by_code(owner)
    of = (
        {"of_owner": owner_by_code(owned[6:])}
        if owned.startswith("owner:")
        else {"organisation": organisation_by_code(owned)}
    )
    if of.get("of_owner") == who:
        raise _fault("screening.stake.itself", gettext_noop("“{value}” in {field} cannot own itself."), "owned", owned)
    earlier = list(who.stakes.filter(**of, until__isnull=True, since__lt=since))
    for each in earlier:
        lowered = share is not None and (each.share is None or share < each.share)
        _end(each, until=since, reason=REPLACED, actor=actor, lowered=lowered)
    made = Stake.objects.create(
        owner=who, share=share, since=since, source=source.strip(), recorded_by=actor.email, recorded_at=now, **of
    )
    details = {
        "owned": owned,
        "share": None if share is None else str(share),
        "since": since.isoformat(),
        "source": source,
    }
    record("screening.record_stake", owner, actor=actor.email, now=now, details=details)
    if earlier:
        publish(PartyReleased(kind=SubjectKind.OWNER.value, code=owner, now=now))
    return made


@transaction.atomic
def end_stake(*, actor: Actor, stake: int, until: date, reason: str, now: datetime) -> Stake:
    """Say that a stake is held no more from a day on, and why; what was held for it alone goes on at once.

    Takes the role compliance and, as it may release somebody, another person than who recorded it:
    raises `Refused` (screening.stake.four_eyes) otherwise, `Conflict` when it has ended already.
    """
    require_compliance(actor)
    check_line(reason, field="reason", longest=400)
    found = stake_by_number(stake, lock=True)
    if found.until is not None:
        raise Conflict(
            "screening.stake.ended",
            message(gettext_noop("This stake has ended on {until} already."), until=found.until),
        )
    if not found.since < until <= today(now):
        template = gettext_noop("“{value}” in {field} is no day after its first and up to today. Write such a day.")
        raise _fault("screening.stake.until", template, "until", until.isoformat())
    _end(found, until=until, reason=reason.strip(), actor=actor, lowered=True)
    details = {"owned": owned_code(found), "until": until.isoformat(), "reason": reason.strip()}
    record("screening.end_stake", found.owner.code, actor=actor.email, now=now, details=details)
    publish(PartyReleased(kind=SubjectKind.OWNER.value, code=found.owner.code, now=now))
    return found


def _end(stake: Stake, *, until: date, reason: str, actor: Actor, lowered: bool) -> None:
    """Write the end of a stake; what may lower a share takes another person than who recorded it."""
    if lowered and stake.recorded_by.casefold() == actor.email.casefold():
        raise Refused(
            "screening.stake.four_eyes",
            message(
                gettext_noop(
                    "{person} has recorded this stake, and cannot end it: that takes a second person. "
                    "Ask a colleague of the compliance office."
                ),
                person=actor.email,
            ),
        )
    stake.until, stake.ended_because, stake.ended_by = until, reason, actor.email
    stake.save(update_fields=["until", "ended_because", "ended_by"])


def stake_by_number(number: int, *, lock: bool = False) -> Stake:
    """Return a stake; raises `NotFound`."""
    rows = Stake.objects.select_related("owner", "organisation", "of_owner")
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=number).first()
    if found is None:
        raise NotFound(
            "screening.stake.unknown",
            message(gettext_noop("There is no stake {number}. See `lionrock screening owners`."), number=number),
        )
    return found


def per_cent(text: str) -> Decimal | None:
    """Return a share as it is written; None for nothing, which is not known. Raises `Invalid`."""
    try:
        value = Decimal(text.removesuffix("%").strip()) if text else None
    except InvalidOperation:
        value = Decimal("NaN")
    if value is not None and not value.is_finite():
        raise _fault(
            "screening.stake.number",
            gettext_noop("“{value}” in {field} is no number. Write per cent, such as 35."),
            "share",
            text,
        )
    return value


def owned_code(stake: Stake) -> str:
    """Return what a stake is in, as it is written: an organisation's code, or owner:CODE."""
    return stake.organisation.code if stake.organisation else f"owner:{stake.of_owner.code if stake.of_owner else ''}"


@transaction.atomic
def note_particular(*, actor: Actor, kind: str, code: str, what: str, value: str, now: datetime) -> Particular:
    """Note something more of who is screened: another name, a country, an address, a number, a birth.

    Takes the role compliance. It is screened with at the next look.
    """
    require_compliance(actor)
    check_line(value, field="value", longest=400)
    if kind not in SubjectKind.values:
        raise _fault("screening.particular.kind", gettext_noop("“{value}” is no {field} of party."), "kind", kind)
    if what not in Particular.What.values:
        raise _fault(
            "screening.particular.what", gettext_noop("“{value}” is nothing that can be noted ({field})."), "what", what
        )
    plain = value.strip().upper() if what == Particular.What.COUNTRY else value.strip()
    if what == Particular.What.COUNTRY and not (len(plain) == 2 and plain.isascii() and plain.isalpha()):
        template = gettext_noop("“{value}” in {field} is no country. Write its two letters, such as PT.")
        raise _fault("screening.particular.country", template, "value", value)
    made, fresh = Particular.objects.get_or_create(
        kind=kind, code=code, what=what, value=plain, defaults={"noted_by": actor.email, "noted_at": now}
    )
    if fresh:
        record("screening.note_particular", f"{kind}:{code}", actor=actor.email, now=now, details={what: plain})
    return made


def owner_by_code(code: str) -> Owner:
    """Return the owner with this code; raises `NotFound`."""
    found = Owner.objects.filter(code=code).first()
    if found is None:
        raise NotFound(
            "screening.owner.unknown",
            message(gettext_noop("There is no owner {code}. See `lionrock screening owners`."), code=code),
        )
    return found


def _fault(code: str, template: str, field: str, value: str) -> Invalid:
    said = message(template, field=field, value=value)
    return Invalid(code, said, faults=[Fault(code, said, field=field, value=value)])
