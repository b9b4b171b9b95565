"""What things of ours are called on a cluster, and back again.

Slurm folds the names of accounts to lower case, and an account's name is unique on its cluster. A
dot joins programme and organisation because no slug holds one: two programmes on one cluster never
meet, and no organisation can be mistaken for a programme or an award.
"""

from __future__ import annotations

import re
from typing import Final

_AWARD: Final = re.compile(r"(aw-[0-9]{4}-[0-9]{4,})(\.lent)?")


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


def lent_account_of(award_code: str) -> str:
    """Return the account under which an award uses nodes that others lend: "aw-2026-0002.lent", below its own."""
    return f"{account_of(award_code)}.lent"


def lent_qos(programme: str) -> str:
    """Return the QOS of all jobs on lent nodes; the lender's jobs preempt it."""
    return f"{programme}.lent"


def award_of(account: str) -> str | None:
    """Return the code of the award whose account this is ("AW-2026-0001"); None for any other account."""
    found = _AWARD.fullmatch(account.lower())
    return found[1].upper() if found else None
