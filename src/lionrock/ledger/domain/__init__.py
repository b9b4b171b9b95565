"""What the ledger decides, without Django: accounts, journals, the fund, and the export."""

from lionrock.ledger.domain.accounts import (
    APPROPRIATION,
    CASH,
    FREE,
    committed,
    quota_granted,
    quota_remaining,
    quota_unit,
    quota_used,
    receivable_from_scheme,
    receivable_from_user,
    revenue,
    spent,
)
from lionrock.ledger.domain.drafts import (
    AccrualLine,
    accrual,
    appropriation,
    commitment,
    quota_grant,
    quota_use,
    release,
)
from lionrock.ledger.domain.fund import FundMonth, FundOverview
from lionrock.ledger.domain.journals import Entry, JournalDraft

__all__ = [
    "APPROPRIATION",
    "CASH",
    "FREE",
    "AccrualLine",
    "Entry",
    "FundMonth",
    "FundOverview",
    "JournalDraft",
    "accrual",
    "appropriation",
    "commitment",
    "committed",
    "quota_grant",
    "quota_granted",
    "quota_remaining",
    "quota_unit",
    "quota_use",
    "quota_used",
    "receivable_from_scheme",
    "receivable_from_user",
    "release",
    "revenue",
    "spent",
]
