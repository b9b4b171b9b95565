"""What receivables decide, without Django: who pays what first, what is late, who may forgive it."""

from lionrock.receivables.domain.ageing import BUCKETS, Aged, Item, aged, bucket_of
from lionrock.receivables.domain.authority import Authority, Limits
from lionrock.receivables.domain.bank_file import COLUMNS, BankRow, HeldLine, read_bank_file
from lionrock.receivables.domain.drafts import interest_note, payment_in, payment_undone, settled_paper, writing_off
from lionrock.receivables.domain.dunning import Level, Stretch, interest_of, levels_reached
from lionrock.receivables.domain.matching import Wish, spread

__all__ = [
    "BUCKETS",
    "COLUMNS",
    "Aged",
    "Authority",
    "BankRow",
    "HeldLine",
    "Item",
    "Level",
    "Limits",
    "Stretch",
    "Wish",
    "aged",
    "bucket_of",
    "interest_note",
    "interest_of",
    "levels_reached",
    "payment_in",
    "payment_undone",
    "read_bank_file",
    "settled_paper",
    "spread",
    "writing_off",
]
