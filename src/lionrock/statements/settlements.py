"""Claims and remittances as people and machines read them, all made of one value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.people.models import Organisation
from lionrock.people.programmes import programme_on_file
from lionrock.rules.programme import Programme
from lionrock.rules.shape import Names
from lionrock.sites.models import Site
from lionrock.statements.models import Settlement, SettlementKind
from lionrock.statements.queries import names_of
from lionrock.web.spreadsheets import to_csv

COLUMNS = ("number", "month", "kind", "site", "what", "organisation", "gross", "scheme", "user", "amount", "currency")
_CLAIM = gettext_noop(
    "What the scheme bears of the charges of {month}, by award: each charge at list price times the award's share, "
    "as far as the award reaches. The statements of the organisations of this month add up to it."
)
_REMITTANCE = gettext_noop(
    "What {site} has earned in {month}, at list price: what the scheme and the organisations bear together. "
    "A correction of an earlier month is part of the month in which it was made; what sites settle between them "
    "stands on a line of its own."
)


@dataclass(frozen=True, slots=True)
class SettlementLine:
    """One line: an award and its organisation, or an item; `gross` and `user` are None on a claim."""

    code: str
    what: Names | None
    kind: str
    organisation: Names | None
    organisation_code: str
    gross: Money | None
    scheme: Money
    user: Money | None


@dataclass(frozen=True, slots=True)
class SettlementPaper:
    """A claim on the scheme, or a remittance to a site, of one closed month."""

    number: str
    kind: str
    programme: Names
    to: Names
    to_code: str
    month: Month
    issued_at: datetime
    zone: ZoneInfo
    currency: str
    amount: Money
    gross: Money | None
    scheme: Money
    user: Money | None
    lines: tuple[SettlementLine, ...]
    note: Message

    @property
    def is_claim(self) -> bool:
        """Whether it goes to the scheme."""
        return self.kind == SettlementKind.CLAIM.value


def settlement_paper(found: Settlement) -> SettlementPaper:
    """Return a claim or a remittance as people read it, made only of what was fixed when it was issued."""
    programme = programme_on_file(found.programme)
    names = {each.code: names_of(each) for each in Organisation.objects.filter(code__in=_codes(found))}
    lines = tuple(_line(row, programme, names, found.currency) for row in found.lines)
    claim = found.kind == SettlementKind.CLAIM.value
    month, site = Month.containing(found.month), _site(found.site)
    return SettlementPaper(
        number=found.number,
        kind=found.kind,
        programme=programme.names,
        to=programme.names if claim else site,
        to_code=programme.id if claim else found.site,
        month=month,
        issued_at=found.issued_at,
        zone=programme.zone,
        currency=found.currency,
        amount=Money(found.amount, found.currency),
        gross=None if claim else Money(found.amount, found.currency),
        scheme=Money(sum(row["subsidy"] for row in found.lines), found.currency),
        user=None if claim else Money(sum(row["user"] for row in found.lines), found.currency),
        lines=lines,
        note=message(_CLAIM, month=month) if claim else message(_REMITTANCE, month=month, site=site),
    )


def _codes(found: Settlement) -> list[str]:
    return [row["organisation"] for row in found.lines if "organisation" in row]


def _site(code: str) -> Names:
    name = Site.objects.filter(code=code).values_list("name", flat=True).first() or code
    return Names(name, name, name)


def _line(row: dict[str, Any], programme: Programme, names: dict[str, Names], currency: str) -> SettlementLine:
    if "award" in row:
        who = row["organisation"]
        scheme = Money(row["subsidy"], currency)
        return SettlementLine(row["award"], None, "", names.get(who), who, None, scheme, None)
    item = programme.items.get(row["item"])
    amounts = [Money(row[name], currency) for name in ("gross", "subsidy", "user")]
    return SettlementLine(row["item"], item.names if item else None, row["kind"], None, "", *amounts)


def settlement_json(paper: SettlementPaper) -> dict[str, Any]:
    """Return the paper as plain values; amounts are integers in minor units of `currency`."""
    return {
        "number": paper.number,
        "kind": paper.kind,
        "programme": paper.programme.en,
        "to": paper.to_code,
        "month": str(paper.month),
        "issued_at": paper.issued_at.isoformat(),
        "currency": paper.currency,
        "amount": paper.amount.minor,
        "lines": [
            {"award": line.code, "organisation": line.organisation_code, "scheme": line.scheme.minor}
            if line.gross is None or line.user is None
            else {
                "item": line.code,
                "kind": line.kind,
                "gross": line.gross.minor,
                "scheme": line.scheme.minor,
                "user": line.user.minor,
            }
            for line in paper.lines
        ],
    }


def settlement_csv(paper: SettlementPaper) -> str:
    """Return the lines as CSV under a heading; amounts are decimals in the major unit."""
    return to_csv(
        COLUMNS,
        (
            (
                paper.number,
                str(paper.month),
                paper.kind,
                "" if paper.is_claim else paper.to_code,
                line.code or line.kind,
                line.organisation_code,
                line.gross,
                line.scheme,
                line.user,
                line.scheme if paper.is_claim else line.gross,
                paper.currency,
            )
            for line in paper.lines
        ),
    )
