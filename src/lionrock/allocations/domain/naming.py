"""What things of ours are called on a cluster, and back again.

Slurm folds the names of accounts to lower case, and an account's name is unique on its cluster. A
dot joins programme and organisation because no slug holds one: two programmes on one cluster never
meet, and no organisation can be mistaken for a programme or an award.
"""

from __future__ import annotations

import re
from typing import Final

_AWARD: Final = re.compile(r"aw-[0-9]{4}-[0-9]{4,}")


def programme_account(programme: str) -> str:
    """Return the account under which all that is ours stands: the programme's id."""
    return programme


def organisation_account(programme: str, organisation: str) -> str:
    """Return the account of an organisation under its programme: "hk-aiss.harbour-university"."""
    return f"{programme}.{organisation}"


def account_of(award_code: str) -> str:
    """Return the account of an award, which is its code in lower case: "aw-2026-0001"."""
    return award_code.lower()


def qos_of(award_code: str) -> str:
    """Return the QOS that bounds an award; it has the name of its account."""
    return account_of(award_code)


def award_of(account: str) -> str | None:
    """Return the code of the award whose account this is: "AW-2026-0001"; None for any other account."""
    return account.upper() if _AWARD.fullmatch(account.lower()) else None
