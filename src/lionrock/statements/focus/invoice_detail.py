"""Dataset Invoice Detail: a row for each line of a document, with until when it is to be paid."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lionrock.statements.focus.cost_and_usage import Charge, billing_period, category, price_id
from lionrock.statements.focus.formats import amount, instant

COLUMNS: Final = (
    "InvoiceDetailId", "InvoiceId", "ReferenceInvoiceId", "InvoiceIssueStatus", "InvoiceIssueDate", "InvoiceIssuerName",
    "BillingAccountId", "BillingCurrency", "BillingPeriodStart", "BillingPeriodEnd", "ChargeCategory",
    "InvoiceDetailDescription", "InvoiceDetailGrain", "BilledCost", "PaymentTerms", "PaymentDueDate",
    "InvoiceDetailCreated", "InvoiceDetailLastUpdated",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Issued:
    """What an invoice adds to its lines: when it was issued, in how many days it is to be paid and when they end.

    `days` and `due` are None where the programme sets no term.
    """

    at: datetime
    days: int | None
    due: datetime | None


def row_of(charge: Charge, issued: Issued, corrected: str) -> dict[str, str]:
    """Return the row of a line; `corrected` is the document that it corrects, or its own where it corrects none."""
    return {
        "InvoiceDetailId": charge.detail,
        "InvoiceId": charge.invoice,
        "ReferenceInvoiceId": corrected,
        "InvoiceIssueStatus": "Issued",
        "InvoiceIssueDate": instant(issued.at),
        "InvoiceIssuerName": charge.biller.issuer,
        "BillingAccountId": charge.biller.account,
        "BillingCurrency": charge.currency,
        **billing_period(charge),
        "ChargeCategory": category(charge),
        "InvoiceDetailDescription": charge.reason or charge.item_name,
        "InvoiceDetailGrain": _grain(charge),
        "BilledCost": amount(charge.user, charge.currency),
        "PaymentTerms": "On receipt" if issued.days is None else f"Net {issued.days}",
        "PaymentDueDate": instant(issued.due) if issued.due else "",
        "InvoiceDetailCreated": instant(issued.at),
        "InvoiceDetailLastUpdated": instant(issued.at),
    }


def _grain(charge: Charge) -> str:
    """Return what the rows of Cost and Usage that make up the line have in common."""
    grain = {"RegionId": charge.site} if charge.site else {}
    if charge.price:
        grain |= {"SkuId": charge.item, "SkuPriceId": price_id(charge)}
    return json.dumps(grain)
