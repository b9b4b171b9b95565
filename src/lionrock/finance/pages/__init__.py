"""The pages of finance: how the fund burns down, who is close to a cap, and the close of a month."""

from lionrock.finance.pages.caps import caps, caps_index
from lionrock.finance.pages.closing import close, closing, closing_index, stop
from lionrock.finance.pages.held import again, held, held_index, held_row
from lionrock.finance.pages.spending import spending_file, spending_index, spending_page
from lionrock.finance.pages.supposing import supposing, supposing_index

__all__ = [
    "again",
    "caps",
    "caps_index",
    "close",
    "closing",
    "closing_index",
    "held",
    "held_index",
    "held_row",
    "spending_file",
    "spending_index",
    "spending_page",
    "stop",
    "supposing",
    "supposing_index",
]
