"""Dataset Cost and Usage: what the users of a programme are billed.

What the scheme pays stands in columns of our own (`x_…`) of the same rows: it is no negotiated price.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from lionrock.charging.domain.lines import LineKind
from lionrock.kernel.money import Price, settle, to_places
from lionrock.kernel.periods import Interval
from lionrock.kernel.quantities import SECONDS_PER_HOUR, PriceUnit
from lionrock.statements.focus.formats import amount, instant, plain

COLUMNS: Final = (
    "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodStart", "BillingPeriodEnd",
    "ChargePeriodStart", "ChargePeriodEnd", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency",
    "InvoiceId", "InvoiceDetailId", "InvoiceIssuerName", "ServiceProviderName", "HostProviderName", "ServiceCategory",
    "ServiceName", "RegionId", "RegionName", "SkuId", "SkuPriceId", "PricingCategory", "PricingQuantity", "PricingUnit",
    "ConsumedQuantity", "ConsumedUnit", "ListUnitPrice", "ContractedUnitPrice", "ListCost", "ContractedCost",
    "EffectiveCost", "BilledCost", "SubAccountId", "SubAccountName", "SubAccountType",
    "ContractApplied", "x_SubsidyCost", "x_SubsidySchemeId", "x_AwardId", "x_CorrectsMonth",
)  # fmt: skip
QUANTITY_PLACES: Final = 12
"""One second is 1/3600 of an hour: with twelve places a year of a thousand devices is exact to the cent."""


@dataclass(frozen=True, slots=True)
class Biller:
    """Who bills whom: the programme's id and name, the account's code and name."""

    scheme: str
    issuer: str
    account: str
    account_name: str


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of a document, as far as FOCUS asks for it; amounts in minor units.

    `position` is the line's in the document `invoice`, counted from 1.
    `used` is the month of use, `billed` that of the document, both as instants; `seconds` the exact
    device-seconds, `price` None for what has no price (adjustments and fees), `unit` what is counted,
    in the spelling of FOCUS: plural, hyphenated, with capitals. `shares` are the
    shares of the awards that paid, `paid` what each paid.
    """

    biller: Biller
    invoice: str
    position: int
    currency: str
    kind: str
    billed: Interval
    used: Interval
    site: str
    site_name: str
    item: str
    item_name: str
    seconds: Fraction
    price: Price | None
    price_unit: str
    unit: str
    price_from: str
    gross: int
    subsidy: int
    user: int
    shares: Mapping[str, Fraction]
    paid: Mapping[str, int]
    corrects: str = ""
    reason: str = ""

    @property
    def detail(self) -> str:
        """The line's name: the document's number and its place in it, by which it is explained, too."""
        return f"{self.invoice}/{self.position}"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a charge that one award pays its whole share of, or that no award pays anything of."""

    award: str
    gross: int
    subsidy: int
    user: int


def rows_of(charge: Charge) -> list[dict[str, str]]:
    """Return the rows of a charge: one, or one for each award and the rest when no award paid all its share.

    Their billed costs add up to the user's part of the line, and their subsidies to the scheme's.
    """
    return [_row(charge, part) for part in parts_of(charge)]


def parts_of(charge: Charge) -> list[Part]:
    """Return a charge in parts, since a discount in FOCUS holds for the whole of a row.

    A line that one award pays at its full share is one part. Where a cap was reached inside the
    line, each award's part is what it paid ÷ its share, and what is left is the user's alone.
    """
    payers = [award for award, amount in charge.paid.items() if amount]
    if len(payers) <= 1 and charge.subsidy == settle(charge.gross * _share(charge, payers)):
        return [Part(payers[0] if payers else "", charge.gross, charge.subsidy, charge.user)]
    parts = list(_paid_parts(charge, payers))
    gross = charge.gross - sum(part.gross for part in parts)
    user = charge.user - sum(part.user for part in parts)
    return [*parts, Part("", gross, 0, user)] if gross or user else parts


def _share(charge: Charge, payers: list[str]) -> Fraction:
    return charge.shares.get(payers[0], Fraction(0)) if payers else Fraction(0)


def _paid_parts(charge: Charge, payers: list[str]) -> Iterator[Part]:
    left = charge.gross
    for award in payers:
        paid = charge.paid[award]
        share = charge.shares.get(award, Fraction(0))
        whole = settle(Fraction(paid) / share) if share else paid
        gross = min(whole, left) if charge.gross >= 0 else max(whole, left)
        left -= gross
        yield Part(award, gross, paid, gross - paid)


def _row(charge: Charge, part: Part) -> dict[str, str]:
    row = dict.fromkeys(COLUMNS, "")
    row |= _who_and_when(charge) | _what(charge)
    row |= _priced(charge, part) if charge.price else _unpriced(charge, part)
    billed = amount(part.user, charge.currency)
    row |= {"BilledCost": billed, "EffectiveCost": billed, "x_SubsidyCost": amount(part.subsidy, charge.currency)}
    if part.award:
        row |= {"SubAccountId": part.award, "SubAccountName": part.award, "SubAccountType": "Award"}
        row |= {"x_AwardId": part.award, "x_SubsidySchemeId": charge.biller.scheme}
        row["ContractApplied"] = _applied(part.award, amount(part.subsidy, charge.currency))
    return row


def _applied(award: str, cost: str) -> str:
    """Return the award and what of its cap the row uses up, a number with the currency's places."""
    known = json.dumps({"ContractId": award, "ContractCommitmentId": award}).removesuffix("}")
    return f'{{"Elements": [{known}, "ContractCommitmentAppliedCost": {cost}}}]}}'


def _who_and_when(charge: Charge) -> dict[str, str]:
    return {
        "BillingAccountId": charge.biller.account,
        "BillingAccountName": charge.biller.account_name,
        "BillingCurrency": charge.currency,
        **billing_period(charge),
        "ChargePeriodStart": instant(charge.used.start),
        "ChargePeriodEnd": instant(charge.used.end),
        "InvoiceId": charge.invoice,
        "InvoiceDetailId": charge.detail,
        "InvoiceIssuerName": charge.biller.issuer,
        "ServiceProviderName": charge.biller.issuer,
        "HostProviderName": charge.site_name or charge.biller.issuer,
        "RegionId": charge.site,
        "RegionName": charge.site_name,
    }


def billing_period(charge: Charge) -> dict[str, str]:
    """Return the month of the document."""
    return {"BillingPeriodStart": instant(charge.billed.start), "BillingPeriodEnd": instant(charge.billed.end)}


def _what(charge: Charge) -> dict[str, str]:
    name = charge.item_name or charge.reason or charge.kind.capitalize()
    return {
        "ChargeCategory": category(charge),
        "ChargeClass": "Correction" if charge.corrects else "",
        "ChargeDescription": charge.reason or name,
        "ChargeFrequency": _frequency(charge),
        "ServiceCategory": "Compute",
        "ServiceName": name,
        "x_CorrectsMonth": charge.corrects,
    }


def category(charge: Charge) -> str:
    """Return what kind of charge it is: a lease is bought for a time, the rest of what is priced is used."""
    if charge.price:
        return "Purchase" if charge.price_unit == PriceUnit.CALENDAR_MONTH.value else "Usage"
    return "Credit" if charge.kind == LineKind.ADJUSTMENT.value and charge.user < 0 else "Adjustment"


def _frequency(charge: Charge) -> str:
    if not charge.price:
        return "One-Time"
    return "Recurring" if charge.price_unit == PriceUnit.CALENDAR_MONTH.value else "Usage-Based"


def _priced(charge: Charge, part: Part) -> dict[str, str]:
    """Return quantity, price and their product; the product is exact, the line's gross is it rounded once."""
    assert charge.price is not None
    quantity = _decimal(_quantity(charge) * _of_whole(charge, part))
    price = charge.price.decimal
    cost = plain(quantity * price)
    return {
        "SkuId": charge.item,
        "SkuPriceId": price_id(charge),
        "PricingCategory": "Standard",
        "PricingQuantity": plain(quantity),
        "PricingUnit": charge.unit,
        "ListUnitPrice": f"{price:f}",
        "ContractedUnitPrice": f"{price:f}",
        "ListCost": cost,
        "ContractedCost": cost,
    } | ({"ConsumedQuantity": plain(quantity), "ConsumedUnit": charge.unit} if category(charge) == "Usage" else {})


def _of_whole(charge: Charge, part: Part) -> Fraction:
    """Return how much of the line's time a part stands for."""
    return Fraction(part.gross, charge.gross) if charge.gross else Fraction(1)


def _quantity(charge: Charge) -> Fraction:
    month = charge.price_unit == PriceUnit.CALENDAR_MONTH.value
    return charge.seconds / (charge.used.seconds if month else SECONDS_PER_HOUR)


def _unpriced(charge: Charge, part: Part) -> dict[str, str]:
    """Return the costs of what has no unit price: FOCUS wants all four of a credit to be one amount."""
    billed = amount(part.user, charge.currency)
    return {"ListCost": billed, "ContractedCost": billed}


def price_id(charge: Charge) -> str:
    """Return the name of a version of a price: the item, and the first day of the price."""
    return f"{charge.item}@{charge.price_from}"


def _decimal(exact: Fraction) -> Decimal:
    return to_places(exact, QUANTITY_PLACES)
