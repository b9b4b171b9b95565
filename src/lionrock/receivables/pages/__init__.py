"""What is owed, payments, write-offs, and what they add to the pages of documents."""

from lionrock.receivables.pages.owed import index, owed
from lionrock.receivables.pages.panels import document_panel, settlement_panel
from lionrock.receivables.pages.payments import bank_file, drop, payment, payments, reverse
from lionrock.receivables.pages.settling import settle
from lionrock.receivables.pages.writing_off import agree, ask, refuse, write_offs

__all__ = [
    "agree",
    "ask",
    "bank_file",
    "document_panel",
    "drop",
    "index",
    "owed",
    "payment",
    "payments",
    "refuse",
    "reverse",
    "settle",
    "settlement_panel",
    "write_offs",
]
