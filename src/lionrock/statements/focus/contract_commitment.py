"""Dataset Contract Commitment: each award, as a promise to bear a share of what its holder uses, up to a cap."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from lionrock.kernel.periods import Interval
from lionrock.statements.focus.formats import amount, instant, plain

COLUMNS: Final = (
    "ContractId", "ContractPeriodStart", "ContractPeriodEnd", "ContractCommitmentId", "ContractCommitmentType",
    "ContractCommitmentDescription", "ContractCommitmentCategory", "ContractCommitmentBenefitCategory",
    "ContractCommitmentDiscountPercentage", "ContractCommitmentCost", "BillingCurrency", "ContractCommitmentQuantity",
    "ContractCommitmentUnit", "ContractCommitmentApplicability", "ContractCommitmentLifecycleStatus",
    "ContractCommitmentPeriodStart", "ContractCommitmentPeriodEnd", "ContractCommitmentDurationType",
    "ContractCommitmentModel", "ContractCommitmentOfferCategory", "ContractCommitmentFulfillmentInterval",
    "ContractCommitmentPaymentInterval", "ContractCommitmentPaymentModel", "ContractCommitmentPaymentUpfrontPercentage",
    "ContractCommitmentCreated", "ContractCommitmentLastUpdated", "InvoiceIssuerName", "ServiceProviderName",
)  # fmt: skip
_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Commitment:
    """An award: what it pays for, at which share and up to what, in minor units; when it holds and what became of it.

    `left` is what it may still pay; `ended` when it was taken back before its end; `changed` when it was last varied.
    """

    award: str
    account: str
    issuer: str
    item: str
    share: Decimal
    cap: int
    left: int
    currency: str
    holds: Interval
    accepted: datetime
    changed: datetime
    withdrawn: bool


def row_of(one: Commitment, now: datetime) -> dict[str, str]:
    """Return the row of an award as it stands at an instant."""
    period = {"Start": instant(one.holds.start), "End": instant(one.holds.end)}
    days = max(1, one.holds.seconds // _DAY)
    return {
        "ContractId": one.award,
        **{f"ContractPeriod{edge}": at for edge, at in period.items()},
        "ContractCommitmentId": one.award,
        "ContractCommitmentType": "Subsidy award",
        "ContractCommitmentDescription": "",
        "ContractCommitmentCategory": "Spend",
        "ContractCommitmentBenefitCategory": "Discount",
        "ContractCommitmentDiscountPercentage": plain(one.share),
        "ContractCommitmentCost": amount(one.cap, one.currency),
        "BillingCurrency": one.currency,
        "ContractCommitmentQuantity": "",
        "ContractCommitmentUnit": "",
        "ContractCommitmentApplicability": _applicability(one),
        "ContractCommitmentLifecycleStatus": _status(one, now),
        **{f"ContractCommitmentPeriod{edge}": at for edge, at in period.items()},
        "ContractCommitmentDurationType": f"{days} Day" + ("s" if days > 1 else ""),
        "ContractCommitmentModel": "Continuous",
        "ContractCommitmentOfferCategory": "Negotiated",
        "ContractCommitmentFulfillmentInterval": "Full Period",
        "ContractCommitmentPaymentInterval": "Monthly",
        "ContractCommitmentPaymentModel": "No Upfront",
        "ContractCommitmentPaymentUpfrontPercentage": "0",
        "ContractCommitmentCreated": instant(one.accepted),
        "ContractCommitmentLastUpdated": instant(one.changed),
        "InvoiceIssuerName": one.issuer,
        "ServiceProviderName": one.issuer,
    }


def _status(one: Commitment, now: datetime) -> str:
    if one.withdrawn:
        return "Canceled"
    if now >= one.holds.end:
        return "Expired"
    if now < one.holds.start:
        return "Pending"
    return "Active" if one.left > 0 else "Exhausted"


def _applicability(one: Commitment) -> str:
    """Return what the award pays for: one item, used by one organisation."""
    rules = [
        {"Dimension": name, "Operator": "In", "Values": [value]}
        for name, value in (("BillingAccountId", one.account), ("SkuId", one.item))
    ]
    return json.dumps({"InclusionOperator": "And", "Inclusions": rules})
