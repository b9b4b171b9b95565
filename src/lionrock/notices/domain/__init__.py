"""What people are told: about what, in which words, and when it is due by e-mail. Pure."""

from lionrock.notices.domain.keeping import kept, told
from lionrock.notices.domain.subjects import PAGES, Subject

__all__ = ["PAGES", "Subject", "kept", "told"]
