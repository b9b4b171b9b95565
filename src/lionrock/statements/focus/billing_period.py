"""Dataset Billing Period: the months that were closed."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from lionrock.kernel.periods import Interval
from lionrock.statements.focus.formats import instant

COLUMNS: Final = (
    "BillingPeriodStart", "BillingPeriodEnd", "BillingPeriodStatus", "BillingPeriodCreated", "BillingPeriodLastUpdated",
    "InvoiceIssuerName",
)  # fmt: skip


def row_of(month: Interval, closed_at: datetime, issuer: str) -> dict[str, str]:
    """Return the row of a closed month: it exists from its first instant on, and never changes once it is closed."""
    return {
        "BillingPeriodStart": instant(month.start),
        "BillingPeriodEnd": instant(month.end),
        "BillingPeriodStatus": "Closed",
        "BillingPeriodCreated": instant(month.start),
        "BillingPeriodLastUpdated": instant(closed_at),
        "InvoiceIssuerName": issuer,
    }
