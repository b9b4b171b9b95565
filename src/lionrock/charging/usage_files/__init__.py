"""Streams of usage out of accounting files of millions of rows; see README.md."""

from lionrock.charging.usage_files.options import Format, UsageOptions
from lionrock.charging.usage_files.rows import SKIP_WORDS, HeldRow, Origin, SkipReason, Tally, UsageRecord
from lionrock.charging.usage_files.stream import UsageStream, open_usage_file

__all__ = [
    "SKIP_WORDS",
    "Format",
    "HeldRow",
    "Origin",
    "SkipReason",
    "Tally",
    "UsageOptions",
    "UsageRecord",
    "UsageStream",
    "open_usage_file",
]
