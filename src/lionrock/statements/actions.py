"""Issuing the documents of a closed month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import TypeVar

from lionrock.audit.actions import record
from lionrock.calls.numbering import next_code
from lionrock.charging.domain.closing import DocumentKind
from lionrock.charging.models import ChargeLine, DecidedFee, MonthClose
from lionrock.kernel.money import split
from lionrock.ledger.domain.accounts import COMMITTED_PREFIX
from lionrock.ledger.queries import balances
from lionrock.people.domain import Actor
from lionrock.people.queries import organisation_by_code
from lionrock.statements.models import Document, Settlement, SettlementKind

_PREFIX = {DocumentKind.INVOICE: "INV", DocumentKind.CREDIT_NOTE: "CN"}
BETWEEN_SITES = "between_sites"
"""The kind of a line of a remittance that moves what sites have earned from one to another."""
Key = TypeVar("Key")
_SETTLEMENT_PREFIX = {SettlementKind.CLAIM: "CLM", SettlementKind.REMITTANCE: "REM"}


def issue_documents(*, close: MonthClose, actor: Actor, now: datetime) -> None:
    """Issue one document to each account with lines in a closed month.

    Runs in the transaction of the close, so that a number is used up only with its document and
    each kind is numbered without gaps within a programme and year. A negative user total makes a
    credit note.
    """
    left = balances(close.programme, COMMITTED_PREFIX, close.currency)
    lines = ChargeLine.objects.filter(close=close).order_by("account", "position")
    for account, of_account in groupby(lines.iterator(), key=lambda line: line.account):
        _issue(close, account, list(of_account), left, actor, now)


def _issue(
    close: MonthClose, account: str, lines: list[ChargeLine], left: dict[str, int], actor: Actor, now: datetime
) -> None:
    user = sum(line.user for line in lines)
    kind = DocumentKind.CREDIT_NOTE if user < 0 else DocumentKind.INVOICE
    prefix = f"{close.programme.upper()}-{_PREFIX[kind]}"
    document = Document.objects.create(
        number=next_code(prefix, close.month.year),
        close=close,
        programme=close.programme,
        organisation=organisation_by_code(account),
        kind=kind.value,
        month=close.month,
        issued_at=now,
        currency=close.currency,
        gross=sum(line.gross for line in lines),
        subsidy=sum(line.subsidy for line in lines),
        user=user,
        awards=_award_totals(lines, left),
    )
    record(
        "statements.issue_documents",
        document.number,
        actor=actor.email,
        now=now,
        programme=close.programme,
        organisation=account,
        details={"user": user, "lines": len(lines)},
    )


def _award_totals(lines: Iterable[ChargeLine], left: dict[str, int]) -> list[dict[str, object]]:
    """Return what each award paid on the document, and what is still committed to it."""
    paid: dict[str, int] = {}
    for line in lines:
        for award, amount in line.subsidy_by_award.items():
            paid[award] = paid.get(award, 0) + amount
    return [
        {"award": award, "subsidy": amount, "left": left.get(COMMITTED_PREFIX + award, 0)}
        for award, amount in sorted(paid.items())
    ]


def issue_settlements(*, close: MonthClose, actor: Actor, now: datetime) -> None:
    """Issue the claim on the scheme for a closed month, and to each site the remittance of what it earned.

    Runs in the transaction of the close, as `issue_documents` does, and numbers each kind without
    gaps. A month without charges has neither.
    """
    claimed: dict[tuple[str, str], dict[str, int]] = {}
    earned: dict[str, dict[tuple[str, str], dict[str, int]]] = {}
    for line in ChargeLine.objects.filter(close=close).order_by("position").iterator():
        for award, amount in line.subsidy_by_award.items():
            _add(claimed, (award, line.account), subsidy=amount)
        part = {"gross": line.gross, "subsidy": line.subsidy, "user": line.user}
        _add(earned.setdefault(line.site, {}), (line.item, line.kind), **part)
    for site, amount in _between_sites(close):
        _add(earned.setdefault(site, {}), ("", BETWEEN_SITES), gross=amount, subsidy=0, user=0)
    if claimed:
        lines = [{"award": award, "organisation": of, **sums} for (award, of), sums in sorted(claimed.items())]
        _settle(close, SettlementKind.CLAIM, "", lines, sum(sums["subsidy"] for sums in claimed.values()), actor, now)
    for site, items in sorted(earned.items()):
        lines = [{"item": item, "kind": kind, **sums} for (item, kind), sums in sorted(items.items())]
        _settle(
            close, SettlementKind.REMITTANCE, site, lines, sum(sums["gross"] for sums in items.values()), actor, now
        )


def _between_sites(close: MonthClose) -> Iterator[tuple[str, int]]:
    """Yield what fees between sites have moved at this close: to who laid it out, from each its share."""
    for fee in DecidedFee.objects.filter(charged_in=close, between_sites=True).order_by("id"):
        yield fee.site, fee.amount
        for site, share in split(fee.amount, fee.weights).items():
            yield site, -share


def _add(sums: dict[Key, dict[str, int]], key: Key, **amounts: int) -> None:
    into = sums.setdefault(key, dict.fromkeys(amounts, 0))
    for name, amount in amounts.items():
        into[name] += amount


def _settle(
    close: MonthClose,
    kind: SettlementKind,
    site: str,
    lines: list[dict[str, object]],
    amount: int,
    actor: Actor,
    now: datetime,
) -> None:
    prefix = f"{close.programme.upper()}-{_SETTLEMENT_PREFIX[kind]}"
    made = Settlement.objects.create(
        number=next_code(prefix, close.month.year),
        close=close,
        programme=close.programme,
        kind=kind.value,
        site=site,
        month=close.month,
        issued_at=now,
        currency=close.currency,
        amount=amount,
        lines=lines,
    )
    record(
        "statements.issue_settlements",
        made.number,
        actor=actor.email,
        now=now,
        programme=close.programme,
        details={"amount": amount, "lines": len(lines)},
    )
