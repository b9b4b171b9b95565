"""The datasets read out of the books: from what was fixed when documents were issued, and from awards."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final, TextIO

from django.db.models import QuerySet

from lionrock.awards.domain import AwardState
from lionrock.awards.models import Award
from lionrock.awards.queries import versions_of
from lionrock.charging.basis import ends_at, starts_at
from lionrock.charging.models import ChargeLine
from lionrock.charging.queries import charge_lines
from lionrock.kernel.money import Price
from lionrock.kernel.periods import Interval, Month, local_date, local_midnight
from lionrock.ledger.domain.accounts import committed
from lionrock.ledger.queries import balance
from lionrock.people.programmes import programme_on_file
from lionrock.rules.programme import Programme
from lionrock.sites.models import Site
from lionrock.statements.focus import billing_period, contract_commitment, cost_and_usage, invoice_detail
from lionrock.statements.focus.contract_commitment import Commitment
from lionrock.statements.focus.cost_and_usage import Biller, Charge
from lionrock.statements.focus.invoice_detail import Issued
from lionrock.statements.models import Document
from lionrock.statements.papers import due_day
from lionrock.statements.queries import unit_of, what_of
from lionrock.web.spreadsheets import cell

_UNITS = {"device_hour": "Device-Hours", "node_month": "Node-Months", "card_month": "Card-Months"}
_TEXTS = frozenset(
    {
        "BillingAccountName",
        "ChargeDescription",
        "HostProviderName",
        "InvoiceDetailDescription",
        "InvoiceIssuerName",
        "RegionName",
        "ServiceName",
        "ServiceProviderName",
    }
)
"""What people wrote, and what a spreadsheet might therefore run as a formula."""

Rows = Iterator[dict[str, str]]


@dataclass(frozen=True)
class Dataset:
    """One of FOCUS' datasets: its columns, and its rows for some documents as things stand at an instant."""

    columns: Sequence[str]
    rows: Callable[[QuerySet[Document], datetime], Rows]


def write_focus(dataset: str, found: QuerySet[Document], file: TextIO, now: datetime) -> int:
    """Write what one of `DATASETS` has of documents in CSV; return how many rows."""
    chosen = DATASETS[dataset]
    writer = csv.DictWriter(file, chosen.columns, lineterminator="\n")
    writer.writeheader()
    count = 0
    for row in chosen.rows(found, now):
        writer.writerow({name: cell(text) if name in _TEXTS else text for name, text in row.items()})
        count += 1
    return count


def cost_and_usage_rows(found: QuerySet[Document], _now: datetime) -> Rows:
    """Yield the rows of documents' lines, the oldest month first (one query a document)."""
    for _, charge in _charges(found):
        yield from cost_and_usage.rows_of(charge)


def invoice_detail_rows(found: QuerySet[Document], _now: datetime) -> Rows:
    """Yield a row for each line of documents; a correction names the document of the month that it corrects."""
    for document, charge in _charges(found):
        corrected = _document_of(document, charge.corrects) if charge.corrects else None
        yield invoice_detail.row_of(charge, _issued(document), corrected or document.number)


def contract_commitment_rows(found: QuerySet[Document], now: datetime) -> Rows:
    """Yield the awards that paid for anything in documents, as they stand now."""
    codes = {one["award"] for listed in found.values_list("awards", flat=True) for one in listed}
    rows = Award.objects.filter(code__in=codes).select_related("organisation").prefetch_related("versions")
    for award in rows.order_by("code"):
        yield contract_commitment.row_of(_commitment(award), now)


def billing_period_rows(found: QuerySet[Document], _now: datetime) -> Rows:
    """Yield the closed months that documents are of, by programme."""
    months = found.order_by("programme", "month").values_list("programme", "month", "close__closed_at").distinct()
    for code, month, closed_at in months:
        programme = programme_on_file(code)
        span = Month.containing(month).interval(programme.zone)
        yield billing_period.row_of(span, closed_at, programme.names.en)


DATASETS: Final = {
    "cost-and-usage": Dataset(cost_and_usage.COLUMNS, cost_and_usage_rows),
    "invoice-detail": Dataset(invoice_detail.COLUMNS, invoice_detail_rows),
    "contract-commitment": Dataset(contract_commitment.COLUMNS, contract_commitment_rows),
    "billing-period": Dataset(billing_period.COLUMNS, billing_period_rows),
}
"""The datasets by the names under which linters know them."""


def _document_of(document: Document, month: str) -> str | None:
    """Return the number of the document that billed the same organisation's month; None where there was none."""
    same = Document.objects.filter(programme=document.programme, organisation=document.organisation)
    return same.filter(month=Month.parse(month).first_day).values_list("number", flat=True).first()


def _issued(document: Document) -> Issued:
    programme = programme_on_file(document.programme)
    due = due_day(programme, document.month, document.issued_at)
    if due is None:
        return Issued(document.issued_at, None, None)
    days = (due - local_date(document.issued_at, programme.zone)).days
    return Issued(document.issued_at, days, local_midnight(due + timedelta(days=1), programme.zone))


def _commitment(award: Award) -> Commitment:
    programme, terms = programme_on_file(award.programme), versions_of(award)[-1]
    assert award.accepted_at is not None
    begins = starts_at(award, programme.zone)
    varied = local_midnight(terms.since, programme.zone)
    return Commitment(
        award=award.code,
        account=award.organisation.code,
        issuer=programme.names.en,
        item=award.item,
        share=award.share,
        cap=terms.cap.minor,
        left=balance(award.programme, committed(award.code), award.currency),
        currency=award.currency,
        holds=Interval(begins, max(begins, ends_at(award, programme.zone))),
        accepted=award.accepted_at,
        changed=max(award.accepted_at, varied, award.ended_at or varied),
        withdrawn=award.state == AwardState.WITHDRAWN.value,
    )


def _charges(found: QuerySet[Document]) -> Iterator[tuple[Document, Charge]]:
    names = dict(Site.objects.values_list("code", "name"))
    for document in found.order_by("month", "number").select_related("organisation", "close"):
        programme = programme_on_file(document.programme)
        biller = Biller(programme.id, programme.names.en, document.organisation.code, document.organisation.name)
        for position, line in enumerate(charge_lines(document.close, document.organisation.code), 1):
            yield document, _charge(line, position, document, programme, biller, names)


def _charge(
    line: ChargeLine, position: int, document: Document, programme: Programme, biller: Biller, sites: dict[str, str]
) -> Charge:
    priced = line.price_millionths is not None
    return Charge(
        biller=biller,
        invoice=document.number,
        position=position,
        currency=document.currency,
        kind=line.kind,
        billed=Month.containing(document.month).interval(programme.zone),
        used=Month.containing(line.month_of_use).interval(programme.zone),
        site=line.site,
        site_name=sites.get(line.site, line.site),
        item=line.item,
        item_name=what_of(line, programme).en if priced else "",
        seconds=Fraction(int(line.seconds_numerator), int(line.seconds_denominator)),
        price=Price(line.price_millionths, document.currency) if line.price_millionths is not None else None,
        price_unit=line.price_unit,
        unit=_UNITS.get(unit_of(line, programme), ""),
        price_from=local_date(line.price_starts, programme.zone).isoformat() if line.price_starts else "",
        gross=line.gross,
        subsidy=line.subsidy,
        user=line.user,
        shares={award: Fraction(share) for award, share in line.terms},
        paid=line.subsidy_by_award,
        corrects=str(Month.containing(line.corrects)) if line.corrects else "",
        reason=line.reason,
    )
