"""The accounts of a programme: their paths, their units, and which may not fall below zero.

Every programme has its own set. Debits are positive, credits negative.
"""

from __future__ import annotations

import re
from typing import Final

from lionrock.kernel.currencies import DECIMALS
from lionrock.kernel.money import Money

APPROPRIATION: Final = "budget/appropriation"
FREE: Final = "budget/free"
CASH: Final = "cash"
INTEREST: Final = "interest"
OPENING: Final = "opening"
COMMITTED_PREFIX: Final = "budget/committed/"
SPENT_PREFIX: Final = "budget/spent/"
QUOTA_UNIT_PREFIX: Final = "seconds:"

_CODE = r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*"
_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_MONEY_PATH = re.compile(
    rf"{APPROPRIATION}|{FREE}|{CASH}|{INTEREST}|{OPENING}|(?:{COMMITTED_PREFIX}|{SPENT_PREFIX}|receivable/scheme/){_CODE}"
    rf"|(?:receivable/user|written-off|revenue|remitted)/{_SLUG}"
)
_QUOTA_PATH = re.compile(rf"quota/(?:granted|remaining|used)/{_CODE}/({_SLUG})")


def committed(award: str) -> str:
    """Return the account of what the fund has promised an award and not yet spent; never below 0."""
    return COMMITTED_PREFIX + award


def spent(award: str) -> str:
    """Return the account of what the fund has borne for an award."""
    return SPENT_PREFIX + award


def receivable_from_scheme(award: str) -> str:
    """Return the account of what the scheme owes the centre for an award."""
    return f"receivable/scheme/{award}"


def receivable_from_user(organisation: str) -> str:
    """Return the account of what an organisation owes the centre."""
    return f"receivable/user/{organisation}"


def revenue(site: str) -> str:
    """Return the account of what a site has earned (a credit)."""
    return f"revenue/{site}"


def written_off(organisation: str) -> str:
    """Return the account of what an organisation owed and nobody will collect (an expense)."""
    return f"written-off/{organisation}"


def remitted(site: str) -> str:
    """Return the account of what was paid over to a site of what it has earned."""
    return f"remitted/{site}"


def quota_unit(item: str) -> str:
    """Return the unit of an item's compute quota: device-seconds of that item."""
    return QUOTA_UNIT_PREFIX + item


def quota_granted(award: str, item: str) -> str:
    """Return the account against which an award's quota was granted (a credit)."""
    return f"quota/granted/{award}/{item}"


def quota_remaining(award: str, item: str) -> str:
    """Return the account of quota that is left; it may fall below 0, because use is a fact."""
    return f"quota/remaining/{award}/{item}"


def quota_used(award: str, item: str) -> str:
    """Return the account of quota that was used."""
    return f"quota/used/{award}/{item}"


def fits(path: str, unit: str) -> bool:
    """Tell whether there is such an account in that unit.

    Budget, receivables, revenue and cash are in a currency; quota in device-seconds of its own item.
    """
    quota = _QUOTA_PATH.fullmatch(path)
    if quota:
        return unit == quota_unit(quota[1])
    return unit in DECIMALS and _MONEY_PATH.fullmatch(path) is not None


def floor_of(path: str) -> int | None:
    """Return the balance below which the account may not fall, or None where any balance is a fact.

    The floor of `budget/free` is why the fund can never be over-committed.
    """
    return 0 if path == FREE or path.startswith(COMMITTED_PREFIX) else None


def amount_text(amount: int, unit: str) -> str:
    """Return an amount for people: "HKD 1,234.50", or "3,600 device-seconds of h800-node"."""
    if unit.startswith(QUOTA_UNIT_PREFIX):
        return f"{amount:,} device-seconds of {unit.removeprefix(QUOTA_UNIT_PREFIX)}"
    return str(Money(amount, unit))


def number_text(amount: int, unit: str) -> str:
    """Return the bare number in the major unit: "1234.50", or "3600"; exact, without separators."""
    return str(amount) if unit.startswith(QUOTA_UNIT_PREFIX) else str(Money(amount, unit).decimal)
