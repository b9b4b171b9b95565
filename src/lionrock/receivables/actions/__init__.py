"""Every write of the room: one function per verb, one transaction each."""

from lionrock.receivables.actions.dunning import remind_debtors
from lionrock.receivables.actions.forgiving import agree_to_write_off, refuse_write_off, write_off
from lionrock.receivables.actions.importing import drop_held_row, import_bank_file
from lionrock.receivables.actions.matching import match_after_close
from lionrock.receivables.actions.payments import record_payment, reverse_payment
from lionrock.receivables.actions.settling import settle_paper

__all__ = [
    "agree_to_write_off",
    "drop_held_row",
    "import_bank_file",
    "match_after_close",
    "record_payment",
    "refuse_write_off",
    "remind_debtors",
    "reverse_payment",
    "settle_paper",
    "write_off",
]
