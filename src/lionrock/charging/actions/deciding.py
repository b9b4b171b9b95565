"""Charging by decision: adjustments of an account, and fees that accounts or sites share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.awards.models import Award
from lionrock.charging.models import DecidedAdjustment, DecidedFee
from lionrock.kernel.errors import Conflict, Fault, Invalid, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.kernel.texts import check_line
from lionrock.ledger.domain.journals import LARGEST
from lionrock.ledger.locks import lock_books
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Organisation
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file
from lionrock.sites.models import Site
from lionrock.sites.queries import home_site

Decision = TypeVar("Decision", DecidedAdjustment, DecidedFee)


@transaction.atomic
def adjust(
    *,
    actor: Actor,
    programme: str,
    account: str,
    amount: Money,
    month: Month,
    reason: str,
    cause: str,
    now: datetime,
    award: str | None = None,
    site: str | None = None,
) -> DecidedAdjustment:
    """Charge an amount to an account by decision, or, below zero, credit it; takes the role finance.

    It becomes a line of the next close from its `month` on, split by the awards that run in that month (or by
    the one that is named). `cause` is the reference of the decision: deciding it twice changes nothing.
    `site` is where it is earned: by default the programme's first. Raises `Invalid` with every fault, and
    `Conflict` when the cause was used for something else.
    """
    require(actor, Role.FINANCE, programme=programme)
    with _checked(programme, amount, reason, cause, site) as faults:
        if not Organisation.objects.filter(code=account).exists():
            faults.append(_fault("account", account, _NO_ACCOUNT))
        if award is not None and not _holds(programme, account, award):
            faults.append(_fault("award", award, _NO_AWARD))
    facts = {"account": account, "award": award, "amount": amount.minor, "reason": reason, "month": month.first_day}
    return _decide(DecidedAdjustment, "adjust", actor, programme, cause, site, facts, now)


@transaction.atomic
def share_fee(
    *,
    actor: Actor,
    programme: str,
    amount: Money,
    weights: Mapping[str, int],
    month: Month,
    reason: str,
    cause: str,
    now: datetime,
    site: str | None = None,
) -> DecidedFee:
    """Have accounts, or sites, share an amount by weight; takes the role finance.

    Between accounts it becomes a line of each in the next close from its `month` on, which no award pays; between
    sites that close moves their shares of what they have earned to `site`, which has laid it out (by default the
    programme's first). Repeats and refusals are as for `adjust`.
    """
    require(actor, Role.FINANCE, programme=programme)
    accounts = set(Organisation.objects.filter(code__in=weights).values_list("code", flat=True))
    between_sites = bool(set(weights) - accounts)
    with _checked(programme, amount, reason, cause, site) as faults:
        faults.extend(_faulty_weights(programme, weights, between_sites=between_sites))
    facts = {
        "weights": dict(sorted(weights.items())),
        "between_sites": between_sites,
        "amount": amount.minor,
        "reason": reason,
        "month": month.first_day,
    }
    return _decide(DecidedFee, "share_fee", actor, programme, cause, site, facts, now)


@contextmanager
def _checked(programme: str, amount: Money, reason: str, cause: str, site: str | None) -> Iterator[list[Fault]]:
    """Check what both kinds have in common; raise `Invalid` with those faults and what the caller adds."""
    faults: list[Fault] = []
    currency = programme_on_file(programme).currency
    if amount.currency != currency or not 0 < abs(amount.minor) <= LARGEST:
        faults.append(_fault("amount", str(amount), _NO_AMOUNT, currency=currency))
    for name, text, longest in (("reason", reason, 300), ("cause", cause, 100)):
        with collecting(faults):
            check_line(text, field=name, longest=longest)
    if site is not None and site not in _sites(programme):
        faults.append(_fault("site", site, _NO_SITE))
    yield faults
    if faults:
        raise Invalid("charging.decision.invalid", faults[0].message, faults=faults)


def _holds(programme: str, account: str, award: str) -> bool:
    held = Award.objects.filter(code=award, programme=programme, organisation__code=account)
    return held.filter(accepted_at__isnull=False).exists()


def _sites(programme: str) -> set[str]:
    return {*Site.objects.filter(programme=programme).values_list("code", flat=True), home_site(programme)}


def _faulty_weights(programme: str, weights: Mapping[str, int], *, between_sites: bool) -> list[Fault]:
    unknown = sorted(set(weights) - _sites(programme)) if between_sites else []
    faults = [_fault("weight", name, _NO_PARTY) for name in unknown]
    faults += [_fault("weight", f"{name}={weight}", _NO_WEIGHT) for name, weight in weights.items() if weight < 0]
    if sum(weights.values()) <= 0:
        faults.append(_fault("weight", "", _NO_WEIGHTS))
    return faults


_NO_AMOUNT = gettext_noop("“{value}” cannot be charged. Write an amount in {currency} other than zero.")
_NO_ACCOUNT = gettext_noop("There is no organisation {value} to charge. See `lionrock organisation list`.")
_NO_AWARD = gettext_noop("{value} is not an accepted award of that organisation. See `lionrock award list`.")
_NO_SITE = gettext_noop("{value} is not a site of the programme. See `lionrock site list`.")
_NO_PARTY = gettext_noop("{value} is neither an organisation like the others nor a site like the others.")
_NO_WEIGHT = gettext_noop("“{value}” is no weight. Write a whole number of zero or more.")
_NO_WEIGHTS = gettext_noop("Nobody bears the fee. Give at least one a weight above zero.")


def _fault(name: str, value: str, template: str, **more: object) -> Fault:
    return Fault(f"charging.decision.{name}", message(template, value=value, **more), field=name, value=value)


def _decide(
    model: type[Decision],
    verb: str,
    actor: Actor,
    programme: str,
    cause: str,
    site: str | None,
    facts: dict[str, Any],
    now: datetime,
) -> Decision:
    """Keep a decision once. The books are held, so that a close sees it or does not."""
    lock_books(programme)
    facts["site"] = site or home_site(programme)
    first = model.objects.filter(programme=programme, cause=cause).first()
    if first is not None:
        return _same_or_conflict(first, facts)
    made = model.objects.create(programme=programme, cause=cause, decided_by=actor.email, decided_at=now, **facts)
    told = {name: str(value) if name == "month" else value for name, value in facts.items()}
    record(
        f"charging.{verb}",
        cause,
        actor=actor.email,
        now=now,
        programme=programme,
        organisation=str(facts.get("account", "")),
        details=told,
    )
    return made


def _same_or_conflict(first: Decision, facts: Mapping[str, object]) -> Decision:
    if all(getattr(first, name) == value for name, value in facts.items()):
        return first
    said = gettext_noop(
        "{cause} of {programme} was decided before with other content. Decide under a cause of its own."
    )
    raise Conflict("charging.decision.cause_taken", message(said, cause=first.cause, programme=first.programme))
