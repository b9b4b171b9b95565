"""The fund and the books: read only."""

from __future__ import annotations

from http import HTTPMethod

from pydantic import BaseModel, Field

from lionrock.api.calls import Call, Given, Nothing
from lionrock.api.domain.tokens import Scope
from lionrock.api.registry import operation
from lionrock.ledger.commands import account_data, fund_data
from lionrock.ledger.queries import fund_overview, trial_balance


class FundStands(BaseModel):
    """How the fund stands, in minor units: appropriated = committed + spent + free."""

    appropriated: int
    committed: int
    spent: int
    free: int


class FundMonth(FundStands):
    """How it stood at the end of a month."""

    month: str


class FundShown(FundStands):
    """A fund, now and at the end of each month."""

    programme: str
    currency: str
    months: list[FundMonth]


class AccountShown(BaseModel):
    """An account with its sums, in the smallest parts of its unit."""

    account: str
    unit: str
    debit: int
    credit: int
    balance: int


class Accounts(BaseModel):
    """Accounts in the order of their names."""

    items: list[AccountShown]


class Below(Given):
    """Which accounts."""

    prefix: str = Field("", max_length=200, description="This account and all below it, such as budget/committed.")


@operation(
    HTTPMethod.GET,
    "programmes/{programme}/fund",
    Scope.READ,
    pages=("ledger:fund",),
    commands=("ledger fund",),
)
def read_fund(call: Call[Nothing, Nothing], programme: str) -> FundShown:
    """Show how a fund stands, and stood at the end of each month."""
    return FundShown.model_validate(fund_data(fund_overview(call.actor, programme)))


@operation(
    HTTPMethod.GET,
    "programmes/{programme}/accounts",
    Scope.READ,
    pages=("ledger:trial",),
    commands=("ledger show",),
)
def list_accounts(call: Call[Below, Nothing], programme: str) -> Accounts:
    """Show debits, credits and balance of accounts."""
    lines = trial_balance(call.actor, programme, call.query.prefix)
    return Accounts(items=[AccountShown.model_validate(account_data(line)) for line in lines])
