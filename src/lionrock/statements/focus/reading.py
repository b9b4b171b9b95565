"""The lines of documents as FOCUS charges, read from what was fixed when the documents were issued."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TextIO

from django.db.models import QuerySet

from lionrock.charging.models import ChargeLine
from lionrock.charging.queries import charge_lines
from lionrock.kernel.money import Price
from lionrock.kernel.periods import Month, local_date
from lionrock.people.programmes import programme_on_file
from lionrock.rules.programme import Programme
from lionrock.sites.models import Site
from lionrock.statements.focus import COLUMNS, Biller, Charge, rows_of
from lionrock.statements.models import Document
from lionrock.statements.queries import unit_of, what_of
from lionrock.web.spreadsheets import cell

_UNITS = {"device_hour": "Device-Hours", "node_month": "Node-Months", "card_month": "Card-Months"}
_TEXTS = frozenset(
    {
        "BillingAccountName",
        "ChargeDescription",
        "HostProviderName",
        "InvoiceIssuerName",
        "RegionName",
        "ServiceName",
        "ServiceProviderName",
    }
)
"""What people wrote, and what a spreadsheet might therefore run as a formula."""


def write_focus(found: QuerySet[Document], file: TextIO) -> int:
    """Write documents as FOCUS 1.4 Cost and Usage in CSV, document by document; return how many rows."""
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    count = 0
    for row in focus_rows(found):
        writer.writerow({name: cell(text) if name in _TEXTS else text for name, text in row.items()})
        count += 1
    return count


def focus_rows(found: QuerySet[Document]) -> Iterator[dict[str, str]]:
    """Return the rows of documents, the oldest month first (one query a document)."""
    names = dict(Site.objects.values_list("code", "name"))
    for document in found.order_by("month", "number").select_related("organisation", "close"):
        for charge in charges_of(document, names):
            yield from rows_of(charge)


def charges_of(document: Document, site_names: dict[str, str]) -> Iterable[Charge]:
    """Return the lines of a document as charges."""
    programme = programme_on_file(document.programme)
    biller = Biller(programme.id, programme.names.en, document.organisation.code, document.organisation.name)
    lines = charge_lines(document.close, document.organisation.code)
    return [_charge(line, document, programme, biller, site_names) for line in lines]


def _charge(
    line: ChargeLine, document: Document, programme: Programme, biller: Biller, site_names: dict[str, str]
) -> Charge:
    priced = line.price_millionths is not None
    return Charge(
        biller=biller,
        invoice=document.number,
        currency=document.currency,
        kind=line.kind,
        billed=Month.containing(document.month).interval(programme.zone),
        used=Month.containing(line.month_of_use).interval(programme.zone),
        site=line.site,
        site_name=site_names.get(line.site, line.site),
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
