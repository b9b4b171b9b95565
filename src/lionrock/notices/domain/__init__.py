"""What people are told: about what, in which words, and when it is due by e-mail. Pure."""

from lionrock.notices.domain.keeping import kept, told
from lionrock.notices.domain.mailing import PAUSES, STALE_AFTER, Fate, Pace, Told, Wish, fate, last_daily, next_try
from lionrock.notices.domain.subjects import PAGES, Subject

__all__ = [
    "PAGES",
    "PAUSES",
    "STALE_AFTER",
    "Fate",
    "Pace",
    "Subject",
    "Told",
    "Wish",
    "fate",
    "kept",
    "last_daily",
    "next_try",
    "told",
]
